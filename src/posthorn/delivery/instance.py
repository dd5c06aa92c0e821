"""Knows this installation again: a restored or copied one sends nothing until it is released."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

from posthorn.delivery.models import Instance
from posthorn.kernel.clock import now
from posthorn.kernel.ids import new_id
from posthorn.tenancy import audit
from posthorn.tenancy.scope import system

if TYPE_CHECKING:
    from uuid import UUID

_MACHINE = Path("/etc/machine-id")
_REASONS = {
    "copied": _("The database or the data folder is not the one that was released here."),
    "restored": _("The database is older than what this installation has already sent."),
    "paused": _("An operator paused all sending."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Whether this installation sends; `reason` says why not."""

    reason: str

    @property
    def may_send(self) -> bool:
        """Tell whether deliveries may leave."""
        return not self.reason

    @property
    def sentence(self) -> str:
        """Say why nothing leaves, in an operator's words."""
        return str(_REASONS.get(self.reason, ""))


def recognise() -> Standing:
    """Compare this place with the one that was released; a stranger is put on hold."""
    mark = _mark()
    with system("instance"):
        # The very first start is the one that counts as released; another may start at once.
        Instance.objects.bulk_create(
            [Instance(fingerprint=mark.fingerprint)], ignore_conflicts=True
        )
        row = Instance.objects.select_for_update().get(pk=1)
        reason = _difference(row, mark)
        if reason and not row.held_reason:
            _hold(row, reason, actor="start")
        return Standing(reason=row.held_reason)


def standing() -> Standing:
    """Read whether this installation sends; in any scope or none. Reads only."""
    # The row is no firm's, and every page of a firm asks.
    with connection.cursor() as cursor:
        cursor.execute("SELECT held_reason FROM delivery_instance WHERE id = 1")
        found = cursor.fetchone()
    return Standing(reason=found[0] if found else "copied")


def may_call() -> bool:
    """Tell whether this is the installation that packages know; before its first start, yes."""
    with system("instance"):
        row = Instance.objects.filter(pk=1).first()
    return row is None or row.held_reason not in {"copied", "restored"}


def pause(actor: str) -> None:
    """Stop all sending."""
    with system("instance"):
        row = Instance.objects.select_for_update().get(pk=1)
        _hold(row, "paused", actor=actor)


def release(actor: str) -> None:
    """Take this place as the installation's own, and send."""
    mark = _mark()
    with system("instance"):
        row = Instance.objects.select_for_update().get(pk=1)
        row.fingerprint, row.held_reason, row.held_at, row.released_at = (
            mark.fingerprint,
            "",
            None,
            now(),
        )
        row.save()
        _tell("instance.released", actor, "")
    note_progress(start_again=True)


def _hold(row: Instance, reason: str, *, actor: str) -> None:
    row.held_reason, row.held_at = reason, now()
    row.save()
    _tell("instance.held", actor, reason)


def _tell(action: str, actor: str, reason: str) -> None:
    detail = {"reason": reason} if reason else {}
    audit.record(
        [
            audit.Entry(
                firm=None,
                actor=actor,
                action=action,
                subject_kind="instance",
                subject_id=None,
                detail=detail,
            )
        ]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mark:
    fingerprint: str
    progress: int


def _difference(row: Instance, mark: _Mark) -> str:
    if row.fingerprint != mark.fingerprint:
        return "copied"
    return "restored" if _progress() < mark.progress else ""


def _progress() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM delivery_position")
        position: int = cursor.fetchone()[0]
        return position


def _file() -> Path:
    return settings.POSTHORN.data / "instance.json"


def _mark() -> _Mark:
    path = _file()
    kept = _read(path) or _write(path, new_id(), 0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT system_identifier FROM pg_control_system()")
        system_identifier = cursor.fetchone()[0]
    machine = _MACHINE.read_text().strip() if _MACHINE.exists() else ""
    # A copied folder keeps its content but not its inode; a restored database not its identifier.
    parts = [kept["id"], str(path.stat().st_ino), str(system_identifier), machine]
    return _Mark(
        fingerprint=sha256("\n".join(parts).encode()).hexdigest(), progress=int(kept["progress"])
    )


def note_progress(*, start_again: bool = False) -> None:
    """Keep how far we came outside the database, so that an older database is noticed."""
    path = _file()
    kept = _read(path)
    with system("instance"):
        reached = _progress()
    if kept is None or not (start_again or reached > int(kept["progress"])):
        return
    with path.open("r+") as file:  # in place: the inode is part of the fingerprint
        file.write(_text(kept["id"], reached))
        file.flush()
        os.fsync(file.fileno())


def _read(path: Path) -> dict[str, str] | None:
    try:
        content: dict[str, str] = json.loads(path.read_text())
    except FileNotFoundError:
        return None
    return content


def _write(path: Path, identity: UUID, progress: int) -> dict[str, str]:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(_text(str(identity), progress))
    with suppress(FileExistsError):  # another process was first
        os.link(beside, path)
    beside.unlink()
    return json.loads(path.read_text())  # type: ignore[no-any-return]  # written above


def _text(identity: str, progress: int) -> str:
    # Of one length, so that writing in place never leaves a piece of an older text.
    return json.dumps({"id": identity, "progress": f"{progress:020d}"})
