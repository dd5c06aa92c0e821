"""Turns a status code and a server's words into one cause that a bookkeeper can act on."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posthorn.delivery.bounces.verdict import Report


class Cause(StrEnum):
    """Why a mail came back; each has its sentence and advice in `connections/errors.toml`."""

    NO_MAILBOX = "bounce_no_mailbox"
    NO_DOMAIN = "bounce_no_domain"
    MOVED = "bounce_moved"
    MAILBOX_OFF = "bounce_mailbox_off"
    MAILBOX_FULL = "bounce_mailbox_full"
    TOO_LARGE = "bounce_too_large"
    SENDER_UNKNOWN = "bounce_sender_unknown"
    NOT_AUTHENTIC = "bounce_not_authentic"
    BLOCKED = "bounce_blocked"
    CONTENT = "bounce_content"
    NOT_REACHED = "bounce_not_reached"
    LOOP = "bounce_loop"
    OTHER = "bounce_other"


# What a corrected address helps against.
OF_ADDRESS = frozenset({Cause.NO_MAILBOX, Cause.NO_DOMAIN, Cause.MOVED, Cause.MAILBOX_OFF})

# Enhanced status codes: RFC 3463 and the IANA registry "SMTP Enhanced Status Codes", without the
# class: 4.2.2 and 5.2.2 are the same trouble once a server has given up.
_BY_STATUS = {
    "1.1": Cause.NO_MAILBOX,  # bad destination mailbox address
    "1.3": Cause.NO_MAILBOX,  # bad destination mailbox address syntax
    "1.4": Cause.NO_MAILBOX,  # ambiguous
    "1.2": Cause.NO_DOMAIN,  # bad destination system address
    "1.10": Cause.NO_DOMAIN,  # null MX (RFC 7505)
    "1.6": Cause.MOVED,  # destination mailbox has moved
    "1.7": Cause.SENDER_UNKNOWN,  # bad sender's mailbox address syntax
    "1.8": Cause.SENDER_UNKNOWN,  # bad sender's system address
    "2.1": Cause.MAILBOX_OFF,  # mailbox disabled
    "2.2": Cause.MAILBOX_FULL,
    "2.3": Cause.TOO_LARGE,  # larger than the mailbox takes
    "3.1": Cause.MAILBOX_FULL,  # mail system full
    "3.4": Cause.TOO_LARGE,  # larger than the system takes
    "4.1": Cause.NOT_REACHED,  # no answer from host
    "4.2": Cause.NOT_REACHED,  # bad connection
    "4.3": Cause.NOT_REACHED,  # directory server failure
    "4.4": Cause.NO_DOMAIN,  # unable to route
    "4.6": Cause.LOOP,
    "4.7": Cause.NOT_REACHED,  # delivery time expired
    "4.14": Cause.LOOP,  # hop count exceeded (Exchange)
    "4.316": Cause.NOT_REACHED,  # connection refused (Exchange Online)
    "4.310": Cause.NO_DOMAIN,  # the domain is not there (Exchange Online)
    "6.1": Cause.CONTENT,  # media not supported
    "6.2": Cause.CONTENT,
    "6.3": Cause.CONTENT,
    "7.1": Cause.BLOCKED,  # delivery not authorised
    "7.2": Cause.BLOCKED,
    "7.7": Cause.CONTENT,  # message integrity failure
    "7.8": Cause.NOT_AUTHENTIC,
    "7.9": Cause.NOT_AUTHENTIC,
    "7.20": Cause.NOT_AUTHENTIC,  # no passing DKIM signature (RFC 7372)
    "7.21": Cause.NOT_AUTHENTIC,
    "7.22": Cause.NOT_AUTHENTIC,
    "7.23": Cause.NOT_AUTHENTIC,  # SPF validation failed
    "7.24": Cause.NOT_AUTHENTIC,
    "7.25": Cause.NOT_AUTHENTIC,  # reverse DNS validation failed
    "7.26": Cause.NOT_AUTHENTIC,  # several authentication checks failed
    "7.27": Cause.SENDER_UNKNOWN,  # sender address has null MX
    "7.28": Cause.BLOCKED,  # mail flood detected
    "7.133": Cause.SENDER_UNKNOWN,  # only senders of the organisation (Exchange Online)
    "7.134": Cause.SENDER_UNKNOWN,
    "7.509": Cause.NOT_AUTHENTIC,  # DMARC (Exchange Online)
}
# Words decide where the code is one that servers give for anything; the order matters.
_BY_WORDS: tuple[tuple[Cause, str], ...] = (
    (
        Cause.NOT_AUTHENTIC,
        (
            r"\bspf\b|\bdkim\b|\bdmarc\b|unauthenticated|authentication (?:checks?|results?)|"
            r"reverse dns|ptr record"
        ),
    ),
    (
        Cause.SENDER_UNKNOWN,
        (
            r"sender (?:address )?(?:is )?(?:not (?:allowed|authori[sz]ed|permitted|registered|"
            r"known)|rejected|denied|unknown)|"
            r"not (?:an? )?(?:allowed|authori[sz]ed|registered|known) sender|"
            r"onbekende afzender|afzender|exp[ée]diteur|absender|"
            r"only accept(?:s|ing)? (?:mail|e-mails) from"
        ),
    ),
    (Cause.MAILBOX_FULL, r"quota|mailbox (?:is )?full|over ?quota|insufficient (?:disk|storage)"),
    (
        Cause.TOO_LARGE,
        (
            r"too (?:large|big)|size limit|exceeds? (?:the )?(?:maximum|size|fixed|limit)|"
            r"message size"
        ),
    ),
    (
        Cause.MAILBOX_OFF,
        (
            r"disabled|inactive|suspended|deactivated|no longer (?:active|in use|available)|"
            r"account (?:is )?(?:closed|locked|blocked)"
        ),
    ),
    (
        Cause.NO_MAILBOX,
        (
            r"user (?:is )?(?:unknown|not found|doesn.?t exist)|unknown (?:user|recipient|address|"
            r"mailbox|local)|no such (?:user|recipient|mailbox|address|person)|"
            r"(?:recipient|address|mailbox|account)\b.{0,40}(?:not (?:found|exist)|unknown|"
            r"unavailable|rejected|invalid|doesn.?t exist|does not exist)|recip(?:ient)?notfound|"
            r"does(?:n'?t| not) (?:exist|have (?:a|an) )|no mailbox here|"
            r"invalid (?:recipient|mailbox)|unrouteable address|bad destination mailbox"
        ),
    ),
    (
        Cause.NO_DOMAIN,
        (
            r"(?:host|domain)(?: name)? (?:or domain name )?(?:not found|unknown|doesn.?t exist)|"
            r"nxdomain|no (?:such )?(?:host|domain|mx)|couldn'?t find any host|null mx|"
            r"does not accept mail"
        ),
    ),
    (Cause.LOOP, r"\bloop|too many hops|hop count"),
    (
        Cause.BLOCKED,
        (
            r"spam|block(?:ed)?list|blacklist|blocked|\brbl\b|\bdnsbl\b|spamhaus|reputation|"
            r"policy|not (?:authori[sz]ed|permitted|allowed)|denied|banned|relaying"
        ),
    ),
    (
        Cause.CONTENT,
        r"virus|malware|attachment|content (?:is )?(?:rejected|not)|file type|infected",
    ),
    (
        Cause.NOT_REACHED,
        (
            r"timed? ?out|connection (?:refused|reset|lost)|unreachable|no answer|"
            r"retry time|too long|expired|could not connect|deferred|greylist"
        ),
    ),
)
_WORDS = tuple((cause, re.compile(words, re.IGNORECASE)) for cause, words in _BY_WORDS)
# Given for whatever the server does not like (RFC 3463: "other or undefined").
# Exchange says 5.1.10 for a mailbox that is not there, RFC 7505 for a domain that takes no mail.
_VAGUE = frozenset(
    {"", "0.0", "1.0", "2.0", "3.0", "4.0", "5.0", "6.0", "7.0", "7.1", "1.1", "1.10", "2.1"}
)


def cause_of(report: Report) -> Cause:
    """Say why a mail came back: by its code, or by the words where the code is vague."""
    precise = report.status.partition(".")[2]
    if precise in _VAGUE:
        return _by_words(report.diagnostic) or _BY_STATUS.get(precise, Cause.OTHER)
    return _BY_STATUS.get(precise) or _by_words(report.diagnostic) or Cause.OTHER


def _by_words(text: str) -> Cause | None:
    return next((cause for cause, words in _WORDS if words.search(text[:2_000])), None)
