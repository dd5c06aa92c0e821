"""Stores what was read from a document, and lets its client's rules decide what follows."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from typing import TYPE_CHECKING, TypeAlias, cast

from posthorn.archive import assign, cutting, findings, lifecycle, wakes
from posthorn.archive.directions import Reading
from posthorn.archive.examined import Examined
from posthorn.archive.models import Document
from posthorn.archive.parties import best, identities_of, packed
from posthorn.archive.reader import Failed, pool
from posthorn.archive.search import search_text
from posthorn.archive.storage import DamagedFileError, MissingFileError, storage
from posthorn.archive.wire import Refusal
from posthorn.documents.model import Format
from posthorn.kernel import crash
from posthorn.kernel.redact import redact
from posthorn.tenancy import audit
from posthorn.tenancy.scope import acting

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import CharField

    from posthorn.archive.cutting import Piece
    from posthorn.archive.reader import Pool
    from posthorn.documents import Facts, Party

Outcome: TypeAlias = Examined | Refusal | Failed
# None: it needs no cutting. Empty: it needs it and cannot be cut.
Pieces: TypeAlias = "tuple[Piece, ...] | None"
MAX_TRIES = 3
_MAX_DETAIL = 500
_UNCUT = "The statements of several accounts cannot be parted: ask the bank for a file of each."
_XML, _TEXT, _BYTES = "application/xml", "text/plain", "application/octet-stream"
_MEDIA_TYPES = {
    Format.UBL_INVOICE: _XML,
    Format.UBL_CREDIT_NOTE: _XML,
    Format.CII: _XML,
    Format.CAMT053: _XML,
    Format.XML: _XML,
    Format.CODA: _TEXT,
    Format.MT940: _TEXT,
    Format.PDF: "application/pdf",
    Format.ZIP: "application/zip",
    Format.EML: "message/rfc822",
}
_CENT_OF_CENT = Decimal("0.000001")
_TOO_MUCH = Decimal(10) ** 18


def read_document(firm: UUID, document_id: UUID, *, readers: Pool | None = None) -> None:
    """Read a document that waits for it; a second call finds nothing to do. Opens its own scopes.

    A failure counts against the document; after three it is quarantined.
    """
    with acting(firm):
        waiting = Document.objects.filter(firm_id=firm, pk=document_id, reading=Reading.PENDING)
        row = waiting.only("sha256", "parent_id", "firm_id").first()
    while row is not None and _try(row, readers or pool()):
        pass


def _try(waiting: Document, readers: Pool) -> bool:
    """Read once and keep the outcome; tells whether to try again."""
    firm, document_id = waiting.firm_id, waiting.pk
    outcome, pieces = _outcome(waiting, readers)
    with acting(firm):
        row = lifecycle.one(firm, document_id)
        if row.reading != Reading.PENDING.value:
            return False
        if pieces is None and _must_cut(row, outcome):
            return True  # an account changed hands since its parts were not kept
        _keep(row, outcome, pieces)
        row.search = search_text(row)
        row.save()
        audit.record([_entry(row)])
        lifecycle.release_automatically(firm, [document_id])
        crash.reach("before_read_commit")
        return row.reading == Reading.PENDING.value


def _outcome(waiting: Document, readers: Pool) -> tuple[Outcome, Pieces]:
    """Read the bytes and, of a file of several clients, keep the parts; no transaction is open."""
    firm = waiting.firm_id
    try:
        data = storage().open(firm, waiting.sha256)
    except (MissingFileError, DamagedFileError) as error:
        return Refusal(code=error.code, advice=str(error), detail=""), None
    outcome = readers.read(data)
    with acting(firm):
        must_cut = _must_cut(waiting, outcome)
    if must_cut and isinstance(outcome, Examined):
        return outcome, cutting.store(firm, data, outcome)
    return outcome, None


def _must_cut(row: Document, outcome: Outcome) -> bool:
    """Tell whether a file can be cut and holds statements of several clients; a part is not cut."""
    if not isinstance(outcome, Examined) or not outcome.parts or row.parent_id is not None:
        return False
    return cutting.is_mixed(row.firm_id, outcome)


def _keep(row: Document, outcome: Outcome, pieces: Pieces) -> None:
    if isinstance(outcome, Examined):
        row.reading = Reading.READ.value
        _keep_examined(row, outcome, pieces)
    elif isinstance(outcome, Refusal):
        row.reading = Reading.UNREADABLE.value
        row.problem = outcome.code[:60]
        row.problem_detail = redact(f"{outcome.advice} {outcome.detail}", max_chars=_MAX_DETAIL)
    else:
        row.read_tries += 1
        row.problem = outcome.failure.value
        row.problem_detail = redact(outcome.detail, max_chars=_MAX_DETAIL)
        if row.read_tries >= MAX_TRIES:
            row.reading = Reading.QUARANTINED.value


def _keep_examined(row: Document, examined: Examined, pieces: Pieces) -> None:
    examination = examined.examination
    _keep_facts(row, examination.facts, examined.accounts)
    row.verdict = examination.verdict.value if examination.verdict else ""
    row.findings = findings.kept(examined)
    assign.find_client(row)
    if pieces:
        cutting.cut(row, pieces)
    elif row.parent_id is None and cutting.is_mixed(row.firm_id, examined):
        cutting.hold(row, redact(examined.uncut or _UNCUT, max_chars=_MAX_DETAIL))


def _keep_facts(row: Document, facts: Facts, accounts: tuple[str, ...]) -> None:
    identities = identities_of(facts, accounts)
    row.format = facts.format.value
    row.media_type = _MEDIA_TYPES.get(facts.format, _BYTES)
    row.category = facts.category.value
    row.profile = _fit(row, "profile", facts.profile)
    row.number = _fit(row, "number", facts.number or facts.statement_number)
    row.type_code = _fit(row, "type_code", facts.type_code)
    row.issue_date = facts.issue_date or facts.period_end
    row.due_date = facts.due_date
    row.currency = _fit(row, "currency", facts.currency)
    row.total = _amount(_total(facts))
    row.seller_name = _fit(row, "seller_name", _name(facts.seller))
    row.seller_number = _fit(row, "seller_number", best(identities.seller))
    row.buyer_name = _fit(row, "buyer_name", _name(facts.buyer))
    row.buyer_number = _fit(row, "buyer_number", best(identities.buyer))
    row.account = _fit(row, "account", facts.accounts[0] if facts.accounts else "")
    row.identities = packed(identities)
    row.problem = row.problem_detail = ""


def _total(facts: Facts) -> Decimal | None:
    """Give the amount by which a document is known: a statement's is what was left on it."""
    if facts.total is None and facts.statements:
        return facts.statements[-1].closing_balance
    return facts.total


