"""Sends the log to stderr, one redacted line an event."""

from __future__ import annotations

import logging
import sys

from posthorn.kernel.redact import redact

_MAX_CHARS = 8_000


class RedactingFormatter(logging.Formatter):
    """Keeps secrets and control characters out of every line, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        """Give one line per event; a traceback is folded into it."""
        return redact(super().format(record), max_chars=_MAX_CHARS)


def set_up(level: int) -> None:
    """Log to stderr from here on; other people's chatter only when something is wrong."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for chatty in ("procrastinate", "granian", "_granian", "django.request", "asyncio", "httpcore"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
