"""Looks at an installation and finds what an operator must put right."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from posthorn.cli.failures import failure_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from posthorn.cli.runtime import Runtime

_LEAST_FREE_BYTES = 1_000_000_000
_MOST_SKEW_S = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at; `fix` says what to do when it is not well."""

    subject: str
    is_well: bool
    found: str
    fix: str = ""


def examine(runtime: Runtime) -> list[Finding]:
    """Look at everything; what cannot be looked at is a finding itself."""
    findings = [_data_folder(runtime)]
    try:
        with runtime.open():
            findings.append(_well("database", "It answers, and this login sees no firm by itself."))
            findings += [_tried(name, look) for name, look in _looks(runtime)]
    except Exception as error:  # noqa: BLE001  # whatever keeps Posthorn from starting is a finding
        findings.append(_failed("start", error, runtime))
    return findings


def _well(subject: str, found: str) -> Finding:
    return Finding(subject=subject, is_well=True, found=found)


def _wrong(subject: str, found: str, fix: str) -> Finding:
    return Finding(subject=subject, is_well=False, found=found, fix=fix)


def _failed(subject: str, error: Exception, runtime: Runtime | None = None) -> Finding:
    failure = failure_of(error, runtime.own_failures if runtime else None)
    text = failure.sentence if failure else f"{type(error).__name__}: {error}"
    return _wrong(subject, text, "Do what the finding says, then run `posthorn doctor` again.")


