"""What `deliver` and `find` promise: exactly one, under our key, whole, and none of it kept."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from unittest import SkipTest

from posthorn.sdk.connector import Connector, Prepared, Receipt
from posthorn.sdk.errors import Rejected, Unavailable, Uncertain
from posthorn.sdk.spec import Idempotency
from posthorn.sdk.testing import kept
from posthorn.sdk.testing.package import Cut
from posthorn.sdk.testing.seams import MemoryProgress
from posthorn.sdk.testing.trial import KEY, Trial, Trying, demand
from posthorn.sdk.testing.wire import Strike, Wire, cut_after, cut_before

_CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
OTHER_KEY = "01900000-0000-7000-8000-00000000face"


class Sending(Trying):
    """Tests of `deliver` and `find`."""

    def kept(self) -> Sequence[Prepared]:
        """Return what releases prepared, as it was stored, from the folder beside the case."""
        return list(kept.read(self._kept_folder()))

    def keep(self) -> Iterator[Path]:
        """Keep what this release prepares of each kind and variant; gives the files."""
        for number, trial in enumerate(self._trials()):
            prepared = self._prepare(trial, self._document(trial))
            name = f"{self.connector.spec.version}-{number}-{trial.kind}"
            yield kept.write(self._kept_folder(), name, prepared)

    def _kept_folder(self) -> Path:
        return Path(inspect.getfile(type(self))).parent / "kept"

    def test_one_delivery_stores_exactly_one(self) -> None:
        """After one delivery the package holds one document, and the receipt names it."""
        for trial in self._trials():
            for document_format in sorted(trial.capability.formats):
                fresh = self._renewed(trial)
                receipt = self._deliver(fresh, self._document(fresh, document_format))
                names = [one.remote_id for one in fresh.fake.stored()]
                demand(len(names) == 1, f"one delivery stored {len(names)} documents")
                demand(receipt.remote_id == names[0], f"{receipt.remote_id!r} is not {names[0]!r}")

    def test_key_reaches_the_package(self) -> None:
        """Whoever looks into the package finds our key with the document, each under its own."""
        for trial in self._trials():
            wanted = [self.key_there(key) for key in (KEY, OTHER_KEY)]
            for key in (KEY, OTHER_KEY):
                prepared = self._prepare(trial, self._document(trial), key)
                own = replace(trial.context, progress=MemoryProgress())
                self.connector().deliver(own, prepared)
            keys = [one.key for one in trial.fake.stored()]
            demand(keys == wanted, f"the package holds {keys}, not our keys {wanted}")

    def test_second_delivery_is_recognised(self) -> None:
        """The declared idempotency is true of the package.

        NATIVE: it keeps one. LOOKUP: `find` finds it. NONE: the copy is byte-identical and has the
        same key, so that a person can see what it is.
        """
        for trial in self._trials():
            prepared = self._prepare(trial, self._document(trial))
            receipt = self.connector().deliver(trial.context, prepared)
            idempotency = trial.capability.idempotency
            if idempotency is Idempotency.LOOKUP:
                self._demand_found(trial, prepared, receipt)
            elif idempotency is Idempotency.NATIVE:
                self._demand_honoured(trial, prepared, receipt)
            else:
                self._demand_visible_copy(trial, prepared)

    def test_find_sees_nothing_where_nothing_is(self) -> None:
        """LOOKUP: an empty package, and another document's key, are seen as nothing."""
        trials = list(self._lookup_trials())
        if not trials:
            raise SkipTest("the connector declares no look-up")
        for trial in trials:
            prepared = self._prepare(trial, self._document(trial))
            demand(self._found(trial, prepared) is None, "find found something in an empty package")
            other = self._prepare(trial, self._document(trial), OTHER_KEY)
            self.connector().deliver(replace(trial.context, progress=MemoryProgress()), other)
            demand(self._found(trial, prepared) is None, "find took another document for ours")
            demand(len(trial.fake.stored()) == 1, "find left a document there")

    def test_broken_call_ends_in_one_whole_delivery(self) -> None:
        """The line breaks at any one call: in the end the package holds all of it, once.

        Where nobody can tell (NONE), it must therefore be one call.
        """
        for trial in self._trials():
            whole, count = self._clean(trial)
            if trial.capability.idempotency is Idempotency.NONE:
                demand(count == 1, f"{trial.kind} takes {count} calls, and nobody can look it up")
            for number in range(count):
                for strike in self._strikes(trial):
                    self._demand_whole(self._renewed(trial), whole, number, strike)

    def test_no_line_is_unavailable_and_stores_nothing(self) -> None:
        """When nothing left the machine the outcome says so."""
        for trial in self._trials():
            outcome = self._outcome(trial, lambda fake: fake.cut_line(Cut.BEFORE))
            demand(type(outcome) is Unavailable, f"no line gave {outcome!r}, not Unavailable")
            demand(not trial.fake.stored(), "no line, and yet something is stored")

    def test_lost_answer_is_uncertain(self) -> None:
        """When it may have been taken the outcome says so."""
        for trial in self._trials():
            outcome = self._outcome(trial, lambda fake: fake.cut_line(Cut.AFTER))
            demand(type(outcome) is Uncertain, f"a lost answer gave {outcome!r}, not Uncertain")

    def test_refusal_is_rejected_with_a_code(self) -> None:
        """A refusal of the document is Rejected with a lower_snake code."""
        for trial in self._trials():
            outcome = self._outcome(trial, lambda fake: fake.refuse())
            demand(isinstance(outcome, Rejected), f"a refusal gave {outcome!r}, not Rejected")
            code = outcome.code if outcome else ""
            demand(_CODE.fullmatch(code), f"{code!r} is not a lower_snake code")
            demand(not trial.fake.stored(), "a refused document is stored")

    def test_two_deliveries_at_once_keep_apart(self) -> None:
        """While one delivery is under way, another one of the same connector runs to its end."""
        connector = self.connector()
        for trial in self._trials():
            other, alone = self._renewed(trial), (self._renewed(trial), self._renewed(trial))
            first = self._prepare(trial, self._document(trial))
            second = self._prepare(other, self._document(other), OTHER_KEY)
            for one, prepared in zip(alone, (first, second), strict=True):
                connector.deliver(one.context, prepared)
            wire = Wire(meanwhile=_delivering(connector, other, second))
            connector.deliver(wire.between(trial.context), first)
            is_same = [one.contents() for one in (trial, other)] == [
                one.contents() for one in alone
            ]
            demand(is_same, "two deliveries at once left something else than one after the other")

    def test_connector_keeps_no_state(self) -> None:
        """Nothing of a delivery stays in the connector or its class."""
        connector = self.connector()
        before = (dict(vars(connector)), dict(vars(self.connector)))
        for trial in self._trials():
            prepared = connector.prepare(trial.context, self._document(trial), key=KEY)
            connector.deliver(trial.context, prepared)
            connector.check(trial.context)
        after = (dict(vars(connector)), dict(vars(self.connector)))
        demand(before == after, "the connector changed itself by delivering")

    def test_what_was_prepared_earlier_is_still_delivered(self) -> None:
        """Bytes that an older release prepared are sent as they are, once, under their key."""
        earlier = list(self.kept())
        demand(earlier, "keep what this release prepares: python -m posthorn.sdk.testing … --keep")
        for prepared in earlier:
            trial = next(self._trials())
            self.connector().deliver(trial.context, prepared)
            keys = [key for key, _ in trial.contents()]
            said = f"what was prepared earlier left {keys} in the package"
            demand(keys == [self.key_there(prepared.key)], said)

    def _lookup_trials(self) -> Iterator[Trial]:
        for trial in self._trials():
            if trial.capability.idempotency is Idempotency.LOOKUP:
                yield trial

    def _found(self, trial: Trial, prepared: Prepared) -> Receipt | None:
        own = replace(trial.context, progress=MemoryProgress())
        return self.connector().find(own, prepared)

    def _demand_found(self, trial: Trial, prepared: Prepared, receipt: Receipt) -> None:
        found = self._found(trial, prepared)
        demand(found, "find does not see what was just delivered")
        name = found.remote_id if found else ""
        demand(name == receipt.remote_id, f"find names {name!r}, not {receipt.remote_id!r}")

    def _demand_honoured(self, trial: Trial, prepared: Prepared, receipt: Receipt) -> None:
        before = len(trial.fake.stored())
        again = self.connector().deliver(trial.context, prepared)
        demand(len(trial.fake.stored()) == before, "the package took the same key twice")
        named = {again.remote_id, again.duplicate_of}
        demand(receipt.remote_id in named, "the second receipt does not name the first document")

    def _demand_visible_copy(self, trial: Trial, prepared: Prepared) -> None:
        self.connector().deliver(trial.context, prepared)
        first, second = trial.fake.stored()[0], trial.fake.stored()[-1]
        demand(first.content == second.content, "the second copy differs from the first")
        demand(first.key == second.key, "the second copy has another key")

    def _clean(self, trial: Trial) -> tuple[list[tuple[str, bytes]], int]:
        """Return what an undisturbed delivery leaves there, and how many writes it takes."""
        fresh, wire = self._renewed(trial), Wire()
        prepared = self._prepare(fresh, self._document(fresh))
        self.connector().deliver(wire.between(fresh.context), prepared)
        return fresh.contents(), wire.writes

    def _strikes(self, trial: Trial) -> Iterator[Strike]:
        yield cut_before()
        if trial.capability.idempotency is not Idempotency.NONE:
            yield cut_after()

    def _demand_whole(
        self, trial: Trial, whole: list[tuple[str, bytes]], number: int, strike: Strike
    ) -> None:
        prepared = self._prepare(trial, self._document(trial))
        wire = Wire(strikes={number: strike})
        self._settle(trial, wire.between(trial.context), prepared)
        where = f"{trial.kind}, line broken at write {number + 1}"
        demand(trial.contents() == whole, f"{where}: the package holds something else than all")


def _delivering(connector: Connector, trial: Trial, prepared: Prepared) -> Callable[[], None]:
    def deliver() -> None:
        receipt = connector.deliver(trial.context, prepared)
        demand(receipt.remote_id, "the delivery in between gave no receipt")

    return deliver
