"""Drains one claimed lane: prepare, commit the attempt, send, commit what came of it."""

from __future__ import annotations

import logging
import random
import time
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from django.db import DatabaseError

from posthorn.archive.storage import DamagedFileError, MissingFileError
from posthorn.connections.context import mailer_for, make_context, switchboard
from posthorn.connections.http import Caller
from posthorn.connections.keyring import KeyringError
from posthorn.connections.logins import connection_http
from posthorn.connections.memory import memory_of
from posthorn.delivery import policy
from posthorn.delivery.looks import look
from posthorn.delivery.outcomes import (
    WatchedHttp,
    WatchedMailer,
    attempt_outcome,
    preparation_obstacle,
    tidy,
)
from posthorn.delivery.preparing import RETURN_PATH, Ready, prepare
from posthorn.delivery.revisions import RevisionDamagedError
from posthorn.delivery.states import Hold, State
from posthorn.delivery.steps import Commits, StepKeeper
from posthorn.delivery.turns import Begin, Divert, Finish, Turn
from posthorn.kernel import crash
from posthorn.kernel.clock import now
from posthorn.kernel.ids import new_id
from posthorn.sdk import Idempotency, Misconfigured, OnUnknown, Proof, Receipt, Rejected

if TYPE_CHECKING:
    from uuid import UUID

    from posthorn.archive.storage import Storage
    from posthorn.connections.registry import Loaded
    from posthorn.delivery.loading import Run, Work
    from posthorn.sdk import Capability, Context, Outcome

_log = logging.getLogger(__name__)
_FRESH_S = 5.0
_DAMAGED = (DamagedFileError, MissingFileError, RevisionDamagedError)
_STOPPING = frozenset(policy.Effect) - {policy.Effect.HEALTHY, policy.Effect.NONE}


