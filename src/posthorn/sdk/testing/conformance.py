"""The twelve promises of a connector, each a test that some broken connector fails alone."""

from __future__ import annotations

import base64
import re
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from typing import ClassVar
from unittest import SkipTest

from posthorn.sdk.connector import Connector, Context, Document, Prepared, Receipt
from posthorn.sdk.errors import Outcome, Rejected, Unavailable, Uncertain
from posthorn.sdk.fields import Field, Secret, shown, validate
from posthorn.sdk.kinds import Kind
from posthorn.sdk.problems import problems, variants_of
from posthorn.sdk.spec import Capability, Idempotency
from posthorn.sdk.testing.documents import sample
from posthorn.sdk.testing.package import Cut, FakePackage
from posthorn.sdk.testing.seams import MemoryLog, MemoryProgress, NoHttp, NoMail

KEY = "01900000-0000-7000-8000-00000000c0de"
_CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_SECRET_MIN_CHARS = 8  # a shorter one could stand in any text by chance
_STRANGE_FORMAT = "a_format_nobody_declared"


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


class Conformance:
    """Inherit in a test class and name the connector, its stand-in package and its settings.

    `settings` holds the firm's and the client's in one mapping, every secret among them.
    """

    connector: ClassVar[type[Connector]]
    fake: ClassVar[Callable[[], FakePackage]]
    settings: ClassVar[Mapping[str, str]] = {}

    def document(self, kind: Kind, document_format: str) -> Document:
        """Return a document to deliver; override where the made-up samples do not suit."""
        return sample(kind, document_format)

    def key_there(self, key: str) -> str:
        """Return how our key reads in the package; override where it is kept in a shorter form."""
        return key

    def test_spec_is_complete(self) -> None:
        """Every part of the declaration is there and fits the rest."""
        found = problems(self.connector())
        demand(not found, "the declaration: " + "; ".join(found))

    def test_prepare_is_pure_and_deterministic(self) -> None:
        """The same input gives the same result, later and without a network."""
        for trial in self._trials():
            document = self._document(trial)
            first = self._prepare(trial, document)
            http, mail = NoHttp(), NoMail(sender=trial.context.mail.sender)
            later = trial.context.now + timedelta(days=3)
            alone = replace(trial.context, http=http, mail=mail, now=later)
            second = self.connector().prepare(alone, document, key=KEY)
            demand(first == second, f"prepare gave two results for one {trial.kind}")
            demand(not http.calls and not mail.calls, "prepare used the network")

    def test_undeclared_kind_is_refused(self) -> None:
        """A kind or a format that is not declared is Rejected by prepare."""
        for trial in self._trials():
            declared = self.connector().capabilities(trial.settings)
            own = self._document(trial)
            strange = [replace(own, format=_STRANGE_FORMAT)]
            strange += [replace(own, kind=kind) for kind in Kind if kind not in declared]
            for document in strange:
                self._demand_refused(trial, document, f"{document.kind} as {document.format}")

    def test_too_large_file_is_refused(self) -> None:
        """One byte more than declared is Rejected by prepare, not by the package."""
        for trial in self._trials():
            for document_format in sorted(trial.capability.formats):
                own = self._document(trial, document_format)
                content = own.content.ljust(trial.capability.max_bytes + 1)
                too_large = replace(own, content=content, sha256=sha256(content).hexdigest())
                self._demand_refused(trial, too_large, f"{len(too_large.content)} bytes")

    def test_check_only_reads(self) -> None:
        """Checking a connection says who we are and changes nothing there."""
        for trial in self._trials():
            answer = self.connector().check(trial.context)
            demand(answer.strip(), "check does not say who we are connected as")
            demand(trial.fake.writes() == 0, "check made a call that can change something")
            demand(not trial.fake.stored(), "check left a document there")

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
        """Whoever looks into the package finds our key with the document."""
        for trial in self._trials():
            self._deliver(trial, self._document(trial))
            keys = [one.key for one in trial.fake.stored()]
            wanted = self.key_there(KEY)
            demand(keys[:1] == [wanted], f"the package holds {keys}, not our key {wanted!r}")

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

    def test_no_secret_leaks(self) -> None:
        """No secret setting shows in payload, summary, receipt, log or exception."""
        secrets = self._secrets()
        if not secrets:
            raise SkipTest("the connector declares no secret")
        for trial in self._trials():
            for where, text in self._everything_said(trial):
                for name, value in secrets.items():
                    demand(not _holds(text, value), f"the secret {name!r} shows in the {where}")

    def _trials(self) -> Iterator[Trial]:
        """Yield every declared variant and kind, each against an empty package."""
        for variant in variants_of(self.connector.spec):
            settings = self._validated({**self.settings, **variant})
            for kind, capability in self.connector().capabilities(settings).items():
                yield self._trial(settings, kind, capability)

    def _validated(self, settings: Mapping[str, str]) -> Mapping[str, str]:
        fields = self._fields()
        return validate(fields, settings, starts=settings)

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

    def _prepare(self, trial: Trial, document: Document) -> Prepared:
        return self.connector().prepare(trial.context, document, key=KEY)

    def _deliver(self, trial: Trial, document: Document) -> Receipt:
        return self.connector().deliver(trial.context, self._prepare(trial, document))

    def _outcome(self, trial: Trial, arrange: Callable[[FakePackage], None]) -> Outcome | None:
        """Return what a delivery comes to when the package was arranged to fail it."""
        prepared = self._prepare(trial, self._document(trial))
        arrange(trial.fake)
        try:
            self.connector().deliver(trial.context, prepared)
        except Outcome as outcome:
            return outcome
        return None

    def _demand_refused(self, trial: Trial, document: Document, what: str) -> None:
        try:
            self._prepare(trial, document)
        except Rejected:
            return
        demand(condition=False, why=f"prepare took {what}")

    def _demand_found(self, trial: Trial, prepared: Prepared, receipt: Receipt) -> None:
        found = self.connector().find(trial.context, prepared)
        demand(found, "find does not find what was delivered")
        demand(found and found.remote_id == receipt.remote_id, "find finds another document")

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

    def _secrets(self) -> dict[str, str]:
        visible = shown(self._fields(), self.settings)
        names = [one.id for one in visible if isinstance(one, Secret)]
        missing = [name for name in names if len(self.settings.get(name, "")) < _SECRET_MIN_CHARS]
        demand(not missing, f"give the kit a longer value for {missing}")
        return {name: self.settings[name] for name in names}

    def _everything_said(self, trial: Trial) -> Iterator[tuple[str, bytes]]:
        """Yield what a delivery writes down when it works, and when it fails in three ways."""
        prepared = self._prepare(trial, self._document(trial))
        yield "payload", prepared.payload
        yield "summary", f"{prepared!r}{dict(prepared.summary)}{dict(prepared.envelope)}".encode()
        yield "receipt", repr(self.connector().deliver(trial.context, prepared)).encode()
        yield "log", repr(trial.log.notes).encode()
        for arrange in (_no_line, _no_answer, _refusal):
            failing = self._renewed(trial)
            outcome = self._outcome(failing, arrange)
            yield "exception", "".join(traceback.format_exception(outcome)).encode()
            yield "exception", repr(vars(outcome) if outcome else "").encode()
            yield "log", repr(failing.log.notes).encode()


def _no_line(fake: FakePackage) -> None:
    fake.cut_line(Cut.BEFORE)


def _no_answer(fake: FakePackage) -> None:
    fake.cut_line(Cut.AFTER)


def _refusal(fake: FakePackage) -> None:
    fake.refuse()


def _holds(text: bytes, secret: str) -> bool:
    plain = secret.encode()
    return plain in text or base64.b64encode(plain).rstrip(b"=") in text
