"""The stand-in's front: which part answers a call, what goes wrong with it, and its record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime

from posthorn_sandbox.exact import pages
from posthorn_sandbox.exact.clock import text_of
from posthorn_sandbox.exact.data import DataInterface
from posthorn_sandbox.exact.downloads import DOC_VIEW, SYS_ATTACHMENT, Downloads
from posthorn_sandbox.exact.faults import FaultPlan, Moment, Step, spoiled
from posthorn_sandbox.exact.house import House
from posthorn_sandbox.exact.journal import Journal
from posthorn_sandbox.exact.resources.register import every_resource, shelves_of
from posthorn_sandbox.exact.signin import AUTH, LOGIN, TOKEN, SignIn, page
from posthorn_sandbox.exact.target import ROOT
from posthorn_sandbox.exact.wire import Call, Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Performed:
    """An answer, and what it was an answer to."""

    reply: Reply
    step: Step


class Front:
    """Answers every call to the stand-in's own port."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.faults = FaultPlan()
        self.journal = Journal(house.settings.journal)
        self.resources = every_resource()
        self.admin_url = ""
        house.makers.update(self.resources)
        house.shelves.load(shelves_of(self.resources))
        self._signin = SignIn(house)
        self._data = DataInterface(house, self.resources, self.faults)
        self._downloads = Downloads(house, self._signin)
        self._routes: dict[str, Callable[[Call], Reply]] = {
            AUTH: self._signin.authorise,
            LOGIN: self._signin.login,
            SYS_ATTACHMENT: self._downloads.answer,
            DOC_VIEW: self._downloads.answer,
            "/style.css": lambda _call: Reply(body=pages.STYLE.encode(), media_type="text/css"),
            "/": lambda _call: page(pages.home(self.admin_url)),
        }

    def answer(self, call: Call) -> Reply:
        """Answer one call."""
        if call.path.startswith(ROOT):
            reply, step = self._data.answer(call)
            if step.division is not None:
                self.journal.begin(call, step.division)
            return self._finished(call, reply, step, latency=True)
        if call.path == TOKEN:
            return self._token(call)
        return self._plain(call)

    def done(self, call: Call) -> None:
        """Note that a call has its answer."""
        self.journal.done(call)

    def _token(self, call: Call) -> Reply:
        step = Step(endpoint="oauth2/token", method=call.method)
        said = [step]

        def perform() -> Reply:
            answered = self._signin.token(call)
            said[0] = replace(step, user=answered.user, note=answered.grant)
            return answered.reply

        reply = spoiled(self.faults.due(step, Moment.BEFORE), (), perform)
        return self._finished(call, reply, said[0])

    def _plain(self, call: Call) -> Reply:
        step = Step(endpoint=call.path.removeprefix("/api/").strip("/"), method=call.method)
        answer = self._routes.get(call.path)
        if answer is None:
            return page(pages.error("Not found", "There is no such page."), 404)
        reply = spoiled(self.faults.due(step, Moment.BEFORE), (), lambda: answer(call))
        return self._finished(call, reply, step)

    def _finished(self, call: Call, reply: Reply, step: Step, *, latency: bool = False) -> Reply:
        """Spoil the answer where that was asked for, and write the call down."""
        if reply.then is not None:
            then = reply.then
            return replace(reply, then=lambda: self._finished(call, then(), step, latency=latency))
        fault = self.faults.due(step, Moment.AFTER)
        reply = reply if fault is None else fault.spoil(reply)
        if latency and self.house.switches.latency_ms:
            wait_s = self.house.switches.latency_ms / 1000
            reply = replace(reply, delay_s=reply.delay_s + wait_s)
        self.journal.add(call, reply, step, at=text_of(self.house.now()))
        self.house.store.commit()
        return replace(reply, headers=(("Date", self._date()), *reply.headers))

    def _date(self) -> str:
        shown = datetime.fromtimestamp(int(self.house.shown_now()), UTC)
        return format_datetime(shown, usegmt=True)
