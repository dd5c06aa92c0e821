"""Lists the test mails of a client's integration, and the addresses that can be tried."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from posthorn.connections.models import Integration
from posthorn.connections.registry import registry
from posthorn.delivery.mail_states import TrialState
from posthorn.delivery.queries.returns import ReturnRow, returns_of_trials
from posthorn.delivery.trial_desk import Spot, spots_of
from posthorn.delivery.trial_links import is_open
from posthorn.delivery.trials import Trial, TrialLink

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

_MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleLink:
    """The download address that a test mail carries instead of its sample."""

    expires_at: datetime
    is_open: bool
    revoked_at: datetime | None
    revoked_by: str
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRow:
    """One test mail, what the mail server answered, what came back, and who looked."""

    id: UUID
    kind: str
    recipient: str
    state: TrialState
    code: str
    detail: str
    evidence: Mapping[str, str]
    asked_at: datetime
    asked_by: str
    sent_at: datetime | None
    has_arrived: bool | None
    answered_at: datetime | None
    answered_by: str
    returns: tuple[ReturnRow, ...]
    link: SampleLink | None = None

    @property
    def is_under_way(self) -> bool:
        """Tell whether its answer is still awaited."""
        return self.state in {TrialState.QUEUED, TrialState.SENDING}

    @property
    def has_left(self) -> bool:
        """Tell whether it may be there to be seen."""
        return self.state in {TrialState.ACCEPTED, TrialState.UNKNOWN, TrialState.BOUNCED}


def spots(firm: UUID, integration_id: UUID) -> tuple[Spot, ...]:
    """Give the addresses of an integration that can be tried; inside the firm's scope."""
    rows = Integration.objects.select_related("connection", "client")
    integration = rows.filter(firm_id=firm, id=integration_id).first()
    return spots_of(integration) if integration else ()


def trials_of(firm: UUID, integration_id: UUID) -> tuple[TrialRow, ...]:
    """Give the test mails of an integration, the newest first."""
    rows = Trial.objects.filter(firm_id=firm, integration_id=integration_id)
    found = list(rows.order_by("-asked_at", "id")[:_MOST])
    ids = [one.id for one in found]
    returns, links = returns_of_trials(firm, ids), _links_of(firm, ids)
    return tuple(_row(one, returns.get(one.id, ()), links.get(one.id)) for one in found)


def offers_trials(connector_id: str) -> bool:
    """Tell whether the extension of a package lets a sample be sent to a client's addresses."""
    loaded = registry().get(connector_id)
    return loaded is not None and loaded.spec.takes_test_mails


def _links_of(firm: UUID, trials: Sequence[UUID]) -> Mapping[UUID, SampleLink]:
    rows = TrialLink.objects.filter(firm_id=firm, trial_id__in=trials).defer("content")
    return {
        row.trial_id: SampleLink(
            expires_at=row.expires_at,
            is_open=is_open(row),
            revoked_at=row.revoked_at,
            revoked_by=row.revoked_by,
            times=row.times,
        )
        for row in rows.select_related("trial__client", "trial__integration")
    }


def _row(trial: Trial, returns: tuple[ReturnRow, ...], link: SampleLink | None = None) -> TrialRow:
    return TrialRow(
        id=trial.id,
        kind=trial.kind,
        recipient=trial.recipient,
        state=TrialState(trial.state),
        code=trial.code,
        detail=trial.detail,
        evidence={str(name): str(value) for name, value in trial.evidence.items() if value},
        asked_at=trial.asked_at,
        asked_by=trial.asked_by,
        sent_at=trial.sent_at,
        has_arrived=trial.has_arrived,
        answered_at=trial.answered_at,
        answered_by=trial.answered_by,
        returns=returns,
        link=link,
    )
