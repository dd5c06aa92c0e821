"""The data interface: who may do what, how often, and what the answer looks like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import partial
from http import HTTPStatus

from posthorn_sandbox.exact.faults import FaultPlan, Moment, Step, spoiled
from posthorn_sandbox.exact.house import House, Refusal, Visit
from posthorn_sandbox.exact.limits import Combination, Headers
from posthorn_sandbox.exact.odata import answers
from posthorn_sandbox.exact.odata.literals import FilterError
from posthorn_sandbox.exact.odata.queries import parse_options
from posthorn_sandbox.exact.reading import Reader
from posthorn_sandbox.exact.resources.divisions import SYSTEM_DIVISIONS, has_right
from posthorn_sandbox.exact.resources.resource import Resource
from posthorn_sandbox.exact.target import ME, Target, read_target
from posthorn_sandbox.exact.texts import Text
from posthorn_sandbox.exact.tokens import Holder
from posthorn_sandbox.exact.wire import Call, Reply
from posthorn_sandbox.exact.world import App, Division, LicenceStatus, User, UserStatus

RIGHTS = "users/UserHasRights"
_COOKIES: Headers = (
    ("Set-Cookie", "ASP.NET_SessionId=standin; path=/; HttpOnly; SameSite=Lax"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Cache-Control", "private"),
)
_USER_REASONS = {UserStatus.BLOCKED: "BlockedUser", UserStatus.INACTIVE: "InactiveUser"}
_LICENCE_REASONS = {
    LicenceStatus.BLOCKED: "BlockedCustomer",
    LicenceStatus.EXPIRED: "LicenseExpired",
}
_ARCHIVED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Whose token a call carries."""

    app: App
    user: User
    holder: Holder


