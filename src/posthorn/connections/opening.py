"""Opens a line to a relay: connects, secures it and logs in, each failure with its outcome."""

from __future__ import annotations

import base64
import ssl
from contextlib import contextmanager
from typing import TYPE_CHECKING

from posthorn.connections.relays import Endpoint, LineSecurity
from posthorn.connections.smtp import ClosingError, Line, LineLostError, Reply, Times
from posthorn.sdk.errors import AuthorizationLost, Misconfigured, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_CONTINUE = 334


class TooManyLinesError(Exception):
    """The relay answered 421 to a new connection; `said` holds its words."""

    def __init__(self, said: str) -> None:
        self.said = said
        super().__init__(said)


def open_line(
    endpoint: Endpoint, addresses: Sequence[str], *, times: Times, trust: ssl.SSLContext
) -> Line:
    """Connect, secure the line and log in.

    Raises Unavailable, Misconfigured, AuthorizationLost, TooManyLinesError.
    """
    line = Line(endpoint.host, times, _secrets(endpoint))
    try:
        with _opening():
            _greet(line, endpoint, addresses, trust)
            if endpoint.username:
                _log_in(line, endpoint)
    except BaseException:
        line.close()
        raise
    return line


@contextmanager
def _opening() -> Iterator[None]:
    try:
        yield
    except ClosingError as closing:
        raise TooManyLinesError(closing.said) from None
    except ssl.SSLCertVerificationError as error:
        raise Misconfigured(
            "certificate_refused", field="relay_host", detail=error.verify_message
        ) from None
    except ssl.SSLError as error:
        if error.reason == "WRONG_VERSION_NUMBER":
            raise Misconfigured("tls_missing", field="relay_security") from None
        raise Unavailable("relay_unreachable", detail=f"TLS failed: {error.reason}") from None
    except LineLostError as lost:
        raise Unavailable("relay_unreachable", detail=str(lost)) from None


def _greet(line: Line, endpoint: Endpoint, addresses: Sequence[str], trust: ssl.SSLContext) -> None:
    is_implicit = endpoint.security is LineSecurity.IMPLICIT
    line.open(addresses, endpoint.port, trust if is_implicit else None)
    _expect(line, line.read_reply(line.times.connect_s))
    _introduce(line)
    if endpoint.security is not LineSecurity.STARTTLS:
        return
    if not line.has_extn("starttls"):
        raise Misconfigured("starttls_missing", field="relay_security")
    reply = line.ask("STARTTLS")
    if reply.is_permanent:
        raise Misconfigured(
            "starttls_missing", field="relay_security", detail=reply.said(line.secrets)
        )
    _expect(line, reply)
    line.secure(trust)
    _introduce(line)


def _introduce(line: Line) -> None:
    code, words = line.ehlo()
    _expect(line, Reply(code=code, lines=tuple(words.split(b"\n"))))


def _expect(line: Line, reply: Reply) -> None:
    if not reply.is_positive:
        raise Unavailable("relay_unreachable", detail=reply.said(line.secrets))


def _log_in(line: Line, endpoint: Endpoint) -> None:
    offered = line.esmtp_features.get("auth", "").upper().split()
    # By hand: smtplib's own login takes ASCII passwords only (Python 3.11, `SMTP.auth`).
    if "PLAIN" in offered:
        reply = line.ask(f"AUTH PLAIN {_plain(endpoint)}")
    elif "LOGIN" in offered:
        reply = _log_in_by_questions(line, endpoint)
    else:
        raise Misconfigured("login_not_offered", field="relay_username")
    if reply.is_temporary:
        raise Unavailable("relay_unreachable", detail=reply.said(line.secrets))
    if not reply.is_positive:
        raise AuthorizationLost(
            "login_refused", field="relay_password", detail=reply.said(line.secrets)
        )


def _log_in_by_questions(line: Line, endpoint: Endpoint) -> Reply:
    reply = line.ask("AUTH LOGIN")
    for answer in (endpoint.username, endpoint.password):
        if reply.code != _CONTINUE:
            break
        reply = line.ask(_encoded(answer))
    return reply


def _plain(endpoint: Endpoint) -> str:
    return _encoded(f"\0{endpoint.username}\0{endpoint.password}")


def _secrets(endpoint: Endpoint) -> list[str]:
    # A relay may repeat what it was told, in the form in which it was told.
    return [endpoint.password, _plain(endpoint)] if endpoint.password else []


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode("utf-8")).decode("ascii")
