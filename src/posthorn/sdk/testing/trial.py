"""One declared variant and kind against a stand-in of its own, and what every test does with it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from posthorn.sdk.connector import Connector, Context, Document, Prepared, Receipt
from posthorn.sdk.errors import Outcome, RateLimited, Unavailable, Uncertain
from posthorn.sdk.fields import Field, validate
from posthorn.sdk.kinds import Kind
from posthorn.sdk.problems import variants_of
from posthorn.sdk.spec import Capability, Idempotency
from posthorn.sdk.testing.documents import sample
from posthorn.sdk.testing.package import FakePackage
from posthorn.sdk.testing.seams import MemoryLog, MemoryProgress

KEY = "01900000-0000-7000-8000-00000000c0de"
_TRIES = 6


def demand(condition: object, why: str) -> None:
    """Fail the test with a sentence for the author of the connector."""
    if not condition:
        raise AssertionError(why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One declared variant, kind and capability, with a stand-in package of its own."""

    settings: Mapping[str, str]
    kind: Kind
    capability: Capability
    fake: FakePackage
    context: Context
    log: MemoryLog

    def contents(self) -> list[tuple[str, bytes]]:
        """Return key and bytes of each document the package holds, oldest first."""
        return [(one.key, one.content) for one in self.fake.stored()]


class Trying:
    """What a case names, and how its tests try the connector."""

    connector: ClassVar[type[Connector]]
    fake: ClassVar[Callable[[], FakePackage]]
    settings: ClassVar[Mapping[str, str]] = {}
    package: ClassVar[str] = ""
    """The connector's package with its texts; empty: the one its class is in."""

    def document(self, kind: Kind, document_format: str) -> Document:
        """Return a document to deliver; override where the made-up samples do not suit."""
        return sample(kind, document_format)

    def key_there(self, key: str) -> str:
        """Return how our key reads in the package; override where it is kept in a shorter form."""
        return key

    def own_package(self) -> str:
        """Return the connector's package, with its texts."""
        if self.package:
            return self.package
        module = self.connector.__module__
        is_package = hasattr(sys.modules[module], "__path__")
        return module if is_package else module.rpartition(".")[0]

    def _trials(self) -> Iterator[Trial]:
        """Yield every declared variant and kind, each against an empty package."""
        for variant in variants_of(self.connector.spec):
            settings = self._validated({**self.settings, **variant})
            for kind, capability in self.connector().capabilities(settings).items():
                yield self._trial(settings, kind, capability)

    def _http_trials(self) -> Iterator[Trial]:
        """Yield the trials of a connector that declares hosts to reach; none for the others."""
        if self.connector.spec.hosts:
            yield from self._trials()

    def _validated(self, settings: Mapping[str, str]) -> Mapping[str, str]:
        return validate(self._fields(), settings, starts=settings)

    def _fields(self) -> tuple[Field, ...]:
        return (*self.connector.spec.firm_settings, *self.connector.spec.client_settings)

    def _trial(self, settings: Mapping[str, str], kind: Kind, capability: Capability) -> Trial:
        fake, log = type(self).fake(), MemoryLog()
        context = replace(fake.context(settings), progress=MemoryProgress(), log=log)
        return Trial(
            settings=settings, kind=kind, capability=capability, fake=fake, context=context, log=log
        )

    def _renewed(self, trial: Trial) -> Trial:
        return self._trial(trial.settings, trial.kind, trial.capability)

    def _document(self, trial: Trial, document_format: str = "") -> Document:
        return self.document(trial.kind, document_format or min(trial.capability.formats))

    def _prepare(self, trial: Trial, document: Document, key: str = KEY) -> Prepared:
        return self.connector().prepare(trial.context, document, key=key)

    def _deliver(self, trial: Trial, document: Document) -> Receipt:
        return self.connector().deliver(trial.context, self._prepare(trial, document))

    def _outcome(self, trial: Trial, arrange: Callable[[FakePackage], None]) -> Outcome | None:
        """Return what a delivery comes to when the package was arranged to fail it."""
        prepared = self._prepare(trial, self._document(trial))
        arrange(trial.fake)
        return outcome_of(lambda: self.connector().deliver(trial.context, prepared))

    def _settle(self, trial: Trial, context: Context, prepared: Prepared) -> Receipt:
        """Deliver as the engine does: look after an unknown outcome, go on from what is recorded.

        Raises AssertionError when it does not end.
        """
        connector, is_unknown = self.connector(), False
        looks = trial.capability.idempotency is Idempotency.LOOKUP
        for _ in range(_TRIES):
            found = connector.find(context, prepared) if is_unknown and looks else None
            if found is not None:
                return found
            try:
                return connector.deliver(context, prepared)
            except Uncertain:
                is_unknown = True
            except (Unavailable, RateLimited):
                continue
        raise AssertionError(f"{trial.kind} was not delivered in {_TRIES} tries")


def outcome_of(attempt: Callable[[], object]) -> Outcome | None:
    """Return the outcome an attempt raised, None when it raised none."""
    try:
        attempt()
    except Outcome as outcome:
        return outcome
    return None
