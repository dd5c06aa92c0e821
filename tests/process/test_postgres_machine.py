"""What the machine must have: programs, an account for the server, and a free lock."""

from __future__ import annotations

import os
import pwd
import secrets
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from posthorn.postgres import UnsupportedPlatformError
from posthorn.postgres.account import dedicated_account
from posthorn.postgres.binaries import carried, installed_at
from posthorn.postgres.commands import run
from posthorn.postgres.errors import AccountError, BusyError
from posthorn.postgres.locks import exclusive
from tests.process.postgres_processes import ATTACH, SOURCE, OtherProcess, fresh_folder

if TYPE_CHECKING:
    from pathlib import Path

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="shows what root does; run as root")
WITHOUT_THE_WHEEL = """
import sys
sys.path[:0] = sys.argv[1:3]
from pathlib import Path
from posthorn.postgres import Cluster, PostgresError
try:
    Cluster(Path(sys.argv[3])).attach()
except PostgresError as error:
    sys.exit(f"{type(error).__name__}: {error}")
"""


def test_the_wheel_carries_the_version_that_runs() -> None:
    assert {binaries.major: binaries.version.split(".")[0] for binaries in carried().values()} == {
        16: "16",
        18: "18",
    }


def test_machine_without_the_programs_is_told_to_bring_its_own_server(tmp_path: Path) -> None:
    installed = next(binaries.folder for binaries in carried().values()).parents[1]
    for entry in installed.iterdir():
        if "pgserver" not in entry.name:
            (tmp_path / entry.name).symlink_to(entry)

    with fresh_folder() as folder:
        ended = subprocess.run(  # noqa: S603  # ourselves
            # -S leaves the installed packages out, the symbolic links bring all but one back.
            [sys.executable, "-S", "-c", WITHOUT_THE_WHEEL, SOURCE, tmp_path, folder],
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
        )

    assert ended.stderr.startswith("UnsupportedPlatformError: Posthorn carries no PostgreSQL")
    assert "Set POSTHORN_DATABASE_URL to a PostgreSQL 15 or newer." in ended.stderr


def test_program_that_is_no_postgresql_is_not_taken_for_one(tmp_path: Path) -> None:
    program = tmp_path / "bin" / "postgres"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho a bakery\n", "utf-8")
    program.chmod(0o755)

    with pytest.raises(UnsupportedPlatformError, match="a bakery"):
        installed_at(tmp_path)


@needs_root
def test_account_is_created_once_without_home_or_shell() -> None:
    name = f"posthorn-t{secrets.token_hex(3)}"
    try:
        account = dedicated_account(name)
        entry = pwd.getpwnam(name)

        assert dedicated_account(name) == account
        assert (account.name, account.uid, account.gid) == (name, entry.pw_uid, entry.pw_gid)
        assert (entry.pw_dir, entry.pw_shell) == ("/nonexistent", "/usr/sbin/nologin")
        assert 0 < entry.pw_uid < 1000
    finally:
        run(["userdel", name], timeout_s=30)


@needs_root
@pytest.mark.parametrize(
    ("name", "reason"), [("root", "the account root is root"), ("no name", "useradd ended with")]
)
def test_account_that_cannot_be_had_is_named_with_the_ways_out(name: str, reason: str) -> None:
    with pytest.raises(AccountError, match=reason) as caught:
        dedicated_account(name)

    ways_out = "as an ordinary user, or use a server of your own: set POSTHORN_DATABASE_URL."
    assert str(caught.value).endswith(ways_out)


@needs_root
def test_user_without_an_entry_is_told_so_before_anything_is_made() -> None:
    nameless = pwd.struct_passwd(("", "", 54321, 54321, "", "", ""))
    with fresh_folder(0o777) as folder:
        words = OtherProcess(ATTACH, folder, user=nameless).refusal()

        assert words.startswith("AccountError: ")
        assert "uid 54321 has no entry in the password database" in words
        assert not (folder / "postgres" / "data").exists()


def test_lock_that_stays_taken_names_what_holds_it(tmp_path: Path) -> None:
    path = tmp_path / "start.lock"
    with (
        exclusive(path, timeout_s=1, purpose="starting"),
        pytest.raises(BusyError, match=r"stop them before upgrading \(`posthorn serve`"),
        exclusive(path, timeout_s=0.1, purpose="upgrading"),
    ):
        pytest.fail("two held it at once")
