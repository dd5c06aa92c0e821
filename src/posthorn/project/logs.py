"""Sends the log to stderr, one redacted line an event."""

from __future__ import annotations

import logging
import sys

from posthorn.kernel.redact import redact


class RedactingFormatter(logging.Formatter):
    """Keeps secrets and control characters out of every line, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        """Give one line per event; a traceback is folded into it."""
        return redact(super().format(record), max_chars=8_000)


def set_up(level: int = logging.INFO) -> None:
    """Log to stderr from here on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for chatty in ("procrastinate", "granian", "_granian", "django.request"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
