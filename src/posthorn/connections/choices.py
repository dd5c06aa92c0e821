"""Keeps what packages give to choose from: asked by a worker, shown by forms, typed without."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from posthorn.connections import errands, runtime
from posthorn.connections.choice_models import ChoiceList
from posthorn.connections.consultation import LIMIT_S, Subject, consult
from posthorn.connections.errand_models import Errand
from posthorn.connections.errors import NotFoundError
from posthorn.connections.http import Caller
from posthorn.connections.keyring import KeyringError
from posthorn.connections.models import Connection, Integration
from posthorn.connections.resolved import seen_settings
from posthorn.connections.services import loaded_connector
from posthorn.kernel.clock import now
from posthorn.kernel.digest import sha256_hex
from posthorn.sdk.errors import Misconfigured, Outcome
from posthorn.sdk.fields import FieldError, RemoteChoice
from posthorn.tenancy.scope import acting, system

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from posthorn.connections.errands import Task
    from posthorn.connections.registry import Loaded

KIND: Final = "choices"
"""Errands of people who want a list to choose from."""
OPTIONS_MAX: Final = 500
_LABEL_CHARS: Final = 200
# A worker takes a question up within a second and it ends within ten; then nobody answered.
_PATIENCE: Final = timedelta(seconds=LIMIT_S + 20)
_KEPT: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What there is to choose from for one setting, as far as it is known.

    `code` says why the last question came to nothing; without `is_askable` something that the
    list depends on is not known yet.
    """

    options: tuple[tuple[str, str], ...] = ()
    fetched_at: datetime | None = None
    asked_at: datetime | None = None
    code: str = ""
    detail: str = ""
    is_running: bool = False
    is_askable: bool = True


def remote_fields(loaded: Loaded) -> dict[str, RemoteChoice]:
    """Return the client's settings whose options the package gives, by id."""
    fields = loaded.spec.client_settings
    return {one.id: one for one in fields if isinstance(one, RemoteChoice)}


def begin(
    firm: UUID, connection_id: UUID, field: str, *, integration: UUID | None, actor: str
) -> UUID:
    """Have a list asked for, inside the firm's scope; one asked for already is enough.

    Gives the id of the errand.
    """
    payload = {"field": field, "integration": str(integration or "")}
    running = _under_way(firm, connection_id).filter(payload=payload).first()
    if running is not None:
        return running.id
    return errands.begin(firm, connection_id, KIND, actor=actor, payload=payload)


def lists_of(
    firm: UUID, connection_id: UUID, loaded: Loaded, integration_id: UUID | None
) -> dict[str, Listed]:
    """Return what is known of each list of a form, by field; nothing where there is none."""
    fields = remote_fields(loaded)
    if not fields:
        return {}
    connection = Connection.objects.get(firm_id=firm, id=connection_id)
    integration = _bound(connection_id, integration_id)
    seen = _seen(loaded, connection, integration)
    realms = {name: realm_of(one, seen) for name, one in fields.items()}
    rows = ChoiceList.objects.filter(firm_id=firm, connection_id=connection_id, field__in=fields)
    known = {(row.field, row.realm): row for row in rows.filter(realm__in=_given(realms.values()))}
    running = _fields_running(firm, connection_id, integration_id)
    return {
        name: _listed(known.get((name, realm or "")), realm, is_running=name in running)
        for name, realm in realms.items()
    }


def fetch(task: Task) -> Mapping[str, Any]:
    """Ask a package for one list; an errand. Raises what the package raised.

    Raises NotFoundError where what it is for was removed meanwhile.
    """
    field = task.payload["field"]
    with acting(task.firm):
        connection = Connection.objects.get(id=task.connection)
        loaded = loaded_connector(connection.connector_id)
        integration = _integration(task)
        one = remote_fields(loaded).get(field)
        if one is None:
            raise NotFoundError(f"The extension has no list for {field!r}.")
        realm = realm_of(one, _seen(loaded, connection, integration))
    if realm is None:
        raise Misconfigured("choice_depends", field=field)
    try:
        found = _asked(task, loaded, one, (connection, integration))
    except Outcome as outcome:
        said = {"code": outcome.code[:60], "detail": outcome.detail[:500]}
        _keep(task, field, realm, said)
        raise
    options = [list(each) for each in found]
    _keep(task, field, realm, {"options": options, "fetched_at": now(), "code": "", "detail": ""})
    return {"options": len(found)}


