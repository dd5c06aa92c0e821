"""Serves a filled site to a browser, as a process of its own; prints its address."""

from __future__ import annotations

import sys

import django
from django.conf import settings


def main() -> None:
    """Set up, fill, and serve until killed."""
    django.setup()
    from django.core.servers.basehttp import (  # noqa: PLC0415  # after the set-up
        ThreadedWSGIServer,
        WSGIRequestHandler,
    )

    from posthorn.connections.keyring import fresh_key, keyring_file  # noqa: PLC0415
    from posthorn.project.wsgi import application  # noqa: PLC0415
    from tests.browser.seed import seed  # noqa: PLC0415

    keyring_file(settings.POSTHORN.data).write_text(fresh_key("k1"))
    seed()
    server = ThreadedWSGIServer(("127.0.0.1", 0), WSGIRequestHandler)
    server.set_app(application)
    sys.stdout.write(f"http://127.0.0.1:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
