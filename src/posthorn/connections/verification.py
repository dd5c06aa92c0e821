"""Asks packages what typed texts name: a worker's turn, one connection's due look-ups at a time."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from posthorn.connections import resolutions, routing
from posthorn.connections.consultation import Subject, consult
from posthorn.connections.errand_models import Resolution
from posthorn.connections.errors import NotFoundError
from posthorn.connections.http import Caller
from posthorn.connections.judgement import TAKEN, Asked, Judgement, judge, to_json, usable
from posthorn.connections.keyring import KeyringError
from posthorn.connections.memory import Facts
from posthorn.connections.models import Connection, Integration
from posthorn.connections.registry import registry
from posthorn.connections.stages import Stage
from posthorn.kernel.clock import now
from posthorn.sdk.errors import Misconfigured, Outcome, RateLimited, Rejected, Scope, Unavailable
from posthorn.sdk.fields import Resolved
from posthorn.tenancy.queries import numbers_of
from posthorn.tenancy.scope import acting, system

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from posthorn.connections.registry import Loaded
    from posthorn.sdk.matches import Match

ACTOR: Final = "engine"
_AT_ONCE: Final = 200
# While one worker asks, the rows are due for nobody else; it asks for no longer than half of it.
_LEASE: Final = timedelta(seconds=120)
_BUDGET_S: Final = 60.0
_WAITS: Final = tuple(timedelta(seconds=s) for s in (30, 60, 300, 900, 3_600, 14_400))
# What was refused or got lost may be there tomorrow: rights are given, companies are restored.
_LATER: Final = timedelta(days=1)


def verify_due() -> bool:
    """Look up what is due at one connection; False when nothing is. Outside any transaction."""
    batch = _claim()
    if not batch:
        return False
    _Round(batch).run()
    return True


def verify_integration(firm: UUID, integration_id: UUID) -> None:
    """Look up an integration's places now, for somebody at a terminal. Outside any transaction."""
    with acting(firm):
        rows = Resolution.objects.filter(integration_id=integration_id)
        batch = list(rows.order_by("field"))
    if batch:
        _Round(batch).run()


def _claim() -> list[Resolution]:
    with system("verify"):
        due = Resolution.objects.filter(next_at__lte=now()).order_by("next_at", "id")
        first = due.first()
        if first is None:
            return []
        rows = due.filter(connection_id=first.connection_id)
        batch = list(rows.select_for_update(skip_locked=True)[:_AT_ONCE])
        ids = [row.id for row in batch]
        Resolution.objects.filter(id__in=ids).update(next_at=now() + _LEASE)
        return batch


