from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posthorn.documents.errors import DocumentError, UnreadableError
from posthorn.documents.model import Format
from posthorn.documents.statements import read, read_facts
from posthorn.documents.statements.checks import check
from posthorn.documents.statements.slices import slices
from tests.pure.documents.statements.samples import CAMT, CODA, MT940

WHOLE = {Format.CODA: CODA, Format.CAMT053: CAMT, Format.MT940: MT940}
NOISE = [b"", b"\n", b"\r", b":20:", b":61:", b"-\n", b"9", b"0", b"\xe9", b"\xff", b",", b"<!--"]
NOISE += [b"<ns2:Stmt>", b"</ns2:Stmt>", b"&#0;", b"\x1a", b" " * 128]

edits = st.lists(
    st.tuples(
        st.integers(min_value=0, max_value=6_000),
        st.integers(min_value=0, max_value=200),
        st.sampled_from(NOISE) | st.binary(max_size=4),
    ),
    min_size=1,
    max_size=4,
)


def outcome(data: bytes, format_: Format) -> str:
    try:
        file = read(data, format_)
        check(file)
        slices(data, file)
    except DocumentError as error:
        return error.code
    return "read"


@pytest.mark.parametrize("format_", WHOLE)
@settings(max_examples=25, deadline=None)
@given(edits)
def test_damaged_file_is_read_or_refused(
    format_: Format, found: list[tuple[int, int, bytes]]
) -> None:
    data = bytearray(WHOLE[format_])
    for place, length, noise in found:
        data[place : place + length] = noise

    assert outcome(bytes(data), format_) in {
        "read",
        "statement.cut",
        *(f"coda.{code}" for code in ("line", "records", "value")),
        *(f"camt.{code}" for code in ("kind", "value")),
        *(f"xml.{code}" for code in ("malformed", "encoding", "doctype")),
        *(f"mt940.{code}" for code in ("records", "value")),
    }


@pytest.mark.parametrize("format_", WHOLE)
@settings(max_examples=15, deadline=None)
@given(st.binary(max_size=300))
def test_bytes_of_anything_are_refused(format_: Format, data: bytes) -> None:
    assert outcome(data, format_) != "read"


def test_format_without_statements_is_refused() -> None:
    with pytest.raises(UnreadableError) as refused:
        read_facts(b"%PDF-", Format.PDF)

    assert refused.value.detail == "pdf holds no statements"


def camt(inner: str) -> bytes:
    start = '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>'
    return f"{start}{inner}</BkToCstmrStmt></Document>".encode()


MT940_TOP = b":20:R\n:25:A\n:60F:C260301EUR1,\n"
MT940_END = b":62F:C260302EUR1,\n"


@pytest.mark.parametrize(
    ("data", "format_"),
    [
        (camt("<Stmt><Acct/></Stmt>" * 2_000), Format.CAMT053),
        (camt(f"<Stmt><Acct/>{'<Bal/>' * 2_000}</Stmt>"), Format.CAMT053),
        (camt(f"<Stmt x='{'>' * 50_000}'><Acct/></Stmt>"), Format.CAMT053),
        (camt("<!--" + "<" * 50_000 + "--><Stmt><Acct/></Stmt>"), Format.CAMT053),
        (CODA * 30, Format.CODA),
        (b"\n" * 100_000, Format.CODA),
        (b":20:\n" * 40_000, Format.MT940),
        (b":20:\n" + b":21:\n" * 40_000, Format.MT940),
        (MT940_TOP + b":86:" + b"-\n" * 50_000 + MT940_END, Format.MT940),
        (MT940_TOP + b"\n" * 50_000 + MT940_END + MT940_TOP + MT940_END, Format.MT940),
        (MT940_TOP + b":61:260302C1,N" + b"/" * 50_000 + b"\n" + MT940_END, Format.MT940),
        (MT940_TOP + b":61:260302C1,N\n:86:166?00" + b"?2" * 90_000 + MT940_END, Format.MT940),
        (MT940_TOP + b":61:260302C1,N\n:86:/EREF/" + b"/NAME/" * 50_000 + MT940_END, Format.MT940),
        (MT940_TOP + b":61:260302C" + b"1" * 50_000 + b"\n" + MT940_END, Format.MT940),
    ],
)
def test_monster_takes_no_more_than_seconds(data: bytes, format_: Format) -> None:
    start = time.process_time()
    outcome(data, format_)

    assert time.process_time() - start < 3
