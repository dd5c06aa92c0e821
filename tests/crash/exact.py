"""What tests of the engine before a stand-in Exact Online stand on, and how they are judged."""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urlsplit

from posthorn_sandbox.exact import StandIn, StandInSettings, Switches
from tests.crash.house import NON_FINAL, wait_until
from tests.crash.stage import CALM
from tests.database import empty
from tests.invoices import PDF

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.crash.house import Forked, House
    from tests.database import Database

FIRST_DIVISION = 5_000_000
ANSWER_WITHIN_S = 2.0
"""A worker's patience with the package; a stalled answer comes later."""
UNLIMITED = 1_000_000
BROKEN: Mapping[str, Mapping[str, object]] = {
    "drop": {"action": "drop", "when": "after"},
    "500": {"action": "reply", "when": "after", "status": 500, "body": "<html>oops</html>"},
    "stall": {"action": "stall", "when": "after", "seconds": ANSWER_WITHIN_S + 1},
    "cut": {"action": "cut", "when": "after"},
    "408": {"action": "reply", "when": "after", "status": 408},
    "unseen": {"action": "drop", "when": "before"},
}
"""The ways in which the answer to a write is lost; only the last one has nothing done there."""
_SUPPLIED_AT_ONCE = 500
MOVING = ["queued", "sending", "retrying", "unknown"]
_LEFT = "SELECT count(*) FROM delivery_delivery WHERE state = ANY(%s)"
_DUE = (
    "UPDATE delivery_delivery SET next_at = clock_timestamp() WHERE next_at IS NOT NULL",
    "UPDATE delivery_lane SET next_at = clock_timestamp() WHERE next_at IS NOT NULL",
    "UPDATE connections_connection SET backoff_step = 0, failing_since = NULL, probe_lane = NULL",
    "NOTIFY posthorn_lanes",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a run came to; all but the first three must be 0.

    `calls` counts those for documents and their files, `look_ups` those for suppliers' accounts.
    """

    documents: int
    calls: int
    look_ups: int
    lost: int
    twice: int
    without_file: int
    changed: int
    not_delivered: int

    def __add__(self, other: Judged) -> Judged:
        ours, theirs = asdict(self), asdict(other)
        return Judged(**{name: ours[name] + theirs[name] for name in ours})

    @property
    def complaints(self) -> dict[str, int]:
        """Give the figures that should be 0 and are not."""
        wrong = ("lost", "twice", "without_file", "changed", "not_delivered")
        return {name: getattr(self, name) for name in wrong if getattr(self, name)}


@dataclass(slots=True, kw_only=True)
class ExactStage:
    """A firm signed in at a stand-in, whose client n has an administration of its own."""

    house: House
    standin: StandIn
    firm: str
    clients: Sequence[str]
    with_pdf: bool = False
    digests: dict[str, str] = field(default_factory=dict)

    def supply(self, count: int) -> None:
        """Add valid invoices, one client after the other, and release them."""
        for batch in range(0, count, _SUPPLIED_AT_ONCE):
            self.digests |= self.house.do(
                "supply_invoices",
                firm=self.firm,
                clients=list(self.clients),
                count=min(_SUPPLIED_AT_ONCE, count - batch),
                start=len(self.digests),
                with_pdf=self.with_pdf,
            )

    def admin(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401  JSON
        """Ask the stand-in's admin surface."""
        return ask(self.standin.admin_url, method, path, body)

    def worker(self, pace: Mapping[str, float] = CALM, **arguments: object) -> Forked:
        """Start a worker."""
        return self.house.worker(pace, **arguments)

    def let_time_pass(self) -> None:
        """Make due what waits for a later moment."""
        for statement in _DUE:
            self.house.change(statement)

    def finish(self, *, within_s: float) -> None:
        """Let every wait end at once until nothing is on its way."""
        end = time.monotonic() + within_s
        while not self.is_over:
            # The last one may end between the two questions.
            assert self.house.one(_LEFT, MOVING) > 0 or self.is_over, self.house.plight()
            assert time.monotonic() < end, self.house.plight()
            self.let_time_pass()
            wait_until(lambda: self.is_over, within_s=0.25)

    @property
    def is_over(self) -> bool:
        """Whether nothing is on its way any more."""
        return bool(self.house.one(_LEFT, NON_FINAL) == 0)

    def judged(self) -> Judged:
        """Compare what was released with what stands in the administrations."""
        found = self.admin("GET", "/documents")
        by_key = Counter(one["subject"].rpartition("[")[2] for one in found)
        files = [file["sha256"] for one in found for file in one["files"]]
        wanted, there = Counter(self.digests.values()), Counter(files)
        if self.with_pdf:
            wanted[hashlib.sha256(PDF).hexdigest()] += len(self.digests)
        states = self.house.rows("SELECT state, count(*) AS n FROM delivery_delivery GROUP BY 1")
        delivered = sum(row["n"] for row in states if row["state"] == "delivered")
        counted = Counter[str]()
        for call in self.admin("GET", "/totals")["by_call"]:
            counted[call["endpoint"].partition("/")[0]] += call["count"]
        return Judged(
            documents=len(self.digests),
            calls=counted["documents"],
            look_ups=counted["crm"],
            lost=len(self.digests) - len(by_key),
            twice=sum(by_key.values()) - len(by_key),
            without_file=sum(len(one["files"]) <= self.with_pdf for one in found),
            changed=(wanted - there).total() + (there - wanted).total(),
            not_delivered=len(self.digests) - delivered,
        )


def ask(address: str, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401  JSON
    """Call a server on this machine and read its JSON."""
    line = HTTPConnection(urlsplit(address).netloc, timeout=30)
    try:
        line.request(method, path, json.dumps(body) if body is not None else None)
        answer = line.getresponse()
        content = answer.read()
        assert answer.status < 400, content  # HTTP's own border
        return json.loads(content) if content else None
    finally:
        line.close()


@contextmanager
def set_exact_stage(
    lent: tuple[House, Database],
    *,
    clients: int = 1,
    switches: Switches | None = None,
    journal: int = 10_000,
    with_pdf: bool = False,
) -> Iterator[ExactStage]:
    """Set a stage; what runs is killed and every row removed afterwards.

    `journal` is how many calls the stand-in remembers; `with_pdf` sends each invoice's PDF too.
    """
    house, database = lent
    with open_site(house, divisions=clients, switches=switches, journal=journal) as standin:
        said = ask(standin.admin_url, "GET", "/where")
        scene = house.do(
            "set_exact_scene",
            divisions=list(range(FIRST_DIVISION, FIRST_DIVISION + clients)),
            tokens=_signed_in(standin, said),
            app=said["client_id"],
            with_pdf=with_pdf,
        )
        try:
            yield ExactStage(house=house, standin=standin, with_pdf=with_pdf, **scene)
        finally:
            house.end_children()
            empty(database)


@contextmanager
def open_site(
    house: House, *, divisions: int, switches: Switches | None = None, journal: int = 10_000
) -> Iterator[StandIn]:
    """Run a stand-in with so many administrations, which a house's workers know; no limits."""
    wanted = switches or Switches(minute_limit=UNLIMITED, day_limit=UNLIMITED)
    codes = range(FIRST_DIVISION, FIRST_DIVISION + divisions)
    with StandIn(StandInSettings(switches=wanted, journal=journal)) as standin:
        said = ask(standin.admin_url, "GET", "/where")
        ask(standin.admin_url, "POST", "/divisions", [_division(code) for code in codes])
        ask(standin.admin_url, "PATCH", "/switches", {"auto_consent": True})
        house.env = {
            "allow_private": [urlsplit(standin.base).netloc],
            "http_timeout": ANSWER_WITHIN_S,
            "sites": {
                "exact_online.be": {
                    "client_id": said["client_id"],
                    "client_secret": said["client_secret"],
                    "base": standin.base,
                }
            },
        }
        yield standin


def hid_of(code: int) -> int:
    """Give the company code of an administration."""
    return 1_000 + code - FIRST_DIVISION


def _division(code: int) -> dict[str, object]:
    return {
        "code": code,
        "hid": hid_of(code),
        "description": f"Client {code}",
        "licence": "1009001",
        "country": "BE",
    }


def _signed_in(standin: StandIn, said: Mapping[str, Any]) -> dict[str, Any]:
    """Go the way of a browser and an app: consent, the code, the tokens."""
    asked = {
        "client_id": said["client_id"],
        "redirect_uri": said["redirect_uri"],
        "response_type": "code",
        "state": "s",
    }
    place = urlsplit(standin.base).netloc
    line = HTTPConnection(place, timeout=30)
    line.request("GET", f"/api/oauth2/auth?{urlencode(asked)}")
    answer = line.getresponse()
    answer.read()
    (code,) = parse_qs(urlsplit(answer.headers["Location"]).query)["code"]
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": said["redirect_uri"],
        "client_id": said["client_id"],
        "client_secret": said["client_secret"],
    }
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    line.request("POST", "/api/oauth2/token", urlencode(form), kind)
    found: dict[str, Any] = json.loads(line.getresponse().read())
    line.close()
    return found
