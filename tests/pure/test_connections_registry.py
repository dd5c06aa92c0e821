"""Connectors found through one door; a broken one is listed with its reason and stops nothing."""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint
from typing import TYPE_CHECKING

import pytest

from posthorn.connections.registry import LOCAL, Found, Registry, collect, discover

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NO_GROUP = "posthorn.none"
BUILT_IN = ["email_delivery", "exact_online"]
_CODE = """
from posthorn.sdk import *
from {name}.words import NAME

class Yuki(Connector):
    spec = ConnectorSpec(
        id={id!r}, name=NAME, version="1.2.0", contract={contract}, docs_url="https://x.example",
        countries=frozenset({{"NL"}}),
    )
    def capabilities(self, settings):
        return {{
            Kind.PURCHASE: Capability(
                formats=frozenset({{"ubl_invoice"}}), depth=Depth.INBOX,
                idempotency=Idempotency.NATIVE, max_bytes=1000,
            )
        }}
    def check(self, ctx): ...
    def prepare(self, ctx, document, *, key): ...
    def deliver(self, ctx, prepared): ...

connector = Yuki
"""


@pytest.fixture(autouse=True)
def same_modules() -> Iterator[None]:
    """Forget the modules a test's folder brought in."""
    yield
    for name in [name for name in sys.modules if name.startswith(LOCAL)]:
        del sys.modules[name]


def _write(folder: Path, name: str, code: str, **files: str) -> Path:
    package = folder / name
    package.mkdir()
    (package / "__init__.py").write_text(code)
    (package / "words.py").write_text("NAME = 'Yuki'\n")
    (package / "errors.toml").write_text("")
    for file, text in files.items():
        (package / file.replace("__", ".")).write_text(text)
    return package


def _code(name: str, *, connector_id: str = "yuki", contract: int = 1) -> str:
    return _CODE.format(name=f"{LOCAL}_{name}", id=connector_id, contract=contract)


def _registry(folder: Path | None = None, allowed: tuple[str, ...] = ()) -> Registry:
    return collect(discover(folder, group=_NO_GROUP), allowed=allowed)


def test_the_built_in_connectors_come_through_the_door() -> None:
    found = _registry()

    assert "email_delivery" in found.loaded
    assert found.refused == {}
    loaded = found.loaded["email_delivery"]
    assert (loaded.id, loaded.source) == ("email_delivery", "built-in email_delivery")
    assert loaded.label == f"email_delivery {loaded.spec.version}"
    assert sorted(loaded.assets.help) == ["de", "en", "fr", "nl"]
    assert loaded.assets.logo.startswith(b"<svg")
    assert "missing_address" in loaded.assets.errors


def test_a_folder_of_ones_own_is_found_and_may_have_modules(tmp_path: Path) -> None:
    _write(tmp_path, "yuki", _code("yuki"), help__nl__md="Hulp", logo__svg="<svg/>")

    found = _registry(tmp_path)

    assert sorted(found.loaded) == [*BUILT_IN, "yuki"]
    yuki = found.loaded["yuki"]
    assert (yuki.spec.name, yuki.source) == ("Yuki", f"folder {tmp_path / 'yuki'}")
    assert yuki.assets.help == {"nl": "Hulp"}
    assert yuki.assets.logo == b"<svg/>"


_WHOLE = _code("broken")
_BROKEN = {
    "raise RuntimeError('boom')": "it failed to load: RuntimeError: boom",
    "import sys; sys.exit(3)": "it failed to load: SystemExit: 3",
    "x = (": "it failed to load: SyntaxError: '(' was never closed (__init__.py, line 1)",
    "import posthorn_yuki_gone": (
        "it failed to load: ModuleNotFoundError: No module named 'posthorn_yuki_gone'"
    ),
    "x = 1": "it has no `connector`",
    "connector = 'yuki'": "its `connector` is no posthorn.sdk.Connector",
    "connector = dict": "its `connector` is no posthorn.sdk.Connector",
    _code("broken", contract=2): "it was written for contract 2; this is contract 1",
    _code("broken", connector_id="Yuki!"): "id 'Yuki!' is not lower_snake",
    _code("broken", connector_id="email_delivery"): (
        "its id 'email_delivery' is taken by built-in email_delivery"
    ),
    _WHOLE.replace('frozenset({"ubl_invoice"})', "frozenset()"): "purchase has no format",
    _WHOLE.replace("def deliver", "def deliverer"): (
        "it failed to load: TypeError: Can't instantiate abstract class Yuki"
    ),
    _WHOLE.replace("        return {", "        raise OSError('no net')\n        return {"): (
        "it failed to load: OSError: no net"
    ),
}


