from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from allauth.mfa.models import Authenticator

from posthorn.connections import rotation, vault
from posthorn.connections.keyring import (
    Keyring,
    KeyringError,
    fresh_key,
    keyring,
    keyring_file,
    open_text,
    seal_text,
)
from posthorn.tenancy.scope import acting, system
from posthorn.web.accounts import MfaAdapter
from tests.db.connections import (
    CANARY,
    OWN_RELAY,
    a_connection,
    keeper_fixture,  # noqa: F401  found by its name
    keyring_fixture,  # noqa: F401  found by its name
)
from tests.db.factories import FirmFactory, PersonFactory

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_django.fixtures import Settings

    from tests.database import Database

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keyring_text")]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keyring_text")]


@pytest.fixture
def firm() -> Iterator[UUID]:
    row = FirmFactory.create()
    with acting(row.pk):
        yield row.pk


def _use(settings: Settings, text: str) -> None:
    settings.POSTHORN = replace(settings.POSTHORN, keyring=text)


def _authenticator(secret: str) -> Authenticator:
    with system("test"):
        return Authenticator.objects.create(
            user=PersonFactory.create(),
            type=Authenticator.Type.TOTP,
            data={"secret": seal_text(secret, place=rotation.AUTHENTICATOR_PLACE)},
        )


def test_rotation_seals_everything_with_the_newest_key(
    firm: UUID, settings: Settings, keyring_text: str
) -> None:
    made = a_connection(firm, **OWN_RELAY, relay_password=CANARY)
    factor = _authenticator("TOTPSECRET")
    _use(settings, f"{fresh_key('k2')},{keyring_text}")
    batches: list[int] = []

    done = rotation.rotate_secrets(batches.append)

    assert done == rotation.Rotation(settings=1, authenticators=1)
    assert batches == [1, 1]
    assert rotation.keys_in_use() == {"k2"}
    assert vault.opened(made, None) == {"relay_password": CANARY}
    factor.refresh_from_db()
    assert open_text(factor.data["secret"], place=rotation.AUTHENTICATOR_PLACE) == "TOTPSECRET"
    assert rotation.rotate_secrets() == rotation.Rotation(settings=0, authenticators=0)


def test_the_login_reads_what_rotation_wrote(settings: Settings, keyring_text: str) -> None:
    factor = _authenticator("TOTPSECRET")
    _use(settings, f"{fresh_key('k2')},{keyring_text}")

    rotation.rotate_secrets()

    factor.refresh_from_db()
    assert MfaAdapter().decrypt(factor.data["secret"]) == "TOTPSECRET"
    assert open_text(MfaAdapter().encrypt("x"), place=rotation.AUTHENTICATOR_PLACE) == "x"


_KILLED = """
import os, signal
import django
django.setup()
from django.conf import settings
from posthorn.connections import rotation, vault
from posthorn.connections.services import create_connection
from posthorn.tenancy.models import Firm
from posthorn.tenancy.scope import acting, system

data = settings.POSTHORN.data
rotation.ensure_keyring(data)
with system("test"):
    firm = Firm.objects.create(name="x").pk
with acting(firm):
    for number in range(10):
        made = create_connection(firm, "email_delivery", f"c{number}", {}, actor="x")
        vault.keep(made, None, {"relay_password": f"secret {number}"})
rotation.add_key(data)
rotation.BATCH = 3
batches = []

def die_at_the_second(count):
    batches.append(count)
    if len(batches) == 2:
        os.kill(os.getpid(), signal.SIGKILL)

rotation.rotate_secrets(die_at_the_second)
"""
_RESUMED = """
import django
django.setup()
from django.conf import settings
from posthorn.connections import rotation, vault
from posthorn.connections.keyring import keyring
from posthorn.connections.models import Secret
from posthorn.tenancy.scope import system

def show():
    with system("test"):
        rows = list(Secret.objects.order_by("id"))
        new = sum(row.key_id == keyring().newest for row in rows)
        print([vault.plain(row) for row in rows], new)

show()
rotation.rotate_secrets()
print(len(rotation.retire_keys(settings.POSTHORN.data)))
show()
"""


