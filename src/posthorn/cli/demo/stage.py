"""Plays the demonstration once Django is set up: documents all the way, then what they came to."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.conf import settings

from posthorn.cli.demo import arrivals as steps
from posthorn.cli.demo import verdict
from posthorn.cli.demo.exact import administrations
from posthorn.cli.demo.firm import set_up_firm
from posthorn.cli.demo.outcomes import outcomes_of
from posthorn.cli.demo.report import Arrived, Result, show, tell_verdict, tell_where
from posthorn.cli.demo.returned import give_back
from posthorn.cli.demo.sign_in import bind_clients
from posthorn.cli.demo.trials import ask_trials, asked_trials
from posthorn.connections.signing import PATH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from posthorn.cli.demo.arrivals import Arrival
    from posthorn.cli.demo.firm import DemoFirm
    from posthorn.cli.demo.mailboxes import Mail
    from posthorn.cli.demo.outcomes import Outcome
    from posthorn.cli.demo.place import Place
    from posthorn.cli.demo.samples import Samples
    from posthorn.cli.desk import Desk
    from posthorn.delivery.queries.trials import TrialRow

Look = Callable[[], object]


class Stage:
    """One demonstration: what it is made of, where it runs, and the processes it looks after."""

    def __init__(self, desk: Desk, samples: Samples, place: Place, look: Look) -> None:
        self._desk = desk
        self._samples = samples
        self._place = place
        self._look = look

    def play(self, started: float, *, is_check: bool) -> bool:
        """Do it all and show it; tells whether everything is where it belongs."""
        firm, arrivals = self._bring_through()
        outcomes = outcomes_of(firm.id, arrivals)
        mails = _to_packages(self._place.mailboxes.mails(), firm)
        arrived = Arrived(
            mails=[one for one in mails if not one.is_test],
            tests=[one for one in mails if one.is_test],
            booked=self._place.exact.booked(),
            administrations=administrations(self._samples.clients),
        )
        result = Result(
            firm=firm,
            arrived=arrived,
            outcomes=outcomes,
            seconds=time.monotonic() - started,
            problems=_problems(arrived, outcomes, asked_trials(firm)) if is_check else None,
        )
        show(self._desk.output, self._place, result, self._samples.clients)
        if result.problems is None:
            tell_where(self._desk.output, self._place, firm)
            return True
        tell_verdict(self._desk.output, result.problems, len(outcomes))
        return not result.problems

    def _bring_through(self) -> tuple[DemoFirm, list[Arrival]]:
        """Set the firm up, take documents in, have them read, release them, have them sent."""
        output, actor = self._desk.output, self._desk.actor
        clients, total = len(self._samples.clients), len(self._samples.documents)
        with output.progress("Firm and clients") as bar:
            firm = set_up_firm(self._samples, actor, lambda done: bar(done, clients))
        with output.progress("Documents taken in") as bar:
            arrivals = steps.take_in(
                firm, self._samples.documents, actor, lambda done: bar(done, total)
            )
        steps.await_open("The stand-in mail server", self._place.mailboxes.is_open, self._look)
        steps.await_open("The stand-in for Exact Online", self._place.exact.is_open, self._look)
        self._place.exact.prepare(self._samples.clients, f"{self._place.site[:-1]}{PATH}")
        bind_clients(firm, self._samples, self._place.exact, actor)
        with output.progress("Documents read") as bar:
            steps.await_reading(firm, total, self._look, bar)
        steps.release_all(firm, arrivals, actor)
        ask_trials(firm, actor)
        with output.progress("Documents sent") as bar:
            steps.await_sending(firm, self._look, bar)
        give_back(self._place.mailboxes.mails(), arrivals)
        steps.await_open("A test mail", lambda: _are_over(asked_trials(firm)), self._look)
        steps.await_open("The site", self._place.is_site_up, self._look)
        return firm, arrivals


def _to_packages(mails: Sequence[Mail], firm: DemoFirm) -> list[Mail]:
    """Leave out what people are told: their notices come to the same stand-in."""
    return [mail for mail in mails if mail.recipients != (firm.email,)]


def _are_over(trials: Sequence[TrialRow]) -> bool:
    return not any(one.is_under_way for one in trials)


def _problems(
    arrived: Arrived, outcomes: Sequence[Outcome], trials: Sequence[TrialRow]
) -> list[str]:
    return [
        *verdict.mail_problems(arrived.mails, outcomes),
        *verdict.trial_problems(arrived.tests, trials),
        *verdict.exact_problems(arrived.booked, outcomes, arrived.administrations),
        *verdict.row_problems(outcomes),
        *verdict.installation_problems(settings.POSTHORN.lease),
    ]
