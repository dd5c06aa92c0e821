"""Presets are read strictly: what is wrong in a file stops it, what is not known stays unknown."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from posthorn.connectors.email_delivery.facts import Confidence, Evidence, PresetError
from posthorn.connectors.email_delivery.families import Family
from posthorn.connectors.email_delivery.package_choice import effect_of, shape_of
from posthorn.connectors.email_delivery.presets import (
    GENERIC,
    Preset,
    notes,
    preset_of,
    presets,
    read_preset,
)
from posthorn.sdk import Effect, Words

GOOD = """\
name = "Books"
checked = "2026-11"
confidence = "H"
notes = ["mailbox_per_kind"]

[sources]
S1 = ["https://books.example/help"]

[facts]
xml_ok = { is = true, confidence = "H", by = ["S1"] }
pdf_mode = { is = "none", confidence = "own", why = "Nobody says." }
"""
_FACTS = [
    one.name
    for one in fields(Preset)
    if one.name not in {"id", "name", "checked", "confidence", "notes", "sources", "evidence"}
]


def read(text: str) -> Preset:
    return read_preset("books.toml", text)


def test_there_is_a_file_for_every_package_we_know_of() -> None:
    found = presets()

    assert len(found) == 43
    assert next(iter(found)) == GENERIC
    names = [one.name.casefold() for one in found.values()][1:]
    assert names == sorted(names)


@pytest.mark.parametrize("preset", presets().values(), ids=lambda one: one.id)
def test_every_fact_says_where_it_comes_from(preset: Preset) -> None:
    known = {name for name in _FACTS if getattr(preset, name) not in (None, {})}

    assert {name.partition(".")[0] for name in preset.evidence} == known
    for evidence in preset.evidence.values():
        assert bool(evidence.by) != bool(evidence.why)
        assert all(re.match(r"https?://|PyPI |Debian ", page) for page in _pages(preset, evidence))


def _pages(preset: Preset, evidence: Evidence) -> list[str]:
    return [page for key in evidence.by for page in preset.sources[key]]


def test_a_fact_is_never_surer_than_the_whole() -> None:
    order = [Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW]
    unsure = {
        (one.id, name)
        for one in presets().values()
        for name, evidence in one.evidence.items()
        if evidence.confidence in order
        and order.index(evidence.confidence) < order.index(one.confidence)
    }

    assert unsure == set()


def test_every_note_is_used() -> None:
    said = " ".join(
        text["en"]
        for one in presets().values()
        for effect in [effect_of(one)]
        for text in _words(effect)
    )
    unused = [key for key, text in notes().items() if not _is_said(text["en"], said)]

    assert unused == []


def _words(effect: Effect) -> list[Words]:
    found = [effect.refused] if effect.refused else []
    found += [one.reason for one in effect.forbids]
    found += [one.reason for one in effect.patterns]
    return [*found, *(text for texts in effect.notes.values() for text in texts)]


def _is_said(text: str, said: str) -> bool:
    return re.search(re.sub(r"\\\{\w+\\\}", ".+", re.escape(text)), said) is not None


def test_generic_locks_nothing() -> None:
    effect = effect_of(presets()[GENERIC])

    assert (effect.refused, effect.starts, effect.forbids, effect.patterns) == ({}, {}, (), ())


@pytest.mark.parametrize("settings", [{}, {"package": "generic"}, {"package": "long_gone"}])
def test_settings_without_a_preset_behave_as_generic(settings: dict[str, str]) -> None:
    assert preset_of(settings).id == GENERIC


def test_what_a_file_does_not_say_is_not_known() -> None:
    preset = read(GOOD)

    known = {name: getattr(preset, name) for name in _FACTS}
    assert {name for name, value in known.items() if value not in (None, {})} == {
        "xml_ok",
        "pdf_mode",
    }
    assert preset.family is Family.NONE
    assert (preset.is_certain("pdf_mode"), preset.is_certain("zip_ok")) == (True, False)
    assert preset.takes_mail


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('name = "Books"', "", "missing"),
        ('name = "Books"', 'name = " "', "name is no line"),
        ('checked = "2026-11"', 'checked = "2026"', "checked cannot be"),
        ('confidence = "H"\nnotes', 'confidence = "X"\nnotes', "confidence cannot be 'X'"),
        ("mailbox_per_kind", "no_such_note", "not all in preset_notes"),
        ("[facts]", 'extra = 1\n[facts]', "source extra is no list"),
        ("[facts]", 'S2 = ["https://b.example"]\n[facts]', "sources nobody names"),
        ("[facts]", "S2 = [1]\n[facts]", "names no page"),
        ('by = ["S1"]', 'by = ["S9"]', "names a source that is not there"),
        (', by = ["S1"]', "", "has no source"),
        (', why = "Nobody says."', "", "needs `why`"),
        ('by = ["S1"]', 'by = ["S1"], why = "x"', "needs `why`"),
        ('by = ["S1"]', 'by = ["S1"], when = 1', "says more than"),
        ("is = true", "is = 1", "neither true nor false"),
        ('is = "none"', 'is = "both"', "pdf_mode cannot be 'both'"),
        ("{ is = true", "{ was = true", "no table with `is`"),
        ("xml_ok", "xml_okay", "unknown: xml_okay"),
        ("is = true", "is = false", "XML is not taken"),
        ('"none"', '"pdf_only"', "only PDFs travel"),
        ("xml_ok = { is = true", "pair_required = { is = true", "a pair is demanded"),
        ("xml_ok = { is = true", "max_files = { is = 0", "no whole number"),
        ("xml_ok = { is = true", "max_files = { is = true", "no whole number"),
        ("xml_ok = { is = true", 'kinds = { is = ["sales", "sales"]', "says something twice"),
        ("xml_ok = { is = true", 'kinds = { is = ["gift"]', "kinds cannot be 'gift'"),
        ("xml_ok = { is = true", 'countries = { is = ["be"]', "countries cannot be 'be'"),
        ("xml_ok = { is = true", 'address.purchase = { is = "("', "has a bad pattern"),
        ("xml_ok = { is = true", 'address.gift = { is = "x"', "no table of"),
        ("xml_ok = { is = true", 'subject_prefix.sales = { is = " x"', "has a bad prefix"),
        ("xml_ok = { is = true", 'subject_prefix.sales = { is = "\\r\\nBcc: x"', "no plain text"),
        ("xml_ok = {", "xml_ok = {{", "Invalid initial character"),
    ],
)  # fmt: skip
def test_a_file_with_a_mistake_is_refused_with_its_name(old: str, new: str, why: str) -> None:
    assert GOOD.count(old) == 1

    with pytest.raises(PresetError, match=rf"^books\.toml: .*{re.escape(why)}"):
        read(GOOD.replace(old, new))


@pytest.mark.parametrize("mode", ["separate_same_stem", "generic"])
def test_two_files_for_a_package_of_one_file_contradict_each_other(mode: str) -> None:
    text = GOOD.replace('"none"', f'"{mode}"')
    text += 'max_files = { is = 1, confidence = "H", by = ["S1"] }\n'

    with pytest.raises(PresetError, match="two files travel, yet one is allowed"):
        read(text)


def test_a_preset_is_named_in_lower_snake() -> None:
    with pytest.raises(PresetError, match=r"^Books-2\.toml: "):
        read_preset("Books-2.toml", GOOD)


@pytest.mark.parametrize(
    ("pattern", "shape"),
    [
        (r"[^@]+@yukiworks\.(nl|be)", "…@yukiworks.nl / .be"),
        (r"[^@]+@([^@]+\.)?clearfacts\.be", "…@clearfacts.be"),
        (r"[^@]+\+sales@dext\.cc", "…+sales@dext.cc"),
        (r"[^@.]+\.[^@]+@mailtobasecone\.com", "….…@mailtobasecone.com"),
    ],
)
def test_a_pattern_is_shown_as_people_read_it(pattern: str, shape: str) -> None:
    assert shape_of(pattern) == shape
