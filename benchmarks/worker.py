"""A worker of the product without its command line, so that start-up does not count."""

from __future__ import annotations

import signal

import django


def main() -> None:
    """Work until SIGTERM."""
    django.setup()
    from django.conf import settings  # noqa: PLC0415

    from posthorn.delivery.worker import Pace, Worker  # noqa: PLC0415

    env = settings.POSTHORN
    worker = Worker(
        Pace(senders=env.senders, heartbeat=env.heartbeat, lease=env.lease, sweep=env.sweep)
    )
    signal.signal(signal.SIGTERM, lambda _signal, _frame: worker.stop())
    worker.run()


if __name__ == "__main__":
    main()
