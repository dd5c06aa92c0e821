"""Keeps what typed texts name in packages: looked up by a worker, confirmed by a person.

Call inside the firm's scope; every change leaves an entry and moves what waits.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import IntegrityError, transaction

from posthorn.connections.errand_models import Resolution
from posthorn.connections.errors import NotFoundError, PlaceChangedError, PlaceTakenError
from posthorn.connections.judgement import from_json, trimmed
from posthorn.connections.models import Integration
from posthorn.connections.ports import hold_keeper
from posthorn.connections.resolved import realm_of, typed_fields
from posthorn.connections.stages import Stage, unresolved
from posthorn.kernel.clock import now
from posthorn.tenancy import audit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from posthorn.connections.models import Connection
    from posthorn.connections.registry import Loaded
    from posthorn.sdk.fields import Resolved
    from posthorn.sdk.matches import Match

_WEEK: Final = timedelta(days=7)
_WORDS: Final = {
    Stage.VERIFIED: "place_verified",
    Stage.UNDECIDED: "place_undecided",
    Stage.REFUSED: "place_refused",
    Stage.LOST: "place_lost",
    Stage.UNVERIFIED: "place_asked",
}


def begin(integration: Integration, loaded: Loaded) -> None:
    """Have looked up what was typed anew; called where an integration is saved, its row locked."""
    fields = loaded.spec.client_settings
    wanted = {one.id: one for one in typed_fields(fields, integration)}
    rows = {row.field: row for row in _rows(integration)}
    for name in rows.keys() - wanted.keys():
        rows.pop(name).delete()
    for name, one in wanted.items():
        typed, realm = integration.settings[name], realm_of(one, integration)
        row = rows.get(name)
        if row is None:
            rows[name] = row = _new(integration, one)
        elif (row.typed, row.realm) == (typed, realm):
            continue
        _start_again(row, typed, realm)
    carry(integration, rows.values())


def begin_for_connection(connection: Connection, loaded: Loaded) -> None:
    """Have looked up anew what depends on settings of the firm that changed."""
    bound = Integration.objects.filter(connection=connection, removed_at=None)
    for integration in bound.order_by("id").select_for_update(no_key=True):
        integration.connection = connection
        begin(integration, loaded)


def end(integrations: Collection[UUID]) -> None:
    """Give up the places of integrations that are removed: other clients may have them."""
    Resolution.objects.filter(integration_id__in=integrations).delete()


def look_again(firm: UUID, connection_id: UUID) -> int:
    """Have every place of a connection verified soon, after a new sign-in; gives how many.

    What was verified stays so until the package says otherwise.
    """
    rows = Resolution.objects.filter(firm_id=firm, connection_id=connection_id)
    return rows.update(next_at=now(), tries=0)


def ask_again(firm: UUID, integration_id: UUID, *, actor: str) -> None:
    """Look up at once what is not verified. Raises NotFoundError."""
    with transaction.atomic():
        integration = locked(firm, integration_id)
        rows = list(_rows(integration))
        for row in rows:
            if row.stage != Stage.VERIFIED:
                _ask(row)
                row.save()
                note(integration, row, actor)
        carry(integration, rows)
        reconsider(integration, actor)


def choose(firm: UUID, integration_id: UUID, field: str, value: str, *, actor: str) -> None:
    """Take one of the places that the package named. Raises NotFoundError, PlaceTakenError.

    Raises PlaceChangedError when it is not among them any more, or cannot be taken.
    """
    with transaction.atomic():
        integration = locked(firm, integration_id)
        row = _rows(integration).filter(field=field).first()
        if row is None:
            raise NotFoundError("The integration has nothing of this kind to choose.")
        offered = [from_json(one) for one in row.candidates]
        found = next((one for one in offered if one.value == value and not one.blocked), None)
        if found is None or row.stage != Stage.UNDECIDED:
            raise PlaceChangedError("Look at the choices again: they have changed meanwhile.")
        settle_on(integration, row, found, actor=actor)


def settle_on(integration: Integration, row: Resolution, match: Match, *, actor: str) -> None:
    """Verify a locked row as one place on somebody's word. Raises PlaceTakenError."""
    row.confirmed_by = actor[:200]
    holder = take(row, match)
    if holder:
        raise PlaceTakenError(match.label, holder)
    _record(integration, row, actor, "integration.place_confirmed")
    carry(integration, _rows(integration))
    reconsider(integration, actor)


