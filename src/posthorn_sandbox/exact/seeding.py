"""The admin surface's part that seeds: who and what there is, and things made past every limit."""

from __future__ import annotations

from dataclasses import asdict

from posthorn_sandbox.exact.front import Front
from posthorn_sandbox.exact.house import Visit
from posthorn_sandbox.exact.requests import (
    AdminError,
    as_object,
    division_of,
    json_reply,
    object_of,
    parsed,
)
from posthorn_sandbox.exact.wire import Call, Reply
from posthorn_sandbox.exact.world import User, UserStatus

_NOTHING = Reply(status=204)


class Seeding:
    """Answers about the world, the consents and the rows of resources."""

    def __init__(self, front: Front) -> None:
        self._front = front
        self._house = front.house

    def rows(self, call: Call, name: str) -> Reply:
        """List the rows of a resource, as they are kept."""
        kept = self._house.shelves.all_rows(name)
        wanted = division_of(call)
        return json_reply([row for row in kept if wanted in {None, row["Division"]}])

    def add_rows(self, call: Call, name: str) -> Reply:
        """Make rows of a resource in an administration, past every limit and right."""
        resource = self._front.resources.get(name)
        if resource is None or "POST" not in resource.spec.verbs:
            raise AdminError(404, f"Nothing is made of {name}.")
        given = parsed(call)
        visit = self._visit(division_of(call))
        made = [
            resource.create(visit, as_object(one))
            for one in (given if isinstance(given, list) else [given])
        ]
        return json_reply(made, 201)

    def listing(self, _call: Call, name: str) -> Reply:
        """List the apps, licences, divisions or users."""
        return json_reply(self._house.world.listing(name))

    def add(self, call: Call, name: str) -> Reply:
        """Keep one of them, or a list."""
        given = parsed(call)
        for one in given if isinstance(given, list) else [given]:
            self._house.world.put(name, as_object(one))
        return json_reply(self._house.world.listing(name), 201)

    def change(self, call: Call, name: str) -> Reply:
        """Change one of them; a new password, or an end to a user's work, ends the tokens."""
        kind, _, key = name.partition("/")
        given = object_of(call)
        try:
            changed = self._house.world.change(kind, key, given)
        except KeyError as unknown:
            raise AdminError(404, f"Of {kind}, there is no {key}.") from unknown
        if isinstance(changed, User):
            is_over = changed.status != UserStatus.ACTIVE
            if is_over or "password" in given:
                self._house.tokens.stop(changed.name)
        return json_reply(asdict(changed))

    def remove(self, _call: Call, name: str) -> Reply:
        """Forget one of them."""
        kind, _, key = name.partition("/")
        try:
            self._house.world.remove(kind, key)
        except KeyError as unknown:
            raise AdminError(404, f"Of {kind}, there is no {key}.") from unknown
        return _NOTHING

    def consents(self, _call: Call, _name: str) -> Reply:
        """List the chains of tokens."""
        return json_reply(self._house.tokens.listing())

    def withdraw(self, _call: Call, name: str) -> Reply:
        """Withdraw a user's consents."""
        return json_reply({"ended": self._house.tokens.revoke(name)})

    def tick(self, call: Call, name: str) -> Reply:
        """Change which administrations a user's consents cover; null is current and future."""
        divisions = object_of(call).get("divisions")
        if divisions is not None and not isinstance(divisions, list):
            raise AdminError(400, "divisions is a list of numbers, or null.")
        return json_reply({"changed": self._house.tokens.tick(name, divisions)})

    def _visit(self, code: int | None) -> Visit:
        world = self._house.world
        division = world.division(code or 0)
        user = next(iter(world.users.values()), None)
        app = next((world.app(str(one["client_id"])) for one in world.listing("apps")), None)
        if division is None or user is None or app is None:
            raise AdminError(404, f"There is no administration {code}; name it as ?division=.")
        return Visit(
            house=self._house, app=app, user=user, division=division, consented=None, options={}
        )
