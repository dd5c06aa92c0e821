"""Asks for test mails to a client's addresses, and notes whether each one arrived."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from posthorn.connections import errands
from posthorn.connections.models import Integration
from posthorn.connections.registry import registry
from posthorn.connections.routing import effective_settings, taken_kinds
from posthorn.delivery.actions import DeliveryNotFoundError, NotPossibleError
from posthorn.delivery.mail_states import TrialState
from posthorn.delivery.trials import Trial
from posthorn.documents import Format
from posthorn.kernel.clock import now
from posthorn.sdk import Kind, Proof, destination
from posthorn.tenancy import audit
from posthorn.tenancy.clients import is_live

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from uuid import UUID

    from posthorn.connections.registry import Loaded

ERRAND = "test_mail"
CREDIT = "_credit"
_MOST_AN_HOUR = 20
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A test mail that was asked for, and the errand on which it is sent."""

    trial: UUID
    errand: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """An address that can be tried, with the first kind of document that goes there.

    `kind` is a sdk.Kind, with `_credit` behind it for an address of credit notes alone.
    """

    kind: str
    recipient: str


def spots_of(integration: Integration) -> tuple[Spot, ...]:
    """Give each address of an integration once, and once more for statements.

    None where the extension does not offer test mails, or is not loaded.
    """
    loaded = registry().get(integration.connection.connector_id)
    if loaded is None or not loaded.spec.takes_test_mails:
        return ()
    settings = effective_settings(loaded, integration)
    found: dict[tuple[str, bool], Spot] = {}
    for kind, is_credit_note in _ways(loaded, integration, settings):
        goes_to = destination(
            loaded.spec.client_settings, settings, kind, is_credit_note=is_credit_note
        )
        if goes_to is not None and goes_to.value:
            name = f"{kind.value}{CREDIT}" if is_credit_note else kind.value
            spot = Spot(kind=name, recipient=goes_to.value)
            found.setdefault((goes_to.value, kind is Kind.STATEMENT), spot)
    return tuple(found.values())


def _ways(
    loaded: Loaded, integration: Integration, settings: Mapping[str, str]
) -> Iterator[tuple[Kind, bool]]:
    capabilities = loaded.connector.capabilities(settings)
    for kind in sorted(taken_kinds(loaded, integration), key=list(Kind).index):
        capability = capabilities.get(kind)
        if capability is None or capability.proof is not Proof.SERVER:
            continue
        wanted = Format.CODA if kind is Kind.STATEMENT else Format.UBL_INVOICE
        if wanted in capability.formats:
            yield kind, False
        if kind is not Kind.STATEMENT and Format.UBL_CREDIT_NOTE in capability.formats:
            yield kind, True


def ask(firm: UUID, client: UUID, integration_id: UUID, *, actor: str) -> Sequence[Asked]:
    """Have a test mail sent to each address; inside the firm's scope.

    Raises DeliveryNotFoundError, and NotPossibleError where nothing can be tried.
    """
    integration = _integration(firm, client, integration_id)
    spots = spots_of(integration)
    if not spots:
        raise NotPossibleError(_("There is no e-mail address to try: fill it in first."))
    recent = Trial.objects.filter(integration=integration, asked_at__gt=now() - _HOUR).count()
    if recent + len(spots) > _MOST_AN_HOUR:
        raise NotPossibleError(_("Enough test mails for now: try again in an hour."))
    trials = [
        Trial(
            firm_id=firm,
            client_id=client,
            connection_id=integration.connection_id,
            integration=integration,
            kind=spot.kind,
            recipient=spot.recipient,
            asked_by=actor[:200],
        )
        for spot in spots
    ]
    asked = [_begin(trial, actor) for trial in trials]
    audit.record([note(trial, actor, "trial.asked") for trial in trials])
    return asked


def _begin(trial: Trial, actor: str) -> Asked:
    trial.save(force_insert=True)
    payload = {"trial": str(trial.id)}
    place = (trial.firm_id, trial.connection_id)
    return Asked(trial=trial.id, errand=errands.begin(*place, ERRAND, actor=actor, payload=payload))


def answer(firm: UUID, client: UUID, trial_id: UUID, *, has_arrived: bool, actor: str) -> None:
    """Note whether a test mail arrived; a later word replaces an earlier one.

    Raises DeliveryNotFoundError, and NotPossibleError while it has not left.
    """
    rows = Trial.objects.select_for_update().filter(firm_id=firm, client_id=client, id=trial_id)
    trial = rows.first()
    if trial is None:
        raise DeliveryNotFoundError(_("There is no such test mail."))
    if trial.state in {TrialState.QUEUED, TrialState.SENDING, TrialState.FAILED}:
        raise NotPossibleError(_("The test mail has not left."))
    trial.has_arrived, trial.answered_at, trial.answered_by = has_arrived, now(), actor[:200]
    trial.save(update_fields=["has_arrived", "answered_at", "answered_by"])
    audit.record([note(trial, actor, "trial.arrived" if has_arrived else "trial.missing")])


def note(trial: Trial, actor: str, action: str, code: str = "") -> audit.Entry:
    """Word an audit entry about a test mail."""
    detail = {"client": str(trial.client_id), "recipient": trial.recipient}
    return audit.Entry(
        firm=trial.firm_id,
        actor=actor,
        action=action,
        subject_kind="trial",
        subject_id=trial.id,
        detail=detail | ({"code": code} if code else {}),
    )


def _integration(firm: UUID, client: UUID, integration_id: UUID) -> Integration:
    rows = Integration.objects.select_related("connection", "client").filter(removed_at=None)
    found = rows.filter(firm_id=firm, client_id=client, id=integration_id).first()
    if found is None:
        raise DeliveryNotFoundError(_("There is no such integration."))
    if not is_live(found.client):
        raise NotPossibleError(_("The client is no longer active with the firm."))
    return found
