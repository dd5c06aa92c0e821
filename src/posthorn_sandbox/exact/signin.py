"""`/api/oauth2/…` and the sign-in page: who lets which app into which administrations."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, parse_qsl, quote, unquote, urlencode, urlsplit

from posthorn_sandbox.exact import pages
from posthorn_sandbox.exact.house import House
from posthorn_sandbox.exact.tokens import Consent, TokenError
from posthorn_sandbox.exact.wire import Call, Reply
from posthorn_sandbox.exact.world import App, User, UserStatus

AUTH = "/api/oauth2/auth"
TOKEN = "/api/oauth2/token"  # noqa: S105  an address
LOGIN = "/docs/Login.aspx"
_COOKIE = "StandInSession"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_JSON = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenAnswer:
    """The answer of the token endpoint, and whose and which kind of call it was."""

    reply: Reply
    user: str | None = None
    grant: str = ""


class SignIn:
    """Sign-in sessions, consent and tokens."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._sessions: dict[str, str] = {}

    def session_user(self, call: Call) -> User | None:
        """Return who is signed in on this browser."""
        for part in call.headers.get("cookie", "").split(";"):
            name, _, value = part.strip().partition("=")
            if name == _COOKIE and value in self._sessions:
                return self._house.world.users.get(self._sessions[value])
        return None

    def login(self, call: Call) -> Reply:
        """Show the sign-in page, or sign in and go where the browser wanted to."""
        if call.method != "POST":
            wanted = dict(parse_qsl(call.query)).get("ReturnUrl", "/")
            return page(pages.login(list(self._house.world.users), wanted))
        given = dict(parse_qsl(call.body.decode("utf-8", "replace")))
        return_to = given.get("ReturnUrl", "/")
        user = self._house.world.users.get(given.get("user", ""))
        is_right = user is not None and hmac.compare_digest(
            user.password.encode(), given.get("password", "").encode()
        )
        if user is None or not is_right or user.status != UserStatus.ACTIVE:
            said = "The user name or the password is wrong, or the user is blocked."
            return page(pages.login(list(self._house.world.users), return_to, said), 401)
        session = secrets.token_urlsafe(24)
        self._sessions[session] = user.name
        # A path of our own only: nobody is sent elsewhere by a link.
        is_own = return_to.startswith("/") and not return_to.startswith("//")
        cookie = f"{_COOKIE}={session}; Path=/; HttpOnly; SameSite=Lax"
        return _redirect(return_to if is_own else "/", (("Set-Cookie", cookie),))

    def authorise(self, call: Call) -> Reply:
        """Take an app's request: ask to sign in, then to agree, then go back with a code."""
        asked = dict(parse_qsl(call.query, keep_blank_values=True))
        app = self._house.world.app(asked.get("client_id", ""))
        complaint = self._complaint(app, asked)
        if app is None or complaint:
            return page(pages.error("Access is not possible", complaint), 400)
        if self._house.switches.auto_consent:
            return self._agree_at_once(app, asked)
        user = self.session_user(call)
        if user is None or (asked.get("force_login") == "1" and call.method == "GET"):
            rest = urlencode(asked | {"force_login": "0"})
            return page(pages.login(list(self._house.world.users), f"{AUTH}?{rest}"))
        if call.method == "POST":
            return self._decide(app, user, asked, call.body)
        shown = self._house.world.seen_by(user)
        action = f"{AUTH}?{urlencode(asked | {'force_login': '0'})}"
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(asked["redirect_uri"]))
        return page(pages.consent(app.name, user.full_name, shown, action), forms=origin)

    def token(self, call: Call) -> TokenAnswer:
        """Answer the token endpoint."""
        form = dict(parse_qsl(call.body.decode("utf-8", "replace"), keep_blank_values=True))
        grant = form.get("grant_type", "")
        app = self._client(call, form)
        if app is None or call.method != "POST":
            return TokenAnswer(
                reply=_refusal(TokenError(status=400, error="invalid_request")), grant=grant
            )
        try:
            issued = self._issued(app, grant, form)
        except TokenError as refused:
            return TokenAnswer(reply=_refusal(refused), grant=grant)
        holder = self._house.tokens.holder(issued["access_token"])
        reply = Reply(
            body=json.dumps(issued, separators=(",", ":")).encode(),
            media_type=_JSON,
            headers=(("Cache-Control", "no-store"),),
        )
        return TokenAnswer(reply=reply, user=holder.user if holder else None, grant=grant)

    def _issued(self, app: App, grant: str, form: Mapping[str, str]) -> dict[str, str]:
        tokens = self._house.tokens
        if grant == "authorization_code":
            code, redirect = form.get("code", ""), form.get("redirect_uri", "")
            return tokens.exchange(app.client_id, code, redirect)
        if grant == "refresh_token":
            return tokens.refresh(app.client_id, form.get("refresh_token", ""))
        raise TokenError(status=400, error="unsupported_grant_type")

    def _complaint(self, app: App | None, asked: Mapping[str, str]) -> str:
        redirect = asked.get("redirect_uri", "")
        if app is None:
            return "The client_id is not known here."
        if redirect not in app.redirect_uris:
            return "The redirect_uri is not exactly one that is registered."
        parts = urlsplit(redirect)
        is_near = parts.scheme != "https" or parts.hostname in _LOOPBACK
        if is_near and not self._house.switches.loopback_redirects:
            return "The redirect_uri must be https and publicly valid (switch loopback_redirects)."
        if asked.get("response_type") != "code":
            return "The response_type is not code."
        return ""

    def _agree_at_once(self, app: App, asked: Mapping[str, str]) -> Reply:
        users = self._house.world.users
        wanted = asked.get("login_hint") or self._house.switches.auto_consent_user
        user = users.get(wanted) if wanted else next(iter(users.values()), None)
        if user is None:
            return page(pages.error("Access is not possible", f"There is no user {wanted}."), 400)
        return self._back(app, user, asked, None)

    def _decide(self, app: App, user: User, asked: Mapping[str, str], body: bytes) -> Reply:
        given = parse_qs(body.decode("utf-8", "replace"))
        if given.get("decision") != ["allow"]:
            return _redirect(_returned(asked, {"error": "access_denied"}))
        if given.get("scope") == ["all"]:
            return self._back(app, user, asked, None)
        ticked = given.get("division", [])
        seen = self._house.world.seen_by(user)
        return self._back(
            app, user, asked, tuple(one.code for one in seen if str(one.code) in ticked)
        )

    def _back(
        self, app: App, user: User, asked: Mapping[str, str], divisions: tuple[int, ...] | None
    ) -> Reply:
        consent = Consent(
            client_id=app.client_id,
            user=user.name,
            redirect_uri=asked["redirect_uri"],
            divisions=divisions,
        )
        code = self._house.tokens.write_code(consent)
        return _redirect(_returned(asked, {"code": code}))

    def _client(self, call: Call, form: Mapping[str, str]) -> App | None:
        """Return the app that shows its secret, in the form or as HTTP Basic."""
        client_id, secret = form.get("client_id", ""), form.get("client_secret", "")
        scheme, _, sent = call.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "basic":
            client_id, secret = _basic(sent)
        app = self._house.world.app(client_id)
        if app is None or not hmac.compare_digest(app.client_secret.encode(), secret.encode()):
            return None
        return app


