"""Reads bounces that carry no report: qmail, old Exim and Exchange, and whatever writes prose."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from posthorn.delivery.bounces.reports import status_in
from posthorn.delivery.bounces.verdict import Action, Report

if TYPE_CHECKING:
    from posthorn.delivery.bounces.parts import Mail

_ROBOT = re.compile(
    r"\b(?:mailer[-_]?daemon|postmaster|mail[- ]?delivery(?:[- ](?:sub)?system)?|mmdf|"
    r"microsoftexchange[0-9a-f]*|mail[- ]?administrator|no-?reply-?bounce)\b",
    re.IGNORECASE,
)
_LATE = re.compile(
    r"warning message only|delivery (?:is |has been )?delayed|delayed mail|"
    r"(?:has )?not (?:yet )?been delivered\b.{0,200}\bwill (?:be|continue)|will be retried|"
    r"still trying|could not send message for past|"
    r"is vertraagd|wordt vertraagd|vertraging|(?:remise|livraison) (?:est )?retard|"
    r"verz(?:ö|oe)ger",
    re.IGNORECASE | re.DOTALL,
)
_FAILED = re.compile(
    r"undeliver(?:able|ed)|(?:delivery|sending)\b.{0,60}\bfail|(?:failed|failure)\b.{0,60}\bdeliver|"
    r"failure notice|returned (?:mail|to sender)|"
    r"(?:could|can)(?: ?not|n't) be (?:delivered|sent)|"
    r"(?:unable|wasn't able|not able|couldn't) to (?:be )?deliver|did not reach|"
    r"permanent (?:fatal )?error|giving up on it|address(?:es)? (?:had|failed)|"
    r"not delivered to|delivery status notification|"
    r"onbestelbaar|niet (?:worden )?(?:afgeleverd|bezorgd|besteld)|mislukt|"
    r"non (?:remis|distribu|délivr|delivr)|échec|echec|"
    r"n'a pas pu (?:être )?(?:remis|distribu|délivr)|"
    r"unzustellbar|nicht (?:zugestellt|zustellbar|zustellen)|zustellung.{0,60}fehl",
    re.IGNORECASE | re.DOTALL,
)
# "550 5.1.1 …", "said: 550-5.7.1", "#550 …", "'554 …'"
_REPLY = re.compile(r"(?<![\d.])([45]\d\d)(?=[ \-#])(?!-\d)")
_ADDRESS = re.compile(r"<?([A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,255})>?")
_HOST = re.compile(
    r"(?:host|server|mta|from|by|at)\s+(?:name\s+)?\[?([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8})",
    re.IGNORECASE,
)
# Where the mail that came back begins: nothing below it is the server's word.
_COPY = re.compile(
    r"^(?:-{2,}[ \t]*)?(?:below this line is a copy|this is a copy of (?:the|your) message|"
    r"original message (?:headers|follows)|message headers follow|"
    r"-{3,}[ \t]*original message|-{3,}[ \t]*the following|return-path:|received:)",
    re.IGNORECASE | re.MULTILINE,
)


def is_from_robot(mail: Mail, sender: str | None) -> bool:
    """Tell whether a mail server wrote a mail; `sender` is the envelope's, None when unknown."""
    if sender == "" or mail.first("return-path").strip() == "<>":
        return True
    return bool(mail.first("x-failed-recipients") or _ROBOT.search(mail.first("from")))


def prose_report(mail: Mail) -> Report | None:
    """Return what a bounce in prose says; None when it does not read like one."""
    words = server_words(mail.text)
    told = f"{mail.first('subject')}\n{words}"
    reply = _REPLY.search(words)
    status = _worst_status(words)
    if not (_FAILED.search(told) or _LATE.search(told) or mail.first("x-failed-recipients")):
        return None
    is_late = bool(_LATE.search(told)) and not status.startswith("5")
    if not status and reply:
        status = f"{reply.group(1)[0]}.0.0"
    host = _HOST.search(words)
    return Report(
        action=Action.DELAYED if is_late else Action.FAILED,
        status=status,
        diagnostic=_diagnostic(words, reply.start() if reply else -1),
        recipient=_recipient(mail, words),
        remote_mta=host.group(1) if host else "",
    )


def server_words(text: str) -> str:
    """Return what a server wrote itself: all that stands before the copy of the mail."""
    copy = _COPY.search(text)
    return text[: copy.start()] if copy and copy.start() > 0 else text


def _worst_status(words: str) -> str:
    found = [match for line in words.splitlines() if (match := status_in(line))]
    return max(found, key=lambda one: one[0], default="")


def _diagnostic(words: str, place: int) -> str:
    """Return the lines around the server's reply, or around the address when there is none."""
    if place < 0:
        address = _ADDRESS.search(words)
        place = address.start() if address else 0
    begin = words.rfind("\n", 0, place) + 1
    return words[begin : begin + 500].partition("\n\n")[0].strip()


def _recipient(mail: Mail, words: str) -> str:
    failed = mail.first("x-failed-recipients").split(",")[0].strip()
    found = _ADDRESS.search(words)
    return failed or (found.group(1).rstrip(".") if found else "")