def _asked(
    task: Task, loaded: Loaded, one: RemoteChoice, bound: tuple[Connection, Integration | None]
) -> list[tuple[str, str]]:
    try:
        with acting(task.firm):
            settings = runtime.runtime_settings(loaded, *bound)
    except KeyringError:
        raise Misconfigured("key_missing") from None
    caller = Caller(
        firm=task.firm,
        connection=task.connection,
        connector_id=loaded.id,
        revision=bound[0].version,
    )
    subject = Subject(loaded=loaded, settings=settings, caller=caller)
    return consult(subject, lambda connector, ctx: usable(one, connector.choices(ctx, one.id)))


def usable(one: RemoteChoice, given: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the options that can be kept, each value once and with a label, at most 500."""
    found: dict[str, str] = {}
    for value, label in given:
        if len(found) == OPTIONS_MAX:
            break
        if value and value not in found and _is_clean(one, value):
            found[value] = " ".join(label.split())[:_LABEL_CHARS] or value
    return list(found.items())


def realm_of(one: RemoteChoice, seen: Mapping[str, str]) -> str | None:
    """Name what a list depends on; None where that is not known yet."""
    values = {name: seen.get(name, "") for name in one.depends_on}
    if not all(values.values()):
        return None
    return sha256_hex(json.dumps(values, sort_keys=True).encode())


def clear_old() -> int:
    """Forget lists that nobody asked for in three months; gives how many."""
    with system("clear lists"):
        return ChoiceList.objects.filter(asked_at__lt=now() - _KEPT).delete()[0]


def _is_clean(one: RemoteChoice, value: str) -> bool:
    try:
        return one.clean(value) == value.strip(" \t")
    except FieldError:
        return False


def _fields_running(firm: UUID, connection_id: UUID, integration: UUID | None) -> set[str]:
    payloads = _under_way(firm, connection_id).values_list("payload", flat=True)
    mine = str(integration or "")
    return {one["field"] for one in payloads if one["integration"] == mine}


def _under_way(firm: UUID, connection_id: UUID) -> QuerySet[Errand]:
    return Errand.objects.filter(
        firm_id=firm,
        connection_id=connection_id,
        kind=KIND,
        done_at=None,
        asked_at__gt=now() - _PATIENCE,
    )


def _listed(row: ChoiceList | None, realm: str | None, *, is_running: bool) -> Listed:
    if row is None:
        return Listed(is_running=is_running, is_askable=realm is not None)
    return Listed(
        options=tuple((value, label) for value, label in row.options),
        fetched_at=row.fetched_at,
        asked_at=row.asked_at,
        code=row.code,
        detail=row.detail,
        is_running=is_running,
    )


def _given(realms: Iterable[str | None]) -> Sequence[str]:
    return [realm for realm in realms if realm is not None]


def _seen(
    loaded: Loaded, connection: Connection, integration: Integration | None
) -> Mapping[str, str]:
    if integration is None:
        return dict(connection.settings)
    return seen_settings(loaded.spec.client_settings, integration)


def _integration(task: Task) -> Integration | None:
    wanted = task.payload["integration"]
    found = _bound(task.connection, wanted)
    if wanted and found is None:
        raise NotFoundError("The integration was removed meanwhile.")
    return found


def _bound(connection_id: UUID, integration_id: UUID | str | None) -> Integration | None:
    if not integration_id:
        return None
    rows = Integration.objects.filter(connection_id=connection_id, removed_at=None)
    return rows.select_related("connection").filter(id=integration_id).first()


def _keep(task: Task, field: str, realm: str, columns: Mapping[str, object]) -> None:
    with acting(task.firm):
        ChoiceList.objects.update_or_create(
            firm_id=task.firm,
            connection_id=task.connection,
            field=field,
            realm=realm,
            defaults={**columns, "asked_at": now()},
        )
