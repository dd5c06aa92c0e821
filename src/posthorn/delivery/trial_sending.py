"""Sends one test mail the way a delivery goes: prepared, signed, handed over, its answer kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db import transaction

from posthorn.connections import routing
from posthorn.connections.context import (
    link_maker,
    mailer_for,
    make_context,
    operators_terms,
)
from posthorn.connections.domains import keeping
from posthorn.connections.domains.signing import signer_of
from posthorn.connections.mail import Switchboard
from posthorn.connections.models import Integration
from posthorn.connections.pace import SharedPacer
from posthorn.connections.registry import registry
from posthorn.connections.return_path import Posted, Tag
from posthorn.connections.smtp import Times
from posthorn.delivery import instance
from posthorn.delivery.mail_states import TrialState
from posthorn.delivery.outcomes import WatchedMailer, attempt_outcome, tidy
from posthorn.delivery.preparing import MAIL, RETURN_PATH, token_in, with_return_path
from posthorn.delivery.trial_desk import CREDIT, note
from posthorn.delivery.trial_links import open_sample
from posthorn.delivery.trials import Trial
from posthorn.documents import Format
from posthorn.documents.specimen import (
    MARK,
    TOTAL,
    Specimen,
    specimen_invoice,
    specimen_statement,
)
from posthorn.kernel.clock import now
from posthorn.kernel.digest import sha256_hex
from posthorn.sdk import Document, Kind, Misconfigured, Outcome, Receipt, Uncertain
from posthorn.tenancy import audit
from posthorn.tenancy.scope import acting

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any
    from uuid import UUID

    from posthorn.connections.domains.signing import Signer
    from posthorn.connections.errands import Task
    from posthorn.connections.links import LinkMaker
    from posthorn.connections.registry import Loaded
    from posthorn.sdk import Context, Prepared

_LOST, _NOT_NOW = "trial_lost", "trial_not_now"
# Below the 60 seconds after which another worker would take the errand over.
_LONGEST_S = 40.0
_STATEMENT_TYPE, _INVOICE_TYPE = "text/plain", "application/xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """What a test mail needs from the database."""

    trial: Trial
    integration: Integration
    loaded: Loaded
    settings: Mapping[str, str]
    signers: Mapping[str, Signer]


class NoProgress:
    """A test mail is one call: there is nothing to remember."""

    def record(self, step: str, remote_id: str) -> None:
        """Refuse."""
        raise RuntimeError(f"A test mail recorded {step} as {remote_id}.")

    def recorded(self, step: str) -> None:
        """Return nothing."""
        del step


def send_trial(task: Task) -> Mapping[str, Any]:
    """Send the test mail of an errand, once: one that a dead worker began is never sent again."""
    trial_id = task.payload["trial"]
    way = _begin(task.firm, trial_id, task.actor)
    if way is not None:
        _end(way, _result(way), task.actor)
    return {"trial": trial_id}


def _begin(firm: UUID, trial_id: str, actor: str) -> _Way | None:
    with acting(firm):
        trial = Trial.objects.select_for_update().get(id=trial_id)
        if trial.state != TrialState.QUEUED:
            if trial.state == TrialState.SENDING:
                _write(trial, TrialState.UNKNOWN, _LOST)
                audit.record([note(trial, actor, "trial.unknown", _LOST)])
            return None
        trial.state, trial.sent_at = TrialState.SENDING, now()
        trial.save(update_fields=["state", "sent_at"])
        rows = Integration.objects.select_related("connection", "client")
        integration = rows.get(id=trial.integration_id)
        loaded = registry().get(integration.connection.connector_id)
        if loaded is None or not instance.standing().may_send:
            _write(trial, TrialState.FAILED, _NOT_NOW)
            return None
        return _Way(
            trial=trial,
            integration=integration,
            loaded=loaded,
            settings=routing.runtime_settings(loaded, integration),
            signers=keeping.signers_among(keeping.proven_of({firm}).get(firm, ())),
        )


def _result(way: _Way) -> Receipt | Outcome:
    terms = operators_terms()
    times = Times(
        connect_s=min(terms.times.connect_s, 10.0),
        reply_s=min(terms.times.reply_s, 10.0),
        accept_s=min(terms.times.accept_s, _LONGEST_S),
    )
    pacer = SharedPacer()  # a test counts in the mailbox's quota as a document does
    board = Switchboard(replace(terms, times=times, concurrency=1), pacer)
    mailer = mailer_for(way.settings, board, way.signers)
    watched = WatchedMailer(mailer)
    try:
        context = make_context(
            way.loaded, way.settings, progress=NoProgress(), now=now(), mail=watched
        )
        prepared = _prepared(way, context, link_maker(way.trial.firm_id))
        watched = WatchedMailer(mailer, prepared.envelope.get(RETURN_PATH, ""))
        return way.loaded.connector.deliver(replace(context, mail=watched), prepared)
    except Exception as error:  # noqa: BLE001  # whatever a connector raises becomes an outcome
        return attempt_outcome(error, has_left=watched.has_left)
    finally:
        board.close_idle(0.0)
        pacer.close()


def _prepared(way: _Way, context: Context, links: LinkMaker) -> Prepared:
    trial, document = way.trial, _document(way)
    key = f"trial.{trial.id.hex}"
    made = way.loaded.connector.prepare(replace(context, links=links), document, key=key)
    if made.media_type != MAIL:
        raise Misconfigured(_NOT_NOW)
    token = token_in(made, document.sha256, links)
    if token:
        with acting(trial.firm_id):
            open_sample(trial, token, document)
    signer = signer_of(way.signers, made.payload)
    if signer is not None:
        made = replace(made, payload=signer.sign(made.payload, trial.asked_at))
    tag = Tag(posted=Posted.TRIAL, id=trial.id, revision=1)
    return with_return_path(made, way.settings, tag)


def _document(way: _Way) -> Document:
    trial, client = way.trial, way.integration.client
    is_credit_note = trial.kind.endswith(CREDIT)
    kind = Kind(trial.kind.removesuffix(CREDIT))
    number, day = f"{MARK}-{trial.id.hex[-8:]}", trial.asked_at.date()
    parties = (MARK, client.name) if kind is Kind.PURCHASE else (client.name, MARK)
    wanted = Specimen(
        number=number,
        date=day,
        seller=parties[0],
        buyer=parties[1],
        is_credit_note=is_credit_note,
    )
    is_statement = kind is Kind.STATEMENT
    shape = Format.UBL_CREDIT_NOTE if is_credit_note else Format.UBL_INVOICE
    content = specimen_statement(day) if is_statement else specimen_invoice(wanted)
    return Document(
        id=str(trial.id),
        kind=kind,
        format=Format.CODA if is_statement else shape,
        file_name=f"{number}.{'cod' if is_statement else 'xml'}",
        media_type=_STATEMENT_TYPE if is_statement else _INVOICE_TYPE,
        content=content,
        sha256=sha256_hex(content),
        released_at=trial.asked_at,
        language=client.language,
        client_name=client.name,
        client_number=client.dossier_number,
        is_credit_note=is_credit_note,
        number=number,
        issue_date=day,
        currency="EUR",
        total=None if is_statement else TOTAL,
        seller_name=f"{MARK} {parties[0]}",
        buyer_name=f"{MARK} {parties[1]}",
    )


def _end(way: _Way, result: Receipt | Outcome, actor: str) -> None:
    with acting(way.trial.firm_id), transaction.atomic():
        trial = Trial.objects.select_for_update().get(id=way.trial.id)
        if trial.state != TrialState.SENDING:
            return  # somebody counted it as lost meanwhile
        if isinstance(result, Receipt):
            trial.evidence, trial.remote_id = dict(result.evidence), result.remote_id[:300]
            _write(trial, TrialState.ACCEPTED)
        else:
            is_lost = isinstance(result, Uncertain)
            state = TrialState.UNKNOWN if is_lost else TrialState.FAILED
            _write(trial, state, _LOST if is_lost else result.code, result.detail)
        audit.record([note(trial, actor, f"trial.{trial.state}", trial.code)])


def _write(trial: Trial, state: TrialState, code: str = "", detail: str = "") -> None:
    trial.state, trial.code, trial.detail = state, code[:60], tidy(detail)
    trial.ended_at = now()
    trial.save(update_fields=["state", "code", "detail", "ended_at", "evidence", "remote_id"])
