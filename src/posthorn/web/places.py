"""Says what a typed text names in a package: how sure that is, and what there is to choose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from posthorn.connections.judgement import Likeness, from_json, likeness, preferred
from posthorn.connections.queries import lost_places, places_of
from posthorn.connections.registry import registry
from posthorn.connections.stages import Stage
from posthorn.kernel.clock import now
from posthorn.sdk.fields import Resolved
from posthorn.sdk.matches import CODE, OWNER, VAT_NUMBER
from posthorn.tenancy.queries import numbers_of
from posthorn.web.languages import language
from posthorn.web.wording import Tone, Words, explanation, translated

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from posthorn.sdk.matches import Match
    from posthorn.tenancy.numbers import Number
    from posthorn.web.rows import Binding, Place

# A worker takes a question up within a second and it ends within ten; then the page stops asking.
_PATIENCE: Final = timedelta(seconds=30)
_WORDS: Final = {
    Stage.UNVERIFIED: Words(
        word=_("To be verified"),
        why=_("Documents wait until it is. Posthorn asks again by itself."),
        who="",
        tone=Tone.WAIT,
    ),
    Stage.UNDECIDED: Words(
        word=_("To choose"),
        why=_("Documents wait until somebody confirms where they go."),
        who="",
        tone=Tone.BAD,
    ),
    Stage.REFUSED: Words(
        word=_("Not possible"),
        why=_("Documents wait until it is corrected."),
        who="",
        tone=Tone.BAD,
    ),
    Stage.LOST: Words(
        word=_("Gone"), why=_("Documents wait until it is back or replaced."), who="", tone=Tone.BAD
    ),
    Stage.VERIFIED: Words(word=_("Verified"), why="", who="", tone=Tone.GOOD),
}
_RUNNING: Final = Words(
    word=_("Looking it up"), why=_("Asking the package what this is…"), who="", tone=Tone.BUSY
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One place to choose; `blocked` says why it cannot be, `doubts` what to read before."""

    value: str
    line: str
    owner: str
    doubts: tuple[str, ...]
    blocked: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceView:
    """What a page shows of one typed text."""

    integration: UUID
    field: str
    label: str
    typed: str
    words: Words
    line: str  # what it is bound to; empty while nothing is
    when: str  # when that was verified
    reason: str
    detail: str
    options: tuple[Option, ...]
    is_running: bool
    is_verified: bool
    is_choosable: bool


def lines_of(firm: UUID, integrations: Sequence[Binding]) -> Mapping[UUID, str]:
    """Give what each integration is bound to, in one line; one query."""
    found = places_of(firm, [one.id for one in integrations])
    return {
        each: ", ".join(line_of(row.label, row.facts) for row in rows if row.label)
        for each, rows in found.items()
    }


def views_of(
    firm: UUID, client: UUID, integrations: Sequence[Binding]
) -> Mapping[UUID, list[PlaceView]]:
    """Give what to show of a client's integrations."""
    found = places_of(firm, [one.id for one in integrations])
    if not found:
        return {}
    numbers = numbers_of(firm, client)
    by_id = {one.id: one for one in integrations}
    return {
        each: [_view(by_id[each], row, numbers) for row in rows] for each, rows in found.items()
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A client whose place is gone from its package; `seen` is when it was there last."""

    client: UUID
    client_name: str
    package: str
    line: str
    reason: str
    seen: datetime | None


def lost_of(firm: UUID, clients: Collection[UUID] | None, *, most: int) -> list[Lost]:
    """Give the clients whose places are gone; one query of the few that are."""
    return [
        Lost(
            client=row.client_id,
            client_name=row.client.name,
            package=row.connection.name,
            line=line_of(row.label, row.facts) or row.typed,
            reason=explanation(row.connector_id, row.code),
            seen=row.verified_at,
        )
        for row in lost_places(firm, clients, most=most)
    ]


def line_of(label: str, facts: Mapping[str, str]) -> str:
    """Write a place in one line: `7 · Bakkerij Janssens BV · BE0123456749`."""
    parts = (facts.get(CODE, ""), label, facts.get(VAT_NUMBER, ""))
    return " · ".join(part for part in parts if part)


def _view(integration: Binding, row: Place, numbers: Collection[Number]) -> PlaceView:
    stage = Stage(row.stage)
    is_running = stage is Stage.UNVERIFIED and not row.code and now() - row.asked_at < _PATIENCE
    connector = integration.connection.connector_id
    matches = [from_json(one) for one in row.candidates]
    chosen = preferred(matches, numbers)
    return PlaceView(
        integration=integration.id,
        field=row.field,
        label=_label(connector, row.field),
        typed=row.typed,
        words=translated(_RUNNING if is_running else _WORDS[stage]),
        line=line_of(row.label, row.facts) if row.label else "",
        when=_when(row.verified_at) if stage is Stage.VERIFIED and row.verified_at else "",
        reason=explanation(connector, row.code),
        detail=row.detail if row.code else "",
        options=tuple(_option(connector, one, numbers, chosen) for one in matches),
        is_running=is_running,
        is_verified=stage is Stage.VERIFIED,
        is_choosable=stage is Stage.UNDECIDED,
    )


def _option(connector: str, match: Match, numbers: Collection[Number], chosen: str) -> Option:
    return Option(
        value=match.value,
        line=line_of(match.label, match.facts),
        owner=match.facts.get(OWNER, ""),
        doubts=tuple(_doubts(connector, match, numbers)),
        blocked=explanation(connector, match.blocked),
        is_chosen=match.value == chosen,
    )


def _doubts(connector: str, match: Match, numbers: Collection[Number]) -> list[str]:
    doubts = [explanation(connector, match.remark)] if match.remark else []
    if likeness(numbers, match.facts) is Likeness.DIFFERENT:
        doubts.append(gettext("Its VAT number is not this client's."))
    return doubts


def _label(connector: str, field: str) -> str:
    loaded = registry().get(connector)
    fields = loaded.spec.client_settings if loaded else ()
    found = next((one for one in fields if one.id == field and isinstance(one, Resolved)), None)
    return found.label[language()] if found else field


def _when(at: datetime) -> str:
    days = (timezone.localdate() - timezone.localdate(at)).days
    if days == 0:
        return gettext("verified today")
    if days == 1:
        return gettext("verified yesterday")
    on = date_format(timezone.localtime(at), "DATE_FORMAT")
    return gettext("verified on %(date)s") % {"date": on}
