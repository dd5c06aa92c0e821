"""Serves a filled site to a browser, as a process of its own; prints its address."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import ExitStack

import django

from tests.database import fresh_database, server


def main() -> None:
    """Fill a database of its own and serve until told to end; leaves nothing behind."""
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit())
    with ExitStack() as stack:
        stack.callback(server().close)
        database = stack.enter_context(fresh_database("browser"))
        os.environ.update(database.variables())
        django.setup()
        _serve()


def _serve() -> None:
    from django.conf import settings  # noqa: PLC0415  # after the set-up
    from django.core.servers.basehttp import (  # noqa: PLC0415
        ThreadedWSGIServer,
        WSGIRequestHandler,
    )

    from posthorn.connections.keyring import fresh_key, keyring_file  # noqa: PLC0415
    from posthorn.project.wsgi import application  # noqa: PLC0415
    from tests.browser.seed import seed  # noqa: PLC0415

    keyring_file(settings.POSTHORN.data).write_text(fresh_key("k1"))
    seed()
    site = ThreadedWSGIServer(("127.0.0.1", 0), WSGIRequestHandler)
    site.daemon_threads = True
    site.set_app(application)
    sys.stdout.write(f"http://127.0.0.1:{site.server_port}\n")
    sys.stdout.flush()
    site.serve_forever()


if __name__ == "__main__":
    main()
