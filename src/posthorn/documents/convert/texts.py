"""Brings notes and lines of text into the one note and the numbered lines of Peppol."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from posthorn.documents.convert.draft import Draft
from posthorn.documents.invoice import Invoice, Line, Note

_GERMAN: Final = "DE"


def move_text_lines(draft: Draft) -> None:
    """Make notes of lines that are text alone, which ZUGFeRD 1.0 has between the others."""
    lines = draft.invoice.lines
    texts = [line for line in lines if line.note and line == Line(note=line.note)]
    for line in texts:
        draft.note("CONVERT-TEXT-LINE", "BT-127", line.note, line.note)
    draft.put(
        lines=tuple(line for line in lines if line not in texts),
        notes=(*draft.invoice.notes, *(Note(text=line.note or "") for line in texts)),
    )


def number_lines(draft: Draft) -> None:
    """Give the lines numbers where none of them has a number."""
    lines = draft.invoice.lines
    if not lines or any(line.number for line in lines):
        return
    draft.note("CONVERT-LINE-NUMBERS", "BT-126", None, f"1-{len(lines)}")
    draft.put(lines=tuple(replace(line, number=str(n)) for n, line in enumerate(lines, 1)))


def join_notes(draft: Draft) -> None:
    """Make one note of several, for which Peppol has room between German parties only."""
    # PEPPOL-EN16931-R002. The subject code of each stays before its text (EN 16931-3-2, BT-21).
    notes = draft.invoice.notes
    if len(notes) <= 1 or _is_german(draft.invoice):
        return
    first, *others = notes
    text = "\n".join((first.text, *(written(note) for note in others)))
    draft.note("CONVERT-NOTES", "BT-22", str(len(notes)), "1")
    draft.put(notes=(replace(first, text=text),))


def written(note: Note) -> str:
    """Return a note as UBL writes it, its subject code before the text."""
    return f"#{note.subject}#{note.text}" if note.subject else note.text


def _is_german(invoice: Invoice) -> bool:
    parties = (invoice.seller, invoice.buyer)
    return all(each and each.address and each.address.country == _GERMAN for each in parties)
