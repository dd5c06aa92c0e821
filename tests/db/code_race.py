"""Races over several processes for what only one may have; prints who got it, as JSON."""

from __future__ import annotations

import json
import multiprocessing
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.synchronize import Barrier

PROCESSES, THREADS = 4, 5
PERIOD_S = 30  # of an app's code (RFC 6238)
SECRET = "JBSWY3DPEHPK3PXP"  # noqa: S105  # of nobody


def main() -> None:
    """Set a scene, then let twenty go at once."""
    django.setup()
    from django.conf import settings  # noqa: PLC0415  # after the set-up
    from django.db import connections  # noqa: PLC0415

    from posthorn.connections.keyring import fresh_key, keyring_file  # noqa: PLC0415

    keyring_file(settings.POSTHORN.data).write_text(fresh_key("k1"))
    settings.ACCOUNT_RATE_LIMITS = False  # the limits alone would stop most of them
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.PASSWORD_HASHERS = [  # no rehashing of the quick hash that the test made
        "django.contrib.auth.hashers.MD5PasswordHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
    prepare, race = RACES[sys.argv[1]]
    prepare()
    connections.close_all()
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(PROCESSES * THREADS, action=await_room_in_the_period)
    results = context.SimpleQueue()
    runners = [
        context.Process(target=_run, args=(race, barrier, results.put)) for _ in range(PROCESSES)
    ]
    for runner in runners:
        runner.start()
    won = [results.get() for _ in range(PROCESSES * THREADS)]
    for runner in runners:
        runner.join()
    sys.stdout.write(json.dumps({"tried": len(won), "won": sum(won)}))


def _run(race: Callable[[Barrier], bool], barrier: Barrier, put: Callable[[bool], None]) -> None:
    threads = [threading.Thread(target=lambda: put(race(barrier))) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def await_room_in_the_period() -> None:
    """Let nobody go while the app's code is about to change: twenty must try the same one."""
    left = PERIOD_S - time.time() % PERIOD_S
    if left < PERIOD_S / 3:
        time.sleep(left + 0.1)


def code_of(secret: str) -> str:
    """Give the code that an app shows now."""
    from allauth.mfa.totp.internal import auth  # noqa: PLC0415

    counter = next(iter(auth.yield_hotp_counters_from_time()))
    return str(auth.format_hotp_value(auth.hotp_value(secret, counter)))


def _someone_with_an_app() -> None:
    from allauth.mfa.totp.internal.auth import TOTP  # noqa: PLC0415

    from tests.db import web_rows  # noqa: PLC0415

    TOTP.activate(web_rows.person("race@kantoor.example"), SECRET)


def _sign_in(barrier: Barrier) -> bool:
    from django.test import Client  # noqa: PLC0415

    from tests.db.web_passwords import PASSWORD  # noqa: PLC0415

    browser = Client()
    browser.post("/accounts/login/", {"login": "race@kantoor.example", "password": PASSWORD})
    assert "_auth_user_id" not in browser.session
    barrier.wait()
    browser.post("/accounts/2fa/authenticate/", {"code": code_of(SECRET)})
    return "_auth_user_id" in browser.session


def _an_expired_key() -> None:
    _cache().set("key", "old", timeout=-10)


def _take(barrier: Barrier) -> bool:
    barrier.wait()
    return bool(_cache().add("key", "new", timeout=30))


def _cache() -> Any:  # noqa: ANN401  # a cache by its name in the settings
    from posthorn.web.cache import SharedCache  # noqa: PLC0415

    return SharedCache("posthorn_cache", {})


RACES: dict[str, tuple[Callable[[], None], Callable[[Barrier], bool]]] = {
    "code": (_someone_with_an_app, _sign_in),
    "expired": (_an_expired_key, _take),
}

if __name__ == "__main__":
    main()