def take(row: Resolution, match: Match) -> str:
    """Write a row as verified; gives whose the place is when another client has it."""
    match = trimmed(match)
    row.stage, row.code, row.detail = Stage.VERIFIED, "", ""
    row.value, row.label, row.facts = match.value, match.label, dict(match.facts)
    row.candidates, row.tries = [], 0
    row.verified_at, row.next_at = now(), weekly()
    row.version += 1
    try:
        with transaction.atomic():  # two that take one place wait for each other here
            row.save()
    except IntegrityError as error:
        if "resolution_place" not in str(error):
            raise
        return _holder(row)
    return ""


def weekly() -> datetime:
    """Give when a verified place is looked at again."""
    return now() + _WEEK


def locked(firm: UUID, integration_id: UUID) -> Integration:
    """Lock an integration that was not removed. Raises NotFoundError."""
    rows = Integration.objects.filter(firm_id=firm, id=integration_id, removed_at=None)
    found = rows.select_for_update(of=("self",), no_key=True).select_related("connection", "client")
    row = found.first()
    if row is None:
        raise NotFoundError("The firm has no such integration.")
    return row


def carry(integration: Integration, rows: Iterable[Resolution]) -> None:
    """Write into the integration what follows from its places, for whoever plans and sends."""
    known = list(rows)
    resolved = {row.field: row.value for row in known if row.stage == Stage.VERIFIED}
    waits_for = unresolved(Stage(row.stage) for row in known)
    if (integration.resolved, integration.unresolved) == (resolved, waits_for):
        return
    if integration.resolved != resolved:
        integration.version += 1
    integration.resolved, integration.unresolved = resolved, waits_for
    integration.save(update_fields=["resolved", "unresolved", "version"])


def reconsider(integration: Integration, actor: str) -> None:
    """Hold or free what waits for an integration."""
    hold_keeper().reconsider(integration.firm_id, integration_ids=[integration.id], actor=actor)


def note(integration: Integration, row: Resolution, actor: str) -> None:
    """Leave an entry about how far a look-up is."""
    _record(integration, row, actor, f"integration.{_WORDS[Stage(row.stage)]}")


def _record(integration: Integration, row: Resolution, actor: str, action: str) -> None:
    detail: Mapping[str, object] = {
        "client": str(integration.client_id),
        "connection": str(integration.connection_id),
        "field": row.field,
        "typed": row.typed,
        "place": row.label,
        "code": row.code,
    }
    entry = audit.Entry(
        firm=integration.firm_id,
        actor=actor,
        action=action,
        subject_kind="integration",
        subject_id=integration.id,
        detail=detail,
    )
    audit.record([entry])


def _rows(integration: Integration) -> QuerySet[Resolution]:
    return Resolution.objects.filter(integration=integration).order_by("field").select_for_update()


def _new(integration: Integration, one: Resolved) -> Resolution:
    return Resolution(
        firm_id=integration.firm_id,
        client_id=integration.client_id,
        connection_id=integration.connection_id,
        integration=integration,
        connector_id=integration.connection.connector_id,
        field=one.id,
        is_exclusive=not one.is_shared,
        version=0,
    )


def _start_again(row: Resolution, typed: str, realm: str) -> None:
    row.typed, row.realm = typed, realm
    row.value, row.label, row.facts = "", "", {}
    row.verified_at, row.confirmed_by = None, ""
    _ask(row)
    row.save()


def _ask(row: Resolution) -> None:
    """Start a look-up; what was verified once is looked for as what it was."""
    row.stage, row.code, row.detail, row.candidates = Stage.UNVERIFIED, "", "", []
    row.tries, row.version = 0, row.version + 1
    row.asked_at = row.next_at = now()


def _holder(row: Resolution) -> str:
    rows = Resolution.objects.filter(
        firm_id=row.firm_id,
        connector_id=row.connector_id,
        field=row.field,
        realm=row.realm,
        value=row.value,
    )
    found = rows.exclude(id=row.id).select_related("client").first()
    return str(found.client) if found else "?"
