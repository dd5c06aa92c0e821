"""Stands between a connector and its stand-in package: counts calls, strikes at one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from posthorn.sdk.connector import Context
from posthorn.sdk.errors import Outcome, Unavailable, Uncertain
from posthorn.sdk.http import Http, Response
from posthorn.sdk.mail import Mailer, MailReply, Quota


@dataclass(frozen=True, slots=True, kw_only=True)
class Strike:
    """What happens to one write: whether the package carries it out, and what is heard of it."""

    said: Response | Outcome
    is_taken: bool

    def answer(self) -> Response:
        """Return what is heard, or raise it."""
        if isinstance(self.said, Outcome):
            raise self.said
        return self.said


def cut_before() -> Strike:
    """Break the line before anything has left."""
    return Strike(said=Unavailable("no_line"), is_taken=False)


def cut_after() -> Strike:
    """Break the line after all of it has arrived."""
    return Strike(said=Uncertain("answer_lost"), is_taken=True)


def refusing(status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Strike:
    """Answer without taking it."""
    said = Response(status=status, body=body, headers=headers or {})
    return Strike(said=said, is_taken=False)


def answering(status: int, body: bytes = b"") -> Strike:
    """Take it, and answer something else than the package does."""
    return Strike(said=Response(status=status, body=body), is_taken=True)


@dataclass(slots=True, kw_only=True)
class Wire:
    """The calls of one delivery; `strikes` are by the number of the write, from 0."""

    strikes: Mapping[int, Strike] = field(default_factory=dict)
    meanwhile: Callable[[], None] | None = None  # done once, while the first call is under way
    writes: int = 0
    addresses: list[str] = field(default_factory=list)
    struck: list[int] = field(default_factory=list)

    def between(self, context: Context) -> Context:
        """Return the context with this wire in it."""
        http = WiredHttp(wire=self, http=context.http)
        return replace(context, http=http, mail=WiredMail(wire=self, mail=context.mail))

    def called(self, address: str) -> None:
        """Note a call, and do meanwhile what was asked for."""
        self.addresses.append(address)
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:
            meanwhile()

    def written(self) -> Strike | None:
        """Count a write and return what is to happen to it."""
        number, self.writes = self.writes, self.writes + 1
        strike = self.strikes.get(number)
        if strike:
            self.struck.append(number)
        return strike


@dataclass(frozen=True, slots=True, kw_only=True)
class WiredHttp:
    """The package's HTTP, seen through the wire."""

    wire: Wire
    http: Http

    @property
    def base(self) -> str:
        """Return the chosen site."""
        return self.http.base

    def read(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        scope: str = "",
    ) -> Response:
        """Pass a question on."""
        self.wire.called(url)
        return self.http.read(url, params=params, headers=headers, scope=scope)

    def write(
        self,
        method: str,
        url: str,
        *,
        body: bytes,
        media_type: str,
        headers: Mapping[str, str] | None = None,
        scope: str = "",
    ) -> Response:
        """Pass a write on, or strike it."""
        self.wire.called(url)
        strike = self.wire.written()
        if strike and not strike.is_taken:
            return strike.answer()
        answer = self.http.write(
            method, url, body=body, media_type=media_type, headers=headers, scope=scope
        )
        return strike.answer() if strike else answer


@dataclass(frozen=True, slots=True, kw_only=True)
class WiredMail:
    """The package's mail, seen through the wire."""

    wire: Wire
    mail: Mailer

    @property
    def sender(self) -> str:
        """Return the sender."""
        return self.mail.sender

    def check(self) -> MailReply:
        """Pass the check on."""
        return self.mail.check()

    def send(
        self,
        message: bytes,
        *,
        sender: str,
        recipient: str,
        envelope_id: str = "",
        quotas: Sequence[Quota] = (),
    ) -> MailReply:
        """Pass a mail on, or strike it."""
        self.wire.called("")
        strike = self.wire.written()
        if strike and not strike.is_taken:
            strike.answer()
        reply = self.mail.send(
            message, sender=sender, recipient=recipient, envelope_id=envelope_id, quotas=quotas
        )
        if strike:
            strike.answer()
        return reply
