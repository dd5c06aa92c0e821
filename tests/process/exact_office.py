"""The connector over a real line, signed in at a stand-in; a loop stands for the engine."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx

from posthorn.connections.exchange import Exchange, HttpTerms
from posthorn.connections.http import Caller, GuardedHttp, KeyLogin
from posthorn.connections.reach import reach_of
from posthorn.connectors.exact_online.connector import ExactOnline
from posthorn.connectors.exact_online.tests.offices import settings
from posthorn.kernel.clock import now
from posthorn.sdk import Context, Document, Kind, Outcome, Prepared, Receipt, Unavailable, Uncertain
from posthorn.sdk.testing import MemoryLog, MemoryProgress, sample
from posthorn_sandbox.exact import StandIn, StandInSettings, Switches
from tests.crash.exact import ask
from tests.invoices import invoice_with_pdf
from tests.process.exact_desk import TRUST

COMPANY = "5000000"
_TRIES = 12
_NOBODY = UUID(int=0)


@dataclass(slots=True, kw_only=True)
class Office:
    """One signed-in connection and one company; `answer_within_s` is its patience."""

    standin: StandIn
    token: str
    answer_within_s: float = 2.0
    connector: ExactOnline = field(default_factory=ExactOnline)
    exchange: Exchange = field(init=False)

    def __post_init__(self) -> None:
        host = urlsplit(self.standin.base).netloc
        terms = HttpTerms(
            connect_s=2, total_s=self.answer_within_s, allow_private=frozenset({host})
        )
        self.exchange = Exchange(terms)

    def admin(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401  JSON
        """Ask the stand-in's admin surface."""
        return ask(self.standin.admin_url, method, path, body)

    def context(self, **changed: str) -> Context:
        """Return a context of these settings, its memory and progress empty."""
        chosen = settings(**{"company": COMPANY, "link_accounts": "off", **changed})
        spec = self.connector.spec
        terms = self.exchange.terms
        http = GuardedHttp(
            exchange=self.exchange,
            reach=reach_of(spec, chosen, self.standin.base, terms.allow_private),
            caller=Caller(firm=_NOBODY, connection=_NOBODY, connector_id=spec.id, revision=1),
            login=KeyLogin(name="Authorization", value=f"Bearer {self.token}", setting=""),
        )
        return Context(
            settings=chosen,
            http=http,
            mail=_NoMail(),
            progress=MemoryProgress(),
            now=now(),
            log=MemoryLog(),
        )

    def deliver(self, document: Document, *, key: str, **changed: str) -> tuple[Receipt, int]:
        """Deliver as the engine does; gives the receipt and how many tries had no answer.

        Raises any other outcome, and AssertionError when it never ends.
        """
        context = self.context(**changed)
        prepared = self.connector.prepare(context, document, key=key)
        unknowns = 0
        for _ in range(_TRIES):
            try:
                found = self.look(context, prepared) if unknowns else None
            except Unavailable:
                continue  # on a slow machine a question takes too long as well; nothing was sent
            try:
                return found or self.connector.deliver(context, prepared), unknowns
            except Uncertain:
                unknowns += 1
        raise AssertionError(f"{key} was not delivered in {_TRIES} tries")

    def look(self, context: Context, prepared: Prepared) -> Receipt | None:
        """Look twice, as the capability declares; without the waits in between."""
        looks = (self.connector.find(context, prepared) for _ in range(2))
        return next((found for found in looks if found), None)

    def refused(self, document: Document, *, key: str, **changed: str) -> Outcome:
        """Return what a delivery comes to that must not work."""
        try:
            self.deliver(document, key=key, **changed)
        except Outcome as outcome:
            return outcome
        raise AssertionError(f"{key} was delivered")


class _NoMail:
    """Stands where no mail is sent."""

    sender = ""

    def check(self) -> Any:  # noqa: ANN401  never answers
        raise AssertionError

    def send(self, message: bytes, **_: object) -> Any:  # noqa: ANN401  never answers
        raise AssertionError(message)


def purchase(number: int) -> Document:
    """Return a valid Peppol BIS invoice with a PDF inside, its number in its bytes."""
    content = invoice_with_pdf(number=f"F{number}")
    return replace(sample(Kind.PURCHASE, "ubl_invoice", content=content), number=f"F{number}")


def digest(content: bytes) -> str:
    """Return the SHA-256 of a file as the stand-in tells it."""
    return hashlib.sha256(content).hexdigest()


@contextmanager
def open_office(**switches: object) -> Iterator[Office]:
    """Open an office whose user is signed in and sees one company, without limits."""
    wanted = {"auto_consent": True, "minute_limit": 1_000_000, "day_limit": 1_000_000}
    chosen = StandInSettings(switches=Switches(**{**wanted, **switches}))  # type: ignore[arg-type]  # by name
    with StandIn(chosen) as standin:
        said = ask(standin.admin_url, "GET", "/where")
        ask(standin.admin_url, "POST", "/divisions", [company(int(COMPANY), 7)])
        office = Office(standin=standin, token=signed_in(standin, said))
        yield office
        office.exchange.close_idle(0)


def company(code: int, hid: int, **changed: object) -> dict[str, object]:
    """Return an administration as the stand-in keeps it."""
    return {
        "code": code,
        "hid": hid,
        "description": f"Klant {code}",
        "licence": "1009001",
        "country": "BE",
        **changed,
    }


def signed_in(standin: StandIn, said: Mapping[str, Any]) -> str:
    """Go the way of a browser and an app; gives the access token."""
    app = {key: said[key] for key in ("client_id", "redirect_uri")}
    with httpx.Client(base_url=standin.base, verify=TRUST) as site:
        asked = site.get("/api/oauth2/auth", params={**app, "response_type": "code"})
        (code,) = parse_qs(urlsplit(asked.headers["location"]).query)["code"]
        form = {"grant_type": "authorization_code", "code": code, **app}
        answer = site.post(
            "/api/oauth2/token", data={**form, "client_secret": said["client_secret"]}
        )
    token: str = answer.json()["access_token"]
    return token
