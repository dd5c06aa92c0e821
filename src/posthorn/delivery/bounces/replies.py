"""Tells what robots and people answer apart: out of office, a package's receipt, a real reply."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from posthorn.delivery.bounces.verdict import Nature

if TYPE_CHECKING:
    from posthorn.delivery.bounces.parts import Mail

_AWAY = re.compile(
    r"out of (?:the )?office|automatic reply|auto(?:matic)?[- ]?(?:reply|response|antwort)|"
    r"on (?:annual )?leave|vacation|away from|"
    r"automatisch antwoord|afwezig|niet aanwezig|buiten kantoor|met (?:verlof|vakantie)|"
    r"r[ée]ponse automatique|absen(?:t|ce)|en cong[ée]|"
    r"abwesen|automatische antwort|nicht im b[uü]e?ro|im urlaub",
    re.IGNORECASE,
)
_TAKEN = re.compile(
    r"(?:has been |successfully |was )?(?:received|processed|imported|uploaded)\b|"
    r"acknowledg|confirmation of receipt|"
    r"\b(?:goed )?ontvangen|verwerkt|geïmporteerd|ontvangstbevestiging|"
    r"bien re[çc]u|a été (?:re[çc]u|trait|import)|accus[ée] de r[ée]ception|"
    r"empfangen|erhalten|verarbeitet|importiert|eingangsbest(?:ä|ae)tigung",
    re.IGNORECASE,
)
# RFC 3834 section 5, and what vacation programs wrote before it.
_MARKS = ("x-autoreply", "x-autorespond", "x-auto-response", "x-autoresponder")
_PRECEDENCE = frozenset({"auto_reply", "bulk", "junk"})


def nature_of_reply(mail: Mail) -> Nature:
    """Say what kind of answer a mail is that is no report of a mail server."""
    told = f"{mail.first('subject')}\n{mail.text[:2_000]}"
    is_away = bool(_AWAY.search(told))
    if not (is_away or _is_marked(mail)):
        return Nature.ACKNOWLEDGEMENT if _TAKEN.search(mail.first("subject")) else Nature.REPLY
    if _TAKEN.search(told) and not is_away:
        return Nature.ACKNOWLEDGEMENT
    return Nature.AUTOMATIC


def _is_marked(mail: Mail) -> bool:
    submitted = mail.first("auto-submitted").partition(";")[0].strip().lower()
    if submitted not in {"", "no"} or mail.report_type == "disposition-notification":
        return True
    if mail.first("precedence").strip().lower() in _PRECEDENCE:
        return True
    return any(mail.first(name) for name in _MARKS)
