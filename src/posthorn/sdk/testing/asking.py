"""What the questions promise: they only read, and their answers can be used."""

from __future__ import annotations

from collections.abc import Callable
from unittest import SkipTest

from posthorn.sdk.fields import Field, RemoteChoice, Resolved
from posthorn.sdk.matches import CODE, MATCHES_MAX, Match
from posthorn.sdk.spec import OAuth2
from posthorn.sdk.testing.trial import Trial, Trying, demand

CHOICES_MAX = 500
_NONSENSE = "\u2603 no code at all"


class Asking(Trying):
    """Tests of `check`, `choices`, `matches`, `account` and `status`."""

    def test_check_only_reads(self) -> None:
        """Checking a connection says who we are and changes nothing there."""
        for trial in self._trials():
            answer = self.connector().check(trial.context)
            demand(answer.strip(), "check does not say who we are connected as")
            _demand_untouched(trial, "check")

    def test_choices_are_few_and_only_read(self) -> None:
        """A list to choose from has at most 500 options, each once and with a label."""
        fields = self._of_type(RemoteChoice, "the connector declares no remote choice")
        for trial in self._trials():
            for one in fields:
                options = list(self.connector().choices(trial.context, one.id))
                values = [value for value, _ in options]
                demand(options, f"{one.id!r} has no option in the stand-in")
                demand(len(options) <= CHOICES_MAX, f"{one.id!r} has {len(options)} options")
                demand(len(set(values)) == len(values), f"{one.id!r} has an option twice")
                sound = all(value.strip() and label.strip() for value, label in options)
                demand(sound, f"{one.id!r} has an option without a value or a label")
            _demand_untouched(trial, "choices")

    def test_matches_name_what_is_typed_and_only_read(self) -> None:
        """Nothing typed gives all; a code gives what it names; nonsense gives nothing."""
        fields = self._of_type(Resolved, "the connector declares no setting to be looked up")
        for trial in self._trials():
            for one in fields:
                ask = self._asking(trial, one)
                listed = ask("")
                self._demand_sound(one, listed)
                for match in listed:
                    typed = [found.value for found in ask(match.facts.get(CODE, ""))]
                    demand(match.value in typed, f"its own code does not name {match.value!r}")
                demand(not ask(_NONSENSE), f"{one.id!r} takes anything for a code")
            _demand_untouched(trial, "matches")

    def test_account_names_one_and_the_same(self) -> None:
        """Who signed in has an id that is the same every time, and a name."""
        if not isinstance(self.connector.spec.auth, OAuth2):
            raise SkipTest("nobody signs in to this package")
        for trial in self._trials():
            first = self.connector().account(trial.context)
            second = self.connector().account(trial.context)
            demand(first.id.strip() and first.name.strip(), "the account has no id or no name")
            demand(first.id == second.id, f"the account is {first.id!r}, then {second.id!r}")
            _demand_untouched(trial, "account")

    def test_status_only_reads(self) -> None:
        """Asking what became of a document changes nothing there."""
        trials = [trial for trial in self._trials() if trial.capability.reports_status]
        if not trials:
            raise SkipTest("the connector declares no status")
        for trial in trials:
            receipt = self._deliver(trial, self._document(trial))
            writes, held = trial.fake.writes(), trial.contents()
            self.connector().status(trial.context, receipt)
            is_same = (trial.fake.writes(), trial.contents()) == (writes, held)
            demand(is_same, "status changed something there")

    def _of_type(self, wanted: type[Field], why: str) -> list[Field]:
        fields = [one for one in self._fields() if isinstance(one, wanted)]
        if not fields:
            raise SkipTest(why)
        return fields

    def _asking(self, trial: Trial, one: Field) -> Callable[[str], list[Match]]:
        return lambda typed: list(self.connector().matches(trial.context, one.id, typed))

    def _demand_sound(self, one: Field, listed: list[Match]) -> None:
        values = [match.value for match in listed]
        demand(listed, f"{one.id!r} has nothing to choose from in the stand-in")
        demand(len(values) <= MATCHES_MAX, f"{one.id!r} lists {len(values)}")
        demand(len(set(values)) == len(values), f"{one.id!r} lists something twice")
        sound = all(match.value.strip() and match.label.strip() for match in listed)
        demand(sound, f"{one.id!r} lists something without a value or a name")


def _demand_untouched(trial: Trial, what: str) -> None:
    demand(trial.fake.writes() == 0, f"{what} made a call that can change something")
    demand(not trial.fake.stored(), f"{what} left a document there")
