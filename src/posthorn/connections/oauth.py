"""Speaks with a package's authorisation server: where people go, and what tokens come back."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus, urlencode, urlsplit

from posthorn.connections.exchange import CallFailedError, Outgoing
from posthorn.connections.reach import Reach, origin_of, trusted_origin
from posthorn.kernel.redact import redact
from posthorn.sdk.errors import Misconfigured
from posthorn.sdk.spec import ClientAuth, TokenFault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from posthorn.connections.exchange import Exchange
    from posthorn.connections.sites import Site
    from posthorn.sdk.http import Response
    from posthorn.sdk.spec import OAuth2

_PLACEHOLDER = re.compile(r"\{([^}]*)\}")
_TOKEN = re.compile(r"[!-~]{1,8000}")
_LIFE = re.compile(r"[1-9][0-9]{0,8}")
_USUAL_LIFE_S = 600
_OK = 200
_REFUSED = range(400, 500)
# Not yet, rather than never: RFC 6585 section 4, RFC 9110 sections 15.5.9 and 15.5.14.
_LATER = frozenset({408, 425, 429})
_TEXT_MAX = 500


class Failure(StrEnum):
    """What came of asking for tokens, when none came."""

    STILL_VALID = "still_valid"
    SUPERSEDED = "superseded"
    GONE = "gone"
    REFUSED = "refused"  # it does not know us, or the code: a set-up error
    UNREACHED = "unreached"  # certainly not asked
    UNANSWERED = "unanswered"  # perhaps asked: the refresh token may be used up


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """An access token and what it is refreshed with; the refresh token may be empty."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    life: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class NoTokens:
    """Why no tokens came; `said` is the other side's own words, redacted."""

    failure: Failure
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """One authorisation server: its declaration, our registration there, and the settings."""

    auth: OAuth2
    site: Site
    base: str  # the chosen site's address
    settings: Mapping[str, str] = field(repr=False)

    def authorize_url(self, *, redirect_uri: str, state: str, verifier: str) -> str:
        """Return where a person signs in; `verifier` is used where PKCE is declared."""
        params = {
            "response_type": "code",
            "client_id": self.site.client_id,
            "redirect_uri": redirect_uri,
            "state": state,
            **self.auth.authorize_params,
        }
        if self.auth.scopes:
            params["scope"] = " ".join(self.auth.scopes)
        if self.auth.pkce:
            params |= {"code_challenge": challenge(verifier), "code_challenge_method": "S256"}
        url = self._filled(self.auth.authorize_url)
        return f"{url}{'&' if '?' in url else '?'}{urlencode(params, quote_via=quote)}"

    def place_to_sign_in(self) -> str:
        """Return the server a person signs in at, without a path; empty where a setting says."""
        try:
            return origin_of(urlsplit(self._filled(self.auth.authorize_url))).text
        except ValueError:
            return ""

    def exchange_code(
        self, lines: Exchange, code: str, *, redirect_uri: str, verifier: str
    ) -> Pair | NoTokens:
        """Ask for the first tokens."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
        if self.auth.pkce:
            form["code_verifier"] = verifier
        return self._asked(lines, form, secrets=(code, verifier))

    def refresh(self, lines: Exchange, refresh_token: str) -> Pair | NoTokens:
        """Ask for new tokens; without a new refresh token the old one stays."""
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        found = self._asked(lines, form, secrets=(refresh_token,))
        if isinstance(found, Pair) and not found.refresh and not self.auth.rotating_refresh:
            return Pair(access=found.access, refresh=refresh_token, life=found.life)
        return found

    def revoke(self, lines: Exchange, refresh_token: str) -> NoTokens | None:
        """Have a sign-in ended (RFC 7009); None when it is, or was."""
        form = {"token": refresh_token, "token_type_hint": "refresh_token"}
        response = self._sent(lines, self.auth.revoke_url, form, secrets=(refresh_token,))
        if isinstance(response, NoTokens):
            return response
        refusal = self._refusal(response, (refresh_token,))
        # Section 2.2: a token that is not valid any more is no error.
        is_over = refusal.failure in {Failure.GONE, Failure.SUPERSEDED}
        return None if response.status == _OK or is_over else refusal

    def _asked(
        self, lines: Exchange, form: Mapping[str, str], *, secrets: tuple[str, ...]
    ) -> Pair | NoTokens:
        response = self._sent(lines, self.auth.token_url, form, secrets=secrets)
        if isinstance(response, NoTokens):
            return response
        pair = _pair(response, rotates=self.auth.rotating_refresh)
        return pair if pair is not None else self._refusal(response, secrets)

    def _sent(
        self, lines: Exchange, url: str, form: Mapping[str, str], *, secrets: tuple[str, ...]
    ) -> Response | NoTokens:
        hidden = (*secrets, self.site.client_secret)
        try:
            request = self._request(url, form, lines.terms.allow_private)
            return lines.send(("tokens", self.base, self.site.client_id), request)
        except CallFailedError as failed:
            failure = Failure.UNANSWERED if failed.has_left else Failure.UNREACHED
            return NoTokens(failure=failure, said=redact(failed.detail, hidden, _TEXT_MAX))
        except (Misconfigured, ValueError) as wrong:
            return NoTokens(failure=Failure.REFUSED, said=redact(str(wrong), hidden, _TEXT_MAX))

    def _refusal(self, response: Response, secrets: tuple[str, ...]) -> NoTokens:
        hidden = (*secrets, self.site.client_secret)
        said = redact(f"{response.status} {response.text()}", hidden, _TEXT_MAX)
        return NoTokens(failure=self._meaning(response), said=said)

    def _request(self, url: str, form: Mapping[str, str], allowed: frozenset[str]) -> Outgoing:
        url = self._filled(url)
        origin = trusted_origin(url, allowed)
        reach = Reach(base="", origins=frozenset({origin} if origin else ()))
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        if self.auth.client_auth is ClientAuth.BASIC:
            # RFC 6749, 2.3.1: each part form-encoded before they are joined.
            pair = f"{quote_plus(self.site.client_id)}:{quote_plus(self.site.client_secret)}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        else:
            form = {
                **form,
                "client_id": self.site.client_id,
                "client_secret": self.site.client_secret,
            }
        return Outgoing(
            method="POST",
            address=reach.address(url),
            headers=headers,
            body=urlencode(form).encode("ascii"),
        )

    def _meaning(self, response: Response) -> Failure:
        text = f"{response.status} {response.headers.get('reason', '')} {response.text()}".lower()
        for words, fault in self.auth.token_faults:
            if words in text:
                return _MEANINGS[fault]
        if response.status not in _REFUSED:
            return Failure.UNANSWERED
        if response.status in _LATER:
            return Failure.UNREACHED
        return Failure.GONE if "invalid_grant" in text else Failure.REFUSED

    def _filled(self, url: str) -> str:
        values = {**self.settings, "site": self.base}
        return _PLACEHOLDER.sub(lambda found: values.get(found[1], ""), url)


_MEANINGS = {
    TokenFault.STILL_VALID: Failure.STILL_VALID,
    TokenFault.SUPERSEDED: Failure.SUPERSEDED,
    TokenFault.GONE: Failure.GONE,
}


def challenge(verifier: str) -> str:
    """Return the S256 challenge of a PKCE verifier (RFC 7636, section 4.2)."""
    digest = sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")


def _pair(response: Response, *, rotates: bool) -> Pair | None:
    """Read a token answer; anything that is not wholly one is none."""
    if response.status != _OK:
        return None
    try:
        found = response.json()
    except ValueError:
        return None
    if not isinstance(found, dict):
        return None
    access, refresh = _token(found.get("access_token")), _token(found.get("refresh_token"))
    kind = str(found.get("token_type", "bearer")).lower()
    life = str(found.get("expires_in", _USUAL_LIFE_S))  # Exact writes "600", a text
    if not access or kind != "bearer" or (rotates and not refresh) or not _LIFE.fullmatch(life):
        return None
    return Pair(access=access, refresh=refresh, life=timedelta(seconds=int(life)))


def _token(found: object) -> str:
    """Return what can stand in a header; empty for anything else."""
    return found if isinstance(found, str) and _TOKEN.fullmatch(found) else ""
