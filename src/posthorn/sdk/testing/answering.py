"""What each kind of answer over HTTP comes to, at every write of a delivery."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from unittest import SkipTest
from urllib.parse import urlsplit

from posthorn.sdk.connector import Context, Prepared
from posthorn.sdk.errors import AuthorizationLost, Outcome, RateLimited, Unavailable, Uncertain
from posthorn.sdk.testing.trial import Trial, Trying, demand, outcome_of
from posthorn.sdk.testing.wire import Strike, Wire, answering, refusing

_NO_HOSTS = "the connector declares no host to reach"
_FAILURES = (500, 502, 504)
_PAGE = b"<html><title>Please sign in</title></html>"
# As success, but not what a package says: a page, nothing, half of it, something else.
_UNREADABLE = (b"", _PAGE, b'{"id": "1', b"[]", b"null", b"\xff\xfe")
_DAY = timedelta(days=1)


class Answering(Trying):
    """Tests of what a connector makes of HTTP answers."""

    def test_failing_package_leaves_it_uncertain(self) -> None:
        """A 5xx answer to a write may come after it was carried out."""
        for trial, outcome in self._struck(*(answering(status) for status in _FAILURES)):
            said = f"a failure at {trial.kind} gave {outcome!r}, not Uncertain"
            demand(type(outcome) is Uncertain, said)

    def test_busy_package_is_unavailable(self) -> None:
        """A 503 means that it was not taken, and that waiting helps."""
        for trial, outcome in self._struck(refusing(503)):
            said = f"503 at {trial.kind} gave {outcome!r}, not Unavailable"
            demand(type(outcome) is Unavailable, said)

    def test_unreadable_success_is_uncertain(self) -> None:
        """A success that does not say what was made is no receipt, and no refusal."""
        bodies = {200: _UNREADABLE, 201: (_PAGE,)}
        strikes = [answering(status, body) for status in bodies for body in bodies[status]]
        for trial, outcome in self._struck(*strikes):
            said = f"an unreadable answer at {trial.kind} gave {outcome!r}, not Uncertain"
            demand(type(outcome) is Uncertain, said)

    def test_limit_names_a_time_in_the_next_day(self) -> None:
        """A 429 is RateLimited until an aware time, with Retry-After and without."""
        strikes = (refusing(429), refusing(429, headers={"retry-after": "30"}))
        for trial, outcome in self._struck(*strikes):
            demand(isinstance(outcome, RateLimited), f"429 gave {outcome!r}, not RateLimited")
            if isinstance(outcome, RateLimited):
                wait = outcome.until - trial.context.now
                demand(timedelta() < wait <= _DAY, f"429 makes it wait {wait}")

    def test_refused_login_is_authorization_lost(self) -> None:
        """A 401 asks for a new sign-in, whatever was being done."""
        for trial, outcome in self._struck(refusing(401)):
            said = f"401 at {trial.kind} gave {outcome!r}, not AuthorizationLost"
            demand(isinstance(outcome, AuthorizationLost), said)

    def test_only_declared_hosts_are_called(self) -> None:
        """Every address is of a declared host, or continues the chosen site."""
        self._need_hosts()
        for trial in self._http_trials():
            hosts = {host.format_map(dict(trial.settings)) for host in self.connector.spec.hosts}
            wire = Wire()
            context = wire.between(trial.context)
            self.connector().check(context)
            self.connector().deliver(context, self._prepare(trial, self._document(trial)))
            strange = [url for url in wire.addresses if not _is_declared(url, hosts)]
            demand(not strange, f"it called {strange}, which is no declared host")

    def _need_hosts(self) -> None:
        if not self.connector.spec.hosts:
            raise SkipTest(_NO_HOSTS)

    def _struck(self, *strikes: Strike) -> Iterator[tuple[Trial, Outcome | None]]:
        """Yield what a delivery comes to when each of its writes in turn is struck."""
        self._need_hosts()
        for trial in self._http_trials():
            prepared = self._prepare(trial, self._document(trial))
            clean = Wire()
            self.connector().deliver(clean.between(self._renewed(trial).context), prepared)
            for strike in strikes:
                for number in range(clean.writes):
                    fresh, wire = self._renewed(trial), Wire(strikes={number: strike})
                    yield fresh, outcome_of(self._delivering(wire.between(fresh.context), prepared))

    def _delivering(self, context: Context, prepared: Prepared) -> Callable[[], object]:
        return lambda: self.connector().deliver(context, prepared)


def _is_declared(url: str, hosts: set[str]) -> bool:
    return url.startswith("/") or urlsplit(url).hostname in hosts
