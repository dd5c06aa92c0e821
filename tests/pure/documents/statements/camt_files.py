"""Writes small CAMT files."""

from __future__ import annotations

ACCOUNT = "<Acct><Id><IBAN>BE68539007547034</IBAN></Id><Ccy>EUR</Ccy></Acct>"
SPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001"


def document(*statements: str, version: str = "02", kind: str = SPACE) -> bytes:
    body = "".join(f"<Stmt>{each}</Stmt>" for each in statements)
    start = f'<Document xmlns="{kind}.{version}"><BkToCstmrStmt><GrpHdr/>'
    return f"{start}{body}</BkToCstmrStmt></Document>".encode()


def balance(code: str, amount: str, *, sign: str = "CRDT", currency: str = "EUR") -> str:
    kind = f"<Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
    dated = "<Dt><Dt>2026-03-02</Dt></Dt>"
    return (
        f'<Bal>{kind}<Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>{dated}</Bal>'
    )


def entry(inner: str = "", *, amount: str = "10", sign: str = "CRDT", status: str = "BOOK") -> str:
    amounts = f'<Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>'
    return f"<Ntry>{amounts}<Sts>{status}</Sts>{inner}</Ntry>"


def transaction(inner: str) -> str:
    return f"<NtryDtls><TxDtls>{inner}</TxDtls></NtryDtls>"
