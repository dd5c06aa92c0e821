"""Plants one forbidden import in an empty house and looks which contract breaks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LAYERS = (
    "project",
    "web",
    "cli",
    "delivery",
    "archive",
    "connections",
    "tenancy",
    "connectors",
    "sdk",
    "documents",
    "postgres",
    "kernel",
)
MODULES = (
    *(f"posthorn/{layer}/__init__.py" for layer in LAYERS),
    "posthorn/__init__.py",
    "posthorn/tenancy/models.py",
    "posthorn/tenancy/queries.py",
    "posthorn/connectors/yuki/__init__.py",
    "posthorn/connectors/octopus/__init__.py",
    "posthorn_sandbox/__init__.py",
)


@pytest.fixture
def house(tmp_path: Path) -> Path:
    for name in MODULES:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", "utf-8")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def broken_contracts(house: Path) -> list[str]:
    """Run the contracts on a house and give the names of those that broke."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "--no-logo"]
    environment = {**os.environ, "PYTHONPATH": str(house), "COLUMNS": "200"}
    ended = subprocess.run(  # noqa: S603  # our own tool
        command, cwd=house, env=environment, capture_output=True, text=True, check=False
    )
    return [line[: -len(" BROKEN")] for line in ended.stdout.splitlines() if "BROKEN" in line]


def test_empty_house_keeps_every_contract(house: Path) -> None:
    assert broken_contracts(house) == []


@pytest.mark.parametrize(
    ("module", "line", "contracts"),
    [
        ("archive/__init__.py", "import posthorn.delivery", ["An arrow never points up"]),
        ("archive/__init__.py", "import posthorn.connections", ["An arrow never points up"]),
        (
            "connections/__init__.py",
            "import posthorn.connectors.yuki",
            ["Nothing in the product imports a connector"],
        ),
        (
            "connectors/yuki/__init__.py",
            "import posthorn.connectors.octopus",
            ["Connectors do not know each other"],
        ),
        (
            "documents/__init__.py",
            "from django.conf import settings",
            ["The lower layers and the connectors import no Django"],
        ),
        (
            "web/__init__.py",
            "import posthorn.tenancy.models",
            ["The faces use queries and services, never models"],
        ),
        (
            "kernel/__init__.py",
            "import posthorn_sandbox",
            ["The sandbox and the product do not know each other"],
        ),
    ],
)
def test_forbidden_import_breaks_its_contract(
    house: Path, module: str, line: str, contracts: list[str]
) -> None:
    (house / "posthorn" / module).write_text(f"{line}\n", "utf-8")

    assert broken_contracts(house) == contracts


def test_face_may_reach_a_model_through_a_query(house: Path) -> None:
    (house / "posthorn/web/__init__.py").write_text("import posthorn.tenancy.queries\n", "utf-8")
    (house / "posthorn/tenancy/queries.py").write_text("import posthorn.tenancy.models\n", "utf-8")

    assert broken_contracts(house) == []


def test_two_modules_that_import_each_other_break_the_contract_on_cycles(house: Path) -> None:
    (house / "posthorn/tenancy/queries.py").write_text("import posthorn.tenancy.models\n", "utf-8")
    (house / "posthorn/tenancy/models.py").write_text("import posthorn.tenancy.queries\n", "utf-8")

    assert broken_contracts(house) == ["No cycles between siblings"]


def test_folder_that_no_layer_names_breaks_the_house(house: Path) -> None:
    (house / "posthorn" / "shop").mkdir()
    (house / "posthorn" / "shop" / "__init__.py").write_text("", "utf-8")

    assert broken_contracts(house) == ["An arrow never points up"]
