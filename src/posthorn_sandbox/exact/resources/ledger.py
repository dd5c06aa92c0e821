"""Accounts, journals, and the entries that book a purchase or a sale."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from posthorn_sandbox.exact.house import Refusal, Visit
from posthorn_sandbox.exact.odata.schema import Row, Spec, parse_fields
from posthorn_sandbox.exact.resources.documents import DOCUMENTS
from posthorn_sandbox.exact.resources.resource import Resource, accept, demand
from posthorn_sandbox.exact.texts import Text
from posthorn_sandbox.exact.world import named_guid

ACCOUNTS = "crm/Accounts"
PURCHASES = "purchaseentry/PurchaseEntries"
SALES = "salesentry/SalesEntries"
_OPEN = 20
_ACCOUNT = parse_fields(
    """
    ID:guid AddressLine1:text+ AutomaticProcessProposedEntry:int+ Blocked:bool
    ChamberOfCommerce:text+ City:text+ Code:code+ Country:country+ Created:date Creator:guid
    CreatorFullName:text Division:int Email:text+ IsSupplier:bool+ IsSales:bool+ Modified:date
    Modifier:guid ModifierFullName:text Name:text! Phone:text+ Postcode:text+ SearchCode:text+
    Status:text+ VATNumber:text+ Website:text+
    """
)
_JOURNAL = parse_fields(
    "ID:guid Code:text Created:date Currency:text Description:text Division:int IsBlocked:bool "
    "Modified:date Type:int"
)
_JOURNALS = (("20", "Bank", 12), ("70", "Sales", 20), ("60", "Purchases", 22), ("90", "Memo", 90))
_ENTRY = """
    EntryID:guid AmountDC:double AmountFC:double BatchNumber:int Created:date Creator:guid
    CreatorFullName:text Currency:text+ Description:text+ Division:int
    Document:guid>documents/Documents+ DocumentNumber:int DocumentSubject:text DueDate:date+
    EntryDate:date+ EntryNumber:int+ Journal:text! JournalDescription:text Modified:date
    Modifier:guid ModifierFullName:text PaymentReference:text+ ReportingPeriod:int+
    ReportingYear:int+ Status:int StatusDescription:text Type:int TypeDescription:text YourRef:text+
