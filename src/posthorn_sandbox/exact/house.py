"""Everything one stand-in holds, and a visit to it: who calls, for which administration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from posthorn_sandbox.exact.clock import Clock, wall_ms
from posthorn_sandbox.exact.limits import ErrorBudget, Windows
from posthorn_sandbox.exact.odata.schema import Row
from posthorn_sandbox.exact.seed import seed
from posthorn_sandbox.exact.settings import StandInSettings
from posthorn_sandbox.exact.shelves import Shelves
from posthorn_sandbox.exact.store import Store
from posthorn_sandbox.exact.switches import Switches
from posthorn_sandbox.exact.texts import Text, say
from posthorn_sandbox.exact.tokens import Tokens
from posthorn_sandbox.exact.world import App, Division, User, World


class Refusal(Exception):  # noqa: N818  what the service answers, not what went wrong here
    """Answer this status, text and `Reason` header."""

    def __init__(
        self, status: int, text: Text | None = None, *, name: str = "", reason: str = ""
    ) -> None:
        super().__init__(status, text)
        self.status = status
        self.text = text
        self.name = name
        self.reason = reason

    def said(self, language: str) -> str | None:
        """Return what to say in a language; None where the body is empty."""
        return None if self.text is None else say(self.text, language, self.name)


class Maker(Protocol):
    """Makes rows of one resource."""

    def create(self, visit: Visit, given: Mapping[str, object]) -> Row:
        """Make a row. Raises Refusal."""


class House:
    """The state of one stand-in: its world, clock, tokens, limits, switches and what arrived."""

    def __init__(self, settings: StandInSettings) -> None:
        self.settings = settings
        self.base = ""
        self.store = Store(settings.file)
        self.clock = Clock()
        kept = self.store.table("state")
        # What the command line says counts again after a restart.
        self._switches = Switches().changed(kept.get("switches", {})).changed(_said(settings))
        if "clock" in kept:
            self.clock.restore(kept["clock"])
        self.world = World.load(self.store)
        if self.world.is_empty:
            seed(self.world, settings.registered())
        self.tokens = Tokens(self.store, self.now, lambda: self.switches)
        self.windows = Windows(self.store, self.now, lambda: self.switches)
        self.errors = ErrorBudget(self.now, lambda: self.switches)
        self.shelves = Shelves(self.store)
        self.makers: dict[str, Maker] = {}

    @property
    def switches(self) -> Switches:
        """The switches as they stand."""
        return self._switches

    def switch(self, given: Mapping[str, object]) -> None:
        """Change some switches. Raises SwitchError."""
        self._switches = self._switches.changed(given)
        self.store.put("state", "switches", self._switches.as_json())

    def keep_clock(self) -> None:
        """Remember how the clock is set."""
        self.store.put("state", "clock", self.clock.as_json())

    def now(self) -> float:
        """Tell the time."""
        return self.clock.now()

    def shown_now(self) -> float:
        """Tell the time that answers show: the clock's, and the skew."""
        return self.now() + self.switches.clock_skew_s


def _said(settings: StandInSettings) -> dict[str, object]:
    usual = Switches().as_json()
    said = settings.switches.as_json()
    return {name: _listed(value) for name, value in said.items() if value != usual[name]}


def _listed(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One call of the data interface: who, with which app, for which administration."""

    house: House
    app: App
    user: User
    division: Division
    consented: tuple[int, ...] | None
    options: Mapping[str, str]

    @property
    def wall_ms(self) -> int:
        """The site's wall time, as dates show it."""
        return wall_ms(self.house.shown_now())

    @property
    def api_root(self) -> str:
        """The address below which this administration's resources are."""
        return f"{self.house.base}/api/v1/{self.division.code}"

    def may_see(self, division: Division) -> bool:
        """Tell whether the user sees an administration and the consent covers it."""
        seen = self.user.divisions
        is_seen = seen is None or division.code in seen
        return is_seen and (self.consented is None or division.code in self.consented)