class _Round:
    """One connection's look-ups; what the package says of all its places is asked once."""

    def __init__(self, batch: Sequence[Resolution]) -> None:
        self._batch = batch
        self._firm = batch[0].firm_id
        self._facts = Facts()
        self._answers: dict[tuple[str, str, str], list[Match]] = {}
        with acting(self._firm):
            connection = Connection.objects.get(id=batch[0].connection_id)
        self._loaded = registry().get(connection.connector_id)

    def run(self) -> None:
        started = time.monotonic()
        for number, row in enumerate(self._batch):
            if time.monotonic() - started > _BUDGET_S:
                self._put_off(self._batch[number:], None)
                return
            try:
                found = self._found(row)
            except Outcome as outcome:
                if _is_about(outcome, row):
                    self._put_off([row], outcome)
                    continue
                # What ails the package ails all the look-ups there.
                self._put_off(self._batch[number:], outcome)
                return
            self._settle(row, found)

    def _found(self, row: Resolution) -> list[Match]:
        loaded = self._loaded
        if loaded is None:
            raise Unavailable("connector_missing")
        typed = "" if row.value else row.typed
        key = (row.field, row.realm, typed)
        if key not in self._answers:
            subject = self._subject(loaded, row)
            self._answers[key] = consult(
                subject,
                lambda connector, context: usable(connector.matches(context, row.field, typed)),
            )
        return self._answers[key]

    def _subject(self, loaded: Loaded, row: Resolution) -> Subject:
        with acting(self._firm):
            integration = Integration.objects.select_related("connection").get(
                id=row.integration_id
            )
            try:
                settings = routing.runtime_settings(loaded, integration)
            except KeyringError:
                raise Misconfigured("key_missing") from None
        caller = Caller(
            firm=self._firm,
            connection=row.connection_id,
            connector_id=loaded.id,
            revision=integration.connection.version,
        )
        return Subject(loaded=loaded, settings=settings, caller=caller, facts=self._facts)

    def _put_off(self, rows: Sequence[Resolution], outcome: Outcome | None) -> None:
        """Ask later; what is verified stays so, what is not says why."""
        with acting(self._firm):
            for asked in rows:
                row = _unchanged(asked)
                if row is None:
                    continue
                row.next_at = now() if outcome is None else _retry_at(row, outcome)
                if outcome is not None:
                    row.tries += 1
                    if row.stage == Stage.UNVERIFIED:
                        row.code, row.detail = outcome.code[:60], outcome.detail[:500]
                row.save()

    def _settle(self, asked: Resolution, found: Sequence[Match]) -> None:
        with acting(self._firm):
            try:
                integration = resolutions.locked(self._firm, asked.integration_id)
            except NotFoundError:
                return  # it was removed meanwhile, and its places with it
            row = _unchanged(asked)
            if row is None:
                return
            before = (row.stage, row.value, row.code)
            known = numbers_of(self._firm, row.client_id)
            _write(row, judge(self._asked(row), found, known))
            if (row.stage, row.value, row.code) != before:
                resolutions.note(integration, row, ACTOR)
            rows = Resolution.objects.filter(integration=integration)
            resolutions.carry(integration, rows)
            resolutions.reconsider(integration, ACTOR)

    def _asked(self, row: Resolution) -> Asked:
        fields = self._loaded.spec.client_settings if self._loaded else ()
        one = next((each for each in fields if each.id == row.field), None)
        none_code = one.none_code if isinstance(one, Resolved) else ""
        return Asked(none_code=none_code, value=row.value, facts=row.facts)


def _unchanged(asked: Resolution) -> Resolution | None:
    """Lock a look-up that is still the one that was asked."""
    row = Resolution.objects.filter(id=asked.id).select_for_update().first()
    return row if row is not None and row.version == asked.version else None


def _write(row: Resolution, judgement: Judgement) -> None:
    if judgement.match is not None:
        holder = resolutions.take(row, judgement.match)
        if not holder:
            return
        judgement = Judgement(stage=Stage.REFUSED, code=TAKEN)
        row.value, row.label, row.facts = "", "", {}
        row.detail, row.verified_at = holder[:500], None
    else:
        row.detail = ""
        row.version += 1
    row.stage, row.code, row.tries = judgement.stage, judgement.code[:60], 0
    row.candidates = [to_json(one) for one in judgement.candidates]
    # A person's word ends the waiting of what is undecided; the rest is asked again tomorrow.
    row.next_at = None if judgement.stage is Stage.UNDECIDED else now() + _LATER
    row.save()


def _is_about(outcome: Outcome, row: Resolution) -> bool:
    """Tell what ails one look-up from what ails the whole connection."""
    if isinstance(outcome, Misconfigured):
        return outcome.field == row.field
    if isinstance(outcome, Unavailable | RateLimited):
        return outcome.scope is not Scope.CONNECTION or outcome.code == "internal_error"
    return isinstance(outcome, Rejected)


def _retry_at(row: Resolution, outcome: Outcome) -> datetime:
    if isinstance(outcome, RateLimited):
        return outcome.until
    return now() + _WAITS[min(row.tries, len(_WAITS) - 1)]
