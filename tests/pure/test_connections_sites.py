from __future__ import annotations

import re
import textwrap
from pathlib import Path
from types import SimpleNamespace

import pytest

from posthorn.connections.reach import Origin, reach_of
from posthorn.connections.sites import Site, parse_origin, parse_sites, site_key
from posthorn.project.env import SettingError, read
from posthorn.project.variables import SETTINGS
from posthorn.sdk import Misconfigured, OAuth2
from tests.kit.ledger import SPEC

ROOT = Path(__file__).parents[2]
PATH = "/signing-in/"  # registered with packages: it never changes
SITES = """
[exact_online.be]
client_id = "app"
client_secret = "canary"

[exact_online.nl]
client_id = "other"
client_secret = "canary"
base = "http://127.0.0.1:8123/"

[ledger]
client_id = 7
client_secret = "canary"
"""
BE = Origin(scheme="https", host="start.be", port=443)
AUTH = OAuth2(
    authorize_url="{site}/auth",
    token_url="{site}/token",  # noqa: S106  an address
    sites={"be": "https://start.be", "nl": "https://start.nl"},
    site_field="country",
)


def spec(**changed: object) -> object:
    return SimpleNamespace(**{"auth": SPEC.auth, "hosts": frozenset(), **changed})


def test_registrations_are_found_by_connector_and_site() -> None:
    found = parse_sites(SITES)

    assert dict(found) == {
        "exact_online.be": Site(client_id="app", client_secret="canary"),  # noqa: S106
        "exact_online.nl": Site(
            client_id="other",
            client_secret="canary",  # noqa: S106
            base="http://127.0.0.1:8123",
        ),
        "ledger": Site(client_id="7", client_secret="canary"),  # noqa: S106
    }
    assert found[site_key("exact_online", "be")].client_id == "app"
    assert found[site_key("ledger", "")].client_id == "7"
    assert "canary" not in repr(found)


def test_what_the_guide_writes_can_be_read() -> None:
    guide = (ROOT / "docs/how-to/sign-in-to-packages.md").read_text("utf-8")
    blocks = re.findall(r"```toml\n(.*?)```", guide, re.DOTALL)

    found = [sorted(parse_sites(textwrap.dedent(block))) for block in blocks]

    assert found == [["exact_online.be", "exact_online.nl"], ["exact_online.be"]]
    assert f"https://posthorn.firm.example{PATH}\n" in guide
    for name in re.findall(r"POSTHORN_[A-Z_]+", guide):
        assert name.removesuffix("_FILE") in {setting.variable for setting in SETTINGS}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[exact", "write TOML"),
        ("exact = 1", "'exact' is no table"),
        ('[exact]\nclient_id = "a"', "'exact' needs client_id and client_secret"),
        ('[exact]\nclient_id = "a"\nclient_secret = "b"\nurl = "c"', "'exact' has 'url'"),
        (
            '[exact]\nclient_id = "a"\nclient_secret = "b"\nbase = "https://x/y"',
            "an address without a path",
        ),
    ],
)
def test_a_wrong_registration_stops_the_start_without_telling_a_secret(
    text: str, said: str
) -> None:
    with pytest.raises(ValueError, match=said.replace("[", r"\[")):
        parse_sites(text)
    with pytest.raises(SettingError, match="POSTHORN_SITES is not as it should be"):
        read({"POSTHORN_SITES": text})


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("", ""),
        (" https://Hub.Firm.example/ ", "https://hub.firm.example"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_an_address_without_a_path_is_kept_in_one_form(text: str, origin: str) -> None:
    assert parse_origin(text) == origin


@pytest.mark.parametrize("text", ["hub.example", "ftp://hub", "https://a@b", "https://a/b?c"])
def test_another_form_of_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="without a path"):
        parse_origin(text)


def test_a_declared_host_is_reached_over_https_alone() -> None:
    found = reach_of(spec(hosts=frozenset({"api.example"})), {}, "", ())  # type: ignore[arg-type]

    assert found.address("https://api.example/a", {"$top": "1"}).target == "/a?$top=1"
    assert found.address("https://api.example/a?b=1", {"c": "2"}).target == "/a?b=1&c=2"
    assert found.address("https://API.example:443").target == "/"
    for url in ("http://api.example/", "https://api.example:25/", "https://api.example.evil/"):
        with pytest.raises(Misconfigured, match="host_not_declared"):
            found.address(url)


@pytest.mark.parametrize("typed", ["evil/", "evil:25", "a@evil", "", "evil#", "x.y/..", "EVIL "])
def test_a_setting_that_is_no_name_reaches_nothing(typed: str) -> None:
    settings = {"host": typed}
    found = reach_of(spec(hosts=frozenset({"{host}"})), settings, "", ())  # type: ignore[arg-type]

    assert found.origins == frozenset()


def test_only_the_chosen_site_is_reached() -> None:
    declared = spec(auth=AUTH, hosts=frozenset({"start.be", "start.nl", "files.example"}))
    found = reach_of(declared, {"country": "be"}, "https://start.be", ())  # type: ignore[arg-type]

    files = Origin(scheme="https", host="files.example", port=443)
    assert found.origins == {BE, files}
    assert found.address("/api").origin == BE


@pytest.mark.parametrize(
    ("base", "allowed", "number"),
    [
        ("http://127.0.0.1:8123", ["127.0.0.1:8123"], 1),
        ("http://127.0.0.1:8123", ["127.0.0.1:8124"], 0),
        ("https://stand.in:8443", ["stand.in:8443"], 1),
        ("https://stand.in:8443", [], 0),
        ("http://start.be", [], 0),
        ("https://start.be", [], 1),
    ],
)
def test_a_stand_in_is_reached_only_where_the_operator_allows_its_very_port(
    base: str, allowed: list[str], number: int
) -> None:
    assert len(reach_of(spec(auth=AUTH), {}, base, allowed).origins) == number  # type: ignore[arg-type]