def _tried(subject: str, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except Exception as error:  # noqa: BLE001  # one broken part must not hide the others
        return _failed(subject, error)


def _data_folder(runtime: Runtime) -> Finding:
    data = runtime.data
    if not data.exists():
        return _well("data folder", f"{data} is not there yet and will be made.")
    free = shutil.disk_usage(data).free
    found = f"{data} has {free / 1_000_000_000:.1f} GB free."
    if free < _LEAST_FREE_BYTES:
        fix = "Free space, or set POSTHORN_DATA to a folder on a larger disk."
        return _wrong("data folder", found, fix)
    return _well("data folder", found)


def _looks(runtime: Runtime) -> Iterator[tuple[str, Callable[[], Finding]]]:
    yield "server", _server
    yield "clock", _clock
    yield "keyring", _keyring
    yield "mail relay", _relay
    yield "notices", _notices
    yield "connectors", _connectors
    yield "signing in", _signing_in
    yield "instance", _instance
    yield "workers", lambda: _workers(runtime)
    yield "overdue", _overdue
    yield "bounces", _bounces


def _server() -> Finding:
    from posthorn.delivery.queries.installation import server  # noqa: PLC0415  # needs Django

    found = server()
    return _well("server", f"PostgreSQL {found.version}, logged in as {found.login}, up to date.")


def _clock() -> Finding:
    from posthorn.delivery.queries.installation import server  # noqa: PLC0415  # needs Django

    skew = server().skew.total_seconds()
    found = f"The database's clock is {abs(skew):.1f} s {'ahead' if skew > 0 else 'behind'}."
    if abs(skew) > _MOST_SKEW_S:
        return _wrong("clock", found, "Set both machines' clocks by the same time server (NTP).")
    return _well("clock", found)


def _keyring() -> Finding:
    from posthorn.connections.keyring import keyring  # noqa: PLC0415  # needs Django
    from posthorn.connections.rotation import keys_in_use  # noqa: PLC0415

    lost = sorted(keys_in_use() - set(keyring().keys))
    if lost:
        fix = "Put these keys back from the back-up, or enter the secrets anew."
        return _wrong("keyring", f"Stored secrets need the keys {', '.join(lost)}.", fix)
    return _well("keyring", "Every stored secret has its key.")


def _relay() -> Finding:
    from dataclasses import replace  # noqa: PLC0415

    from posthorn.connections.context import operator_mailer, operators_terms  # noqa: PLC0415
    from posthorn.connections.mail import NoMailer, Switchboard  # noqa: PLC0415
    from posthorn.connections.smtp import Times  # noqa: PLC0415
    from posthorn.sdk.errors import Outcome  # noqa: PLC0415

    hasty = Times(connect_s=5.0, reply_s=5.0, accept_s=5.0)
    mailer = operator_mailer(Switchboard(replace(operators_terms(), times=hasty)))
    if isinstance(mailer, NoMailer):
        fix = "Set POSTHORN_MAIL_RELAY and POSTHORN_MAIL_FROM, unless every firm has its own relay."
        return _wrong("mail relay", "There is no relay of the installation's own.", fix)
    if not mailer.sender:
        fix = "Set POSTHORN_MAIL_FROM to the address that packages allow."
        return _wrong("mail relay", "The relay has no sender address.", fix)
    try:
        mailer.check()
    except Outcome as error:
        fix = "Check POSTHORN_MAIL_RELAY, the network and the relay's login."
        return _wrong("mail relay", _failed("mail relay", error).found, fix)
    return _well("mail relay", f"It lets us in; mail leaves as {mailer.sender}.")


def _notices() -> Finding:
    from posthorn.delivery.notices.posting import can_post, standing  # noqa: PLC0415

    found = standing()
    if not can_post():
        told = f"{found.waiting} wait: nothing is mailed to people." if found.waiting else "None."
        fix = "Set POSTHORN_MAIL_RELAY, POSTHORN_MAIL_FROM and POSTHORN_PUBLIC_URL."
        return _wrong("notices", told, fix) if found.waiting else _well("notices", told)
    if found.failing:
        told = f"{found.failing} mails to people wait after a failed try: {found.said}"
        return _wrong("notices", told, "Check the relay; what waits goes by itself for days.")
    return _well("notices", f"{found.waiting} wait to be mailed, none failed.")


def _connectors() -> Finding:
    from posthorn.connections.registry import registry  # noqa: PLC0415  # needs Django

    found = registry()
    if found.refused:
        told = "; ".join(f"{source}: {why}" for source, why in sorted(found.refused.items()))
        return _wrong("connectors", f"Refused: {told}.", "Repair or remove them, then restart.")
    return _well("connectors", f"{len(found.loaded)} loaded, none refused.")


def _signing_in() -> Finding:
    from posthorn.connections.sign_in_queries import look  # noqa: PLC0415  # needs Django

    found = look()
    if found.problem:
        return _wrong("signing in", found.problem, found.fix)
    return _well("signing in", found.said)


def _instance() -> Finding:
    from posthorn.delivery.instance import recognise  # noqa: PLC0415  # needs Django

    standing = recognise()
    if not standing.may_send:
        fix = "When no other copy of this installation sends: `posthorn instance release`."
        return _wrong("instance", f"Nothing is sent. {standing.sentence}", fix)
    return _well("instance", "It may send.")


def _workers(runtime: Runtime) -> Finding:
    from posthorn.delivery.queries.installation import live_workers  # noqa: PLC0415

    found = live_workers(_lease())
    if not found:
        fix = "Start `posthorn serve`, or `posthorn worker` on any machine."
        return _wrong("workers", f"None lives on the data of {runtime.data}.", fix)
    told = ", ".join(f"{one.host} (pid {one.pid})" for one in found)
    return _well("workers", f"{len(found)} alive: {told}.")


def _overdue() -> Finding:
    from posthorn.delivery.sweep import overdue  # noqa: PLC0415  # needs Django

    late = overdue(_lease())
    if late:
        fix = "See that a worker lives; if one does, its log says what stops it."
        return _wrong("overdue", f"{late} deliveries are overdue by more than a minute.", fix)
    return _well("overdue", "Nothing is overdue.")


def _bounces() -> Finding:
    from posthorn.cli.bounce_check import bounces  # noqa: PLC0415  # needs Django

    is_well, found, fix = bounces()
    return Finding(subject="bounces", is_well=is_well, found=found, fix=fix)


def _lease() -> float:
    from django.conf import settings  # noqa: PLC0415  # set up by now

    lease: float = settings.POSTHORN.lease
    return lease
