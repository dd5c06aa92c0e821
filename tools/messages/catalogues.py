"""Reads, merges and writes the catalogues of texts, the same bytes for the same texts."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from tools.messages.extraction import SOURCE, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

LANGUAGES = ("nl", "fr", "de")
LOCALE = SOURCE / "locale"
_PLURALS = {
    "nl": "nplurals=2; plural=(n != 1);",
    "fr": "nplurals=2; plural=(n > 1);",
    "de": "nplurals=2; plural=(n != 1);",
}
_HEADER = """\
# {name} texts of Posthorn. Written by `python -m tools.messages`; translate in the msgstr lines.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"
"""
_NAMES = {"nl": "Dutch", "fr": "French", "de": "German"}
_MAGIC = 0x950412DE
_MO_HEADER = struct.Struct("<7I")
_MO_ENTRY = struct.Struct("<2I")

Forms = tuple[str, ...]
"""A translation: one form, or both of a plural; blank where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a catalogue's file holds: translations by text, and those marked as fuzzy."""

    forms: Mapping[Text, Forms]
    fuzzy: frozenset[Text]


def po_of(language: str, folder: Path = LOCALE) -> Path:
    """Name the file in which a language is translated."""
    return folder / language / "LC_MESSAGES" / "django.po"


def mo_of(language: str, folder: Path = LOCALE) -> Path:
    """Name the file from which Django reads a language."""
    return po_of(language, folder).with_suffix(".mo")


def read(source: str, language: str) -> Kept:
    """Read a catalogue's text."""
    catalogue = read_po(io.StringIO(source), locale=language, ignore_obsolete=True)
    forms: dict[Text, Forms] = {}
    fuzzy = set()
    for message in catalogue:
        ids = message.id if isinstance(message.id, list | tuple) else (message.id,)
        if not ids[0]:
            continue
        text = Text(singular=ids[0], plural=(*ids, "")[1], context=message.context or "")
        said = message.string
        forms[text] = tuple(said) if isinstance(said, list | tuple) else (said or "",)
        if message.fuzzy:
            fuzzy.add(text)
    return Kept(forms=forms, fuzzy=frozenset(fuzzy))


def blank(text: Text) -> Forms:
    """Give the forms of a text that nobody translated yet."""
    return ("", "") if text.plural else ("",)


def merged(texts: Iterable[Text], kept: Kept) -> dict[Text, Forms]:
    """Give each text that is still there its translation; one that is no more is dropped."""
    return {
        text: kept.forms.get(text) or blank(text)
        for text in sorted(texts, key=lambda one: (one.singular, one.context))
    }


def written(
    language: str,
    forms: Mapping[Text, Forms],
    files: Mapping[Text, list[str]],
    fuzzy: frozenset[Text],
) -> str:
    """Give a catalogue's text."""
    catalogue = Catalog(locale=language, fuzzy=False)
    for text, said in forms.items():
        catalogue.add(
            (text.singular, text.plural) if text.plural else text.singular,
            said if text.plural else said[0],
            locations=[(name, 0) for name in files.get(text, ())],
            flags=["fuzzy"] if text in fuzzy else [],
            context=text.context or None,
        )
    body = io.BytesIO()
    write_po(body, catalogue, width=98, omit_header=True, include_lineno=False)
    header = _HEADER.format(name=_NAMES[language], language=language, plurals=_PLURALS[language])
    return f"{header}\n{body.getvalue().decode().strip()}\n"


def compiled(language: str, forms: Mapping[Text, Forms]) -> bytes:
    """Give the binary catalogue (GNU gettext, "The Format of GNU MO Files", read 2026-11-21)."""
    entries = {b"": _mo_header(language)}
    for text, said in forms.items():
        if all(said):
            key = f"{text.key}\0{text.plural}" if text.plural else text.key
            entries[key.encode()] = "\0".join(said).encode()
    keys = sorted(entries)
    names = _MO_HEADER.size
    values = names + len(keys) * _MO_ENTRY.size
    start = values + len(keys) * _MO_ENTRY.size
    name_table, name_bytes = _strings(keys, start)
    value_table, value_bytes = _strings([entries[key] for key in keys], start + len(name_bytes))
    head = _MO_HEADER.pack(_MAGIC, 0, len(keys), names, values, 0, start)
    return head + name_table + value_table + name_bytes + value_bytes


def _mo_header(language: str) -> bytes:
    lines = _HEADER.format(name="", language=language, plurals=_PLURALS[language]).splitlines()[3:]
    return "".join(line.strip('"').replace("\\n", "\n") for line in lines).encode()


def _strings(parts: list[bytes], start: int) -> tuple[bytes, bytes]:
    table, data = [], b""
    for part in parts:
        table.append(_MO_ENTRY.pack(len(part), start + len(data)))
        data += part + b"\0"
    return b"".join(table), data
