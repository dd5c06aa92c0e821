"""Files drawn for people: what there is to see, and that hostile bytes cost nothing."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from posthorn.archive.drawing import Inside, processes, understood
from posthorn.archive.exhibit import MAX_XML, Enclosure, Exhibit, exhibit
from posthorn.archive.reader import Failed, Failure, Limits, Processes
from posthorn.archive.wire import Refusal
from tests.invoices import invoice

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLES = Path(__file__).parent.parent / "samples"
FULL = (SAMPLES / "ubl" / "full-invoice.xml").read_bytes()
HOSTILE = (sys.executable, "-P", "-m", "tests.db.hostile_reader")


def asked(data: bytes, **question: object) -> object:
    return processes().read(json.dumps(question).encode() + b"\n" + data)


@pytest.fixture(autouse=True, scope="module")
def _end_the_child() -> Iterator[None]:
    yield
    processes().close()


def test_an_invoice_is_drawn_in_the_language_asked_for() -> None:
    dutch, french = (asked(FULL, what="page", language=code) for code in ("nl", "fr"))
    assert isinstance(dutch, str)
    assert isinstance(french, str)
    assert '<html lang="nl">' in dutch
    assert '<html lang="fr">' in french
    assert "<script" not in dutch


def test_what_has_no_page_of_its_own_is_drawn_as_nothing() -> None:
    assert asked(b"<a>1</a>", what="page", language="en") == ""
    assert asked(b"<a>1</a>", what="exhibit") == Exhibit(is_drawn=False, root="a")


def test_files_inside_are_listed_and_handed_out() -> None:
    found = asked(FULL, what="exhibit")
    assert isinstance(found, Exhibit)
    first = found.files[0]
    assert first == Enclosure(
        place=0,
        name="times.csv",
        media_type="text/csv",
        description=first.description,
        url="https://seller.example/times.csv",
        size=10,
    )
    assert asked(FULL, what="inside", place=0) == Inside(
        name="times.csv", media_type="text/csv", content=b"day;hours\n"
    )
    assert isinstance(asked(FULL, what="inside", place=99), Refusal)


def test_xml_is_folded_at_the_first_level_with_short_values_in_sight() -> None:
    found = exhibit(invoice(number="F-7"))
    by_name = {fold.name: fold for fold in found.folds}

    assert found.root == "ubl:Invoice"
    assert by_name["cbc:ID"].value == "F-7"
    assert by_name["cac:TaxTotal"].text.splitlines()[:2] == [
        "<cac:TaxTotal>",
        '  <cbc:TaxAmount currencyID="EUR">0.00</cbc:TaxAmount>',
    ]
    assert not found.is_cut


def test_long_xml_is_cut() -> None:
    found = exhibit(b"<a>" + b"<b><c>x</c></b>" * 60_000 + b"</a>")
    assert found.folds == ()  # no format of ours: nothing to see in it
    many = invoice(note="x" * 10_000).replace(
        b"</Invoice>",
        b"<cac:Extra>"
        + b"<cbc:Note>yyyyyyyyyyyyyyyyyyyy</cbc:Note>" * 40_000
        + b"</cac:Extra></Invoice>",
    )
    found = exhibit(many)
    assert found.is_cut
    assert sum(len(fold.text) for fold in found.folds) <= MAX_XML + 10
    note = next(fold for fold in found.folds if fold.name == "cbc:Note")
    assert len(note.text) < 2_100


def test_bytes_that_crash_or_hang_the_process_cost_the_drawing_alone() -> None:
    limits = Limits(memory=512 * 1024 * 1024, timeout_s=1.0)
    pool = Processes(1, limits, HOSTILE, understood)
    try:
        assert pool.read(b"crash") == Failed(failure=Failure.CRASHED)
        assert pool.read(b"hang") == Failed(failure=Failure.TIMED_OUT)
        assert pool.read(b"swell") == Failed(failure=Failure.OUT_OF_MEMORY)
        assert pool.read(b"bug") == Failed(failure=Failure.INTERNAL)
        # It answers like a reader, which is no drawing.
        assert pool.read(b"") == Failed(failure=Failure.INTERNAL, detail="KeyError")
    finally:
        pool.close()
