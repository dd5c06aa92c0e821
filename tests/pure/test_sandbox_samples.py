from __future__ import annotations

import base64
import re
from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest
from stdnum import iban
from stdnum.be import ogm_vcs
from stdnum.be import vat as belgian_vat
from stdnum.nl import btw as dutch_vat

from posthorn import documents
from posthorn.documents import DocumentError, Facts, Party
from posthorn.kernel.digest import sha256_hex
from posthorn_sandbox.samples import Client, Document, Firm, Result, folder, manifest
from tools import make_samples

MANIFEST = manifest()
EXACT = "Exact Online"
CLIENTS = {client.dossier_number: client for client in MANIFEST.clients}
NAMES = [document.file for document in MANIFEST.documents]
BY_NAME = {document.file: document for document in MANIFEST.documents}
READABLE = [name for name in NAMES if BY_NAME[name].result is not Result.REFUSED]
INVOICES = [name for name in READABLE if name.endswith(".xml")]
STATEMENTS = [name for name in READABLE if name.endswith(".cod")]


def facts(name: str) -> Facts:
    return documents.read(BY_NAME[name].path.read_bytes())


def key(name: str) -> tuple[object, ...]:
    """What makes two files the same business document."""
    read = facts(name)
    assert read.seller is not None
    return (read.category, read.seller.vat_number, read.number, read.issue_date, read.total)


def test_committed_files_are_what_the_script_writes() -> None:
    assert make_samples.stale() == []


def test_manifest_lists_every_file_once_with_its_hash() -> None:
    there = {path.name: sha256_hex(path.read_bytes()) for path in folder().iterdir()}

    assert {document.file: document.sha256 for document in MANIFEST.documents} == there
    assert len(there) == len(MANIFEST.documents) == 60
    assert sorted(NAMES) == NAMES


def test_files_stay_under_two_megabytes() -> None:
    assert sum(path.stat().st_size for path in folder().iterdir()) < 2_000_000


def test_every_outcome_is_there_as_often_as_it_should() -> None:
    assert Counter(document.result for document in MANIFEST.documents) == {
        Result.DELIVERED: 52,
        Result.RETURNED: 1,
        Result.DUPLICATE: 2,
        Result.NOT_RELEASED: 2,
        Result.HELD: 1,
        Result.UNASSIGNED: 1,
        Result.REFUSED: 1,
    }
    assert Counter(document.kind for document in MANIFEST.documents) == {
        "purchase": 36,
        "sales": 19,
        "statement": 3,
        None: 2,
    }
    categories = Counter(document.category for document in MANIFEST.documents)
    assert categories["credit_note"] == 8


def test_firm_has_seven_belgian_and_five_dutch_clients() -> None:
    assert Counter(client.country for client in MANIFEST.clients) == {"BE": 7, "NL": 5}
    assert {client.language for client in MANIFEST.clients} == {"nl", "fr", "de", "en"}
    assert len(CLIENTS) == 12


def test_only_one_client_with_sales_has_no_address_for_them() -> None:
    by_mail = [client for client in MANIFEST.clients if client.package != EXACT]

    assert [
        client.name
        for client in by_mail
        if client.addresses["sales"] is None
    ] == ["Fleurs du Sablon SRL"]  # fmt: skip
    assert [client.name for client in by_mail if not client.addresses["purchase"]] == []


def test_two_clients_keep_their_books_in_exact_online() -> None:
    signed_in = [client for client in MANIFEST.clients if client.package == EXACT]
    theirs = {client.dossier_number for client in signed_in}
    delivered = [one for one in MANIFEST.documents if one.result is Result.DELIVERED]

    assert theirs == {"2026-0107", "2026-0201"}
    assert {to for client in signed_in for to in client.addresses.values()} == {None}
    assert sum(one.client in theirs for one in delivered) == 10


def test_numbers_of_firm_and_clients_hold() -> None:
    companies: list[Client | Firm] = [MANIFEST.firm, *MANIFEST.clients]
    for company in companies:
        check = belgian_vat if company.country == "BE" else dutch_vat
        assert check.is_valid(company.vat_number)
        assert company.vat_number.startswith(company.country)
        scheme = ("0208", 10) if company.country == "BE" else ("0106", 8)
        assert (company.enterprise_scheme, len(company.enterprise_number)) == scheme

    assert len({company.vat_number for company in companies}) == 13
    numbers = [number for client in MANIFEST.clients for number in client.ibans]
    assert [number for number in numbers if not iban.is_valid(number, check_country=False)] == []


def test_addresses_are_on_domains_that_cannot_exist() -> None:
    addresses = {
        address
        for client in MANIFEST.clients
        for address in client.addresses.values()
        if address is not None
    }

    assert {address.rpartition(".")[2] for address in addresses} == {"example"}
    assert len(addresses) == 19


@pytest.mark.parametrize("name", INVOICES)
def test_invoice_is_read_as_the_manifest_says(name: str) -> None:
    expected, read = BY_NAME[name], facts(name)
    side = {"purchase": read.buyer, "sales": read.seller}.get(expected.direction or "")

    assert read.category == expected.category
    assert (read.profile, read.currency) == (
        "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0",
        "EUR",
    )
    assert read.total is not None
    assert read.total > 0
    assert side == (_party(expected) if expected.client else None)


