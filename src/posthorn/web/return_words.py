"""Says what came back by mail: a word for what it is, and why for a bookkeeper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop as _

from posthorn.delivery.bounces.verdict import Nature
from posthorn.web.wording import Tone, Words, explanation, translated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from posthorn.delivery.queries.returns import ReturnRow


def _words(word: str, why: str, tone: Tone) -> Words:
    return Words(word=word, why=why, who="", tone=tone)


NATURES: Mapping[Nature, Words] = {
    Nature.BOUNCE: _words(
        _("Came back"), _("A mail server reports that it was not delivered."), Tone.BAD
    ),
    Nature.DELAY: _words(
        _("Delayed"), _("A mail server reports that it is late and still tries."), Tone.WAIT
    ),
    Nature.CONFIRMATION: _words(
        _("Confirmed"), _("A mail server reports that it passed it on."), Tone.GOOD
    ),
    Nature.AUTOMATIC: _words(
        _("Automatic reply"), _("A program answered, such as an out-of-office reply."), Tone.IDLE
    ),
    Nature.ACKNOWLEDGEMENT: _words(
        _("Acknowledged"), _("The other side says that it has it."), Tone.GOOD
    ),
    Nature.REPLY: _words(_("Reply"), _("Somebody answered the mail."), Tone.IDLE),
    Nature.ECHO: _words(_("Came back"), _("A report on a report."), Tone.IDLE),
}


def words_of_return(row: ReturnRow) -> Words:
    """Say what one mail that came back is, in the cause's own words where it has any."""
    words = translated(NATURES[row.nature])
    why = explanation("", row.code)
    return Words(word=words.word, why=why or words.why, who="", tone=words.tone)