def _python(program: str, database: Database) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  our own programs
        [sys.executable, "-c", program],
        env=database.variables(),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_kill_in_the_middle_of_rotation_leaves_everything_readable(database: Database) -> None:
    everything = [f"secret {number}" for number in range(10)]

    killed = _python(_KILLED, database)
    resumed = _python(_RESUMED, database)

    assert killed.returncode == -signal.SIGKILL
    assert resumed.stdout.splitlines() == [f"{everything} 6", "1", f"{everything} 10"]


@pytest.fixture
def data(settings: Settings, tmp_path: Path) -> Path:
    """Give a data folder in which Posthorn keeps the keyring itself."""
    settings.POSTHORN = replace(settings.POSTHORN, data=tmp_path / "data", keyring="")
    return tmp_path / "data"


def test_the_keyring_is_made_once_for_us_alone(data: Path) -> None:
    rotation.ensure_keyring(data)
    first = keyring()
    rotation.ensure_keyring(data)

    assert keyring() == first
    assert stat.S_IMODE(keyring_file(data).stat().st_mode) == 0o600
    assert os.listdir(data) == ["keyring"]  # noqa: PTH208  hidden ones too


def test_many_at_once_make_one_keyring(data: Path) -> None:
    data.mkdir()
    start = threading.Barrier(8)

    def make() -> None:
        start.wait()
        rotation._write_new(keyring_file(data), fresh_key("k1"))

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(keyring_file(data).read_text().splitlines()) == 1
    assert os.listdir(data) == ["keyring"]  # noqa: PTH208  hidden ones too


def test_a_lost_keyring_is_not_replaced_while_secrets_are_stored(firm: UUID, data: Path) -> None:
    rotation.ensure_keyring(data)
    a_connection(firm, **OWN_RELAY, relay_password=CANARY)
    keyring_file(data).unlink()

    with pytest.raises(KeyringError) as raised:
        rotation.ensure_keyring(data)

    assert str(raised.value) == (
        f"Secrets are stored, but their keyring {keyring_file(data)} is gone. Restore the file"
        " from the back-up, or set POSTHORN_KEYRING; without it they cannot be read."
    )
    assert not keyring_file(data).exists()
    with pytest.raises(KeyringError, match="There is no keyring"):
        keyring()


def test_a_damaged_keyring_is_told(data: Path) -> None:
    data.mkdir()
    keyring_file(data).write_text("k1:not-base64")

    with pytest.raises(KeyringError) as raised:
        rotation.ensure_keyring(data)

    assert str(raised.value) == "The key 'k1' is not 32 bytes in base64."


def test_a_key_is_added_in_front_and_old_ones_go_when_nothing_needs_them(
    firm: UUID, data: Path
) -> None:
    rotation.ensure_keyring(data)
    old = keyring().newest
    made = a_connection(firm, **OWN_RELAY, relay_password=CANARY)

    added = rotation.add_key(data)

    assert keyring().newest == added == f"{old}-2"
    assert rotation.retire_keys(data) == ()
    rotation.rotate_secrets()
    assert rotation.retire_keys(data) == (old,)
    assert list(keyring().keys) == [added]
    assert vault.opened(made, None) == {"relay_password": CANARY}


def test_the_operators_own_keyring_is_left_to_the_operator(data: Path, settings: Settings) -> None:
    _use(settings, fresh_key("k1"))

    rotation.ensure_keyring(data)
    with pytest.raises(KeyringError, match="put a new id:base64 pair first there"):
        rotation.add_key(data)

    assert not keyring_file(data).exists()


def test_keys_are_in_no_repr() -> None:
    assert repr(Keyring.parse(fresh_key("k1"))) == "Keyring()"
