from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tools.locks import ALL, LOCKS, findings_in, inputs_line, pins_of

ROOT = Path(__file__).parents[2]
PROJECT = {
    "build-system": {"requires": ["hatchling==1.0"]},
    "dependency-groups": {"dev": ["pytest"]},
    "project": {"dependencies": ["django"], "requires-python": ">=3.11"},
}
LINE = inputs_line(PROJECT)
HASH = "    --hash=sha256:" + "0" * 64


def lock(*entries: str, line: str = LINE) -> str:
    return "\n".join((line, "# made by: make lock", *entries, ""))


def current() -> dict[str, str]:
    django = f"django==5.2.19 ; python_version >= '3.11' \\\n{HASH}"
    pytest_ = f"pytest==9.2.0 \\\n{HASH}\n    # via posthorn"
    setup = lock(f"uv==0.13.8 \\\n{HASH}")
    return {
        ALL: lock(django, pytest_, f"uv==0.13.8 \\\n{HASH}"),
        "requirements.lock": lock(django),
        "requirements-setup.lock": setup,
    }


def test_current_locks_have_no_findings() -> None:
    assert findings_in(current(), LINE) == []


def test_lock_of_other_requirements_is_found() -> None:
    locks = current() | {"requirements.lock": lock(line="# inputs 0")}

    assert findings_in(locks, LINE) == [
        "requirements.lock does not fit pyproject.toml; run: make lock"
    ]


def test_lock_that_names_a_host_is_found() -> None:
    locks = current()
    locks["requirements.lock"] += "--index-url https://packages.example/simple\n"

    assert findings_in(locks, LINE) == ["requirements.lock names an address"]


def test_package_without_a_hash_is_found() -> None:
    locks = current()
    locks["requirements-setup.lock"] = lock("uv==0.13.8")

    assert findings_in(locks, LINE) == ["requirements-setup.lock has no hash for uv==0.13.8"]


def test_two_versions_of_one_package_are_found() -> None:
    locks = current()
    locks["requirements.lock"] = lock(f"django==5.2.18 \\\n{HASH}")

    assert findings_in(locks, LINE) == [f"requirements.lock has django 5.2.18, {ALL} has 5.2.19"]


@pytest.mark.parametrize(
    "change",
    [
        {"build-system": {"requires": ["hatchling==1.1"]}},
        {"dependency-groups": {"dev": ["pytest", "ruff"]}},
        {"project": {"dependencies": ["django"], "requires-python": ">=3.12"}},
        {"project": {"dependencies": ["django<6"], "requires-python": ">=3.11"}},
    ],
)
def test_every_kind_of_requirement_changes_the_line(change: dict[str, object]) -> None:
    assert inputs_line({**PROJECT, **change}) != LINE


def test_build_backend_of_the_lock_is_the_one_asked_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    pins = pins_of((ROOT / "requirements-setup.lock").read_text("utf-8"))

    assert project["build-system"]["requires"] == [f"hatchling=={pins['hatchling']}"]


def test_locks_of_the_project_are_current() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    locks = {name: (ROOT / name).read_text("utf-8") for name in LOCKS}

    assert findings_in(locks, inputs_line(project)) == []
