"""The admin surface: JSON for programs, a page for people."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from urllib.parse import unquote

from posthorn_sandbox.exact import pages
from posthorn_sandbox.exact.arrivals import Arrivals
from posthorn_sandbox.exact.clock import ClockError, read_time
from posthorn_sandbox.exact.downloads import download
from posthorn_sandbox.exact.faults import Fault, FaultError
from posthorn_sandbox.exact.front import Front
from posthorn_sandbox.exact.house import Refusal
from posthorn_sandbox.exact.requests import (
    AdminError,
    demand_known,
    division_of,
    json_reply,
    listed,
    number_of,
    object_of,
    parsed,
    query_of,
    whole_of,
)
from posthorn_sandbox.exact.resources.register import shelves_of
from posthorn_sandbox.exact.seed import seed
from posthorn_sandbox.exact.seeding import Seeding
from posthorn_sandbox.exact.signin import page
from posthorn_sandbox.exact.switches import SwitchError
from posthorn_sandbox.exact.wire import Call, Reply
from posthorn_sandbox.exact.world import WorldError

_OWN_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
_NOTHING = Reply(status=204)
# As many of each administration as a page shows.
_SHOWN = 50
_WRONG = (FaultError, SwitchError, ClockError, WorldError)

Handle = Callable[[Call, str], Reply]


class Admin:
    """Answers every call to the admin port."""

    def __init__(self, front: Front, said: Callable[[], dict[str, object]]) -> None:
        self._front = front
        self._house = front.house
        self._arrivals = Arrivals(front.house.shelves, front.house.store)
        self._said = said
        self._routes = _routes(self, Seeding(front))

    def answer(self, call: Call) -> Reply:
        """Answer one call."""
        try:
            _demand_own(call)
            reply = self._routed(call)
        except AdminError as wrong:
            reply = json_reply({"error": str(wrong)}, wrong.status)
        except _WRONG as wrong:
            reply = json_reply({"error": str(wrong)}, 400)
        except Refusal as refused:
            reply = json_reply({"error": refused.said("en")}, refused.status)
        self._house.store.commit()
        return reply

    def overview(self, _call: Call, _name: str) -> Reply:
        """Show what arrived per administration."""
        divisions = sorted(self._house.world.divisions.values(), key=lambda one: one.code)
        counts = self._arrivals.counts()
        return page(pages.arrivals(divisions, self._arrivals.newest(_SHOWN), counts))

    def style(self, _call: Call, _name: str) -> Reply:
        """Return the style sheet."""
        return Reply(body=pages.STYLE.encode(), media_type="text/css; charset=utf-8")

    def where(self, _call: Call, _name: str) -> Reply:
        """Return what the first line on stdout said, as it is now."""
        return json_reply(self._said())

    def clock(self, _call: Call, _name: str) -> Reply:
        """Return the time."""
        return json_reply(self._house.clock.as_json())

    def set_clock(self, call: Call, _name: str) -> Reply:
        """Set, advance or speed up the clock."""
        given = object_of(call)
        clock = self._house.clock
        demand_known(given, {"now", "at", "advance_s", "scale"})
        if "scale" in given:
            clock.run(number_of(given["scale"]))
        if "now" in given:
            at = read_time(given["at"]) if "at" in given else None
            clock.set(read_time(given["now"]), at=at)
        if "advance_s" in given:
            clock.advance(number_of(given["advance_s"]))
        self._house.keep_clock()
        return json_reply(clock.as_json())

    def reset_clock(self, _call: Call, _name: str) -> Reply:
        """Tell the machine's time again."""
        self._house.clock.reset()
        self._house.keep_clock()
        return _NOTHING

    def switches(self, _call: Call, _name: str) -> Reply:
        """Return every switch."""
        return json_reply(self._house.switches.as_json())

    def set_switches(self, call: Call, _name: str) -> Reply:
        """Change some switches."""
        self._house.switch(object_of(call))
        return json_reply(self._house.switches.as_json())

    def reset_switches(self, _call: Call, _name: str) -> Reply:
        """Put every switch back to what the command line said."""
        usual = self._house.settings.switches.as_json()
        self._house.switch({name: listed(value) for name, value in usual.items()})
        return _NOTHING

    def faults(self, _call: Call, _name: str) -> Reply:
        """List the faults."""
        return json_reply(self._front.faults.listing())

    def add_faults(self, call: Call, _name: str) -> Reply:
        """Arm one fault, or a list of them: all or none."""
        given = parsed(call)
        wanted = [Fault.from_json(one) for one in (given if isinstance(given, list) else [given])]
        for fault in wanted:
            self._front.faults.add(fault)
        return json_reply(self._front.faults.listing(), 201)

    def clear_faults(self, _call: Call, _name: str) -> Reply:
        """Behave again."""
        self._front.faults.clear()
        return _NOTHING

    def remove_fault(self, _call: Call, name: str) -> Reply:
        """Forget one fault."""
        self._front.faults.remove(int(name))
        return _NOTHING

    def journal(self, call: Call, _name: str) -> Reply:
        """List the calls after a number."""
        after = whole_of(query_of(call).get("after", "0"), "after")
        return json_reply(self._front.journal.entries(after))

    def clear_journal(self, _call: Call, _name: str) -> Reply:
        """Forget the calls and their totals."""
        self._front.journal.clear()
        return _NOTHING

    def totals(self, _call: Call, _name: str) -> Reply:
        """Count calls, and what arrived."""
        return json_reply(self._front.journal.totals() | self._arrivals.counts())

    def limits(self, _call: Call, _name: str) -> Reply:
        """Return the counts of errors and blocks."""
        return json_reply(self._house.errors.listing())

    def clear_limits(self, _call: Call, _name: str) -> Reply:
        """Forget every count of calls and errors."""
        self._house.windows.clear()
        self._house.errors.clear()
        self._house.store.clear("token_calls")
        return _NOTHING

    def documents(self, call: Call, _name: str) -> Reply:
        """List the documents with their files."""
        return json_reply(self._arrivals.documents(division_of(call)))

    def messages(self, call: Call, _name: str) -> Reply:
        """List the messages with their files."""
        return json_reply(self._arrivals.messages(division_of(call)))

    def clear_documents(self, _call: Call, _name: str) -> Reply:
        """Throw away everything people made."""
        self._house.shelves.clear(shelves_of(self._front.resources))
        self._house.store.clear_contents()
        return _NOTHING

    def attachment(self, _call: Call, name: str) -> Reply:
        """Return an attachment's bytes."""
        found = self._arrivals.find_file(name)
        if found is None:
            raise AdminError(404, f"There is no attachment {name}.")
        return download(self._house.store.content(name), found)

    def reset(self, call: Call, name: str) -> Reply:
        """Be as new: the seed, no tokens, no documents, no faults, the machine's time."""
        self.clear_documents(call, name)
        self._house.tokens.clear()
        self._house.world.clear()
        seed(self._house.world, self._house.settings.registered())
        for forget in (self.clear_limits, self.clear_faults, self.clear_journal):
            forget(call, name)
        self.reset_switches(call, name)
        return self.reset_clock(call, name)

    def _routed(self, call: Call) -> Reply:
        path = unquote(call.path)
        known = [(match, by) for pattern, by in self._routes if (match := pattern.fullmatch(path))]
        for match, by_method in known:
            handle = by_method.get(call.method)
            if handle is not None:
                return handle(call, match[1] if match.lastindex else "")
        if known:
            raise AdminError(405, "Not by this method.")
        raise AdminError(404, "There is no such page.")


