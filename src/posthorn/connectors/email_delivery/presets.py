"""What is known of each accounting package's import mailbox: one file per package, read strictly.

What is not known is None: a preset never guesses.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib import resources
from types import MappingProxyType

from posthorn.connectors.email_delivery.facts import Confidence, Evidence, Facts, PresetError
from posthorn.connectors.email_delivery.families import Family
from posthorn.documents.model import Format
from posthorn.sdk import Kind, Quota, Words
from posthorn.sdk.languages import languages_missing

GENERIC = "generic"
EMAIL = "email"
TRANSPORTS = ("email", "folder", "ftp", "portal", "api")
# Addresses and subjects are told apart by more than the kind: some packages have one per journal.
PLACES = ("purchase", "sales", "purchase_credit", "sales_credit", "statement", "other")
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_FILE = re.compile(r"([a-z][a-z0-9_]*)\.toml")
_MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
_COUNTRY = re.compile(r"[A-Z]{2}")
_EXTENSION = re.compile(r"[a-z0-9]+")
_DIALECT = re.compile(r"[a-z0-9.-]+")
_PREFIX = re.compile(r"[\x21-\x7e]([\x20-\x7e]{0,18}[\x21-\x7e])?")
_HEAD = {"name", "checked", "confidence", "notes", "sources", "facts"}
_STATEMENTS = (Format.CODA, Format.CAMT053, Format.MT940, Format.PDF)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """One accounting package as a mailbox; None and a missing key mean: not known."""

    id: str
    name: str
    checked: str  # year and month in which the sources were read
    confidence: Confidence  # of the whole
    notes: tuple[str, ...]  # keys of preset_notes.toml
    sources: Mapping[str, tuple[str, ...]]  # key → addresses of pages
    evidence: Mapping[str, Evidence]  # fact → where it comes from

    countries: tuple[str, ...] | None
    transports: tuple[str, ...] | None
    kinds: tuple[str, ...] | None
    address: Mapping[str, str]  # place → pattern of the whole address
    case_sensitive: bool | None
    same_address_ok: bool | None
    xml_ok: bool | None
    dialects: tuple[str, ...] | None
    pdf_mode: Family | None
    pair_required: bool | None  # an e-invoice without its PDF is ignored
    render_if_missing: bool | None
    one_document_per_mail: bool | None
    zip_ok: bool | None
    max_mail_bytes: int | None  # of the whole mail as it travels: encoded
    max_files: int | None
    allowed_extensions: tuple[str, ...] | None
    subject_prefix: Mapping[str, str]  # place → how a subject must begin
    file_name_charset: str | None
    same_stem: bool | None  # XML and PDF of one invoice are matched by their name
    sender_allow_list: bool | None
    spf_strict: bool | None
    rate_per_hour: int | None
    rate_per_day: int | None
    link_mode_forbidden: bool | None
    statements_supported: tuple[str, ...] | None

    @property
    def family(self) -> Family:
        """Return how the PDF travels; generic where nobody says."""
        return self.pdf_mode or Family.GENERIC

    @property
    def quotas(self) -> tuple[Quota, ...]:
        """Return how many mails one mailbox takes in an hour and in a day.

        The pages name no more than a number: it is counted per mailbox, which is one company's.
        """
        rates = ((self.rate_per_hour, _HOUR), (self.rate_per_day, _DAY))
        return tuple(Quota(most=most, within=within) for most, within in rates if most)

    @property
    def takes_mail(self) -> bool:
        """Tell whether it can have an import mailbox; so when not known, or only rumoured."""
        if self.transports is None or EMAIL in self.transports:
            return True
        return self.evidence["transports"].confidence is Confidence.LOW

    def is_certain(self, fact: str) -> bool:
        """Tell whether what goes against a fact is refused."""
        return fact in self.evidence and self.evidence[fact].confidence.is_certain


def preset_of(settings: Mapping[str, str]) -> Preset:
    """Return the preset that was chosen; the generic one where none was, or it is gone."""
    known = presets()
    return known.get(settings.get("package", GENERIC), known[GENERIC])


@cache
def presets() -> Mapping[str, Preset]:
    """Return every preset by its id, the generic one first, then by name. Raises PresetError."""
    folder = resources.files(__package__) / "presets"
    found = [read_preset(file.name, file.read_text("utf-8")) for file in folder.iterdir()]
    found.sort(key=lambda one: (one.id != GENERIC, one.name.casefold()))
    return MappingProxyType({one.id: one for one in found})


@cache
def notes() -> Mapping[str, Words]:
    """Return the sentences presets show, by key. Raises PresetError when one lacks a language."""
    file = resources.files(__package__) / "preset_notes.toml"
    found: dict[str, Words] = tomllib.loads(file.read_text("utf-8"))
    incomplete = [key for key, text in found.items() if languages_missing(text)]
    if incomplete:
        raise PresetError(f"preset_notes.toml: {', '.join(incomplete)} lack a language")
    return MappingProxyType(found)


def read_preset(file_name: str, source: str) -> Preset:
    """Return the preset in a file. Raises PresetError naming the file."""
    named = _FILE.fullmatch(file_name)
    if named is None:
        raise PresetError(f"{file_name}: a preset is called lower_snake.toml")
    try:
        return _checked(_preset(named.group(1), tomllib.loads(source)))
    except (PresetError, tomllib.TOMLDecodeError) as error:
        raise PresetError(f"{file_name}: {error}") from error


def _preset(preset_id: str, table: Mapping[str, object]) -> Preset:
    unknown, missing = sorted(set(table) - _HEAD), sorted(_HEAD - set(table))
    if unknown or missing:
        raise PresetError(f"unknown: {unknown}, missing: {missing}")
    sources = _sources(table["sources"])
    if not isinstance(table["facts"], dict):
        raise PresetError("facts is no table")
    facts = Facts(table["facts"], sources)
    mode = facts.word("pdf_mode", set(Family))
    known = _mail(facts) | _files(facts) | _sending(facts)
    return Preset(
        id=preset_id,
        name=_line(table, "name"),
        checked=_line(table, "checked", _MONTH),
        confidence=_confidence(_line(table, "confidence")),
        notes=_notes(table["notes"]),
        sources=sources,
        pdf_mode=Family(mode) if mode else None,
        **known,  # type: ignore[arg-type]  # each by its own reader, which checks the type
        evidence=facts.finish(),
    )


def _mail(facts: Facts) -> dict[str, object]:
    return {
        "countries": facts.words("countries", _COUNTRY),
        "transports": facts.words("transports", TRANSPORTS),
        "kinds": facts.words("kinds", set(Kind)),
        "address": facts.texts("address", PLACES),
        "case_sensitive": facts.flag("case_sensitive"),
        "same_address_ok": facts.flag("same_address_ok"),
        "subject_prefix": facts.texts("subject_prefix", PLACES),
        "statements_supported": facts.words("statements_supported", _STATEMENTS),
    }


def _files(facts: Facts) -> dict[str, object]:
    return {
        "xml_ok": facts.flag("xml_ok"),
        "dialects": facts.words("dialects", _DIALECT),
        "pair_required": facts.flag("pair_required"),
        "render_if_missing": facts.flag("render_if_missing"),
        "one_document_per_mail": facts.flag("one_document_per_mail"),
        "zip_ok": facts.flag("zip_ok"),
        "max_files": facts.number("max_files"),
        "allowed_extensions": facts.words("allowed_extensions", _EXTENSION),
        "file_name_charset": facts.word("file_name_charset", ("ascii",)),
        "same_stem": facts.flag("same_stem"),
    }


def _sending(facts: Facts) -> dict[str, object]:
    return {
        "max_mail_bytes": facts.number("max_mail_bytes"),
        "sender_allow_list": facts.flag("sender_allow_list"),
        "spf_strict": facts.flag("spf_strict"),
        "rate_per_hour": facts.number("rate_per_hour"),
        "rate_per_day": facts.number("rate_per_day"),
        "link_mode_forbidden": facts.flag("link_mode_forbidden"),
    }


def _line(table: Mapping[str, object], key: str, shape: re.Pattern[str] | None = None) -> str:
    found = table[key]
    if not isinstance(found, str) or not found.strip() or not found.isprintable():
        raise PresetError(f"{key} is no line of text")
    if shape is not None and not shape.fullmatch(found):
        raise PresetError(f"{key} cannot be {found!r}")
    return found


def _confidence(found: str) -> Confidence:
    if found not in set(Confidence):
        raise PresetError(f"confidence cannot be {found!r}")
    return Confidence(found)


def _sources(found: object) -> Mapping[str, tuple[str, ...]]:
    if not isinstance(found, dict):
        raise PresetError("sources is no table")
    for key, pages in found.items():
        if not isinstance(pages, list) or not pages:
            raise PresetError(f"source {key} is no list of pages")
        if not all(isinstance(page, str) and page for page in pages):
            raise PresetError(f"source {key} names no page")
    return MappingProxyType({key: tuple(pages) for key, pages in found.items()})


def _notes(found: object) -> tuple[str, ...]:
    if not isinstance(found, list) or not set(map(str, found)) <= set(notes()):
        raise PresetError(f"notes are not all in preset_notes.toml: {found!r}")
    return tuple(map(str, found))


def _checked(one: Preset) -> Preset:
    """Return the preset when its facts do not contradict each other. Raises PresetError."""
    demands_pair = bool(one.pair_required)
    wrong = {
        "a pair is demanded, yet PDFs do not travel beside": demands_pair
        and one.family is not Family.SEPARATE_SAME_STEM,
        "two files travel, yet one is allowed": one.max_files == 1
        and one.family in {Family.GENERIC, Family.SEPARATE_SAME_STEM},
        "XML is not taken, yet not only PDFs travel": one.xml_ok is False
        and one.family is not Family.PDF_ONLY,
        "only PDFs travel, yet nobody says that none may be drawn": one.family is Family.PDF_ONLY
        and one.render_if_missing is None,
    }
    wrong |= {f"{place} has a bad pattern": not _compiles(p) for place, p in one.address.items()}
    prefixes = one.subject_prefix.items()
    wrong |= {f"{place} has a bad prefix": not _PREFIX.fullmatch(p) for place, p in prefixes}
    found = [problem for problem, is_wrong in wrong.items() if is_wrong]
    if found:
        raise PresetError("; ".join(found))
    return one


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True
