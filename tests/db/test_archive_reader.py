"""What a reading process may not do, and what becomes of the pool when it tries."""

from __future__ import annotations

import sys
import time
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfWriter

from posthorn.archive.examined import Count, Examined, examined
from posthorn.archive.reader import Failed, Failure, Limits, Pool
from posthorn.archive.wire import Refusal
from posthorn.documents import examine
from posthorn.documents.findings import Severity
from tests.db.arriving import incoming, read_in
from tests.db.factories import FirmFactory
from tests.invoices import UBL, invoice
from tests.threads import at_once

if TYPE_CHECKING:
    from collections.abc import Iterator

MEMORY = 512 * 1024 * 1024
TESTS = Path(__file__).parent.parent
SAMPLES = sorted(
    str(path.relative_to(TESTS))
    for path in (TESTS / "samples").rglob("*")
    if path.suffix in {".xml", ".cod", ".940", ".pdf"}
)
HOSTILE = (sys.executable, "-P", "-m", "tests.db.hostile_reader")


@pytest.fixture
def hostile() -> Iterator[Pool]:
    pool = Pool(1, Limits(memory=MEMORY, timeout_s=1.0), HOSTILE)
    yield pool
    pool.close()


def process_of(pool: Pool) -> str:
    answer = pool.read(b"who")
    assert isinstance(answer, Examined)
    facts = answer.examination.facts
    return str(facts.number)


@pytest.mark.parametrize(
    ("deed", "failure"),
    [
        (b"crash", Failed(failure=Failure.CRASHED)),
        (b"hang", Failed(failure=Failure.TIMED_OUT)),
        (b"spin", Failed(failure=Failure.TIMED_OUT)),
        (b"swell", Failed(failure=Failure.OUT_OF_MEMORY)),
        (b"bug", Failed(failure=Failure.INTERNAL, detail="internal ZeroDivisionError")),
    ],
)
def test_a_failing_reader_is_named_and_replaced(
    hostile: Pool, deed: bytes, failure: Failed
) -> None:
    before = process_of(hostile)

    assert hostile.read(deed) == failure

    assert process_of(hostile) != before


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("deed", "problem"),
    [
        (b"crash", "reader_crashed"),
        (b"spin", "reader_timed_out"),
        (b"swell", "reader_out_of_memory"),
    ],
)
def test_hostile_bytes_are_quarantined_after_three_tries_and_the_pool_reads_on(
    deed: bytes, problem: str
) -> None:
    firm = FirmFactory.create().pk
    # Time enough to fill the memory also where the machine is busy.
    limits = Limits(memory=MEMORY, timeout_s=1.0 if deed == b"spin" else 10.0)
    pool = Pool(1, limits, HOSTILE)
    try:
        row = read_in(firm, incoming(deed), pool)
        alive = process_of(pool)
    finally:
        pool.close()

    assert (row.reading, row.read_tries, row.problem) == ("quarantined", 3, problem)
    assert int(alive) > 0


@pytest.mark.parametrize("deed", [b"socket", b"file"])
def test_a_reader_has_neither_sockets_nor_files(hostile: Pool, deed: bytes) -> None:
    assert hostile.read(deed) == Refusal(
        code="unreadable",
        advice="Send the file again as its sender made it, or ask the sender for a new one.",
        detail="Too many open files",
    )


def test_a_reader_starts_no_process(hostile: Pool) -> None:
    answer = hostile.read(b"fork")
    assert isinstance(answer, Refusal)
    assert answer.detail == "Resource temporarily unavailable"


def test_a_process_reads_several_documents(hostile: Pool) -> None:
    assert process_of(hostile) == process_of(hostile)


def test_a_hanging_document_costs_its_time_and_no_more(hostile: Pool) -> None:
    process_of(hostile)
    begun = time.monotonic()

    hostile.read(b"hang")

    assert 0.9 < time.monotonic() - begun < 4.0


