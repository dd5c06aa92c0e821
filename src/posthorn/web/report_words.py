"""Says what a package told later of a document, in the words of its connector and no stronger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_noop as _

from posthorn.sdk.connector import RemoteState
from posthorn.web.wording import Tone, Words, explanation, translated

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from posthorn.delivery.queries.reports import ReportRow


def _words(word: str, why: str, tone: Tone) -> Words:
    return Words(word=word, why=why, who="", tone=tone)


STATES: Final[Mapping[RemoteState, Words]] = {
    RemoteState.RECEIVED: _words(_("Found in the package"), "", Tone.IDLE),
    RemoteState.BOOKED: _words(
        _("Processed in the package"), _("The package says that it was processed."), Tone.GOOD
    ),
    RemoteState.REJECTED: _words(
        _("Rejected in the package"), _("Somebody there decided against it."), Tone.BAD
    ),
    RemoteState.GONE: _words(
        _("No longer in the package"), _("The package does not find it any more."), Tone.WAIT
    ),
}


def words_of_report(row: ReportRow, connector_id: str) -> Words:
    """Say one thing a package told: its connector's own sentence where it has one."""
    words = translated(STATES[row.state])
    why = explanation(connector_id, row.code)
    return Words(word=words.word, why=why or words.why, who="", tone=words.tone)


def told_of(rows: Iterable[ReportRow], connector_id: str) -> list[tuple[ReportRow, Words]]:
    """Give each thing that was told with its words."""
    return [(one, words_of_report(one, connector_id)) for one in rows]