def page(text: str, status: int = 200, *, forms: str = "") -> Reply:
    """Return a page of the stand-in; `forms` is where its form may lead besides here."""
    # A browser applies form-action to the redirect that answers a form, too.
    policy = (
        "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action 'self' {forms}"
    )
    headers = (
        ("Content-Security-Policy", policy.strip()),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Cache-Control", "no-store"),
    )
    return Reply(
        status=status, body=text.encode(), media_type="text/html; charset=utf-8", headers=headers
    )


def _returned(asked: Mapping[str, str], said: Mapping[str, str]) -> str:
    values = dict(said) | ({"state": asked["state"]} if "state" in asked else {})
    # The code's `!` is sent as %21 (Exact's OAuth page).
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in values.items())
    redirect = asked["redirect_uri"]
    return f"{redirect}{'&' if '?' in redirect else '?'}{query}"


def _redirect(to: str, headers: tuple[tuple[str, str], ...] = ()) -> Reply:
    return Reply(status=302, headers=(("Location", to), ("Cache-Control", "no-store"), *headers))


def _refusal(refused: TokenError) -> Reply:
    said = {"error": refused.error}
    if refused.description:
        said["error_description"] = refused.description
    headers = (("Reason", refused.reason),) if refused.reason else ()
    body = json.dumps(said, separators=(",", ":")).encode()
    return Reply(status=refused.status, body=body, media_type=_JSON, headers=headers)


def _basic(text: str) -> tuple[str, str]:
    try:
        pair = base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    client_id, _, secret = pair.partition(":")
    return unquote(client_id), unquote(secret)
