"""Turns presets into one choice: what picking a package fills in, refuses and explains."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from posthorn.connectors.email_delivery.families import Family
from posthorn.connectors.email_delivery.presets import GENERIC, Preset, notes, presets
from posthorn.sdk import (
    OFF,
    ON,
    SENDER,
    Choice,
    Effect,
    Forbidden,
    Kind,
    Pattern,
    Words,
    same_words,
    words,
)

LINK = "link"
# Place of a preset's addresses → the setting that holds such an address.
ADDRESS_FIELDS = MappingProxyType(
    {
        "purchase": "purchase_address",
        "sales": "sales_address",
        "statement": "statement_address",
        "purchase_credit": "purchase_credit_address",
        "sales_credit": "sales_credit_address",
    }
)
_PDF_FIELDS = ("attach_pdfs", "pdf_alongside")
_SAME_FIELDS = ("same_address_start", "same_address")
_GENERIC_NAME = words(nl="Algemeen", fr="Générique", en="Generic", de="Allgemein")
_ABOUT_PDF = MappingProxyType(
    {
        Family.EMBEDDED_ONLY: "pdf_goes_inside",
        Family.NONE: "pdf_unsaid",
        Family.SEPARATE_SAME_STEM: "pdf_merged",
        Family.PDF_ONLY: "pdf_alone",
    }
)


def package_choice() -> Choice:
    """Return the setting in which a firm says which package its clients' mailboxes belong to."""
    found = presets().values()
    return Choice(
        id="package",
        label=words(
            nl="Welk boekhoudpakket",
            fr="Quel logiciel comptable",
            en="Which accounting package",
            de="Welches Buchhaltungsprogramm",
        ),
        help=words(
            nl="Vult in wat ervan bekend is en weigert wat het niet aankan. Algemeen laat alles "
            "open.",
            fr="Remplit ce qui en est connu et refuse ce qu'il n'accepte pas. Générique laisse "
            "tout ouvert.",
            en="Fills in what is known of it and refuses what it cannot take. Generic leaves "
            "everything open.",
            de="Füllt aus, was davon bekannt ist, und lehnt ab, was es nicht annimmt. Allgemein "
            "lässt alles offen.",
        ),
        default=GENERIC,
        options=tuple((one.id, name_of(one)) for one in found),
        effects=tuple(effect_of(one) for one in found),
    )


def name_of(preset: Preset) -> Words:
    """Return what a package is called; the generic one has a name in each language."""
    return _GENERIC_NAME if preset.id == GENERIC else same_words(preset.name)


def effect_of(preset: Preset) -> Effect:
    """Return what choosing a package means for the settings of firm and clients."""
    return Effect(
        option=preset.id,
        refused={} if preset.takes_mail else _said(preset, "no_mailbox"),
        starts=_starts(preset),
        forbids=tuple(_forbids(preset)),
        patterns=tuple(_patterns(preset)),
        overruled=frozenset(_PDF_FIELDS if _pdf_key(preset) else ()),
        notes={name: tuple(texts) for name, texts in _notes(preset).items() if texts},
    )


def _said(preset: Preset, key: str, **values: str) -> Words:
    """Return a sentence about a package; the sender stays a placeholder for whoever shows it."""
    name, rate = name_of(preset), str(preset.rate_per_day or "")
    return {
        language: text.format(package=name[language], rate=rate, sender=SENDER, **values)
        for language, text in notes()[key].items()
    }


def _starts(preset: Preset) -> dict[str, str]:
    known: dict[str, str] = {}
    if preset.same_address_ok is not None:
        known["same_address_start"] = ON if preset.same_address_ok else OFF
    if preset.pair_required:
        known["attach_pdfs"] = ON
    return known


def _forbids(preset: Preset) -> Iterator[Forbidden]:
    if preset.same_address_ok is False and preset.is_certain("same_address_ok"):
        yield from _against(preset, _SAME_FIELDS, ON, "separate_needed")
    if preset.pair_required and preset.is_certain("pair_required"):
        yield from _against(preset, _PDF_FIELDS, OFF, "pdf_demanded")
    if preset.family is Family.NONE and preset.is_certain("pdf_mode"):
        yield from _against(preset, _PDF_FIELDS, ON, "pdf_none")
    if preset.link_mode_forbidden and preset.is_certain("link_mode_forbidden"):
        yield from _against(preset, ("attached_as",), LINK, "link_forbidden")


def _against(preset: Preset, fields: tuple[str, ...], value: str, key: str) -> Iterator[Forbidden]:
    reason = _said(preset, key)
    yield from (Forbidden(field=one, value=value, reason=reason) for one in fields)


def _patterns(preset: Preset) -> Iterator[Pattern]:
    for place, name in ADDRESS_FIELDS.items():
        # A credit note's address looks like that of the invoices beside it, unless a page says so.
        source = place if place in preset.address else place.removesuffix("_credit")
        if source in preset.address:
            pattern = preset.address[source]
            yield Pattern(
                field=name,
                pattern=pattern,
                reason=_said(preset, "address_shape", shape=shape_of(pattern)),
                is_certain=preset.is_certain(f"address.{source}"),
            )


def shape_of(pattern: str) -> str:
    """Return an address pattern as a person reads it: what varies as three dots."""
    shown = re.sub(r"\((?:\[\^@\]\+|\w+)\\\.\)\?", "", pattern)
    shown = re.sub(r"\[[^]]*\]\+", "…", shown).replace("\\+", "+")
    return re.sub(r"\\\.\((\w+)\|(\w+)\)", r".\1 / .\2", shown).replace("\\.", ".")


def _notes(preset: Preset) -> Mapping[str, list[Words]]:
    found: dict[str, list[Words]] = {"package": _about(preset)}
    found |= {name: [_said(preset, key)] for name in _PDF_FIELDS for key in _pdf_key(preset)}
    for place, name in ADDRESS_FIELDS.items():
        found[name] = list(_about_address(preset, place))
    return found


def _pdf_key(preset: Preset) -> tuple[str, ...]:
    if preset.pair_required:
        return ("pdf_needed",)
    key = _ABOUT_PDF.get(preset.family)
    return (key,) if key else ()


def _about(preset: Preset) -> list[Words]:
    keys = list(preset.notes)
    if preset.id != GENERIC and not preset.evidence:
        keys.append("unknown")
    if preset.subject_prefix:
        keys.append("purchase_tag")
    if preset.rate_per_day:
        keys.append("rate")
    if preset.same_address_ok is False and not preset.is_certain("same_address_ok"):
        keys.append("separate_needed")
    if preset.same_address_ok:
        keys.append("one_mailbox")
    return [_said(preset, key) for key in keys]


def _about_address(preset: Preset, place: str) -> Iterator[Words]:
    kind = place.removesuffix("_credit")
    if preset.kinds is not None and kind in set(Kind) and kind not in preset.kinds:
        yield _said(preset, "kind_not_taken")
        return
    if preset.case_sensitive:
        yield _said(preset, "capitals")
    yield _said(preset, "allow_list" if preset.sender_allow_list else "sender")
    if preset.spf_strict:
        yield _said(preset, "spf")
