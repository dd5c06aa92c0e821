"""Runs a worker on the tests' own database server, which the command refuses: it keeps nothing."""

from __future__ import annotations

import django


def main() -> None:
    """Send and read until told to end."""
    django.setup()
    from django.conf import settings  # noqa: PLC0415  # after the set-up

    from posthorn.project.processes import run_worker  # noqa: PLC0415

    run_worker(settings.POSTHORN)


if __name__ == "__main__":
    main()