def _party(expected: Document) -> Party:
    client = CLIENTS[expected.client or ""]
    return Party(
        name=client.name,
        vat_number=client.vat_number,
        enterprise_number=client.enterprise_number,
        enterprise_scheme=client.enterprise_scheme,
        endpoint=client.endpoint,
        endpoint_scheme=client.endpoint_scheme,
        country=client.country,
    )


@pytest.mark.parametrize("name", INVOICES)
def test_one_side_is_a_client_unless_the_manifest_says_otherwise(name: str) -> None:
    expected, read = BY_NAME[name], facts(name)
    known = {client.vat_number for client in MANIFEST.clients}
    sides = [party.vat_number in known for party in (read.seller, read.buyer) if party]

    assert sum(sides) == (2 if expected.is_given else 1 if expected.client else 0)


def test_released_documents_have_the_address_of_their_client_and_kind() -> None:
    for document in MANIFEST.documents:
        client = CLIENTS.get(document.client or "")
        address = client.addresses[document.kind or ""] if client else None
        delivered = document.result in {Result.DELIVERED, Result.RETURNED}

        assert document.address == (address if delivered else None)
        assert document.released == (delivered or document.result is Result.HELD)
        is_mailed = client is not None and client.package != EXACT
        assert (address is not None) == (is_mailed and document.result is not Result.HELD)


def test_duplicates_repeat_what_came_before() -> None:
    found = [one for one in MANIFEST.documents if one.result is Result.DUPLICATE]
    exact, business = found
    originals = [BY_NAME[one.original or ""] for one in found]

    assert (exact.sha256, exact.file) != (business.sha256, business.file)
    assert exact.sha256 == originals[0].sha256
    assert business.sha256 != originals[1].sha256
    assert [key(one.file) for one in found] == [key(one.file) for one in originals]
    assert [one.file < other.file for one, other in zip(originals, found, strict=True)] == [
        True
    ] * 2


def test_all_other_documents_are_different_business_documents() -> None:
    keys = Counter(key(name) for name in INVOICES)

    assert [count for count in keys.values() if count > 1] == [2, 2]


def test_refused_file_is_refused_for_its_reason() -> None:
    refused = [one for one in MANIFEST.documents if one.result is Result.REFUSED]

    for one in refused:
        with pytest.raises(DocumentError) as error:
            documents.read(one.path.read_bytes())
        assert error.value.code == one.reason == "xml.doctype"
    assert len(refused) == 1


@pytest.mark.parametrize("name", STATEMENTS)
def test_statement_is_of_the_clients_account_and_adds_up(name: str) -> None:
    expected, read = BY_NAME[name], facts(name)
    client = CLIENTS[expected.client or ""]
    lines = BY_NAME[name].path.read_bytes().decode("ascii").split("\r\n")
    movements = [line for line in lines if line.startswith("21")]
    signed = [int(line[32:47]) * (-1 if line[31] == "1" else 1) for line in movements]
    (statement,) = read.statements

    assert read.accounts == client.ibans
    assert read.holder is not None
    assert read.holder.enterprise_number == client.enterprise_number
    assert statement.opening_balance is not None
    assert statement.closing_balance == statement.opening_balance + Decimal(sum(signed)) / 1000
    assert [len(line) for line in lines] == [128] * (len(lines) - 1) + [0]
    assert int(lines[-2][16:22]) == len(lines) - 3
    assert len(movements) == 2


def test_structured_communications_hold() -> None:
    text = "".join(BY_NAME[name].path.read_text("utf-8") for name in INVOICES)
    sent = re.findall(r"<cbc:PaymentID>(\+{3}[\d/]{14}\+{3}|\d{12})</cbc:PaymentID>", text)

    assert [number for number in sent if not ogm_vcs.is_valid(number.strip("+"))] == []
    assert {number[0] for number in sent} == {"+", "2"}


def test_invoices_show_the_variety_of_real_ones() -> None:
    texts = [BY_NAME[name].path.read_text("utf-8") for name in INVOICES]
    rates = {rate for text in texts for rate in re.findall(r"<cbc:Percent>(\d+)<", text)}
    categories = {
        code for text in texts for code in re.findall(r"TaxCategory><cbc:ID>(\w+)<", text)
    }

    assert rates == {"0", "6", "9", "21"}
    assert categories == {"S", "AE", "K"}
    assert sum(text.count("<cac:InvoiceLine>") > 1 for text in texts) == 29
    assert sum("<cac:AllowanceCharge>" in text for text in texts) == 5
    assert sum("<cbc:PrepaidAmount" in text for text in texts) == 6


def test_some_invoices_carry_a_picture_of_themselves() -> None:
    pattern = r"<cbc:EmbeddedDocumentBinaryObject[^>]*>([^<]+)<"
    found = [
        base64.b64decode(match[1], validate=True)
        for name in INVOICES
        if (match := re.search(pattern, BY_NAME[name].path.read_text("utf-8")))
    ]

    assert len(found) == 16
    assert {pdf[:8] for pdf in found} == {b"%PDF-1.4"}
    assert [len(pdf) for pdf in found if not 20_000 < len(pdf) < 40_000] == []
    assert {documents.read(pdf).format for pdf in found} == {documents.Format.PDF}


def test_manifest_is_frozen() -> None:
    with pytest.raises(AttributeError):
        setattr(MANIFEST.documents[0], "file", "x")  # noqa: B010 (an assignment would not pass mypy)
    assert replace(MANIFEST.documents[0], file="x").path == folder() / "x"
