"""Runs Procrastinate's chores (reading documents) beside the sending threads of a worker."""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import TYPE_CHECKING, Self, cast

from procrastinate.contrib.django import app

if TYPE_CHECKING:
    from types import TracebackType

    from procrastinate.contrib.django.django_connector import DjangoConnector

_log = logging.getLogger(__name__)
_AGAIN_AFTER_S = 2.0
_AT_ONCE = 2
# A document that is being read ends by its own limits before this.
_END_WITHIN_S = 25.0


class Chores:
    """A context in which chores are done, on a thread with an event loop of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._is_over = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="procrastinate", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._is_over.set)
        self._thread.join(_END_WITHIN_S)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._work())
        self._loop.close()

    async def _work(self) -> None:
        over = asyncio.create_task(self._is_over.wait())
        while not over.done():
            reading = asyncio.create_task(_do_jobs())
            await asyncio.wait({over, reading}, return_when=asyncio.FIRST_COMPLETED)
            if over.done():
                reading.cancel()  # ends once what it reads is read
            outcome = (await asyncio.gather(reading, return_exceptions=True))[0]
            if not over.done():
                _log.warning("Chores ended early and begin again: %s", outcome)
                await asyncio.wait({over}, timeout=_AGAIN_AFTER_S)


async def _do_jobs() -> None:
    connector = cast("DjangoConnector", app.connector)  # what its Django integration puts there
    worker_app = app.with_connector(connector.get_worker_connector())
    async with worker_app.open_async():
        await worker_app.run_worker_async(
            concurrency=_AT_ONCE,
            install_signal_handlers=False,
            listen_notify=True,
            fetch_job_polling_interval=2.0,
            delete_jobs="successful",  # what was done stands in the documents themselves
        )
