"""A small client of the stand-in for Exact Online: signs in, calls, and asks its admin surface."""

from __future__ import annotations

import base64
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from posthorn_sandbox.exact import StandIn, StandInSettings, Switches

DIVISION = 3400123
OTHER_DIVISION = 3400124
DUTCH, FRENCH, ENGLISH = "an.maes", "luc.dubois", "els.peeters"
DOCUMENTS = "documents/Documents"
ATTACHMENTS = "documents/DocumentAttachments"
NOON = "2026-11-20T12:00:10+00:00"
# Reading the machine's authorities takes longer than most tests here.
TRUST = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
JSON = {"Accept": "application/json"}


@dataclass(kw_only=True)
class Desk:
    """A running stand-in and a client for each of its ports."""

    standin: StandIn
    site: httpx.Client
    admin: httpx.Client
    said: dict[str, Any]
    token: str = ""

    def app(self) -> dict[str, str]:
        """Give the app's id and secret, as a form takes them."""
        return {key: self.said[key] for key in ("client_id", "client_secret")}

    def code(self, user: str = ENGLISH, **asked: str) -> str:
        """Ask for a code that is agreed to at once."""
        wanted = {
            "client_id": self.said["client_id"],
            "redirect_uri": self.said["redirect_uri"],
            "response_type": "code",
            "login_hint": user,
        }
        answer = self.site.get("/api/oauth2/auth", params=wanted | asked)
        assert answer.status_code == 302
        return parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]

    def exchange(self, code: str, **changed: str) -> httpx.Response:
        """Ask for the tokens of a code."""
        form = {"grant_type": "authorization_code", "code": code} | self.app()
        form["redirect_uri"] = self.said["redirect_uri"]
        return self.site.post("/api/oauth2/token", data=form | changed)

    def refresh(self, token: str) -> httpx.Response:
        """Ask for a new pair."""
        form = {"grant_type": "refresh_token", "refresh_token": token} | self.app()
        return self.site.post("/api/oauth2/token", data=form)

    def sign_in(self, user: str = ENGLISH) -> dict[str, str]:
        """Sign in and use that token from now on; gives the pair."""
        answer = self.exchange(self.code(user))
        assert answer.status_code == 200, answer.text
        pair: dict[str, str] = answer.json()
        self.token = pair["access_token"]
        return pair

    def call(  # noqa: PLR0913  what a request is made of
        self,
        method: str,
        path: str,
        *,
        division: int = DIVISION,
        json: object = None,
        content: bytes | None = None,
        params: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        """Call the data interface with the token in use."""
        place = path if path.startswith(("/", "http")) else f"/api/v1/{division}/{path}"
        return self.site.request(
            method,
            place,
            json=json,
            content=content,
            params=params,
            headers=JSON | {"Authorization": f"Bearer {self.token}"} | (headers or {}),
        )

    def get(self, path: str, *, division: int = DIVISION, **options: object) -> httpx.Response:
        """Read, with query options by their names without the dollar."""
        asked = {f"${name}": str(value) for name, value in options.items()}
        return self.call("GET", path, division=division, params=asked or None)

    def results(self, path: str, **options: object) -> list[dict[str, Any]]:
        """Give the rows of a list that fits on a page."""
        asked = {f"${name}": str(value) for name, value in options.items()}
        answer = self.call("GET", path, params=asked or None)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["d"]["results"]
        return found

    def post(
        self,
        path: str,
        values: dict[str, Any],
        *,
        division: int = DIVISION,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        """Create."""
        return self.call("POST", path, division=division, json=values, headers=headers)

    def document(self, subject: str = "Invoice 1", **values: object) -> dict[str, Any]:
        """Create a document and give it as answered."""
        answer = self.post(DOCUMENTS, {"Subject": subject, "Type": 20} | values)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()["d"]
        return made

    def attach(self, document: str, content: bytes, name: str = "invoice.xml") -> httpx.Response:
        """Attach a file."""
        encoded = base64.b64encode(content).decode()
        values = {"Document": document, "FileName": name, "Attachment": encoded}
        return self.post(ATTACHMENTS, values)

    def ask(self, path: str) -> Any:  # noqa: ANN401  whatever JSON it tells
        """Ask the admin surface."""
        answer = self.admin.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def tell(self, method: str, path: str, values: object = None) -> Any:  # noqa: ANN401  as above
        """Change something by the admin surface."""
        answer = self.admin.request(method, path, json=values)
        assert answer.status_code in {200, 201, 204}, answer.text
        return answer.json() if answer.content else None

    def switch(self, **switches: object) -> None:
        """Set switches."""
        self.tell("PATCH", "/switches", switches)

    def advance(self, seconds: float) -> None:
        """Skip some time."""
        self.tell("POST", "/clock", {"advance_s": seconds})

    def fault(self, **fault: object) -> None:
        """Arm a fault."""
        self.tell("POST", "/faults", fault)


@contextmanager
def desk(settings: StandInSettings | None = None) -> Iterator[Desk]:
    """Run a stand-in that agrees at once, at noon; nobody has signed in."""
    usual = StandInSettings(switches=Switches(auto_consent=True))
    with (
        StandIn(settings or usual) as standin,
        httpx.Client(base_url=standin.base, timeout=10, verify=TRUST) as site,
        httpx.Client(base_url=standin.admin_url, timeout=10, verify=TRUST) as admin,
    ):
        lent = Desk(standin=standin, site=site, admin=admin, said=standin.said())
        lent.tell("POST", "/clock", {"now": NOON})
        yield lent
