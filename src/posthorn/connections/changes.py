"""Decides whether a changed import address counts at once, and keeps each change for all to see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from posthorn.connections import addresses, guarded
from posthorn.connections.change_models import AddressChange, Standing
from posthorn.connections.guarded import Setup
from posthorn.connections.models import Integration
from posthorn.connections.registry import registry
from posthorn.kernel.clock import now
from posthorn.tenancy import audit
from posthorn.tenancy.notice_kinds import NoticeKind
from posthorn.tenancy.notices import Fact, tell_firm
from posthorn.tenancy.queries import firm_facts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from uuid import UUID

    from posthorn.connections.errors import Use
    from posthorn.connections.registry import Loaded

Changed = dict[str, tuple[str, str]]
_COUNTED = (Standing.APPLIED, Standing.CONFIRMED)


def setup_of(
    integration: Integration,
    settings: Mapping[str, str] | None = None,
    routes: Mapping[str, str] | None = None,
) -> Setup:
    """Return an integration's settings and routes as they count, or as they would."""
    own = integration.settings if settings is None else settings
    return Setup(
        settings={**integration.connection.settings, **own},
        routes=integration.routes if routes is None else routes,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What a change means: where documents go from and to, who must agree, and who shares it."""

    moved: Changed  # guarded field: where its documents went until now, and where they are to go
    waits: Changed  # those of them that a second person must confirm
    uses: Sequence[Use]


def weigh(
    integration: Integration,
    loaded: Loaded,
    settings: Mapping[str, str],
    routes: Mapping[str, str],
    *,
    reason: str,
) -> Weighed:
    """Compare an integration with what it is to be; one not saved yet counts as nothing.

    Raises AddressInUseError, and SettingsError for addresses of our own.
    """
    fields = loaded.spec.client_settings
    after = setup_of(integration, settings, routes)
    changed = guarded.changes_between(fields, setup_of(integration), after)
    typed = {
        one.id: settings[one.id]
        for one in fields
        if one.is_guarded and settings.get(one.id, "") not in {"", integration.settings.get(one.id)}
    }
    uses = addresses.demand_free(integration, loaded, typed, reason=reason)
    moved = _moved(integration, loaded, changed)
    asks = bool(moved) and firm_facts(integration.firm_id).asks_second_person
    waits = {name: pair for name, pair in moved.items() if asks and pair[1]}
    return Weighed(moved=moved, waits=waits, uses=uses)


def held_back(settings: Mapping[str, str], loaded: Loaded, waits: Changed) -> dict[str, str]:
    """Return the typed values of a new integration that do not count before they are confirmed."""
    targets = {after for _, after in waits.values()}
    ids = [one.id for one in loaded.spec.client_settings if one.is_guarded]
    return {name: settings[name] for name in ids if settings.get(name, "") in targets}


def _moved(integration: Integration, loaded: Loaded, changed: Changed) -> Changed:
    """Leave out first addresses; what was ever known counts.

    So nobody gets round a second person by removing an address first and adding another then.
    Taking one away is told, but it holds documents and sends none astray.
    """
    fields = {one.id: one for one in loaded.spec.client_settings}
    moved: Changed = {}
    for name, (before, after) in changed.items():
        place = guarded.place_of(fields[name], loaded.id)
        known = {before} if before else _known(integration, place)
        if known and after not in known:
            moved[name] = (before or min(known), after)
    return moved


def _known(integration: Integration, place: str) -> set[str]:
    """Give where the client's documents of a place went last, by this or any other way."""
    rows = Integration.objects.filter(client_id=integration.client_id).select_related("connection")
    others = rows.exclude(id=integration.id)
    live = _values(others.filter(removed_at=None), place)
    last = next(_past(integration.client_id, place), "")
    if live or last:
        return {*live, *filter(None, [last])}
    removed = others.filter(removed_at__isnull=False).order_by("-removed_at")
    return next((found for one in removed if (found := _values([one], place))), set())


def _values(integrations: Iterable[Integration], place: str) -> set[str]:
    return {
        value
        for one in integrations
        if (loaded := registry().get(one.connection.connector_id))
        for name, value in guarded.values_of(loaded.spec.client_settings, setup_of(one)).items()
        if _place(loaded, name) == place
    }


def _past(client_id: UUID, place: str) -> Iterator[str]:
    """Give what stood in a place, the last value first."""
    rows = AddressChange.objects.filter(client_id=client_id, standing__in=_COUNTED)
    for row in rows.select_related("integration__connection").order_by("-made_at", "-id"):
        loaded = registry().get(row.integration.connection.connector_id)
        if loaded is not None:
            pairs = (pair for name, pair in row.addresses.items() if _place(loaded, name) == place)
            yield from (after or before for before, after in pairs)


def _place(loaded: Loaded, name: str) -> str:
    fields = {one.id: one for one in loaded.spec.client_settings}
    return guarded.place_of(fields[name], loaded.id) if name in fields else ""


def propose(
    integration: Integration,
    changed: Changed,
    wanted: Mapping[str, object],
    *,
    author: str,
    shared_reason: str = "",
) -> AddressChange:
    """Let a change wait for a second person; one that waited already is withdrawn."""
    withdraw_waiting([integration.id], author)
    row = AddressChange.objects.create(
        firm_id=integration.firm_id,
        client_id=integration.client_id,
        integration=integration,
        standing=Standing.WAITING,
        addresses={name: list(pair) for name, pair in changed.items()},
        wanted=wanted,
        author=author,
        shared_reason=shared_reason[:300],
    )
    record(row, "integration.address_proposed", author)
    tell(row, NoticeKind.DECISION_WANTED, but=author)
    return row


def note(integration: Integration, changed: Changed, *, author: str) -> None:
    """Keep a change that counts at once."""
    if not changed:
        return
    row = AddressChange.objects.create(
        firm_id=integration.firm_id,
        client_id=integration.client_id,
        integration=integration,
        standing=Standing.APPLIED,
        addresses={name: list(pair) for name, pair in changed.items()},
        author=author,
    )
    record(row, "integration.address_changed", author)
    tell(row, NoticeKind.ADDRESS_CHANGED)


def tell(row: AddressChange, kind: NoticeKind, *, but: str = "") -> None:
    """Have it mailed to whom a change concerns, its addresses masked; also to who made it.

    It may be somebody else who used that person's session.
    """
    detail = {
        "client": row.client.name,
        "author": row.author,
        "addresses": _masked(row),
        "client_id": str(row.client_id),
        "change": str(row.id),
    }
    tell_firm(row.firm_id, Fact(kind=kind, key=str(row.id), detail=detail, but=but))


def withdraw_waiting(integrations: Collection[UUID], actor: str) -> None:
    """End what waits for a second person; nothing of it counts."""
    rows = AddressChange.objects.filter(
        integration_id__in=integrations, standing=Standing.WAITING
    ).order_by("id")
    for row in rows.select_for_update():
        decide(row, Standing.WITHDRAWN, actor=actor)
        record(row, "integration.address_withdrawn", actor)


def decide(row: AddressChange, standing: Standing, *, actor: str, reason: str = "") -> None:
    """Say what became of a locked change."""
    row.standing, row.decided_by, row.decided_at = standing, actor[:200], now()
    row.reason = reason[:300]
    row.save(update_fields=["standing", "decided_by", "decided_at", "reason"])


def record(row: AddressChange, action: str, actor: str, **detail: str) -> None:
    """Say in the trail what happened to a change; addresses are masked in its sentence."""
    told = {"addresses": _masked(row), "change": str(row.id), **detail}
    _write(row.firm_id, row.client_id, row.integration_id, action, actor, told)


def _masked(row: AddressChange) -> str:
    return guarded.told({name: (old, new) for name, (old, new) in row.addresses.items()})


def record_shared(
    integration: Integration, uses: Sequence[Use], *, reason: str, actor: str
) -> None:
    """Say in the trail that two clients share an address, and why."""
    if uses:
        detail = {
            "addresses": ", ".join(dict.fromkeys(guarded.masked(use.address) for use in uses)),
            "shared_with": ", ".join(dict.fromkeys(str(use.client_id) for use in uses)),
            "reason": reason.strip()[:300],
        }
        firm, client = integration.firm_id, integration.client_id
        _write(firm, client, integration.id, "integration.address_shared", actor, detail)


def _write(  # what an entry names
    firm: UUID, client: UUID, integration: UUID, action: str, actor: str, detail: Mapping[str, str]
) -> None:
    audit.record(
        [
            audit.Entry(
                firm=firm,
                actor=actor,
                action=action,
                subject_kind="integration",
                subject_id=integration,
                detail={"client": str(client), **detail},
            )
        ]
    )
