"""Makes the keyring, adds keys to it, and encrypts everything stored with the newest one."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from secrets import token_hex
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection as database

from posthorn.connections import vault
from posthorn.connections.domains import keeping
from posthorn.connections.grant_models import Grant, SignIn
from posthorn.connections.keyring import (
    Keyring,
    KeyringError,
    Sealed,
    fresh_key,
    keyring,
    keyring_file,
    open_text,
    parse_text,
    seal_text,
)
from posthorn.connections.models import Secret, SendingDomain
from posthorn.connections.places import place_of_grant, place_of_sign_in
from posthorn.kernel.clock import now
from posthorn.tenancy.scope import system

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BATCH = 200
# allauth keeps second factors in JSON; these parts are sealed by our adapter (allauth.mfa 65).
AUTHENTICATOR_PLACE = "mfa_authenticator.data"
_SEALED_PARTS = ("secret", "seed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """How many stored secrets were encrypted anew."""

    settings: int
    authenticators: int
    sign_ins: int = 0


def ensure_keyring(data: Path) -> None:
    """Make the keyring file when nothing was ever encrypted; does nothing when there is one.

    Raises KeyringError when secrets are stored and their keyring is gone.
    """
    file = keyring_file(data)
    if settings.POSTHORN.keyring or file.exists():
        keyring()
        return
    if _has_secrets():
        raise KeyringError(
            f"Secrets are stored, but their keyring {file} is gone. Restore the file from the"
            " back-up, or set POSTHORN_KEYRING; without it they cannot be read."
        )
    _write_new(file, fresh_key(_key_id()))


def add_key(data: Path) -> str:
    """Put a fresh key in front of the keyring file and return its id; old keys stay.

    Raises KeyringError when the keyring is the operator's own setting, or there is none.
    """
    if settings.POSTHORN.keyring:
        raise KeyringError(
            "The keyring comes from POSTHORN_KEYRING: put a new id:base64 pair first there."
        )
    keyring()
    file = keyring_file(data)
    text = file.read_text("utf-8").strip()
    key_id = _free_id(Keyring.parse(text))
    _replace(file, f"{fresh_key(key_id)}\n{text}\n")
    return key_id


def rotate_secrets(on_batch: Callable[[int], None] = lambda _: None) -> Rotation:
    """Encrypt with the newest key whatever another one encrypted; start again after any end.

    Each batch is a transaction of its own and every row names its key, so that all of it can be
    read at any moment. `on_batch` hears how many rows each batch had. Raises KeyringError.
    """
    return Rotation(
        settings=_in_batches(_reseal_settings, on_batch) + _in_batches(_reseal_domains, on_batch),
        authenticators=_in_batches(_reseal_authenticators, on_batch),
        sign_ins=_in_batches(_reseal_grants, on_batch) + _in_batches(_reseal_sign_ins, on_batch),
    )


def keys_in_use() -> frozenset[str]:
    """Return the ids of the keys that stored secrets still need."""
    with system("keys in use"):
        found = {
            key_id
            for model in (Secret, SendingDomain, Grant, SignIn)
            for key_id in model.objects.exclude(key_id="")
            .values_list("key_id", flat=True)
            .distinct()
        }
        with database.cursor() as cursor:
            cursor.execute("SELECT data FROM mfa_authenticator")
            found |= {
                parse_text(part).key_id for (data,) in cursor.fetchall() for part in _sealed(data)
            }
    return frozenset(found)


def retire_keys(data: Path) -> tuple[str, ...]:
    """Take keys out of the keyring file that nothing needs; returns their ids."""
    file = keyring_file(data)
    needed = {keyring().newest, *keys_in_use()}
    pairs = [pair.strip() for pair in file.read_text("utf-8").replace(",", "\n").split("\n")]
    kept = [pair for pair in pairs if pair and pair.partition(":")[0] in needed]
    gone = [pair.partition(":")[0] for pair in pairs if pair and pair not in kept]
    if gone:
        _replace(file, "\n".join(kept) + "\n")
    return tuple(gone)


def _in_batches(reseal: Callable[[], int], on_batch: Callable[[int], None]) -> int:
    total = 0
    while count := reseal():
        total += count
        on_batch(count)
    return total


def _reseal_settings() -> int:
    newest = keyring().newest
    with system("rotate secrets"):
        rows = Secret.objects.exclude(key_id=newest).order_by("id").select_for_update()[:BATCH]
        changed = list(rows)
        for row in changed:
            sealed = keyring().seal(vault.plain(row), place=vault.place_of(row))
            row.key_id, row.sealed = sealed.key_id, sealed.data
        Secret.objects.bulk_update(changed, ["key_id", "sealed"])
    return len(changed)


def _reseal_domains() -> int:
    newest = keyring().newest
    with system("rotate sending domains"):
        rows = SendingDomain.objects.exclude(key_id=newest).order_by("id").select_for_update()
        changed = list(rows[:BATCH])
        for row in changed:
            _reseal(row, keeping.place(row))
        SendingDomain.objects.bulk_update(changed, ["key_id", "sealed"])
    return len(changed)


def _reseal_grants() -> int:
    with system("rotate tokens"):
        rows = Grant.objects.exclude(key_id__in=["", keyring().newest]).order_by("id")
        changed = list(rows.select_for_update()[:BATCH])
        for row in changed:
            _reseal(row, place_of_grant(row))
        Grant.objects.bulk_update(changed, ["key_id", "sealed"])
    return len(changed)


def _reseal_sign_ins() -> int:
    with system("rotate sign-ins"):
        rows = SignIn.objects.exclude(key_id__in=["", keyring().newest]).order_by("id")
        changed = list(rows.select_for_update()[:BATCH])
        for row in changed:
            _reseal(row, place_of_sign_in(row))
        SignIn.objects.bulk_update(changed, ["key_id", "sealed"])
    return len(changed)


def _reseal(row: SendingDomain | Grant | SignIn, place: str) -> None:
    text = keyring().open(Sealed(key_id=row.key_id, data=bytes(row.sealed)), place=place)
    sealed = keyring().seal(text, place=place)
    row.key_id, row.sealed = sealed.key_id, sealed.data


def _reseal_authenticators() -> int:
    newest = keyring().newest
    with system("rotate authenticators"), database.cursor() as cursor:
        # The adapter's JSON text begins with the id of the key.
        cursor.execute(
            "SELECT id, data FROM mfa_authenticator WHERE EXISTS ("
            " SELECT FROM jsonb_each_text(data::jsonb) AS part WHERE part.key = ANY(%s)"
            " AND NOT starts_with(part.value, %s)) ORDER BY id LIMIT %s FOR UPDATE",
            [list(_SEALED_PARTS), f'["{newest}", ', BATCH],
        )
        rows = cursor.fetchall()
        for row_id, data in rows:
            cursor.execute(
                "UPDATE mfa_authenticator SET data = %s WHERE id = %s",
                [json.dumps(_resealed(data)), row_id],
            )
    return len(rows)


def _resealed(data: object) -> dict[str, object]:
    parts = _parts(data)
    for name in _SEALED_PARTS:
        if name in parts:
            text = open_text(str(parts[name]), place=AUTHENTICATOR_PLACE)
            parts[name] = seal_text(text, place=AUTHENTICATOR_PLACE)
    return parts


def _sealed(data: object) -> list[str]:
    parts = _parts(data)
    return [str(parts[name]) for name in _SEALED_PARTS if name in parts]


def _parts(data: object) -> dict[str, object]:
    parts: dict[str, object] = json.loads(data) if isinstance(data, str) else dict(data)  # type: ignore[call-overload]  # the driver gives text or a mapping
    return parts


def _has_secrets() -> bool:
    with system("look for secrets"), database.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM connections_secret)"
            " OR EXISTS (SELECT FROM connections_sendingdomain)"
            " OR EXISTS (SELECT FROM connections_grant WHERE key_id <> '')"
            " OR EXISTS (SELECT FROM mfa_authenticator)"
        )
        (found,) = cursor.fetchone()
    return bool(found)


def _key_id() -> str:
    return f"k{now():%Y%m%d}"


def _free_id(known: Keyring) -> str:
    first = _key_id()
    candidates = [first, *(f"{first}-{count}" for count in range(2, 2 + len(known.keys)))]
    return next(name for name in candidates if name not in known.keys)


def _write_new(file: Path, text: str) -> None:
    """Write the file unless another process was first; then its keys count."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = _written(file, text + "\n")
    try:
        os.link(partial, file)
    except FileExistsError:
        return
    finally:
        partial.unlink()
    _sync_folder(file)


def _replace(file: Path, text: str) -> None:
    _written(file, text).replace(file)
    _sync_folder(file)


def _written(file: Path, text: str) -> Path:
    partial = file.with_name(f".{file.name}.{token_hex(8)}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    return partial


def _sync_folder(file: Path) -> None:
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
