"""What stands in writing: the declaration, texts, help, logo, sources; and no secret anywhere."""

from __future__ import annotations

import base64
import re
import traceback
from collections.abc import Iterator
from unittest import SkipTest

from posthorn.documents import DocumentError
from posthorn.documents.xml import parse
from posthorn.sdk.fields import Resolved, Secret, shown
from posthorn.sdk.languages import LANGUAGES
from posthorn.sdk.problems import problems
from posthorn.sdk.testing.package import Cut, FakePackage
from posthorn.sdk.testing.sources import codes_of, faults_of, folder_of
from posthorn.sdk.testing.trial import Trial, Trying, demand, outcome_of
from posthorn.sdk.testing.wire import Wire, answering, refusing
from posthorn.sdk.texts import TextsError, error_texts

_SECRET_MIN_CHARS = 8  # a shorter one could stand in any text by chance
_HEADING = re.compile(r"^#{1,2} \S", re.MULTILINE)
_LIVE = re.compile(rb"<(script|foreignobject|iframe|image)|\bon[a-z]+\s*=|javascript:|\bhref\s*=")
_STRIKES = (refusing(400, b"{}"), refusing(401), refusing(403), refusing(404), refusing(422, b"{}"),
            refusing(429), refusing(503), answering(500), answering(200, b"<html>"))  # fmt: skip


class Written(Trying):
    """Tests of what can be read without running anything, and of what a delivery says."""

    def test_spec_is_complete(self) -> None:
        """Every part of the declaration is there and fits the rest."""
        found = problems(self.connector())
        demand(not found, "the declaration: " + "; ".join(found))

    def test_help_and_logo_are_there(self) -> None:
        """The help says the same under the same headings in every language; the logo is a still."""
        folder = folder_of(self.own_package())
        counts = set()
        for language in LANGUAGES:
            file = folder / f"help.{language}.md"
            demand(file.is_file(), f"there is no {file.name}")
            text = file.read_text("utf-8")
            demand(text.startswith("# "), f"{file.name} does not begin with a title")
            counts.add(len(_HEADING.findall(text)))
        demand(len(counts) == 1, "the help has not the same headings in every language")
        logo = folder / self.connector.spec.logo
        demand(logo.is_file(), f"there is no {logo.name}")
        _demand_still(logo.name, logo.read_bytes())

    def test_every_code_is_explained(self) -> None:
        """What the connector raises or shows stands in errors.toml, in every language."""
        try:
            known = error_texts(self.own_package())
        except TextsError as error:
            raise AssertionError(f"errors.toml: {error}") from error
        declared = {one.none_code for one in self._fields() if isinstance(one, Resolved)}
        unknown = sorted(
            (codes_of(self.own_package()) | declared | self._provoked()) - known.keys()
        )
        demand(not unknown, f"errors.toml does not explain {', '.join(unknown)}")

    def test_sources_leave_waiting_and_calling_to_the_engine(self) -> None:
        """No sleep, thread, line or Django of its own; of Posthorn only sdk and documents."""
        found = faults_of(self.own_package())
        demand(not found, "the sources: " + "; ".join(found))

    def test_no_secret_leaks(self) -> None:
        """No secret setting shows in payload, summary, receipt, log or exception."""
        secrets = self._secrets()
        if not secrets:
            raise SkipTest("the connector declares no secret")
        for trial in self._trials():
            for where, text in self._everything_said(trial):
                for name, value in secrets.items():
                    demand(not _holds(text, value), f"the secret {name!r} shows in the {where}")

    def _provoked(self) -> set[str]:
        """Return the codes of what a delivery comes to when it is refused in many ways."""
        found: set[str] = set()
        for trial in self._http_trials():
            prepared = self._prepare(trial, self._document(trial))
            for strike in _STRIKES:
                fresh, wire = self._renewed(trial), Wire(strikes={0: strike})
                context = wire.between(fresh.context)
                outcome = outcome_of(lambda: self.connector().deliver(context, prepared))  # noqa: B023  called at once
                found |= {outcome.code} if outcome else set()
        return found

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


def _demand_still(name: str, logo: bytes) -> None:
    """Demand a picture that runs nothing and fetches nothing."""
    try:
        root = parse(logo).root.name
    except DocumentError as error:
        raise AssertionError(f"{name}: {error}") from error
    demand(root.rpartition("}")[2] == "svg", f"{name} is no SVG")
    demand(not _LIVE.search(logo.lower()), f"{name} runs or fetches something")


def _no_line(fake: FakePackage) -> None:
    fake.cut_line(Cut.BEFORE)


def _no_answer(fake: FakePackage) -> None:
    fake.cut_line(Cut.AFTER)


def _refusal(fake: FakePackage) -> None:
    fake.refuse()


def _holds(text: bytes, secret: str) -> bool:
    plain = secret.encode()
    return plain in text or base64.b64encode(plain).rstrip(b"=") in text
