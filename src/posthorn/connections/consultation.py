"""Lets a connector answer one question outside a delivery: it only reads, within ten seconds."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from django.db import connection

from posthorn.connections.calling import hasty_lines
from posthorn.connections.context import mailer_for, make_context, operators_terms
from posthorn.connections.logins import connection_http, token_store
from posthorn.connections.mail import Switchboard
from posthorn.connections.memory import Facts, OwnMemory
from posthorn.connections.smtp import Times
from posthorn.kernel.clock import now
from posthorn.sdk.errors import Outcome, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from posthorn.connections.http import Caller, Login
    from posthorn.connections.mail import Terms
    from posthorn.connections.registry import Loaded
    from posthorn.sdk.connector import Connector, Context

_log = logging.getLogger(__name__)

LIMIT_S = 10.0
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Which package is asked, and with which settings; `proven` are the firm's own mail domains.

    `login` is who signed in just now, before there is a connection. Questions about one subject
    share what the package said: it is asked anew for each subject.
    """

    loaded: Loaded
    settings: Mapping[str, str] = field(repr=False)
    caller: Caller
    proven: Collection[str] = ()
    facts: Facts = field(default_factory=Facts)
    login: Login | None = None


def consult(
    subject: Subject, ask: Callable[[Connector, Context], Answer], *, limit_s: float = LIMIT_S
) -> Answer:
    """Return the answer; call it outside any transaction, it asks the network.

    Raises one of the six outcomes; Unavailable where there is no answer in time.
    """
    # Somebody else may have signed in a moment ago, through another process.
    token_store().forget(subject.caller.connection)
    return within_limit(lambda: _answered(subject, ask, limit_s), limit_s)


class NoProgress:
    """A question makes no calls worth remembering."""

    def record(self, step: str, remote_id: str) -> None:
        """Refuse: a question only reads."""
        raise RuntimeError(f"A question recorded {step} as {remote_id}; it may only read.")

    def recorded(self, step: str) -> None:
        """Return nothing."""
        del step


def _answered(
    subject: Subject, ask: Callable[[Connector, Context], Answer], limit_s: float
) -> Answer:
    loaded, settings = subject.loaded, subject.settings
    lines = hasty_lines(limit_s)
    context = make_context(
        loaded,
        settings,
        progress=NoProgress(),
        now=now(),
        mail=mailer_for(settings, Switchboard(_hasty(limit_s)), subject.proven),
        http=connection_http(loaded, settings, subject.caller, login=subject.login, lines=lines),
    )
    memory = OwnMemory(owner=str(subject.caller.connection), facts=subject.facts)
    try:
        return ask(loaded.connector, replace(context, memory=memory))
    except Outcome:
        raise
    # Foreign code: a bug in it must read as one, and name the connector.
    except Exception as error:  # noqa: BLE001
        _log.error("%s failed when asked: %s", loaded.label, type(error).__name__)
        raise Unavailable("internal_error", detail=type(error).__name__) from None
    finally:
        lines.close_idle(0.0)


def _hasty(limit_s: float) -> Terms:
    terms = operators_terms()
    times = Times(
        connect_s=min(terms.times.connect_s, limit_s),
        reply_s=min(terms.times.reply_s, limit_s),
        accept_s=min(terms.times.accept_s, limit_s),
    )
    return replace(terms, times=times, concurrency=1)


def within_limit(ask: Callable[[], Answer], limit_s: float) -> Answer:
    """Run in a thread of its own: it ends by its own time-outs when nobody waits any more."""
    answer: Future[Answer] = Future()

    def work() -> None:
        try:
            answer.set_result(ask())
        except BaseException as error:  # noqa: BLE001  carried over to the waiting thread
            answer.set_exception(error)
        finally:
            connection.close()  # what counts calls opened one for this thread

    threading.Thread(target=work, name="connection-check", daemon=True).start()
    try:
        return answer.result(timeout=limit_s)
    except TimeoutError:
        raise Unavailable("check_timeout") from None
