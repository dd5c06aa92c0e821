from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posthorn.documents.errors import StatementCutError
from posthorn.documents.model import Format
from posthorn.documents.statements import read
from posthorn.documents.statements.model import Span
from posthorn.documents.statements.slices import Slice, refuse_another, slices
from tests.pure.documents.statements.coda_lines import (
    closed,
    data_of,
    header,
    movement,
    opened,
    trailer,
    unit,
)
from tests.pure.documents.statements.samples import CAMT, CODA, MT940

ACCOUNTS = ("BE68539007547034", "BE71096123456769", "NL91ABNA0417164300")
SPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"


def coda(*accounts: str | None) -> bytes:
    lines: list[str] = []
    for at, account in enumerate(accounts):
        columns = f"{account or '':34}EUR"
        body = movement(f"VOOR {account}", value=str(at + 1))
        lines += unit(header(), opened(f"2|{columns}"), body, closed(columns))
    return data_of(lines, newline="\r\n")


def mt940(*accounts: str | None) -> bytes:
    messages = (
        f":940:\n:20:REF\n:25:{account or ''}\n:28C:{at}\n:60F:C260301EUR1,\n"
        f":61:260302C{at + 1},NTRFX\n:86:VOOR {account}\n:62F:C260302EUR1,\n"
        for at, account in enumerate(accounts)
    )
    return "".join(messages).encode()


def camt(*accounts: str | None) -> bytes:
    amount = '<Amt Ccy="EUR">{}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>'
    statements = (
        f"<Stmt><Acct><Id><IBAN>{account or ''}</IBAN></Id></Acct>"
        f"<Ntry>{amount.format(at + 1)}<AddtlNtryInf>VOOR {account}</AddtlNtryInf></Ntry></Stmt>"
        for at, account in enumerate(accounts)
    )
    body = "\n<!-- <Stmt> -->".join(statements)
    start = f'<Document xmlns="{SPACE}"><BkToCstmrStmt><GrpHdr/>'
    return f"{start}{body}</BkToCstmrStmt></Document>\n".encode()


WRITERS: dict[Format, Callable[..., bytes]] = {
    Format.CODA: coda,
    Format.MT940: mt940,
    Format.CAMT053: camt,
}


def cut(data: bytes, format_: Format) -> list[Slice]:
    return slices(data, read(data, format_))


@pytest.mark.parametrize("format_", WRITERS)
def test_file_of_one_account_is_one_slice(format_: Format) -> None:
    data = WRITERS[format_](ACCOUNTS[0], ACCOUNTS[0])

    assert cut(data, format_) == [
        Slice(
            account=ACCOUNTS[0],
            data=data,
            spans=(Span(start=0, end=len(data)),),
            statements=(0, 1),
        )
    ]


def test_coda_of_two_accounts_is_cut_at_the_header() -> None:
    one, other = cut(CODA, Format.CODA)

    assert (one.account, other.account) == ("BE68539007547034", "NL91ABNA0417164300")
    assert (one.data, other.data) == (CODA[:1430], CODA[1430:])
    assert (one.is_enveloped, other.statements) == (False, (1,))


def test_mt940_of_two_accounts_is_cut_before_the_block() -> None:
    one, other = cut(MT940, Format.MT940)

    assert (one.data, other.data) == (MT940[:403], MT940[403:])


def test_camt_of_two_accounts_gets_an_envelope_each() -> None:
    one, other = cut(CAMT, Format.CAMT053)

    assert one.data == CAMT[:4805] + CAMT[5708:]
    assert other.data == CAMT[:357] + CAMT[4855:]
    assert other.spans == (
        Span(start=0, end=357),
        Span(start=4855, end=5708),
        Span(start=5708, end=len(CAMT)),
    )
    assert (one.is_enveloped, other.is_enveloped) == (True, True)


def test_statements_without_an_account_are_never_together() -> None:
    for format_, write in WRITERS.items():
        found = cut(write(None, None), format_)

        assert [(each.account, each.statements) for each in found] == [(None, (0,)), (None, (1,))]


@pytest.mark.parametrize("format_", WRITERS)
@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from([*ACCOUNTS, None]), min_size=1, max_size=6))
def test_statement_of_one_client_never_travels_with_anothers(
    format_: Format, accounts: list[str | None]
) -> None:
    data = WRITERS[format_](*accounts)
    found = cut(data, format_)

    for each in found:
        inside = read(each.data, format_)
        assert {one.account.number for one in inside.statements} == {each.account}
        for other in {*map(str, accounts)} - {str(each.account)}:
            assert f"VOOR {other}".encode() not in each.data
        pieces = (data[span.start : span.end] for span in each.spans)
        assert b"".join(pieces) == each.data
    assert sorted(at for each in found for at in each.statements) == list(range(len(accounts)))
    if format_ is not Format.CAMT053:
        assert b"".join(each.data for each in found) == data


def test_accounts_between_one_header_and_its_trailer_are_held() -> None:
    body: list[str] = []
    for account in ACCOUNTS[:2]:
        columns = f"{account:34}EUR"
        body += [opened(f"2|{columns}"), closed(columns)]
    data = data_of(unit(header(), *body))
    with pytest.raises(StatementCutError) as refused:
        cut(data, Format.CODA)

    assert refused.value.code == "statement.cut"
    assert refused.value.detail == "several accounts between one header and its trailer"


def test_new_balance_of_another_account_is_held() -> None:
    lines = (header(), opened(), closed(f"{ACCOUNTS[1]:34}EUR"))
    with pytest.raises(StatementCutError) as refused:
        cut(data_of((*lines, trailer(*lines))), Format.CODA)

    assert refused.value.detail == f"line 3: {ACCOUNTS[0]} or {ACCOUNTS[1]}"


def test_wrong_count_does_not_keep_a_file_whole() -> None:
    data = CODA.replace(b"9               000009", b"9               000010")

    assert [each.account for each in cut(data, Format.CODA)] == [ACCOUNTS[0], ACCOUNTS[2]]


def test_part_that_reads_differently_is_held() -> None:
    one, other = cut(CAMT, Format.CAMT053)
    wrong = Slice(account=one.account, data=other.data, spans=one.spans, statements=one.statements)
    with pytest.raises(StatementCutError) as refused:
        refuse_another(wrong, read(CAMT, Format.CAMT053))

    assert refused.value.detail == "a part of it reads differently from the whole"


def wide(*accounts: str) -> bytes:
    declared = '<?xml version="1.0" encoding="utf-16"?>'
    return (declared + camt(*accounts).decode()).encode("utf-16")


def test_wide_characters_are_held() -> None:
    with pytest.raises(StatementCutError) as refused:
        cut(wide(*ACCOUNTS), Format.CAMT053)

    assert refused.value.detail == "its statements cannot be told apart by their bytes"
    assert len(cut(wide(ACCOUNTS[0], ACCOUNTS[0]), Format.CAMT053)) == 1


def test_more_accounts_than_any_firm_has_are_held() -> None:
    with pytest.raises(StatementCutError) as refused:
        cut(camt(*(f"R{at}" for at in range(1_001))), Format.CAMT053)

    assert refused.value.detail == "1001 accounts"


def test_many_accounts_under_a_large_header_are_held() -> None:
    accounts = [f"R{at}" for at in range(30)]
    data = camt(*accounts).replace(b"<GrpHdr/>", b"<GrpHdr/><!--" + b"x" * 4_000_000 + b"-->")
    with pytest.raises(StatementCutError) as refused:
        cut(data, Format.CAMT053)

    assert refused.value.detail == "30 accounts under one large header"
