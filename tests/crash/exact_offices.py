"""Many firms, each signed in with an account of its own at one stand-in Exact Online."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from posthorn_sandbox.exact.settings import REDIRECT_URI
from tests.crash.exact import FIRST_DIVISION, ExactStage, hid_of, open_site
from tests.database import empty

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.crash.house import House
    from tests.database import Database

_LIFE_S = 600
_MINUTE_S = 60
_OPEN_WITHIN_S = 300
_TOKENS = "oauth2/token"
_OLDER = (
    "UPDATE connections_grant SET issued_at = issued_at - make_interval(secs => %s),"
    " expires_at = expires_at - make_interval(secs => %s),"
    " refreshed_at = refreshed_at - make_interval(secs => %s)"
)


@dataclass(slots=True, kw_only=True)
class Offices(ExactStage):
    """Firms with one client each; a firm's account sees the client's administration only."""

    offices: Sequence[dict[str, str]] = field(default_factory=list)

    def supply(self, count: int) -> None:
        """Add `count` valid invoices for each firm's client and release them."""
        self.digests |= self.house.do(
            "supply_offices", offices=list(self.offices), each=count, start=len(self.digests)
        )

    def sign_in_again(self) -> None:
        """Have every firm sign in once more."""
        self.house.do("sign_in_again", offices=list(self.offices), env=self.house.env)


def let_tokens_expire(stage: ExactStage) -> None:
    """Let the life of every access token pass, here and there."""
    stage.house.change(_OLDER, _LIFE_S, _LIFE_S, _LIFE_S)
    stage.admin("POST", "/clock", {"advance_s": _LIFE_S})


def let_minute_pass(stage: ExactStage) -> None:
    """Let the minute pass in which an application may make no more calls, here and there."""
    stage.house.change("UPDATE delivery_budget SET minute_ends = clock_timestamp()")
    stage.admin("POST", "/clock", {"advance_s": _MINUTE_S})


def token_calls(stage: ExactStage) -> int:
    """Count the calls for tokens so far."""
    totals = stage.admin("GET", "/totals")["by_call"]
    return sum(call["count"] for call in totals if call["endpoint"].startswith(_TOKENS))


@contextmanager
def open_offices(lent: tuple[House, Database], *, offices: int) -> Iterator[Offices]:
    """Open so many firms; what runs is killed and every row removed afterwards."""
    house, database = lent
    with open_site(house, divisions=offices) as standin:
        site = urlsplit(REDIRECT_URI)
        house.env["public_url"] = f"{site.scheme}://{site.netloc}"
        stage = Offices(house=house, standin=standin, firm="", clients=[])
        users = {code: _user(code) for code in range(FIRST_DIVISION, FIRST_DIVISION + offices)}
        stage.admin("POST", "/users", [_known(user, code) for code, user in users.items()])
        try:
            stage.offices = house.start(
                "open_offices", users=list(users.values()), env=house.env
            ).answer(_OPEN_WITHIN_S)
            yield stage
        finally:
            house.end_children()
            empty(database)


def _user(code: int) -> dict[str, object]:
    return {"name": f"user.{code}", "divisions": [code], "hid": hid_of(code)}


def _known(user: dict[str, object], code: int) -> dict[str, object]:
    own = {key: user[key] for key in ("name", "divisions")}
    return {**own, "password": "sandbox", "licence": "1009001", "current_division": code}
