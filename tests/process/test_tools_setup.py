"""What tools/setup says on machines that lack something; each machine is a folder of programs."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NEEDED = ("env", "sh", "dirname", "cat", "cmp", "id", "grep", "tail", "rm")


def program(folder: Path, name: str, script: str) -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in NEEDED:
        found = shutil.which(name)
        if found:
            (folder / name).symlink_to(found)
    (folder / "id").unlink()
    program(folder, "id", "echo 1000")
    return folder


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    folder = tmp_path / "clone"
    (folder / "tools").mkdir(parents=True)
    for name in ("tools/setup", "tools/system-packages", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    for lock in ROOT.glob("requirements*.lock"):
        shutil.copy(lock, folder)
    return folder


def run(clone: Path, machine: Path, script: str) -> tuple[int, str]:
    command = ("/bin/sh", str(clone / "tools" / script))
    ended = subprocess.run(  # noqa: S603  # our own script
        command,
        env={"PATH": str(machine), "HOME": str(clone), "SYSTEM_ROOT": str(clone)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=60,
    )
    return ended.returncode, ended.stdout


def test_machine_without_python_is_told_in_one_line(clone: Path, machine: Path) -> None:
    assert run(clone, machine, "setup") == (
        1,
        (
            "setup: no Python of 3.11 or newer here "
            "(looked for python3 and python3.11 to python3.14); "
            "install one, or name it: PYTHON=/path/to/python3 make setup\n"
        ),
    )
    assert not (clone / ".venv").exists()


def test_old_python_does_not_count(clone: Path, machine: Path) -> None:
    program(machine, "python3", "exit 1")

    code, said = run(clone, machine, "setup")

    assert (code, said.count("\n")) == (1, 1)
    assert said.startswith("setup: no Python of 3.11 or newer here")


def test_python_without_venv_names_the_command_to_an_ordinary_user(
    clone: Path, machine: Path
) -> None:
    version = "python{}.{}-venv".format(*sys.version_info)
    program(
        machine,
        "python3",
        f'case "$*" in *"import ensurepip"*) exit 1;; esac\nexec {sys.executable} "$@"',
    )
    program(machine, "apt-get", "exit 9")

    assert run(clone, machine, "setup") == (
        1,
        (
            "setup: this Python cannot make environments; install the module venv "
            f"(Debian, Ubuntu: sudo apt-get install -y {version}) and run this again\n"
        ),
    )


def test_current_environment_is_left_alone(clone: Path, machine: Path) -> None:
    programs = clone / ".venv" / "bin"
    programs.mkdir(parents=True)
    program(programs, "python", "exit 9")
    program(programs, "posthorn", "exit 9")
    names = ("tools/setup", "pyproject.toml", "requirements-setup.lock", "requirements-dev.lock")
    made_from = "".join((clone / name).read_text("utf-8") for name in names)
    (clone / ".venv" / "made-for-dev").write_text(f"{clone.resolve()}\n{made_from}", "utf-8")

    assert run(clone, machine, "setup") == (0, "")


def add_mail_servers(clone: Path) -> None:
    for name in ("sbin/postfix", "sbin/dovecot", "lib/dovecot/imap", "lib/dovecot/lmtp"):
        path = clone / "usr" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        program(path.parent, path.name, "exit 0")


def test_missing_browser_is_one_line_and_no_failure(clone: Path, machine: Path) -> None:
    program(machine, "apt-get", "exit 9")
    add_mail_servers(clone)

    how = "run: sudo apt-get install -y --no-install-recommends chromium"
    said = f"setup: browser tests will skip: not installed; {how}\n"
    assert run(clone, machine, "system-packages") == (0, said)


def test_missing_mail_servers_are_one_line_and_no_failure(clone: Path, machine: Path) -> None:
    program(machine, "chromium", "exit 0")

    how = "install postfix dovecot-imapd dovecot-lmtpd with the system's own package manager"
    said = f"setup: tests on real mail servers will skip: {how}\n"
    assert run(clone, machine, "system-packages") == (0, said)


def test_whoever_has_it_all_hears_nothing(clone: Path, machine: Path) -> None:
    program(machine, "chromium", "exit 0")
    add_mail_servers(clone)

    assert run(clone, machine, "system-packages") == (0, "")
