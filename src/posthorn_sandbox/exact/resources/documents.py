"""`documents/…`: what a firm files, the files attached to it, and how both are sorted."""

from __future__ import annotations

from collections.abc import Mapping

from posthorn_sandbox.exact.contents import decode_start
from posthorn_sandbox.exact.house import Refusal, Visit
from posthorn_sandbox.exact.odata.schema import Row, Spec, parse_fields
from posthorn_sandbox.exact.resources.resource import Resource, put_away
from posthorn_sandbox.exact.texts import Text
from posthorn_sandbox.exact.world import named_guid

DOCUMENTS = "documents/Documents"
ATTACHMENTS = "documents/DocumentAttachments"
FOLDERS = "documents/DocumentFolders"
CATEGORIES = "documents/DocumentCategories"
_DAY_MS = 86_400_000

# In the order of a live answer recorded on 2026-06-25; what may be written is Exact's own list.
_DOCUMENT = parse_fields(
    """
    ID:guid Account:guid>crm/Accounts+ AccountCode:code AccountName:text AmountFC:double+ Body:text+
    Category:guid+ CategoryDescription:text+ Contact:guid+ ContactFullName:text Created:date
    Creator:guid CreatorFullName:text+ Currency:text+ Division:int DocumentDate:date+
    DocumentFolder:guid>documents/DocumentFolders+ DocumentFolderCode:text
    DocumentFolderDescription:text DocumentViewUrl:text ExpiryDate:date+
    FinancialTransactionEntryID:guid+ HasEmptyBody:bool HID:int+ Language:text+ Modified:date
    Modifier:guid ModifierFullName:text ShopOrderNumber:int+ Subject:text! Type:int!
    TypeDescription:text Opportunity:guid+ Project:guid+ ProjectCode:text ProjectDescription:text
    ProposedEntryStatus:int+ SalesInvoiceNumber:int+ SalesOrderNumber:int+ SendMethod:int
    InheritShare:bool+ Item:guid+ ItemCode:text ItemDescription:text TeamsMeetingId:text+
    ContractNumber:text ContractID:guid+ ScanServiceStatus:int+ EntryStatusDescription:text+
    ActionRegenerateEntryProposal:bool+ CostcenterCode:text+ CostcenterDescription:text
    CostunitCode:text+ CostunitDescription:text
    """
)
_ATTACHMENT = parse_fields(
    "ID:guid Attachment:bytes! Document:guid>documents/Documents! FileName:text! FileSize:double "
    "Url:text"
)
_FOLDER = parse_fields(
    "ID:guid Code:text! Created:date Creator:guid CreatorFullName:text Description:text! "
    "Division:int Modified:date Modifier:guid ModifierFullName:text ParentFolder:guid+ Share:int+"
)
_CATEGORY = parse_fields("ID:guid Created:date Description:text Modified:date")
_TYPE = parse_fields(
    "ID:int Created:date Description:text DocumentIsCreatable:bool DocumentIsDeletable:bool "
    "DocumentIsUpdatable:bool DocumentIsViewable:bool Modified:date TypeCategory:int"
)
# The documented list of what bulk/Documents/Documents can be filtered by.
_BULK_FILTER = frozenset(
    {
        *("Account", "Category", "Contact", "Created", "Creator", "Division", "DocumentDate"),
        *("DocumentFolder", "FinancialTransactionEntryID", "HID", "ID", "Modified", "Opportunity"),
        *("Project", "SalesInvoiceNumber", "Subject", "Type"),
    }
)
_EVERYTHING = frozenset({"GET", "POST", "PUT", "DELETE"})

