from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from posthorn.documents.errors import CamtKindError, CamtValueError, MalformedError
from posthorn.documents.model import Category, Facts, Format, Party, Statement
from posthorn.documents.statements import read, read_facts
from posthorn.documents.statements.model import (
    Account,
    AccountStatement,
    Communication,
    CommunicationKind,
    Counterparty,
    Discrepancy,
    Movement,
    Reference,
    ReferenceKind,
    StatementFile,
)
from tests.pure.documents.statements.camt_files import (
    ACCOUNT,
    balance,
    document,
    entry,
    transaction,
)
from tests.pure.documents.statements.samples import CAMT


def file(data: bytes) -> StatementFile:
    return read(data, Format.CAMT053)


def statement(*inner: str, version: str = "02") -> AccountStatement:
    (one,) = file(document(ACCOUNT + "".join(inner), version=version)).statements
    return one


def test_statement_of_version_8_is_read_whole() -> None:
    one, other = file(CAMT).statements

    assert one.account == Account(
        number="BE68539007547034",
        currency="EUR",
        bic="KREDBEBB",
        holder=Party(name="Kaas BV", enterprise_number="0417710407", country="BE"),
        description="Zichtrekening",
    )
    assert (one.number, one.created, one.line) == ("71", date(2026, 3, 2), 9)
    assert (one.period_start, one.period_end) == (date(2026, 3, 1), date(2026, 3, 2))
    assert (one.opening_balance, one.opening_date) == (Decimal("100.00"), date(2026, 3, 1))
    assert (one.closing_balance, one.closing_date) == (Decimal("-60.50"), date(2026, 3, 2))
    assert (other.account.number, other.account.currency) == ("NL91ABNA0417164300", "EUR")
    assert (other.number, other.messages, other.movements) == ("12", ("geen bewegingen",), ())
    assert (other.opening_balance, other.opening_date) == (Decimal(5), date(2026, 2, 28))


def test_movements_of_version_8_are_read_whole() -> None:
    credit, batch = file(CAMT).statements[0].movements

    assert credit == Movement(
        amount=Decimal("39.50"),
        currency="EUR",
        entry_date=date(2026, 3, 2),
        value_date=date(2026, 3, 3),
        counterparty=Counterparty(name="Piet Bakker", account="BE71096123456769", bic="GEBABEBB"),
        communications=(
            Communication(kind=CommunicationKind.BELGIAN, text="090933755493", code="SCOR"),
        ),
        references=(
            Reference(kind=ReferenceKind.BANK, text="BANK-1"),
            Reference(kind=ReferenceKind.END_TO_END, text="KLANT-9"),
        ),
        code="PMNT-RCDT-ESCT",
        charges=Decimal("0.50"),
    )
    assert (batch.amount, batch.code) == (Decimal("-200.00"), "LONEN")
    assert batch.information == ("collectieve opdracht",)
    assert [part.amount for part in batch.details] == [Decimal("-150.00"), Decimal("-50.00")]
    assert [part.counterparty.name for part in batch.details] == ["An Peeters", "Een Bank"]
    assert batch.details[0].communications == (Communication(text="loon februari 2026"),)
    assert batch.details[1].information == ("kosten",)


def test_facts_name_both_accounts() -> None:
    assert read_facts(CAMT, Format.CAMT053) == Facts(
        format=Format.CAMT053,
        category=Category.STATEMENT,
        issue_date=date(2026, 3, 2),
        currency="EUR",
        accounts=("BE68539007547034", "NL91ABNA0417164300"),
        period_start=date(2026, 2, 28),
        period_end=date(2026, 3, 2),
        statements=(
            Statement(
                account="BE68539007547034",
                number="71",
                currency="EUR",
                opening_balance=Decimal("100.00"),
                opening_date=date(2026, 3, 1),
                closing_balance=Decimal("-60.50"),
                closing_date=date(2026, 3, 2),
            ),
            Statement(
                account="NL91ABNA0417164300",
                number="12",
                currency="EUR",
                opening_balance=Decimal(5),
                opening_date=date(2026, 2, 28),
                closing_balance=Decimal(5),
                closing_date=date(2026, 3, 2),
            ),
        ),
    )


@pytest.mark.parametrize(
    "data",
    [
        document(ACCOUNT, kind="urn:iso:std:iso:20022:tech:xsd:camt.052.001"),
        document(ACCOUNT, kind="urn:iso:std:iso:20022:tech:xsd:camt.054.001"),
        document(),
        b"<Invoice/>",
    ],
)
def test_report_or_advice_is_no_statement(data: bytes) -> None:
    with pytest.raises(CamtKindError):
        file(data)


def test_broken_xml_is_refused_as_such() -> None:
    with pytest.raises(MalformedError):
        file(CAMT[:-3])


def test_statement_without_an_account_is_refused() -> None:
    with pytest.raises(CamtValueError) as refused:
        file(document(balance("OPBD", "1")))

    assert refused.value.detail == "a statement without an account"


@pytest.mark.parametrize(
    ("inner", "detail"),
    [
        (balance("OPBD", "1,5"), "amount '1,5'"),
        (balance("OPBD", "-5"), "amount '-5'"),
        (balance("OPBD", "1e9"), "amount '1e9'"),
        (balance("OPBD", ""), "an amount is missing"),
        (balance("OPBD", "1", sign="CREDIT"), "credit or debit: 'CREDIT'"),
        (balance("OPBD", "1").replace("03-02", "02-30"), "date '2026-02-30'"),
        (entry(amount="x"), "amount 'x'"),
        (entry(sign=""), "credit or debit: None"),
        (entry(transaction("<CdtDbtInd>D</CdtDbtInd>")), "credit or debit: 'D'"),
    ],
)
def test_value_that_cannot_be_read_is_refused(inner: str, detail: str) -> None:
    with pytest.raises(CamtValueError) as refused:
        statement(inner)

    assert (refused.value.code, refused.value.detail) == ("camt.value", detail)


