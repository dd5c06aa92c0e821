"""Decides what somebody may do with a document now, the one thing that helps most first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from posthorn.delivery.queries.standing import Stand
from posthorn.delivery.states import HOLDS, STATES, Button, Hold, State
from posthorn.tenancy.access import may
from posthorn.tenancy.roles import Permission

if TYPE_CHECKING:
    from collections.abc import Iterable

    from posthorn.delivery.queries.deliveries import DeliveryRow
    from posthorn.delivery.queries.documents import DocumentPage
    from posthorn.web.access import Space


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """A button: where it leads, its word, its key, and whether it asks something first."""

    url: str
    word: str
    icon: str
    key: str = ""
    asks: bool = False
    is_danger: bool = False
    is_main: bool = False
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    word: str
    icon: str
    key: str = ""
    asks: bool = False
    is_danger: bool = False


_KINDS = {
    "approve": _Kind(word=_("Approve"), icon="check", key="a"),
    "send": _Kind(word=_("Send"), icon="send", key="s"),
    "send_anyway": _Kind(word=_("Send anyway"), icon="send"),
    "reject": _Kind(word=_("Reject"), icon="ban", key="d", asks=True, is_danger=True),
    "take_back": _Kind(word=_("Take the rejection back"), icon="undo-2"),
    "read_again": _Kind(word=_("Read again"), icon="rotate-ccw"),
    "assign_many": _Kind(word=_("Assign to a client"), icon="folder-input", asks=True),
    "direction": _Kind(word=_("Say bought or sold"), icon="folder-input", asks=True),
    "hold": _Kind(word=_("Hold"), icon="pause", key="h"),
    "release": _Kind(word=_("Release"), icon="play", key="h"),
    "cancel": _Kind(word=_("Cancel the delivery"), icon="x", asks=True, is_danger=True),
    "resend": _Kind(word=_("Resend"), icon="rotate-ccw", key="r", asks=True),
}
_OF_STAND: dict[Stand, tuple[str, ...]] = {
    Stand.TO_APPROVE: ("approve", "reject"),
    Stand.TO_SEND: ("send", "reject"),
    Stand.CHECK_FAILED: ("send_anyway", "reject"),
    Stand.DUPLICATE: ("send_anyway",),
    Stand.REJECTED: ("take_back",),
    Stand.UNREADABLE: ("read_again",),
    Stand.QUARANTINED: ("read_again",),
    Stand.UNASSIGNED: ("assign_many", "reject"),
    Stand.NO_DIRECTION: ("direction", "reject"),
}
# Nothing has to be done about these.
_SETTLED = frozenset({Stand.DUPLICATE, Stand.REJECTED})
_ENDED = frozenset({State.ACCEPTED, State.DELIVERED, State.CANCELLED, State.QUEUED})
_OF_FIRM = frozenset({"read_again", "assign_many", "direction"})
_BUTTON_OF = {
    State.HELD: Button.HOLD,
    State.QUEUED: Button.RELEASE,
    State.CANCELLED: Button.CANCEL,
}


def deeds_of(space: Space, found: DocumentPage) -> list[Deed]:
    """Give the buttons of a document; those of the delivery that speaks for it where one does."""
    if not found.is_workable:
        return []
    where = found.row.standing.where
    if isinstance(where, State):
        speaking = [row for row in found.deliveries if row.state is where]
        return deeds_of_delivery(space, speaking[-1]) if speaking else []
    names = [name for name in _OF_STAND.get(where, ()) if _may(space, found, name)]
    is_asked = where not in _SETTLED
    return [
        _of_document(space, found, name, is_main=is_asked and not place)
        for place, name in enumerate(names)
    ]


def _may(space: Space, found: DocumentPage, name: str) -> bool:
    if name not in _OF_FIRM:
        return True
    is_everyones = found.row.client is None
    return space.is_firm and (
        not is_everyones or may(space.viewer, Permission.WORK_DOCUMENTS, None)
    )


def _of_document(space: Space, found: DocumentPage, name: str, *, is_main: bool) -> Deed:
    fields: tuple[tuple[str, str], ...] = ()
    url = space.url("assign_many" if name == "direction" else name, *_id(found, name))
    if not _id(found, name):
        fields = (("chosen", str(found.row.id)),)
    if name == "direction":
        fields = (*fields, ("client", str(found.row.client)))
    return _deed(name, url, fields, is_main=is_main)


def _id(found: DocumentPage, name: str) -> tuple[object, ...]:
    return () if name in {"assign_many", "direction"} else (found.row.id,)


def deeds_of_delivery(space: Space, row: DeliveryRow, moves: Iterable[State] = ()) -> list[Deed]:
    """Give the buttons of a delivery that somebody of the firm may work on."""
    main = STATES[row.state].button
    if not space.is_firm or main is Button.NONE:
        return []
    others = [button for state, button in _BUTTON_OF.items() if state in set(moves)]
    names = dict.fromkeys([main, *others])
    is_asked = row.state not in _ENDED and not _lifts_by_itself(row)
    return [
        _deed(name.value, space.url(name.value, row.id), (), is_main=is_asked and name is main)
        for name in names
    ]


def _lifts_by_itself(row: DeliveryRow) -> bool:
    """Tell a hold that goes with its cause: a release would be refused until then."""
    return row.state is State.HELD and bool(row.reason) and HOLDS[Hold(row.reason)].is_automatic


def _deed(name: str, url: str, fields: tuple[tuple[str, str], ...], *, is_main: bool) -> Deed:
    kind = _KINDS[name]
    return Deed(
        url=url,
        word=gettext(kind.word),
        icon=kind.icon,
        key=kind.key,
        asks=kind.asks,
        is_danger=kind.is_danger,
        is_main=is_main,
        fields=fields,
    )