@pytest.mark.parametrize("code", _BROKEN)
def test_a_broken_one_is_listed_with_its_reason_and_the_others_load(
    tmp_path: Path, code: str
) -> None:
    _write(tmp_path, "broken", code)
    _write(tmp_path, "whole", _code("whole", connector_id="whole"))

    found = _registry(tmp_path)

    assert sorted(found.loaded) == [*BUILT_IN, "whole"]
    assert list(found.refused) == [f"folder {tmp_path / 'broken'}"]
    # Python's own words go on differently from version to version.
    assert found.refused[f"folder {tmp_path / 'broken'}"].startswith(_BROKEN[code])


def test_texts_that_lack_a_language_refuse_it(tmp_path: Path) -> None:
    package = _write(tmp_path, "yuki", _code("yuki"))
    (package / "errors.toml").write_text('[gone]\nsentence = { nl = "Weg." }\nadvice = {}\n')

    assert _registry(tmp_path).refused == {
        f"folder {package}": "it failed to load: TextsError: [gone.sentence] lacks fr, en, de"
    }


@pytest.mark.parametrize(
    "logo",
    [
        "<svg><script>alert(1)</script></svg>",
        "<svg onload = 'x()'/>",
        "<svg><a href='javascript:x()'/></svg>",
        "<!DOCTYPE svg [<!ENTITY x 'y'>]><svg/>",
        "<svg><foreignObject/></svg>",
    ],
)
def test_a_logo_that_runs_something_refuses_it(tmp_path: Path, logo: str) -> None:
    package = _write(tmp_path, "yuki", _code("yuki"), logo__svg=logo)

    assert _registry(tmp_path).refused == {
        f"folder {package}": "its logo holds something that runs"
    }


def test_of_two_with_one_id_the_first_wins(tmp_path: Path) -> None:
    first = _write(tmp_path, "a_yuki", _code("a_yuki"))
    second = _write(tmp_path, "b_yuki", _code("b_yuki"))

    found = _registry(tmp_path)

    assert found.loaded["yuki"].source == f"folder {first}"
    assert found.refused == {f"folder {second}": f"its id 'yuki' is taken by folder {first}"}


def test_the_operator_says_which_may_load(tmp_path: Path) -> None:
    folder = _write(tmp_path, "yuki", _code("yuki"))

    found = _registry(tmp_path, allowed=("email_delivery",))

    assert sorted(found.loaded) == ["email_delivery"]
    assert found.refused == {
        "built-in exact_online": "'exact_online' is not among those POSTHORN_CONNECTORS allows",
        f"folder {folder}": "'yuki' is not among those POSTHORN_CONNECTORS allows",
    }


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    gone = tmp_path / "gone"

    assert _registry(gone).refused == {
        f"folder {gone}": f"POSTHORN_CONNECTOR_FOLDER names {gone}, which is no folder"
    }


def test_other_files_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / "no_package").mkdir()
    (tmp_path / ".git").mkdir()
    (tmp_path / "Not-A-Name").mkdir()
    (tmp_path / "Not-A-Name" / "__init__.py").write_text("raise RuntimeError")

    assert _registry(tmp_path).refused == {}


def test_a_folder_cannot_take_the_place_of_an_installed_module(tmp_path: Path) -> None:
    _write(tmp_path, "json", _code("json", connector_id="json"))
    import json  # noqa: PLC0415  as it stood before

    _registry(tmp_path)

    assert sys.modules["json"] is json


def test_an_installed_package_comes_through_the_same_door() -> None:
    point = EntryPoint(
        name="email",
        value="posthorn.connectors.email_delivery:connector",
        group="posthorn.connectors",
    )
    found = collect(
        [Found(source="package one", load=lambda: (point.load(), point.module))], allowed=()
    )

    assert sorted(found.loaded) == ["email_delivery"]
    assert found.loaded["email_delivery"].source == "package one"


def test_an_unknown_id_is_not_there() -> None:
    assert _registry().get("nothing") is None