"""
_LINE = parse_fields(
    """
    ID:guid AmountDC:double AmountFC:double! CostCenter:text+ CostUnit:text+ Description:text+
    Division:int EntryID:guid From:date+ GLAccount:guid! LineNumber:int Notes:text+ Project:guid+
    Quantity:double+ To:date+ VATAmountDC:double VATAmountFC:double+ VATBaseAmountDC:double
    VATBaseAmountFC:double+ VATCode:text+ VATPercentage:double+
    """
)


class Accounts(Resource):
    """`crm/Accounts`: what the API makes gets the next code."""

    def finish(self, visit: Visit, row: Row) -> None:
        """Give it a code."""
        if not row.get("Code"):
            row["Code"] = str(visit.house.shelves.next_number("account", visit.division.code))


class Journals(Resource):
    """`financial/Journals`: four in each administration."""

    def rows(self, visit: Visit) -> list[Row]:
        """List the journals."""
        return [
            {
                "ID": named_guid("journal", visit.division.code, code),
                "Code": code,
                "Currency": visit.division.currency,
                "Description": name,
                "Division": visit.division.code,
                "IsBlocked": False,
                "Type": kind,
            }
            for code, name, kind in _JOURNALS
        ]

    def find(self, visit: Visit, key: str) -> Row | None:
        """Return one journal."""
        return next((row for row in self.rows(visit) if row["ID"] == key), None)


class Entries(Resource):
    """An entry with its lines; without a document it makes one, as the real service does."""

    def __init__(self, spec: Spec, lines: str, document_type: int) -> None:
        super().__init__(spec)
        self._lines = lines
        self._document_type = document_type

    def create(self, visit: Visit, given: Mapping[str, object]) -> Row:
        """Book an entry. Raises Refusal."""
        values = accept(visit, self.spec, given)
        demand(visit, self.spec, values)
        self._demand_journal(values)
        row = self.filled(visit, values)
        key = str(uuid.uuid4())
        row |= {"ID": key, "EntryID": key, "Division": visit.division.code}
        row["_lines"] = self._read_lines(visit, values.get(self._lines), key)
        self._number(visit, row)
        self._settle(visit, row)
        row[self._lines] = None
        visit.house.shelves.put(self.shelf, row)
        return row

    def expanded(self, _visit: Visit, _name: str, _row: Row) -> list[Row]:
        """Return the entry's lines. Raises Refusal for another navigation."""
        if _name != self._lines:
            raise Refusal(404, Text.NOT_FOUND)
        lines = _row["_lines"]
        return lines if isinstance(lines, list) else []

    def _demand_journal(self, values: Row) -> None:
        if values["Journal"] not in {code for code, _, _ in _JOURNALS}:
            raise Refusal(500, Text.UNKNOWN, name="Journal")

    def _read_lines(self, visit: Visit, given: object, entry: str) -> list[Row]:
        if not isinstance(given, list) or not given:
            status = visit.house.switches.mandatory_status
            raise Refusal(status, Text.MANDATORY, name=self._lines)
        found = []
        for number, one in enumerate(given, start=1):
            # A line without its amount is booked as 0, without a word (recorded 2026-06-25).
            values: Row = {"AmountFC": 0} | accept(visit, LINE, _object(one))
            demand(visit, LINE, values)
            usual: Row = {name: values.get(name) for name in LINE.fields}
            made: Row = {"ID": str(uuid.uuid4()), "EntryID": entry, "LineNumber": number}
            found.append(usual | made | {"AmountDC": values["AmountFC"]})
        return found

    def _number(self, visit: Visit, row: Row) -> None:
        wanted = row.get("EntryNumber")
        taken = {one["EntryNumber"] for one in self.rows(visit)}
        if wanted in taken:
            raise Refusal(500, Text.EXISTS)
        while wanted is None or wanted in taken:
            wanted = visit.house.shelves.next_number(self.shelf, visit.division.code)
        row["EntryNumber"] = wanted

    def _settle(self, visit: Visit, row: Row) -> None:
        lines = self.expanded(visit, self._lines, row)
        total = sum(float(str(line["AmountFC"])) for line in lines)
        row |= {"AmountFC": total, "AmountDC": total, "Status": _OPEN}
        row |= {"StatusDescription": "Open", "Currency": row["Currency"] or visit.division.currency}
        row["Type"] = 30 if self._document_type == _PURCHASE else 20
        if row["Document"] is None:
            documents = visit.house.makers[DOCUMENTS]
            subject = row["Description"] or f"{row['EntryNumber']}"
            made = documents.create(visit, {"Subject": subject, "Type": self._document_type})
            row["Document"] = made["ID"]


_PURCHASE, _SALE = 20, 10
LINE = Spec(path="EntryLine", type_name="EntryLine", fields=_LINE)


def _object(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Refusal(400, Text.SYNTAX)
    return value


def ledger_resources() -> list[Resource]:
    """List the resources of these services."""
    purchase = f"{_ENTRY} Supplier:guid>crm/Accounts! SupplierName:text PurchaseEntryLines:nav+"
    sale = f"{_ENTRY} Customer:guid>crm/Accounts! CustomerName:text SalesEntryLines:nav+"
    return [
        Accounts(
            Spec(
                path=ACCOUNTS,
                type_name="CRM.Account",
                fields=_ACCOUNT,
                verbs=frozenset({"GET", "POST", "PUT", "DELETE"}),
            )
        ),
        Journals(Spec(path="financial/Journals", type_name="Financial.Journal", fields=_JOURNAL)),
        Entries(_entry(PURCHASES, "PurchaseEntry", purchase), "PurchaseEntryLines", _PURCHASE),
        Entries(_entry(SALES, "SalesEntry", sale), "SalesEntryLines", _SALE),
    ]


def _entry(path: str, type_name: str, fields: str) -> Spec:
    lines = f"{type_name}Lines"
    return Spec(
        path=path,
        type_name=type_name,
        fields=parse_fields(fields),
        key="EntryID",
        verbs=frozenset({"GET", "POST"}),
        navigations={lines: "EntryLine"},
    )