# 10, 20 and 55 are known from live documents; 60 stands for those nobody may make.
TYPES: Mapping[int, Mapping[str, str]] = {
    10: {
        "nl": "Verkoopfactuur",
        "fr": "Facture de vente",
        "en": "Sales invoice",
        "de": "Ausgangsrechnung",
    },
    20: {
        "nl": "Inkoopfactuur",
        "fr": "Facture d'achat",
        "en": "Purchase invoice",
        "de": "Eingangsrechnung",
    },
    55: {"nl": "Diversen", "fr": "Divers", "en": "Miscellaneous", "de": "Verschiedenes"},
    60: {
        "nl": "Periodiek bericht",
        "fr": "Message périodique",
        "en": "Periodic message",
        "de": "Periodische Nachricht",
    },
}
_UNCREATABLE = 60
# Nobody published the number of bank statements; the switch statement_type gives one.
_STATEMENTS = {
    "nl": "Bankafschrift",
    "fr": "Extrait bancaire",
    "en": "Bank statement",
    "de": "Kontoauszug",
}


class Documents(Resource):
    """`documents/Documents`, and its bulk form."""

    def filled(self, visit: Visit, values: Row) -> Row:
        """Add what a document has when nobody says otherwise."""
        today = visit.wall_ms // _DAY_MS * _DAY_MS
        usual: Row = {
            "Category": named_guid("category", "Customers"),
            "CategoryDescription": "Customers",
            "Currency": visit.division.currency,
            "DocumentDate": today,
            "InheritShare": False,
            "SendMethod": 0,
        }
        given = {name: value for name, value in values.items() if value is not None}
        return super().filled(visit, usual | given)

    def finish(self, visit: Visit, row: Row) -> None:
        """Name the type, the account and the folder; number it. Raises Refusal."""
        self._demand_type(visit, row)
        self._demand_length(visit, row)
        row["TypeDescription"] = type_name(visit, int(str(row["Type"])))
        row["HasEmptyBody"] = not row.get("Body")
        row["DocumentViewUrl"] = (
            f"{visit.house.base}/docs/DocViewContent.aspx?ID={row['ID']}"
            f"&_Division_={visit.division.code}&Stamp=BE001"
        )
        self._name_references(visit, row)
        if row.get("ActionRegenerateEntryProposal"):
            self._regenerate(visit, row)
        if not row.get("HID"):
            row["HID"] = visit.house.shelves.next_number("HID", visit.division.code)

    def remove(self, visit: Visit, row: Row) -> None:
        """Delete a document with its attachments."""
        shelves = visit.house.shelves
        for attachment in list(shelves.rows(ATTACHMENTS, visit.division.code)):
            if attachment["Document"] == row["ID"]:
                shelves.remove(ATTACHMENTS, attachment)
        super().remove(visit, row)

    def _regenerate(self, visit: Visit, row: Row) -> None:
        if not visit.house.switches.regenerate_makes_proposal:
            return
        files = visit.house.shelves.rows(ATTACHMENTS, visit.division.code)
        own = [str(one["ID"]) for one in files if one["Document"] == row["ID"]]
        if any(is_ubl(visit.house.store.content(key)) for key in own):
            row |= _proposal(visit, row)

    def _demand_type(self, visit: Visit, row: Row) -> None:
        if row.get("Type") not in types(visit) or row.get("Type") == _UNCREATABLE:
            raise Refusal(500, Text.UNKNOWN, name="Type")

    def _demand_length(self, visit: Visit, row: Row) -> None:
        limit = visit.house.switches.max_subject
        if limit and len(str(row["Subject"])) > limit:
            raise Refusal(500, Text.TOO_LONG, name="Subject")

    def _name_references(self, visit: Visit, row: Row) -> None:
        shelves, code = visit.house.shelves, visit.division.code
        account = shelves.find("crm/Accounts", code, str(row.get("Account"))) or {}
        folder = shelves.find(FOLDERS, code, str(row.get("DocumentFolder"))) or {}
        row["AccountCode"], row["AccountName"] = account.get("Code"), account.get("Name")
        row["DocumentFolderCode"] = folder.get("Code")
        row["DocumentFolderDescription"] = folder.get("Description")