class DataInterface:
    """Answers `/api/v1/…`."""

    def __init__(self, house: House, resources: Mapping[str, Resource], faults: FaultPlan) -> None:
        self._house = house
        self._resources = resources
        self._faults = faults
        self._reader = Reader(house)

    def answer(self, call: Call) -> tuple[Reply, Step]:
        """Answer one call, and say what it was."""
        target = read_target(call.path)
        if target is None:
            return self._unknown(), Step(endpoint="unknown", method=call.method)
        step = Step(endpoint=target.path, method=call.method, division=target.division)
        caller = self._caller(call)
        if isinstance(caller, Holder):
            self._count_error(caller.client_id, caller.user, step, 401)
            return Reply(status=401), replace(step, user=caller.user)
        if caller is None:
            return Reply(status=401), step
        step = replace(step, user=caller.user.name, division=self._counted(target, caller))
        return self._limited(call, caller, target, step), step

    def _caller(self, call: Call) -> Caller | Holder | None:
        """Return who calls; the holder alone of a token that is dead."""
        scheme, _, token = call.headers.get("authorization", "").partition(" ")
        holder = self._house.tokens.holder(token) if scheme.lower() == "bearer" else None
        if holder is None:
            return None
        app, user = (
            self._house.world.app(holder.client_id),
            self._house.world.users.get(holder.user),
        )
        if app is None or user is None or not holder.is_valid:
            return holder
        return Caller(app=app, user=user, holder=holder)

    def _counted(self, target: Target, caller: Caller) -> int | None:
        if target.division is not None:
            return target.division
        counts = self._house.switches.me_counts_against == "current"
        return caller.user.current_division if counts else None

    def _limited(self, call: Call, caller: Caller, target: Target, step: Step) -> Reply:
        headers: Headers = _COOKIES
        if step.division is not None:
            counted = self._house.windows.count(caller.app.client_id, step.division)
            headers = (*_COOKIES, *counted.headers)
            if not counted.is_allowed:
                body = self._house.switches.limit_body.encode()
                return Reply(status=429, headers=headers, body=body)
        one = Combination(caller.app.client_id, caller.user.name, step.division or 0, step.endpoint)
        if self._house.errors.is_blocked(one):
            return Reply(status=self._house.switches.blocked_status, headers=_COOKIES)
        perform = partial(self._performed, call, caller, target, headers)
        reply = spoiled(self._faults.due(step, Moment.BEFORE), headers, perform)
        self._house.errors.count(one, reply.status)
        return reply

    def _performed(self, call: Call, caller: Caller, target: Target, headers: Headers) -> Reply:
        is_json = "json" in call.headers.get("accept", "")
        try:
            self._demand_acceptable(call)
            visit = self._visit(call, caller, target)
            reply = self._reply(call, visit, target, is_json=is_json)
        except Refusal as refused:
            said = refused.said(caller.user.language)
            reply = _refused(refused, said, is_json=is_json)
        except FilterError:
            refusal = Refusal(400, Text.SYNTAX)
            reply = _refused(refusal, refusal.said(caller.user.language), is_json=is_json)
        return replace(reply, headers=(*reply.headers, *headers))

    def _demand_acceptable(self, call: Call) -> None:
        if len(call.path) + len(call.query) > self._house.switches.max_url:
            raise Refusal(414)
        accepted = call.headers.get("accept", "*/*")
        if not any(word in accepted for word in ("json", "*/*", "atom")):
            raise Refusal(self._house.switches.xml_accept_status, Text.SYNTAX)

    def _visit(self, call: Call, caller: Caller, target: Target) -> Visit:
        """Let the caller in. Raises Refusal."""
        house, user = self._house, caller.user
        if user.status in _USER_REASONS:
            raise Refusal(403, reason=_USER_REASONS[UserStatus(user.status)])
        if any(fnmatchcase(target.path, scope) for scope in caller.app.denied_scopes):
            what = "read" if call.method == "GET" else "write"
            raise Refusal(403, Text.SCOPE, name=what)
        is_everywhere = target.path in {ME, SYSTEM_DIVISIONS}
        division = house.world.division(target.division or user.current_division)
        if division is None and is_everywhere:
            division = next(iter(house.world.divisions.values()), None)
        visit = (
            None
            if division is None
            else Visit(
                house=house,
                app=caller.app,
                user=user,
                division=division,
                consented=caller.holder.divisions,
                options=parse_options(call.query),
            )
        )
        if visit is None or not (is_everywhere or visit.may_see(visit.division)):
            raise _outside(house.switches.unknown_division_status)
        if not is_everywhere:
            self._demand_open(call, visit.division)
        return visit

    def _demand_open(self, call: Call, division: Division) -> None:
        licence = self._house.world.licence(division.licence)
        if licence.status in _LICENCE_REASONS:
            raise Refusal(403, reason=_LICENCE_REASONS[LicenceStatus(licence.status)])
        is_closed = division.status == _ARCHIVED and call.method != "GET"
        if division.blocking_status or is_closed:
            raise Refusal(403, reason="DivisionBlocked")

    def _reply(self, call: Call, visit: Visit, target: Target, *, is_json: bool) -> Reply:
        if target.path == RIGHTS:
            return self._rights(visit)
        resource = self._resources.get(target.path)
        if resource is None or (target.path == ME) != (target.division is None):
            raise Refusal(404, Text.NOT_FOUND)
        self._demand_rights(call, visit, resource)
        return self._reader.reply(call, visit, resource, target, is_json=is_json)

    def _demand_rights(self, call: Call, visit: Visit, resource: Resource) -> None:
        spec = resource.spec
        licence = self._house.world.licence(visit.division.licence)
        if spec.feature and spec.feature not in licence.features:
            raise Refusal(403, Text.FORBIDDEN)
        if call.method not in spec.verbs:
            is_known = call.method == "PUT" and "POST" in spec.verbs
            status = self._house.switches.attachment_put_status if is_known else 405
            raise Refusal(status, Text.METHOD)
        if not has_right(visit, spec.path, call.method):
            raise Refusal(self._house.switches.missing_right_status, Text.FORBIDDEN)

    def _rights(self, visit: Visit) -> Reply:
        endpoint = visit.options.get("endpoint", "").strip("'")
        action = visit.options.get("action", "").strip("'")
        resource = self._resources.get(endpoint)
        if resource is None or not action:
            raise Refusal(400, Text.SYNTAX)
        may = action in resource.spec.verbs and has_right(visit, endpoint, action)
        return Reply(body=answers.envelope({"UserHasRights": may}), media_type=answers.JSON)

    def _count_error(self, client_id: str, user: str, step: Step, status: int) -> None:
        one = Combination(client_id, user, step.division or 0, step.endpoint)
        self._house.errors.count(one, status)

    def _unknown(self) -> Reply:
        return Reply(status=404, body=answers.error("Not found"), media_type=answers.JSON)


def _outside(status: int) -> Refusal:
    """Return what to answer for an administration that is unknown or not consented to."""
    if status == HTTPStatus.FORBIDDEN:
        return Refusal(status, reason="NoDivisionAccess")
    return Refusal(status, Text.NOT_FOUND)


def _refused(refused: Refusal, said: str | None, *, is_json: bool) -> Reply:
    headers = (("Reason", refused.reason),) if refused.reason else ()
    if said is None:
        return Reply(status=refused.status, headers=headers)
    if is_json:
        body, media_type = answers.error(said), answers.JSON
    else:
        body, media_type = answers.atom_error(said), "application/xml;charset=utf-8"
    return Reply(status=refused.status, headers=headers, body=body, media_type=media_type)
