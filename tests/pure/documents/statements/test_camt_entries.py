from __future__ import annotations

from decimal import Decimal

import pytest

from posthorn.documents.model import Format
from posthorn.documents.statements import read
from posthorn.documents.statements.model import (
    AccountStatement,
    Communication,
    CommunicationKind,
    Counterparty,
    Movement,
    Reference,
    ReferenceKind,
)
from tests.pure.documents.statements.camt_files import ACCOUNT, document, entry, transaction


def statement(*inner: str) -> AccountStatement:
    (one,) = read(document(ACCOUNT + "".join(inner)), Format.CAMT053).statements
    return one


def movement(inner: str = "", **values: str) -> Movement:
    (one,) = statement(entry(inner, **values)).movements
    return one


@pytest.mark.parametrize(
    ("status", "booked"),
    [("BOOK", True), ("PDNG", False), ("<Cd>BOOK</Cd>", True), ("<Cd>INFO</Cd>", False)],
)
def test_announced_movements_are_not_on_the_balance(status: str, *, booked: bool) -> None:
    one = statement(entry(status=status))

    assert one.movements[0].is_booked is booked
    assert one.booked == (10 if booked else 0)


def party(side: str, name: str, account: str) -> str:
    number = f"<{side}Acct><Id><IBAN>{account}</IBAN></Id></{side}Acct>" if account else ""
    return f"<{side}><Nm>{name}</Nm></{side}>{number}"


@pytest.mark.parametrize(
    ("sign", "reversal", "name"),
    [
        ("CRDT", "", "D"),
        ("DBIT", "", "C"),
        ("CRDT", "<RvslInd>true</RvslInd>", "C"),
        ("DBIT", "<RvslInd>1</RvslInd>", "D"),
        ("DBIT", "<RvslInd>false</RvslInd>", "C"),
    ],
)
def test_counterparty_is_at_the_other_side(sign: str, reversal: str, name: str) -> None:
    both = party("Dbtr", "D", "BE71096123456769") + party("Cdtr", "C", "NL91ABNA0417164300")
    inner = reversal + transaction(f"<RltdPties>{both}</RltdPties>")

    assert movement(inner, sign=sign).counterparty.name == name


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        ("NL91ABNA0417164300", Counterparty(name="C", account="NL91ABNA0417164300")),
        ("BE68539007547034", Counterparty()),
        ("", Counterparty()),
    ],
)
def test_other_account_in_the_wrong_place_is_still_the_others(
    account: str, expected: Counterparty
) -> None:
    inner = transaction(f"<RltdPties>{party('Cdtr', 'C', account)}</RltdPties>")

    assert movement(inner).counterparty == expected


def test_counterparty_may_be_known_by_its_bank_only() -> None:
    agent = "<RltdAgts><DbtrAgt><FinInstnId><BIC>GEBABEBB</BIC></FinInstnId></DbtrAgt></RltdAgts>"

    assert movement(transaction(agent)).counterparty == Counterparty(bic="GEBABEBB")


def test_remittance_of_both_kinds_is_kept() -> None:
    reference = "<CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf>"
    strd = f"<Strd>{reference}<AddtlRmtInf>extra</AddtlRmtInf></Strd>"
    empty = "<Strd><CdtrRefInf><Ref> </Ref></CdtrRefInf></Strd>"
    inner = f"<RmtInf><Ustrd>vrij</Ustrd>{strd}{empty}</RmtInf>"

    assert movement(transaction(inner)).communications == (
        Communication(kind=CommunicationKind.CREDITOR_REFERENCE, text="RF18539007547034"),
        Communication(text="vrij extra"),
    )
    assert movement(transaction("<RmtInf/>")).communications == ()


@pytest.mark.parametrize(
    ("inner", "amount"),
    [
        ('<Amt Ccy="EUR">4</Amt>', 4),
        ('<Amt Ccy="EUR">4</Amt><CdtDbtInd>DBIT</CdtDbtInd>', -4),
        ('<AmtDtls><TxAmt><Amt Ccy="EUR">3</Amt></TxAmt></AmtDtls>', 3),
        ("", 10),
    ],
)
def test_amount_of_a_part_is_where_its_version_has_it(inner: str, amount: int) -> None:
    one = movement(transaction(inner) + transaction("<AddtlTxInf>b</AddtlTxInf>"))

    assert [part.amount for part in one.details] == [amount, 10]


def test_only_part_of_a_debit_is_a_debit() -> None:
    one = movement(transaction('<Amt Ccy="USD">4</Amt>') * 2, sign="DBIT")

    assert [(part.amount, part.currency) for part in one.details] == [(Decimal(-4), "USD")] * 2


@pytest.mark.parametrize(
    ("charges", "taken"),
    [
        ("", None),
        ('<Chrgs><TtlChrgsAndTaxAmt Ccy="EUR">0.5</TtlChrgsAndTaxAmt></Chrgs>', "0.5"),
        ('<Chrgs><Amt Ccy="EUR">1</Amt></Chrgs><Chrgs><Amt Ccy="EUR">2</Amt></Chrgs>', "3"),
        ('<Chrgs><Rcrd><Amt Ccy="EUR">1</Amt><CdtDbtInd>CRDT</CdtDbtInd></Rcrd></Chrgs>', "-1"),
        ("<Chrgs><Rcrd/></Chrgs>", "0"),
    ],
)
def test_charges_are_told(charges: str, taken: str | None) -> None:
    expected = None if taken is None else Decimal(taken)

    assert movement(charges).charges == expected
    assert movement(transaction(charges)).charges == expected


@pytest.mark.parametrize(
    ("code", "kept"),
    [
        ("<Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd></Fmly></Domn>", "PMNT-RCDT"),
        ("<Domn/>", None),
        ("<Prtry><Cd>544</Cd></Prtry>", "544"),
        ("", None),
    ],
)
def test_code_of_the_bank_is_kept(code: str, kept: str | None) -> None:
    assert movement(f"<BkTxCd>{code}</BkTxCd>").code == kept
    assert movement(transaction(f"<BkTxCd>{code}</BkTxCd>")).code == kept


def test_references_are_kept_once_and_never_as_not_provided() -> None:
    refs = "<Refs><EndToEndId>NOTPROVIDED</EndToEndId><MndtId>M1</MndtId><TxId>T1</TxId></Refs>"

    assert movement(transaction(refs)).references == (
        Reference(kind=ReferenceKind.MANDATE, text="M1"),
        Reference(kind=ReferenceKind.TRANSACTION, text="T1"),
    )