def _routes(admin: Admin, seeding: Seeding) -> list[tuple[re.Pattern[str], Mapping[str, Handle]]]:
    """List what answers which address, by method; a group in it is the handler's name."""
    kind = "(?:apps|licences|divisions|users)"
    table: Mapping[str, Mapping[str, Handle]] = {
        "/": {"GET": admin.overview},
        "/style.css": {"GET": admin.style},
        "/where": {"GET": admin.where},
        "/clock": {"GET": admin.clock, "POST": admin.set_clock, "DELETE": admin.reset_clock},
        "/switches": {
            "GET": admin.switches,
            "PATCH": admin.set_switches,
            "DELETE": admin.reset_switches,
        },
        "/faults": {"GET": admin.faults, "POST": admin.add_faults, "DELETE": admin.clear_faults},
        r"/faults/(\d{1,9})": {"DELETE": admin.remove_fault},
        "/journal": {"GET": admin.journal, "DELETE": admin.clear_journal},
        "/totals": {"GET": admin.totals},
        "/limits": {"GET": admin.limits, "DELETE": admin.clear_limits},
        "/documents": {"GET": admin.documents, "DELETE": admin.clear_documents},
        "/messages": {"GET": admin.messages},
        "/attachments/([0-9a-f-]{36})": {"GET": admin.attachment},
        "/reset": {"POST": admin.reset},
        "/rows/([A-Za-z]+/[A-Za-z]+)": {"GET": seeding.rows, "POST": seeding.add_rows},
        "/consents": {"GET": seeding.consents},
        "/consents/([^/]+)": {"DELETE": seeding.withdraw, "PATCH": seeding.tick},
        f"/({kind})": {"GET": seeding.listing, "POST": seeding.add},
        f"/({kind}/[^/]+)": {"PATCH": seeding.change, "DELETE": seeding.remove},
    }
    return [(re.compile(path), by_method) for path, by_method in table.items()]


def _demand_own(call: Call) -> None:
    # A web page elsewhere must not reach us under a name that resolves to loopback.
    if call.headers.get("host", "").rsplit(":", 1)[0] not in _OWN_NAMES:
        raise AdminError(421, "Ask for 127.0.0.1 or localhost.")
    if "origin" in call.headers and call.method != "GET":
        raise AdminError(403, "Changes are not taken from a web page.")
