"""What `prepare` promises: pure, the same every time, and only what is declared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

from posthorn.documents.formats import Format
from posthorn.sdk.connector import Document
from posthorn.sdk.destinations import destination
from posthorn.sdk.errors import Misconfigured, Outcome, Rejected
from posthorn.sdk.kinds import Kind
from posthorn.sdk.testing.seams import NoHttp, NoMail
from posthorn.sdk.testing.trial import KEY, Trial, Trying, demand
from posthorn.sdk.testing.varieties import varieties_of

_STRANGE_FORMAT = "a_format_nobody_declared"


class Preparing(Trying):
    """Tests of `prepare`."""

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

    def test_missing_setting_is_named(self) -> None:
        """Without a setting that a document needs, prepare is Misconfigured and names it."""
        for trial in self._trials():
            for name in self._needed(trial):
                left = {key: value for key, value in trial.settings.items() if key != name}
                bare = replace(trial.context, settings=left)
                outcome = self._raised(replace(trial, context=bare))
                demand(
                    isinstance(outcome, Misconfigured),
                    f"without {name!r} prepare gave {outcome!r}, not Misconfigured",
                )
                named = outcome.field if isinstance(outcome, Misconfigured) else ""
                demand(named == name, f"without {name!r} the field {named!r} was named")

    def test_unusual_documents_are_delivered(self) -> None:
        """Long and foreign names, odd amounts, several files: each arrives once, under our key."""
        for trial in self._trials():
            # An e-invoice where it is taken: into that files can be put.
            ubl = {Format.UBL_INVOICE.value} & trial.capability.formats
            plain = self._document(trial, min(ubl, default=""))
            wanted = self._keys_after(trial, plain)
            for what, document in varieties_of(plain):
                keys = self._keys_after(trial, document)
                demand(keys == wanted, f"{trial.kind} with {what} left {keys} in the package")

    def _keys_after(self, trial: Trial, document: Document) -> list[str]:
        fresh = self._renewed(trial)
        self._deliver(fresh, document)
        return [one.key for one in fresh.fake.stored()]

    def _needed(self, trial: Trial) -> Iterator[str]:
        """Yield the client's settings without which this kind cannot be sent."""
        fields = self.connector.spec.client_settings
        goes_to = destination(fields, trial.settings, trial.kind)
        yield from (one.id for one in fields if one.required and one.id in trial.settings)
        if goes_to is not None:
            yield goes_to.field

    def _raised(self, trial: Trial) -> Exception | None:
        try:
            self._prepare(trial, self._document(trial))
        except Outcome as outcome:
            return outcome
        except Exception as error:  # noqa: BLE001  whatever a strange connector raises is a finding
            return error
        return None

    def _demand_refused(self, trial: Trial, document: Document, what: str) -> None:
        try:
            self._prepare(trial, document)
        except Rejected:
            return
        demand(condition=False, why=f"prepare took {what}")