class Lease(Protocol):
    """Whether this worker may start something new."""

    def is_fit(self) -> bool:
        """Tell whether the heartbeat stands and nobody asked the worker to stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """An attempt that was granted and must be sent now."""

    work: Work
    attempt_id: UUID
    ready: Ready
    context: Context


class LaneRun:
    """One turn at a lane whose connector is loaded, by one thread."""

    def __init__(
        self, run: Run, loaded: Loaded, *, commits: Commits, lease: Lease, storage: Storage
    ) -> None:
        self._run = run
        self._loaded = loaded
        self._commits = commits
        self._lease = lease
        self._storage = storage

    def drain(self) -> None:
        """Send what is due, in order, until nothing is left or the connection fails; let go."""
        finish: Finish | None = None
        loaded_at = time.monotonic()
        for work in self._run.works:
            # What was loaded grows old: a changed address must not wait for slow answers.
            if not self._lease.is_fit() or time.monotonic() - loaded_at > _FRESH_S:
                break
            started = self._start(work, finish)
            finish = self._send(started) if started else None
            if finish and finish.verdict.effect in _STOPPING:
                break
        self._submit(Turn(finish=finish, let_go=self._run.held))
        crash.reach("after_let_go")

    def _submit(self, turn: Turn) -> bool:
        """Commit a turn; a result that the database refuses is kept as an internal error."""
        try:
            return self._commits.submit(turn)
        except DatabaseError as error:
            self._blame(error)
            self._commits.submit(
                Turn(
                    finish=_unfit(turn.finish) if turn.finish else None,
                    let_go=turn.let_go,
                )
            )
            return False

    def _start(self, work: Work, finish: Finish | None) -> Started | None:
        """Commit the result of the delivery before, and the attempt of this one, together."""
        obstacle = self._obstacle(work)
        context = self._context(work)
        ready = obstacle or self._prepare(work, context)
        if isinstance(ready, Divert):
            self._submit(Turn(finish=finish, divert=ready))
            return None
        crash.reach("after_prepare")
        started = Started(work=work, attempt_id=new_id(), ready=ready, context=context)
        is_granted = self._submit(Turn(finish=finish, begin=self._begin(started)))
        return started if is_granted else None

    def _obstacle(self, work: Work) -> Divert | None:
        if work.is_withdrawn:
            return self._divert(work, Hold.WITHDRAWN)
        if work.state is State.RETRYING and policy.is_spent_out(work.spent):
            return self._divert(work, None)
        if work.state is State.UNKNOWN:
            hold = policy.hold_after_unknown(self._record(work), work.unknowns)
            return self._divert(work, hold) if hold else None
        return None

    def _prepare(self, work: Work, context: Context) -> Ready | Divert:
        try:
            return prepare(self._run, work, self._loaded, context, self._storage)
        except (*_DAMAGED, KeyringError) as error:
            _log.error("Delivery %s: %s", work.delivery_id, error)  # a fact, not a bug
            hold = Hold.FILE_DAMAGED if isinstance(error, _DAMAGED) else Hold.KEY_MISSING
            return self._divert(work, hold, detail=str(error))
        except Misconfigured as error:
            return self._divert(
                work, preparation_obstacle(error), code=error.code, detail=error.detail
            )
        except Rejected as error:
            return Ready(prepared=None, revision=work.revision, new_revision=None, refusal=error)
        except Exception as error:  # noqa: BLE001  # a connector's bug holds its document, not the lane
            self._blame(error)
            return self._divert(work, Hold.INTERNAL_ERROR, code=policy.INTERNAL_ERROR)

    def _divert(self, work: Work, hold: Hold | None, *, code: str = "", detail: str = "") -> Divert:
        return Divert(
            held=self._run.held,
            delivery_id=work.delivery_id,
            source=work.state,
            target=State.HELD if hold else State.EXPIRED,
            hold=hold,
            code=code,
            detail=tidy(detail),
        )

    def _begin(self, started: Started) -> Begin:
        return Begin(
            held=self._run.held,
            delivery_id=started.work.delivery_id,
            attempt_id=started.attempt_id,
            number=started.work.attempts + 1,
            source=started.work.state,
            revision=started.ready.revision,
            new_revision=started.ready.new_revision,
        )

    def _send(self, started: Started) -> Finish:
        result, capability = self._result(started), self._capability(started.work)
        return Finish(
            held=self._run.held,
            delivery_id=started.work.delivery_id,
            attempt_id=started.attempt_id,
            verdict=policy.decide(result, self._record(started.work), random.random),
            receipt=result if isinstance(result, Receipt) else None,
            field=result.field if isinstance(result, Misconfigured) else "",
            is_reported=capability is not None and capability.reports_status,
        )

    def _result(self, started: Started) -> Receipt | Outcome | policy.NotSeen:
        if started.ready.refusal or started.ready.prepared is None:
            return started.ready.refusal or Rejected("nothing_prepared")
        connector, prepared = self._loaded.connector, started.ready.prepared
        mail = WatchedMailer(started.context.mail, prepared.envelope.get(RETURN_PATH, ""))
        http = WatchedHttp(started.context.http)
        context = replace(started.context, mail=mail, http=http)
        try:
            capability = self._capability(started.work)
            seen = look(connector, capability, context, prepared, started.work.unknowns)
            return seen or connector.deliver(context, prepared)
        except Exception as error:  # noqa: BLE001  # whatever a connector raises becomes an outcome
            outcome = attempt_outcome(error, has_left=mail.has_left or http.has_left)
            if outcome is not error:
                self._blame(error)
            return outcome

    def _record(self, work: Work) -> policy.Record:
        capability = self._capability(work)
        is_server = capability is not None and capability.proof is Proof.SERVER
        return policy.Record(
            spent=work.spent,
            unknowns=work.unknowns,
            connection_step=self._run.held.connection_step,
            idempotency=capability.idempotency if capability else Idempotency.NONE,
            on_unknown=self._on_unknown(capability),
            lands=State.ACCEPTED if is_server else State.DELIVERED,
            looks=capability.looks if capability else (timedelta(),),
            client_fields=frozenset(one.id for one in self._loaded.spec.client_settings),
        )

    def _on_unknown(self, capability: Capability | None) -> OnUnknown:
        """Give the firm's wish, which goes before the connector's default."""
        if capability is None or self._run.integration.connection.asks_on_unknown:
            return OnUnknown.ASK
        return capability.on_unknown

    def _capability(self, work: Work) -> Capability | None:
        return self._loaded.connector.capabilities(self._run.settings).get(work.kind)

    def _context(self, work: Work) -> Context:
        progress = StepKeeper(self._run, work, self._commits)
        held = self._run.held
        caller = Caller(
            firm=held.firm_id,
            connection=held.connection_id,
            connector_id=self._loaded.id,
            revision=held.connection_version,
        )
        context = make_context(
            self._loaded,
            self._run.settings,
            progress=progress,
            now=now(),
            http=connection_http(self._loaded, self._run.settings, caller),
            mail=mailer_for(self._run.settings, switchboard(), self._run.signers),
        )
        memory = memory_of(held.connection_id, held.connection_version)
        return replace(context, memory=memory)

    def _blame(self, error: Exception) -> None:
        _log.error(
            "The extension %s %s failed: %s",
            self._loaded.spec.id,
            self._loaded.spec.version,
            tidy(f"{type(error).__name__}: {error}"),
        )


def _unfit(finish: Finish) -> Finish:
    """Put a delivery on hold whose result could not be written: it may have arrived."""
    verdict = policy.Verdict(
        state=State.HELD,
        outcome="unknown",
        code=policy.INTERNAL_ERROR,
        hold=Hold.INTERNAL_ERROR,
        is_spent=True,
        is_unknown=True,
    )
    return replace(finish, verdict=verdict, receipt=None)


def hold_all(run: Run, hold: Hold, commits: Commits) -> None:
    """Put what a lane has due on hold, since nothing of it can be sent from here; let it go."""
    for work in run.works:
        divert = Divert(
            held=run.held,
            delivery_id=work.delivery_id,
            source=work.state,
            target=State.HELD,
            hold=hold,
        )
        commits.submit(Turn(divert=divert))
    commits.submit(Turn(let_go=run.held))
