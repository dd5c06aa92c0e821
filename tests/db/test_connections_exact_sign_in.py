"""Signing in and staying signed in, on the stand-in for Exact Online with the real connector."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import httpcore
import pytest
import time_machine

from posthorn.connections import calling, consents, signed, signing
from posthorn.connections.errand_models import Errand
from posthorn.connections.keyring import fresh_key
from posthorn.connections.logins import connection_http
from posthorn.connections.registry import registry
from posthorn.connections.signed import Placed
from posthorn.connections.sites import parse_sites
from posthorn.connections.stages import Revocation
from posthorn.connections.tokens import TokenStore
from posthorn.sdk import AuthorizationLost, Unavailable
from posthorn.tenancy.scope import acting
from posthorn_sandbox.exact import StandIn, StandInSettings, Switches
from tests.db.grants import Signed
from tests.db.removing import remove
from tests.db.signing_office import Office

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_django.fixtures import Settings

pytestmark = pytest.mark.usefixtures("committed")  # limits are counted beside the test's thread

BACK = "https://hub.firm.example/signing-in/"
ME = "/api/v1/current/Me?$select=UserID,FullName"


@pytest.fixture(name="exact")
def exact_fixture(settings: Settings, tmp_path: Path) -> Iterator[StandIn]:
    """Run the stand-in, which agrees at once, with an operator who registered there."""
    switches = Switches(auto_consent=True)
    with StandIn(StandInSettings(redirect_uris=(BACK,), switches=switches)) as stand_in:
        said = stand_in.said()
        sites = (
            f'[exact_online.be]\nclient_id = "{said["client_id"]}"\n'
            f'client_secret = "{said["client_secret"]}"\nbase = "{stand_in.base}"\n'
        )
        settings.POSTHORN = replace(
            settings.POSTHORN,
            data=tmp_path,
            keyring=fresh_key("k1"),
            sites=parse_sites(sites),
            allow_private=(stand_in.base.removeprefix("http://"),),
            public_url="https://hub.firm.example",
        )
        yield stand_in
        for lines in (calling.exchange_of_process(), calling.token_lines()):
            lines.close_idle(0.0)


def asked(method: str, url: str, content: object = None) -> httpcore.Response:
    """Call on a line that is closed afterwards."""
    body = json.dumps(content).encode() if content is not None else None
    with httpcore.ConnectionPool() as pool:
        return pool.request(method, url, content=body)


def admin(exact: StandIn, method: str, path: str, content: object = None) -> httpcore.Response:
    answer = asked(method, f"{exact.admin_url.rstrip('/')}{path}", content)
    assert answer.status in {200, 201}, answer.content
    return answer


def token_calls(exact: StandIn) -> list[int]:
    """Give the answers to token calls so far."""
    rows = json.loads(admin(exact, "GET", "/journal").content)
    return [call["status"] for call in rows if call["endpoint"] == "oauth2/token"]


class Firm(Office):
    """A firm whose administrator signs in to Exact Online."""

    def come_to(self, user: str) -> Signed:
        with acting(self.firm):
            url = signing.begin(self.firm, "exact_online", {"country": "be"}, visitor=self.visitor)
        answer = asked("GET", f"{url}&login_hint={user}")
        assert answer.status == 302, answer.content
        location = dict(answer.headers)[b"Location"].decode()
        assert location.startswith(f"{BACK}?")
        back = {name: found[0] for name, found in parse_qs(urlsplit(location).query).items()}
        row = signing.claim(back["state"], visitor=self.visitor)
        signing.take_code(row, back["code"])
        signing.identify(row)
        placed = signed.place(self.firm, row.id, visitor=self.visitor, replaces=False)
        assert isinstance(placed, Placed)
        return self.at(placed.connection)


@pytest.fixture(name="firm")
def firm_fixture(exact: StandIn) -> Firm:
    del exact
    found = Firm(is_confirmed=False)
    with acting(found.firm):
        version = registry().loaded["exact_online"].spec.version
        consents.confirm_access(found.firm, "exact_online", version, actor="an@firm")
    return found


def in_s(seconds: float) -> time_machine.travel:
    return time_machine.travel(datetime.now(UTC) + timedelta(seconds=seconds))


def test_signing_in_knows_the_user_and_calls_are_let_in(firm: Firm, exact: StandIn) -> None:
    one = firm.come_to("els.peeters")
    http = connection_http(registry().loaded["exact_online"], one.package().settings, one.caller)

    assert one.package().checked_as == "Els Peeters"
    assert http.read(ME).status == 200
    assert token_calls(exact) == [200]


def test_a_token_is_renewed_after_ten_minutes_and_not_before(firm: Firm, exact: StandIn) -> None:
    one, store = firm.come_to("els.peeters"), TokenStore()
    first = store.access(one.owner).token

    with in_s(560):
        assert store.access(one.owner).token == first
    with in_s(580):
        second = store.access(one.owner).token
        assert second != first
        assert store.access(one.owner).token == second

    assert token_calls(exact) == [200, 200]


def test_too_early_is_no_failure(firm: Firm, exact: StandIn) -> None:
    one, store = firm.come_to("els.peeters"), TokenStore()
    first = store.access(one.owner).token

    assert store.renewed(one.owner, first).token == first

    assert (token_calls(exact), one.alerts()) == ([200, 400], [])


def test_the_same_user_in_another_system_ends_ours_with_the_reason(firm: Firm) -> None:
    one = firm.come_to("els.peeters")
    with acting(firm.firm):
        elsewhere = signing.begin(
            firm.firm, "exact_online", {"country": "be"}, visitor=firm.visitor
        )
    answer = asked("GET", f"{elsewhere}&login_hint=els.peeters")
    location = dict(answer.headers)[b"Location"].decode()
    code = parse_qs(urlsplit(location).query)["code"][0]
    server = one.owner.server
    server.exchange_code(one.owner.lines, code, redirect_uri=BACK, verifier="")
    http = connection_http(registry().loaded["exact_online"], one.package().settings, one.caller)

    with in_s(580), pytest.raises(AuthorizationLost) as raised:
        http.read(ME)

    assert raised.value.code == one.package().attention == "sign_in_superseded"
    assert one.alerts() == ["sign_in_superseded"]


def test_a_lost_answer_ends_in_signing_in_again_after_one_more_try(
    firm: Firm, exact: StandIn
) -> None:
    one, store = firm.come_to("els.peeters"), TokenStore()
    admin(
        exact,
        "POST",
        "/faults",
        {"at": "oauth2/token", "action": "drop", "when": "after", "times": 1},
    )

    with in_s(610), pytest.raises(Unavailable):
        store.access(one.owner)
    with in_s(650), pytest.raises(AuthorizationLost):
        store.access(one.owner)

    assert one.alerts() == ["sign_in_superseded"]


def test_thirty_days_without_use_mean_signing_in_again(firm: Firm, exact: StandIn) -> None:
    one = firm.come_to("els.peeters")

    with in_s(31 * 86_400), pytest.raises(AuthorizationLost) as raised:
        TokenStore().access(one.owner)

    assert raised.value.code == one.package().attention == "sign_in_ended"
    assert token_calls(exact)[-1] == 400


def test_removing_it_forgets_the_tokens_at_once_since_only_people_end_them_there(
    firm: Firm, exact: StandIn
) -> None:
    one = firm.come_to("els.peeters")

    removed = remove(firm.firm, one.connection)

    assert (removed.revocation, removed.is_last) == (Revocation.BY_HAND, True)
    row = one.row()
    assert (bytes(row.sealed), row.key_id, row.ended_code) == (b"", "", "package_removed")
    with acting(firm.firm):
        assert Errand.objects.count() == 0
    with pytest.raises(AuthorizationLost):
        TokenStore().access(one.owner)
    assert token_calls(exact) == [200]