@pytest.mark.parametrize(
    ("balances", "opening", "closing"),
    [
        ((), None, None),
        ((balance("OPBD", "1"), balance("CLBD", "2")), 1, 2),
        ((balance("CLBD", "2"), balance("OPBD", "1")), 1, 2),
        ((balance("PRCD", "3"), balance("CLBD", "2")), 3, 2),
        ((balance("PRCD", "3"), balance("OPBD", "1"), balance("CLBD", "2")), 1, 2),
        ((balance("OPBD", "1"), balance("ITBD", "4")), 1, 4),
        ((balance("ITBD", "4"), balance("CLBD", "2")), 4, 2),
        ((balance("ITBD", "4"), balance("ITBD", "5")), 4, 5),
        ((balance("ITBD", "4"),), None, 4),
        ((balance("OPAV", "8"), balance("CLAV", "9")), None, None),
        ((balance("OPBD", "1", sign="DBIT"), balance("CLBD", "0", sign="DBIT")), -1, 0),
    ],
)
def test_balances_are_told_by_their_codes(
    balances: tuple[str, ...], opening: int | None, closing: int | None
) -> None:
    one = statement(*balances)

    assert (one.opening_balance, one.closing_balance) == (opening, closing)


def test_currency_is_the_accounts_or_that_of_both_balances() -> None:
    bare = "<Acct><Id><Othr><Id>12 34</Id></Othr></Id></Acct>"
    same = bare + balance("OPBD", "1", currency="USD") + balance("CLBD", "1", currency="USD")
    mixed = bare + balance("OPBD", "1", currency="USD") + balance("CLBD", "1")
    found = [one.account for one in file(document(same, mixed)).statements]

    assert found == [Account(number="1234", currency="USD"), Account(number="1234")]


def test_account_without_a_number_has_none() -> None:
    (one,) = file(document("<Acct><Id/></Acct>")).statements

    assert (one.account, one.movements) == (Account(), ())


def test_owner_with_another_registration_has_no_enterprise_number() -> None:
    ids = "<Id><OrgId><Othr><Id>12</Id><Issr>DE</Issr></Othr></OrgId></Id>"
    account = (
        f"<Acct><Ownr><Nm>A</Nm>{ids}</Ownr><Svcr><FinInstnId><BIC>X</BIC></FinInstnId></Svcr>"
    )
    (one,) = file(document(f"{account}</Acct>")).statements

    assert one.account == Account(holder=Party(name="A"), bic="X")


def test_holder_is_told_where_all_statements_agree() -> None:
    account = "<Acct><Ownr><Nm>A</Nm></Ownr></Acct>"

    assert file(document(account, account)).holder == Party(name="A")
    assert file(document(account, ACCOUNT)).holder is None


@pytest.mark.parametrize("mark", ["COPY", "DUPL", "CODU"])
def test_copies_are_named_as_such(mark: str) -> None:
    assert statement(f"<CpyDplctInd>{mark}</CpyDplctInd>").is_copy is True
    assert statement().is_copy is False


def test_page_and_period_are_read() -> None:
    one = statement(
        "<StmtPgntn><PgNb>2</PgNb></StmtPgntn><LglSeqNb>7</LglSeqNb>",
        "<FrToDt><FrDt>2026-03-01</FrDt><ToDt>2026-03-31</ToDt></FrToDt>",
    )

    assert (one.page, one.number) == ("2", "7")
    assert (one.period_start, one.period_end) == (date(2026, 3, 1), date(2026, 3, 31))


def test_summary_that_counts_or_sums_otherwise_is_told() -> None:
    summary = (
        "<TxsSummry><TtlCdtNtries><NbOfNtries>2</NbOfNtries><Sum>10</Sum></TtlCdtNtries>"
        "<TtlDbtNtries><NbOfNtries>1</NbOfNtries><Sum>7.5</Sum></TtlDbtNtries></TxsSummry>"
    )
    data = document(ACCOUNT + summary + entry() + entry(amount="7", sign="DBIT"))

    assert file(data).discrepancies == (
        Discrepancy(code="totals.count", stated="2", found="1", line=1),
        Discrepancy(code="totals.debit", stated="7.5", found="7", line=1),
    )


def test_summary_without_figures_is_not_compared() -> None:
    data = document(f"{ACCOUNT}<TxsSummry><TtlCdtNtries/></TxsSummry>{entry()}")

    assert file(data).discrepancies == ()


@pytest.mark.parametrize("codec", ["utf-16", "utf-8-sig", "iso-8859-1"])
def test_bytes_of_a_statement_are_known_where_they_can_be_cut(codec: str) -> None:
    named = ACCOUNT.replace("<Ccy>", "<Nm>Café</Nm><Ccy>")
    declared = f'<?xml version="1.0" encoding="{codec.removesuffix("-sig")}"?>'
    data = (declared + document(named, named).decode()).encode(codec)
    found = [one.span for one in file(data).statements]

    if codec == "utf-16":
        assert found == [None, None]
    else:
        cut = [data[span.start : span.end] for span in found if span]
        assert cut == [f"<Stmt>{named}</Stmt>".encode(codec.removesuffix("-sig"))] * 2


def test_empty_statements_have_bytes_too() -> None:
    data = document(ACCOUNT).replace(b"<GrpHdr/>", b"<GrpHdr a='>'/><?x <Stmt>?>\n")
    (one,) = file(data).statements

    assert one.span is not None
    assert (data[one.span.start : one.span.end], one.line) == (
        f"<Stmt>{ACCOUNT}</Stmt>".encode(),
        2,
    )
