"""Errands about many clients at once: what places a package has, and binding each client to one."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from posthorn.connections import resolutions, runtime
from posthorn.connections.consultation import Subject, consult
from posthorn.connections.errand_models import Resolution
from posthorn.connections.errors import (
    BothNeededError,
    ConnectionsError,
    IntegrationExistsError,
    PlaceTakenError,
)
from posthorn.connections.http import Caller
from posthorn.connections.integrations import Wish, create_integration
from posthorn.connections.judgement import from_json, to_json, trimmed, usable
from posthorn.connections.queries import package_of
from posthorn.connections.services import loaded_connector
from posthorn.sdk.matches import CODE, MATCHES_MAX
from posthorn.tenancy.scope import acting

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from posthorn.connections.errands import Task
    from posthorn.sdk.matches import Match

LIST: Final = "places"
BIND: Final = "bind"
MAX_AT_ONCE: Final = 1_000
_NOTE_S: Final = 0.5


def list_places(task: Task) -> dict[str, Any]:
    """Ask for every place of a field; `payload` names the field."""
    found = ask_places(task.firm, task.connection, task.payload["field"])
    return {"field": task.payload["field"], "places": [to_json(one) for one in found]}


def ask_places(firm: UUID, connection_id: UUID, field: str) -> list[Match]:
    """Return every place a connection has, as the package lists them; asks the network.

    Raises one of the six outcomes, NotFoundError, ConnectorMissingError.
    """
    with acting(firm):
        connection = package_of(firm, connection_id)
        loaded = loaded_connector(connection.connector_id)
        settings = runtime.runtime_settings(loaded, connection)
    caller = Caller(
        firm=firm,
        connection=connection_id,
        connector_id=loaded.id,
        revision=connection.version,
    )
    subject = Subject(loaded=loaded, settings=settings, caller=caller)
    found = consult(
        subject, lambda connector, context: usable(connector.matches(context, field, ""))
    )
    return [trimmed(one) for one in found[:MATCHES_MAX]]


def bind_clients(task: Task) -> dict[str, Any]:
    """Bind each client to its place, each by itself; what an earlier try did is not done again.

    `payload` holds the field and items of client, typed text and, where one was picked from the
    list, the place. Where the package does not answer, the codes are kept as to be verified.
    """
    field, items = task.payload["field"], task.payload["items"]
    results: dict[str, Any] = dict(task.answer.get("results", {}))
    noted = time.monotonic()
    for item in items:
        if item["client"] in results:
            continue
        results[item["client"]] = _bind(task, field, item)
        if time.monotonic() - noted > _NOTE_S:
            task.note({"results": results})
            noted = time.monotonic()
    return {"results": results}


def _bind(task: Task, field: str, item: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return _bound(task, field, item)
    except IntegrationExistsError as error:
        # A worker that died after this one was bound had not noted it yet.
        return _mine(task, field, item) or _refusal(error)
    except ConnectionsError as error:
        return _refusal(error)


def _bound(task: Task, field: str, item: Mapping[str, Any]) -> dict[str, Any]:
    place = from_json(item["place"]) if item.get("place") else None
    typed = item["typed"] or (code_of(place) if place else "")
    with acting(task.firm):
        made = create_integration(
            task.firm,
            item["client"],
            task.connection,
            Wish(values={field: typed}),
            actor=task.actor,
        )
        if place is not None:
            integration = resolutions.locked(task.firm, made.id)
            row = Resolution.objects.get(integration=integration, field=field)
            resolutions.settle_on(integration, row, place, actor=task.actor)
    return {"code": "", "stage": "verified" if place else "unverified"}


def _mine(task: Task, field: str, item: Mapping[str, Any]) -> dict[str, Any] | None:
    place = item.get("place")
    with acting(task.firm):
        rows = Resolution.objects.filter(
            client_id=item["client"], connection_id=task.connection, field=field
        )
        row = rows.first()
    if row is None or task.number == 1:
        return None
    is_same = row.value == place["value"] if place else row.typed == item["typed"]
    return {"code": "", "stage": row.stage} if is_same else None


def _refusal(error: ConnectionsError) -> dict[str, Any]:
    said: dict[str, Any] = {"code": error.code, "said": str(error)}
    if isinstance(error, PlaceTakenError):
        said |= {"place": error.place, "client": error.client}
    if isinstance(error, BothNeededError):
        said |= {"others": list(error.others), "kinds": list(error.kinds)}
    return said


def kept(place: Match) -> dict[str, Any]:
    """Return a place as a payload holds it."""
    return to_json(place)


def code_of(place: Match) -> str:
    """Return what a person would type for a place."""
    return place.facts.get(CODE, "") or place.value