class Attachments(Resource):
    """`documents/DocumentAttachments`: the bytes go to the store, the answer never has them."""

    def finish(self, visit: Visit, row: Row) -> None:
        """Put the bytes away. Raises Refusal."""
        encoded = put_away(visit, row)
        if visit.house.switches.ubl_makes_proposal and is_ubl(decode_start(encoded, 12_000)):
            shelves = visit.house.shelves
            document = shelves.find(DOCUMENTS, visit.division.code, str(row["Document"]))
            if document is not None:
                shelves.put(DOCUMENTS, document | _proposal(visit, document))


class DocumentTypes(Resource):
    """`documents/DocumentTypes`, named in the user's language."""

    def rows(self, visit: Visit) -> list[Row]:
        """List the types."""
        return [
            {
                "ID": number,
                "Description": type_name(visit, number),
                "DocumentIsCreatable": number != _UNCREATABLE,
                "DocumentIsDeletable": True,
                "DocumentIsUpdatable": number != _UNCREATABLE,
                "DocumentIsViewable": True,
                "TypeCategory": 1,
            }
            for number in types(visit)
        ]

    def find(self, visit: Visit, key: str) -> Row | None:
        """Return one type."""
        return next((row for row in self.rows(visit) if str(row["ID"]) == key), None)


class Categories(Resource):
    """`documents/DocumentCategories`."""

    def rows(self, visit: Visit) -> list[Row]:  # noqa: ARG002  as every resource
        """List the categories."""
        return [
            {"ID": named_guid("category", name), "Description": name}
            for name in ("Customers", "Suppliers")
        ]


def types(visit: Visit) -> Mapping[int, Mapping[str, str]]:
    """Return the document types with their names; that of statements has the switch's number."""
    statements = visit.house.switches.statement_type
    return {**TYPES, statements: _STATEMENTS} if statements else TYPES


def type_name(visit: Visit, number: int) -> str:
    """Return a document type's name in the user's language."""
    return types(visit)[number][visit.user.language]


def _proposal(visit: Visit, document: Row) -> Row:
    is_meant = document["Type"] in visit.house.switches.proposal_types
    return {"ProposedEntryStatus": 20} if is_meant else {}


def is_ubl(content: bytes) -> bool:
    """Tell whether a file, or its beginning, looks like a UBL invoice or credit note."""
    kinds = (b"Invoice-2", b"CreditNote-2")
    names = [b"urn:oasis:names:specification:ubl:schema:xsd:" + kind for kind in kinds]
    return any(name in content for name in names)


def document_resources() -> list[Resource]:
    """List the resources of this service."""
    document = Spec(path=DOCUMENTS, type_name="Document", fields=_DOCUMENT, verbs=_EVERYTHING)
    attachment = Spec(
        path=ATTACHMENTS,
        type_name="DocumentAttachment",
        fields=_ATTACHMENT,
        verbs=frozenset({"GET", "POST", "DELETE"}),
    )
    return [
        Documents(document),
        Attachments(attachment),
        Documents(_bulk(document, _BULK_FILTER), DOCUMENTS),
        Attachments(_bulk(attachment, frozenset({"Document", "ID"})), ATTACHMENTS),
        Resource(Spec(path=FOLDERS, type_name="DocumentFolder", fields=_FOLDER, verbs=_EVERYTHING)),
        Categories(Spec(path=CATEGORIES, type_name="DocumentCategory", fields=_CATEGORY)),
        DocumentTypes(Spec(path="documents/DocumentTypes", type_name="DocumentType", fields=_TYPE)),
    ]


def _bulk(spec: Spec, filterable: frozenset[str]) -> Spec:
    name = spec.path.rpartition("/")[2]
    return Spec(
        path=f"bulk/Documents/{name}",
        type_name=spec.type_name,
        fields=spec.fields,
        page_size=1000,
        filterable=filterable,
    )
