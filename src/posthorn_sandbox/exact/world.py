"""Who and what the stand-in knows: apps, licences, administrations, users and their rights."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cache
from typing import Any, Self, get_type_hints

from posthorn_sandbox.exact.store import Store

_SPACE = uuid.UUID("5a11d0c5-e0c7-4000-8000-000000000000")


class WorldError(ValueError):
    """Change what was given; the message says what is wrong with it."""


class UserStatus(StrEnum):
    """Whether a user may work."""

    ACTIVE = "active"
    BLOCKED = "blocked"
    INACTIVE = "inactive"


class LicenceStatus(StrEnum):
    """Whether a licence is paid for."""

    ACTIVE = "active"
    BLOCKED = "blocked"
    EXPIRED = "expired"


@cache
def named_guid(*names: object) -> str:
    """Return the GUID that belongs to these names, lower case; always the same."""
    return str(uuid.uuid5(_SPACE, "/".join(map(str, names))))


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """A registered app; `denied_scopes` are patterns of endpoints it may not use."""

    client_id: str
    client_secret: str
    redirect_uris: tuple[str, ...] = ()
    name: str = "Posthorn"
    denied_scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """A customer of the vendor: who owns administrations. `features` by name."""

    code: str
    name: str
    vat_number: str = ""
    status: str = LicenceStatus.ACTIVE
    features: tuple[str, ...] = ("Mailbox",)

    @property
    def guid(self) -> str:
        """The licence's GUID."""
        return named_guid("licence", self.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """An administration; `code` is the number in addresses, `hid` the Company Code.

    `status` is 0 inactive, 1 active, 2 archived; `blocking_status` 0 free, 1 backup, 2 to 4
    conversion, 5 and 6 copying. `moved_on` is a date once it has changed licence.
    """

    code: int
    hid: int
    description: str
    licence: str
    country: str = "BE"
    currency: str = "EUR"
    vat_number: str = ""
    chamber_of_commerce: str = ""
    legislation: int = 128
    status: int = 1
    blocking_status: int = 0
    is_main: bool = False
    archived_on: str = ""
    moved_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial:
    """A right somebody lacks: an action on matching endpoints, in one administration or in all."""

    endpoint: str = "*"
    action: str = "*"
    division: int | None = None

    def covers(self, endpoint: str, action: str, division: int) -> bool:
        """Tell whether this takes the right away."""
        is_here = self.division is None or self.division == division
        return is_here and self.action in {"*", action} and fnmatchcase(endpoint, self.endpoint)


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person with a login; `divisions` are those the person sees, None is all there are."""

    name: str
    password: str
    licence: str
    full_name: str = ""
    email: str = ""
    language: str = "nl"
    status: str = UserStatus.ACTIVE
    divisions: tuple[int, ...] | None = None
    current_division: int = 0
    denials: tuple[Denial, ...] = ()

    @property
    def guid(self) -> str:
        """The user's GUID."""
        return named_guid("user", self.name)


_Kept = App | Licence | Division | User
_KINDS: Mapping[str, type[_Kept]] = {
    "apps": App,
    "licences": Licence,
    "divisions": Division,
    "users": User,
}
_KEYS = {"apps": "client_id", "licences": "code", "divisions": "code", "users": "name"}
_CHOICES: Mapping[tuple[str, str], tuple[object, ...]] = {
    ("licences", "status"): tuple(LicenceStatus),
    ("users", "status"): tuple(UserStatus),
    ("users", "language"): ("nl", "fr", "en", "de"),
    ("divisions", "status"): (0, 1, 2),
    ("divisions", "blocking_status"): (0, 1, 2, 3, 4, 5, 6),
}


@dataclass(slots=True)
class World:
    """The seeded things, kept in the store."""

    store: Store
    _all: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def load(cls, store: Store) -> Self:
        """Take over what the store holds."""
        kept = {
            kind: {key: read(kind, record) for key, record in store.table(kind).items()}
            for kind in _KINDS
        }
        return cls(store, kept)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever seeded."""
        return not self._all["apps"]

    @property
    def divisions(self) -> dict[int, Division]:
        """Every administration by its code, in the order they came."""
        return {one.code: one for one in self._all["divisions"].values()}

    @property
    def users(self) -> dict[str, User]:
        """Every user by name."""
        return self._all["users"]

    def app(self, client_id: str) -> App | None:
        """Return a registered app."""
        found: App | None = self._all["apps"].get(client_id.lower())
        return found

    def division(self, code: int) -> Division | None:
        """Return an administration."""
        found: Division | None = self._all["divisions"].get(str(code))
        return found

    def licence(self, code: str) -> Licence:
        """Return a licence. Raises KeyError."""
        found: Licence = self._all["licences"][code]
        return found

    def seen_by(self, user: User) -> list[Division]:
        """List the administrations a user may see, by code."""
        listed = sorted(self.divisions.values(), key=lambda one: one.code)
        return [one for one in listed if user.divisions is None or one.code in user.divisions]

    def listing(self, kind: str) -> list[dict[str, object]]:
        """Return all of one kind as JSON."""
        return [asdict(one) for one in self._kind(kind).values()]

    def put(self, kind: str, given: Mapping[str, object]) -> _Kept:
        """Keep a new one, in place of the one with its key. Raises WorldError."""
        self._kind(kind)
        one = read(kind, given)
        self._check(kind, one)
        key = str(getattr(one, _KEYS[kind]))
        self._all[kind][key] = one
        self.store.put(kind, key, asdict(one))
        return one

    def change(self, kind: str, key: str, given: Mapping[str, object]) -> _Kept:
        """Change some fields of one. Raises WorldError, and KeyError when there is none."""
        return self.put(kind, asdict(self._kind(kind)[key]) | dict(given))

    def remove(self, kind: str, key: str) -> None:
        """Forget one. Raises KeyError when there is none."""
        del self._kind(kind)[key]
        self.store.remove(kind, key)

    def clear(self) -> None:
        """Forget everything."""
        for kind in _KINDS:
            self._all[kind] = {}
            self.store.clear(kind)

    def _kind(self, kind: str) -> dict[str, Any]:
        if kind not in _KINDS:
            raise WorldError(f"There are no {kind}; there are {', '.join(_KINDS)}.")
        return self._all[kind]

    def _check(self, kind: str, one: _Kept) -> None:
        licence = getattr(one, "licence", None)
        if kind in {"divisions", "users"} and licence not in self._all["licences"]:
            raise WorldError(f"There is no licence {licence}.")


def read(kind: str, given: Mapping[str, object]) -> _Kept:
    """Build one from JSON. Raises WorldError with one line for whoever wrote it."""
    wanted = _KINDS[kind]
    unknown = sorted(set(given) - {known.name for known in fields(wanted)})
    if unknown:
        raise WorldError(f"Of {kind}, none has a field {', '.join(unknown)}.")
    for (of, name), choices in _CHOICES.items():
        if of == kind and name in given and given[name] not in choices:
            raise WorldError(f"{name} is one of {', '.join(map(str, choices))}.")
    ready: dict[str, Any] = {name: _tuples(value) for name, value in given.items()}
    _demand_types(wanted, ready)
    try:
        if isinstance(ready.get("denials"), tuple):
            ready["denials"] = tuple(_denial(one) for one in ready["denials"])
        built = wanted(**ready)
    except TypeError as wrong:
        raise WorldError(f"One of {kind} lacks a field: {wrong}.") from wrong
    if isinstance(built, App):
        return replace(built, client_id=built.client_id.lower())
    return built


def _demand_types(wanted: type[_Kept], ready: Mapping[str, object]) -> None:
    hints = get_type_hints(wanted)
    for name, value in ready.items():
        kind = hints[name]
        is_optional = value is None and name == "divisions"
        expected = kind if kind in {int, str, bool} else tuple
        if type(value) is not expected and not is_optional and not isinstance(value, StrEnum):
            raise WorldError(f"{name} is a {expected.__name__.replace('tuple', 'list')}.")


def _denial(given: object) -> Denial:
    if isinstance(given, Denial):
        return given
    if not isinstance(given, dict):
        raise WorldError("A denial is an object with endpoint, action and division.")
    return Denial(**given)


def _tuples(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value