def _amount(value: Decimal | None) -> Decimal | None:
    """Give an amount as the database keeps it; none for what no bookkeeper writes."""
    if value is None or not value.is_finite() or abs(value) >= _TOO_MUCH:
        return None
    with localcontext() as context:
        context.prec = 50
        return value.quantize(_CENT_OF_CENT, rounding=ROUND_HALF_EVEN)


def _name(party: Party | None) -> str | None:
    return party.name if party else None


def _fit(row: Document, name: str, text: str | None) -> str:
    """Give text on one line as long as its column; what nobody can see is left out."""
    field = cast("CharField[str, str]", row._meta.get_field(name))  # noqa: SLF001  # Django's own
    limit = field.max_length or 0
    shown = "".join(char for char in text or "" if char.isprintable())
    return " ".join(shown.split())[:limit]


def read_again(firm: UUID, document_id: UUID, *, actor: str) -> None:
    """Give a document that could not be read another three tries; raises DocumentNotFoundError."""
    row = lifecycle.one(firm, document_id)
    if row.reading not in {Reading.UNREADABLE.value, Reading.QUARANTINED.value}:
        return
    row.reading, row.read_tries = Reading.PENDING.value, 0
    row.problem = row.problem_detail = ""
    row.save(update_fields=["reading", "read_tries", "problem", "problem_detail"])
    audit.record([lifecycle.entry(row, "document.read_again", actor)])
    wakes.have_read(firm, document_id)


def _entry(row: Document) -> audit.Entry:
    detail = {"problem": row.problem} if row.problem else {}
    return lifecycle.entry(row, f"document.{row.reading}", "reader", **detail)