def test_a_reader_gives_what_an_examination_gives(readers: Pool) -> None:
    data = invoice()
    assert readers.read(data) == Examined(examination=examine(data))


@pytest.mark.parametrize(
    "codec", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "iso-8859-15", "windows-1252"]
)
def test_every_encoding_is_there_once_files_cannot_be_opened(readers: Pool, codec: str) -> None:
    name = codec.removesuffix("-sig")
    data = f"<?xml version='1.0' encoding='{name}'?>{UBL.format(number='É1')}".encode(codec)

    answer = readers.read(data)

    assert isinstance(answer, Examined)
    facts = answer.examination.facts
    assert facts.number == "É1"


@pytest.mark.parametrize(
    "vat", ["NL004495445B01", "FR40303265045", "DE136695976", "LU15027442", "ATU13585627"]
)
def test_numbers_of_other_countries_are_known_once_files_cannot_be_opened(
    readers: Pool, vat: str
) -> None:
    spaced = f"{vat[:2]} {vat[2:]}"

    answer = readers.read(invoice(seller=spaced))

    assert isinstance(answer, Examined)
    facts = answer.examination.facts
    assert facts.seller is not None
    assert facts.seller.vat_number == vat


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_is_read_alike_once_files_cannot_be_opened(readers: Pool, name: str) -> None:
    data = (TESTS / name).read_bytes()
    assert readers.read(data) == examined(data)


@pytest.mark.parametrize("is_locked", [False, True])
def test_the_invoice_in_a_pdf_is_read_alike_once_files_cannot_be_opened(
    readers: Pool, *, is_locked: bool
) -> None:
    made, place = PdfWriter(), BytesIO()
    made.add_blank_page(width=10, height=10)
    made.add_attachment("factur-x.xml", (TESTS / "samples/cii/full-invoice.xml").read_bytes())
    if is_locked:
        made.encrypt("", "owner", algorithm="AES-256")
    made.write(place)

    answer = readers.read(place.getvalue())

    assert isinstance(answer, Examined)
    assert answer == examined(place.getvalue())
    assert answer.examination.facts.number == "2026/0042"


def test_the_long_list_of_one_rule_is_told_in_short(readers: Pool) -> None:
    head, line, end = lines_of(invoice(total="121000.00"), "121.00")
    wrong = line.replace(b"C62", b"XXX")
    data = head + b"".join(
        [line.replace(b"<cbc:ID>1<", b"<cbc:ID>%d<" % at) for at in range(1, 501)]
    )
    data += b"".join([wrong.replace(b"<cbc:ID>1<", b"<cbc:ID>%d<" % at) for at in range(501, 1001)])

    answer = readers.read(data + end)

    assert isinstance(answer, Examined)
    assert [finding.id for finding in answer.examination.findings] == ["BR-CL-23"] * 10
    assert answer.counts == (Count(id="BR-CL-23", severity=Severity.FATAL, found=500),)


def lines_of(data: bytes, amount: str) -> tuple[bytes, bytes, bytes]:
    """Give what stands before the line of an invoice, the line with an amount, the rest."""
    start, end = data.index(b"<cac:InvoiceLine>"), data.index(b"</Invoice>")
    return data[:start], data[start:end].replace(b"121000.00", amount.encode()), data[end:]


def test_a_file_that_cannot_be_read_says_why(readers: Pool) -> None:
    answer = readers.read(b"<Invoice>")
    assert isinstance(answer, Refusal)
    assert answer.code == "xml.malformed"


def test_many_threads_share_few_processes() -> None:
    pool = Pool(2, Limits(memory=MEMORY, timeout_s=10.0), HOSTILE)
    try:
        names = at_once([lambda: process_of(pool)] * 20)
    finally:
        pool.close()
    assert len(set(names)) in {1, 2}


def test_a_pool_that_was_closed_starts_again(hostile: Pool) -> None:
    before = process_of(hostile)
    hostile.close()
    assert process_of(hostile) != before
