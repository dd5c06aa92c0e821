"""The system account the server runs under: our own, or as root one made for it."""

from __future__ import annotations

import grp
import os
import pwd
import shutil
from dataclasses import dataclass

from posthorn.postgres.commands import Runner, run
from posthorn.postgres.errors import AccountError, CommandError

DEDICATED_NAME = "posthorn-pg"
_ADMIN_PATH = "/usr/sbin:/sbin:/usr/bin:/bin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who runs the server and owns its data."""

    name: str
    uid: int
    gid: int

    @property
    def is_current(self) -> bool:
        """Tell whether this very process runs under the account."""
        return self.uid == os.geteuid()

    def runner(self) -> Runner:
        """Return how to run a program as this account."""
        return Runner() if self.is_current else Runner(uid=self.uid, gid=self.gid)


def name_of(uid: int) -> str:
    """Return the account's name, or its number in words when it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"


def current_account() -> Account:
    """Return the account this process runs under."""
    return Account(name=name_of(os.geteuid()), uid=os.geteuid(), gid=os.getegid())


def server_account() -> Account:
    """Return the account for the server; as root its own, created when there is none.

    Raises AccountError when there is no account a server can run under.
    """
    if os.geteuid() == 0:
        return dedicated_account()
    try:
        entry = pwd.getpwuid(os.geteuid())
    except KeyError:
        # initdb stops where its own account has no entry (initdb.c, get_id, PostgreSQL 18).
        reason = f"uid {os.geteuid()} has no entry in the password database"
        raise AccountError(reason) from None
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)


def dedicated_account(name: str = DEDICATED_NAME) -> Account:
    """Return the system account of this name, created when there is none; for root.

    Raises AccountError when it is root itself or cannot be created.
    """
    return _find(name) or _create(name)


def _find(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    if entry.pw_uid == 0:
        reason = f"the account {name} is root"
        raise AccountError(reason)
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)


def _create(name: str) -> Account:
    program = shutil.which("useradd", path=_ADMIN_PATH)
    if program is None:
        reason = f"there is no account {name}, and no `useradd` to create it with"
        raise AccountError(reason)
    failure = ""
    try:
        run([program, *_useradd_options(name), name], timeout_s=30)
    except CommandError as error:
        failure = str(error)
    # Another process may have been faster; what counts is whether the account is there now.
    account = _find(name)
    if account is None:
        reason = f"there is no account {name}, and {failure or '`useradd` made none'}"
        raise AccountError(reason)
    return account


def _useradd_options(name: str) -> list[str]:
    options = ["--system", "--no-create-home", "--home-dir", "/nonexistent"]
    options += ["--shell", "/usr/sbin/nologin", "--comment", "Posthorn database"]
    try:
        grp.getgrnam(name)
    except KeyError:
        return [*options, "--user-group"]
    return [*options, "--gid", name]
