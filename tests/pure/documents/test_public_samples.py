from __future__ import annotations

import csv
from pathlib import Path

import pytest

from posthorn.documents import Category, Facts, Format, read

SAMPLES = Path(__file__).parents[3].parent / "shared" / "samples"

needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason=f"{SAMPLES} is not here")


def manifest(name: str) -> list[dict[str, str]]:
    with (SAMPLES / name / "manifest.tsv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


@needs_samples
def test_public_invoices_are_read_as_what_their_list_says() -> None:
    formats = {"Invoice": Format.UBL_INVOICE, "CreditNote": Format.UBL_CREDIT_NOTE}
    rows = manifest("ubl")
    found = [read((SAMPLES / "ubl" / row["path"]).read_bytes()).format for row in rows]

    assert found == [formats[row["doc_type"]] for row in rows]
    assert len(rows) == 83


@needs_samples
def test_valid_public_invoices_have_the_facts_that_validity_demands() -> None:
    rows = [row for row in manifest("ubl") if row["expected"] == "valid"]
    incomplete = [row["path"] for row in rows if not _is_complete(_facts("ubl", row["path"]))]

    assert incomplete == []
    assert len(rows) == 21


@needs_samples
def test_public_bank_files_are_recognised() -> None:
    formats = {"CODA": Format.CODA, "MT940": Format.MT940, "CAMT.053": Format.CAMT053}
    rows = manifest("bank")
    found = [_facts("bank", row["file"]) for row in rows]

    assert [facts.format for facts in found] == [formats[row["kind"]] for row in rows]
    assert {facts.category for facts in found} == {Category.STATEMENT}


@needs_samples
def test_public_coda_files_name_their_accounts_and_numbers() -> None:
    found = [_facts("bank", f"coda-{number}.cod") for number in (1, 2, 3)]

    # The files were made anonymous: the check digits of these accounts no longer hold.
    assert [(facts.accounts, facts.statement_number) for facts in found] == [
        (("138536152215",), "138"),
        (("BE62354872126588",), "074"),
        (("001548226815",), "255"),
    ]


@needs_samples
def test_public_cii_and_pdf_files_are_recognised() -> None:
    cii = {read(path.read_bytes()).format for path in (SAMPLES / "convert/cii").glob("*e?.xml")}
    pdf = {read(path.read_bytes()).format for path in (SAMPLES / "convert/pdf").iterdir()}

    assert (cii, pdf) == ({Format.CII}, {Format.FACTURX})


def _facts(folder: str, path: str) -> Facts:
    return read((SAMPLES / folder / path).read_bytes())


def _is_complete(facts: Facts) -> bool:
    needed = (facts.profile, facts.number, facts.issue_date, facts.type_code, facts.currency)
    parties = (facts.seller and facts.seller.name, facts.buyer and facts.buyer.endpoint)
    return None not in (*needed, *parties, facts.total)
