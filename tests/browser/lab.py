"""Serves a firm with a worker and stand-ins for mailboxes and Exact Online; prints where as JSON.

With `--month` it has every client of the demonstration, and what it did lies in the last 30 days.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import django

from posthorn_sandbox.exact import StandIn, StandInSettings, Switches
from posthorn_sandbox.mail import Receiver
from tests.database import fresh_database, server

if TYPE_CHECKING:
    from collections.abc import Callable

    from posthorn.cli.demo.firm import DemoFirm

_SENDER = "documents@lindekade.example"


def main() -> None:
    """Fill a database of its own and serve until told to end; leaves nothing behind."""
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit())
    with ExitStack() as stack:
        stack.callback(server().close)
        database = stack.enter_context(fresh_database("lab"))
        mailboxes = stack.enter_context(Receiver())
        port = _free_port()
        exact = stack.enter_context(_exact(port))
        os.environ.update(database.variables())
        os.environ["POSTHORN_MAIL_RELAY"] = f"smtp://127.0.0.1:{mailboxes.smtp[1]}?tls=none"
        os.environ["POSTHORN_MAIL_FROM"] = _SENDER
        os.environ |= _registered(exact, port)
        django.setup()
        _write_keyring()
        look = _start_worker(stack, database.data / "worker.log")
        _serve(port, look, exact, mailboxes=mailboxes.admin_url)


def _free_port() -> int:
    """Give a port that nobody has; packages must know the address before it is served."""
    with socket.create_server(("127.0.0.1", 0)) as server_socket:
        port: int = server_socket.getsockname()[1]
        return port


def _exact(port: int) -> StandIn:
    back = f"http://127.0.0.1:{port}/signing-in/"
    switches = Switches(loopback_redirects=True)
    return StandIn(StandInSettings(redirect_uris=(back,), switches=switches))


def _registered(exact: StandIn, port: int) -> dict[str, str]:
    """Give the settings of an operator who registered with the stand-in's Belgian site."""
    said = exact.said()
    return {
        "POSTHORN_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "POSTHORN_ALLOW_PRIVATE": exact.base.removeprefix("http://"),
        "POSTHORN_SITES": (
            f'[exact_online.be]\nclient_id = "{said["client_id"]}"\n'
            f'client_secret = "{said["client_secret"]}"\nbase = "{exact.base}"\n'
        ),
    }


def _write_keyring() -> None:
    from django.conf import settings  # noqa: PLC0415  # after the set-up

    from posthorn.connections.keyring import fresh_key, keyring_file  # noqa: PLC0415

    keyring_file(settings.POSTHORN.data).write_text(fresh_key("k1"))


def _start_worker(stack: ExitStack, log: Path) -> Callable[[], None]:
    """Start a worker; the answer fails with what it wrote once it has ended."""
    worker = stack.enter_context(
        subprocess.Popen(
            [sys.executable, "-m", "tests.browser.lab_worker"],
            stdout=stack.enter_context(log.open("wb")),
            stderr=subprocess.STDOUT,
        )
    )
    stack.callback(worker.terminate)

    def look() -> None:
        if worker.poll() is not None:
            sys.exit(f"The worker ended:\n{log.read_text('utf-8', 'replace')}")

    return look


def _seeded(look: Callable[[], None], exact: StandIn) -> DemoFirm:
    from posthorn.cli.demo.exact import ExactOnline  # noqa: PLC0415  # after the set-up
    from tests.browser.lab_seed import seed, seed_month  # noqa: PLC0415

    if "--month" not in sys.argv:
        return seed(look)
    said = exact.said()
    return seed_month(
        look,
        ExactOnline(
            port=urlsplit(exact.base).port or 0,
            admin_port=urlsplit(exact.admin_url).port or 0,
            client_id=str(said["client_id"]),
            client_secret=str(said["client_secret"]),
        ),
    )


def _serve(port: int, look: Callable[[], None], exact: StandIn, **others: str) -> None:
    from django.core.servers.basehttp import (  # noqa: PLC0415  # after the set-up
        ThreadedWSGIServer,
        WSGIRequestHandler,
    )

    from posthorn.project.wsgi import application  # noqa: PLC0415

    firm = _seeded(look, exact)
    site = ThreadedWSGIServer(("127.0.0.1", port), WSGIRequestHandler)
    site.daemon_threads = True
    site.set_app(application)
    where = {
        "site": f"http://127.0.0.1:{site.server_port}",
        **others,
        "exact": exact.base,
        "administrations": exact.admin_url,
        "firm": str(firm.id),
        "clients": {number: str(client) for number, client in firm.clients.items()},
    }
    sys.stdout.write(f"{json.dumps(where)}\n")
    sys.stdout.flush()
    site.serve_forever()


if __name__ == "__main__":
    main()
