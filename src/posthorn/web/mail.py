"""Writes the mails of the installation itself and hands them to the operator's relay."""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from posthorn.connections.context import operator_mailer, operators_terms
from posthorn.connections.handover import MessageError
from posthorn.connections.mail import Switchboard, Terms
from posthorn.connections.smtp import Times
from posthorn.sdk.errors import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.core.mail import EmailMessage

    from posthorn.sdk.mail import Mailer

# Somebody waits for the page: a relay that is slower than this counts as one that does not answer.
_TIMES = Times(connect_s=5.0, reply_s=10.0, accept_s=20.0)
_log = logging.getLogger("posthorn.web.mail")
_later = ThreadPoolExecutor(max_workers=2, thread_name_prefix="posthorn-mail")


class NotSentError(Exception):
    """Give the person the link by another way: the mail did not leave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail to be written: its templates are `<name>_subject.txt`, `_message.txt`, `.html`."""

    name: str
    to: str
    language: str
    facts: Mapping[str, object]


def can_send() -> bool:
    """Tell whether the operator gave this installation a relay and an address to send from."""
    env = settings.POSTHORN
    return bool(env.mail_relay and env.mail_from)


def written(letter: Letter) -> EmailMultiAlternatives:
    """Write a letter in the language of whoever reads it, as plain text and as HTML."""
    with translation.override(letter.language):
        facts = {**letter.facts, "language": letter.language}
        subject = render_to_string(f"{letter.name}_subject.txt", facts)
        text = render_to_string(f"{letter.name}_message.txt", facts)
        page = render_to_string(f"{letter.name}_message.html", facts)
    message = EmailMultiAlternatives(" ".join(subject.split()), text.strip() + "\n", to=[letter.to])
    message.attach_alternative(page.strip(), "text/html")
    return message


def post(message: EmailMessage) -> None:
    """Hand a mail to the relay now; raises NotSentError."""
    if not can_send():
        raise NotSentError(gettext("This installation has no relay for its own mail."))
    try:
        message.send()
    except (Outcome, MessageError, OSError) as error:
        _log.warning("A mail could not be sent: %s", error)
        raise NotSentError(str(error)) from error


def post_later(message: EmailMessage) -> Future[None]:
    """Hand a mail over beside the request, so that its time tells nobody whether there was one."""
    return _later.submit(_post_quietly, message)


def _post_quietly(message: EmailMessage) -> None:
    with suppress(NotSentError):  # the log has it; whoever asked is told the same in every case
        post(message)


class RelayBackend(BaseEmailBackend):
    """Sends Django's mails over POSTHORN_MAIL_RELAY, from POSTHORN_MAIL_FROM."""

    def send_messages(self, email_messages: Iterable[EmailMessage]) -> int:
        """Hand over each mail to each of its recipients; gives how many mails went.

        Raises the outcomes of posthorn.sdk.errors unless `fail_silently` is set.
        """
        mailer = operator_mailer(_board(replace(operators_terms(), times=_TIMES)))
        return sum(self._send(mailer, message) for message in email_messages)

    def _send(self, mailer: Mailer, message: EmailMessage) -> bool:
        content = message.message().as_bytes(linesep="\r\n")
        try:
            for recipient in message.recipients():
                mailer.send(content, sender=settings.POSTHORN.mail_from, recipient=recipient)
        except (Outcome, MessageError):
            if not self.fail_silently:
                raise
            return False
        return True


@lru_cache(maxsize=2)
def _board(terms: Terms) -> Switchboard:
    return Switchboard(terms)
