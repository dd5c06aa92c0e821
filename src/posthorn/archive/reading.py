"""Stores what was read from a document, and lets its client's rules decide what follows."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from typing import TYPE_CHECKING, cast

from posthorn.archive import assign, lifecycle, wakes
from posthorn.archive.directions import Reading
from posthorn.archive.models import Document
from posthorn.archive.parties import best, identities_of, packed
from posthorn.archive.reader import Failed, pool
from posthorn.archive.storage import DamagedFileError, MissingFileError, storage
from posthorn.archive.wire import Refusal
from posthorn.documents import Examination
from posthorn.documents.model import Format
from posthorn.kernel import crash
from posthorn.kernel.redact import redact
from posthorn.tenancy import audit
from posthorn.tenancy.scope import acting

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import CharField

    from posthorn.archive.reader import Pool
    from posthorn.documents import Facts, Finding, Party

MAX_TRIES = 3
_MAX_DETAIL = 500
_MAX_VALUE = 200  # characters of each value of a finding
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
        sha256 = waiting.values_list("sha256", flat=True).first()
    while sha256 is not None and _try(firm, document_id, sha256, readers or pool()):
        pass


def _try(firm: UUID, document_id: UUID, sha256: str, readers: Pool) -> bool:
    """Read once and keep the outcome; tells whether to try again."""
    outcome = _outcome(firm, sha256, readers)
    with acting(firm):
        row = lifecycle.one(firm, document_id)
        if row.reading != Reading.PENDING.value:
            return False
        _keep(row, outcome)
        row.save()
        audit.record([_entry(row)])
        lifecycle.release_automatically(firm, [document_id])
        crash.reach("before_read_commit")
        return row.reading == Reading.PENDING.value


def _outcome(firm: UUID, sha256: str, readers: Pool) -> Examination | Refusal | Failed:
    try:
        data = storage().open(firm, sha256)
    except (MissingFileError, DamagedFileError) as error:
        return Refusal(code=error.code, advice=str(error), detail="")
    return readers.read(data)


def _keep(row: Document, outcome: Examination | Refusal | Failed) -> None:
    if isinstance(outcome, Examination):
        row.reading = Reading.READ.value
        _keep_facts(row, outcome.facts)
        row.verdict = outcome.verdict.value if outcome.verdict else ""
        row.findings = [_plain(finding) for finding in outcome.findings]
        assign.find_client(row)
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


def _keep_facts(row: Document, facts: Facts) -> None:
    identities = identities_of(facts)
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


def _plain(finding: Finding) -> dict[str, object]:
    """Give a finding as it is kept; its sentence is made for whoever reads it."""
    values = {name: text[:_MAX_VALUE] for name, text in finding.values.items()}
    kept: dict[str, object] = {
        "id": finding.id,
        "severity": finding.severity.value,
        "xpath": finding.xpath[:_MAX_DETAIL],
        "line": finding.line,
        "values": values,
    }
    return kept


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
