from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from posthorn.documents import xml
from posthorn.documents.checks import check
from posthorn.documents.invoice import Attachment, Invoice, Note
from posthorn.documents.ubl import read_invoice, write
from posthorn.documents.xml import Element, Tree

SAMPLES = Path(__file__).parents[3] / "samples" / "ubl"
FULL = ["full-invoice", "full-credit-note"]
# Terms that are groups of their own in the tests below.
ELSEWHERE = {"BT-21", "BT-22", "BT-125"}
# BT-4 was never given out; 165 is the last (EN 16931-1:2017).
ALL = {f"BT-{number}" for number in range(1, 166)} - {"BT-4"}


def rows(name: str) -> list[dict[str, str]]:
    """Give the rows beside a sample: a term, its paths in UBL and in the model, and its value."""
    with (SAMPLES / f"{name}.tsv").open(encoding="utf-8", newline="") as lines:
        read = list(csv.DictReader(lines, delimiter="\t"))
    return [{**row, "value": row["value"].replace("\\n", "\n")} for row in read]


def sample(name: str) -> Tree:
    return xml.parse((SAMPLES / f"{name}.xml").read_bytes())


def spot(root: Element, path: str) -> tuple[Element, str | None]:
    """Find an element by its path, positions in brackets, and the attribute at the path's end."""
    element, attribute = root, None
    for step in path.split("/"):
        name, _, position = step.rstrip("]").partition("[")
        if step.startswith("@"):
            attribute = step[1:]
        else:
            element = element.kids[name][int(position or 1) - 1]
    return element, attribute


def said(root: Element, path: str) -> str | None:
    element, attribute = spot(root, path)
    return element.attributes.get(attribute) if attribute else element.value


@contextmanager
def silenced(root: Element, path: str) -> Iterator[None]:
    element, attribute = spot(root, path)
    before = element.attributes, element.value
    if attribute:
        others = {name: word for name, word in element.attributes.items() if name != attribute}
        element.attributes = others
    else:
        element.value = " "
    yield
    element.attributes, element.value = before


def term(invoice: Invoice, path: str) -> object:
    """Give what the model has at a path of fields and positions; None where it ends before."""
    found: object = invoice
    for step in path.split("."):
        if isinstance(found, tuple):
            found = found[int(step)] if int(step) < len(found) else None
        elif found is not None:
            found = getattr(found, step)
    return found


@pytest.mark.parametrize("name", FULL)
def test_terms_stand_in_the_sample_where_its_list_says(name: str) -> None:
    root = sample(name).root

    assert [row for row in rows(name) if said(root, row["ubl"]) != row["value"]] == []


@pytest.mark.parametrize("name", FULL)
def test_terms_are_read_from_their_places(name: str) -> None:
    read = read_invoice(sample(name).root)

    assert [row for row in rows(name) if str(term(read, row["model"])) != row["value"]] == []


@pytest.mark.parametrize("name", FULL)
def test_terms_are_read_from_nowhere_else(name: str) -> None:
    root = sample(name).root
    found = []
    for row in rows(name):
        with silenced(root, row["ubl"]):
            if str(term(read_invoice(root), row["model"])) == row["value"]:
                found.append(row["term"])

    # Amounts say the currency too.
    assert found == (["BT-5"] if name == "full-invoice" else [])


@pytest.mark.parametrize("name", FULL)
def test_terms_are_written_to_their_places(name: str) -> None:
    written = xml.parse(write(read_invoice(sample(name).root))).root

    assert [row for row in rows(name) if said(written, row["ubl"]) != row["value"]] == []


@pytest.mark.parametrize("name", FULL)
def test_full_samples_are_valid_and_stay_so(name: str) -> None:
    tree = sample(name)
    written = xml.parse(write(read_invoice(tree.root)))

    assert (check(tree).findings, check(written).findings) == ((), ())
    assert repr(read_invoice(written.root)) == repr(read_invoice(tree.root))


def test_every_term_has_a_row() -> None:
    listed = {row["term"] for name in FULL for row in rows(name)}

    assert ALL - listed == ELSEWHERE


def test_note_has_its_subject() -> None:
    assert read_invoice(sample("full-invoice").root).notes == (
        Note(text="Thank you for your order", subject="AAI"),
    )
    assert read_invoice(sample("full-credit-note").root).notes == (Note(text="Returned goods"),)


def test_attachment_is_decoded() -> None:
    assert read_invoice(sample("full-invoice").root).attachments == (
        Attachment(
            identifier="TIMES-122",
            description="Time sheet",
            url="https://seller.example/times.csv",
            is_embedded=True,
            content=b"day;hours\n",
            media_type="text/csv",
            file_name="times.csv",
        ),
    )
