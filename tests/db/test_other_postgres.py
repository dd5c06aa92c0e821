"""The migrations and the separation hold on other servers too, the oldest we support among them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.database import ROOT

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
CHECKED = ("test_migrations.py", "test_separation.py")
_OURS = ("POSTHORN_", "DJANGO_", "PYTEST_")


@pytest.mark.skipif(not PROGRAMS, reason="needs PostgreSQL programs of the system (Debian's: 15)")
@pytest.mark.parametrize("programs", PROGRAMS, ids=lambda path: path.parent.name)
def test_the_database_tests_pass_on_the_systems_own_server(programs: Path) -> None:
    others = {name: text for name, text in os.environ.items() if not name.startswith(_OURS)}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    command += [str(ROOT / "tests" / "db" / name) for name in CHECKED]

    outcome = subprocess.run(  # noqa: S603  # ourselves
        command,
        cwd=ROOT,
        env={**others, "POSTHORN_TEST_POSTGRES_BIN": str(programs)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert outcome.returncode == 0, outcome.stdout[-3_000:] + outcome.stderr[-3_000:]
