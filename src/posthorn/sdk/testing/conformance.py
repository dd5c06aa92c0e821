"""The promises of a connector, each a test that some broken connector fails alone."""

from __future__ import annotations

from posthorn.sdk.testing.answering import Answering
from posthorn.sdk.testing.asking import Asking
from posthorn.sdk.testing.preparing import Preparing
from posthorn.sdk.testing.sending import Sending
from posthorn.sdk.testing.written import Written


class Conformance(Answering, Asking, Sending, Preparing, Written):
    """Inherit in a test class and name the connector, its stand-in package and its settings.

    `settings` holds the firm's and the client's in one mapping, every secret among them. A test is
    skipped only where the declaration says that there is nothing to try.
    """
