"""The page of accounting packages: what is known of each one's import mailbox, and how surely."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from posthorn.connectors.email_delivery.families import (
    INHERIT,
    MEANING,
    TABLE,
    Family,
    carried,
)
from posthorn.connectors.email_delivery.package_choice import effect_of
from posthorn.connectors.email_delivery.presets import Preset, presets
from posthorn.sdk import OFF, ON
from tools.docs.markdown import code, page, table

_INTRODUCTION = """\
What Email Delivery knows of the mailboxes from which accounting packages import. Choosing a package
fills in what is known of it and refuses what it cannot take; *Generic* leaves everything open. A
fact is only as sure as its source: **H** is the package's own page, **M** the page of a vendor that
delivers to it, **L** thin or contradicted, **own** our careful choice where nobody says anything.
What stands nowhere is not known, and is not guessed: there Generic's own value holds. Values
against a fact of H or own are refused, against others only doubted."""
_TABLE = """\
What travels of an e-invoice, by the family of the package and the switch *Attach PDFs alongside*.
A client's *as the firm* takes the firm's switch. A package that demands the pair overrules it."""
_HEAD = (
    "Package",
    "Family",
    "Pair demanded",
    "PDF drawn when missing",
    "Largest mail",
    "Subject begins",
    "Kinds",
    "Statements",
    "One address",
    "Allow-list",
    "Link",
    "How sure",
    "Checked",
)


def render() -> str:
    """Give the page."""
    found = list(presets().values())
    return page(
        "Accounting packages",
        "src/posthorn/connectors/email_delivery/presets/*.toml",
        _INTRODUCTION,
        table(_HEAD, (_row(one) for one in found)),
        "## What travels beside an e-invoice",
        _TABLE,
        table(
            ("Family", "Off", "On", "As the firm, off", "As the firm, on"),
            (_carries(*one) for one in _families()),
        ),
        table(("Travels", "Meaning"), ((code(one), said) for one, said in MEANING.items())),
        *(part for one in found for part in _section(one)),
    )


def _row(preset: Preset) -> tuple[str, ...]:
    tags = [f"{place}: {code(tag)}" for place, tag in preset.subject_prefix.items()]
    return (
        f"[{preset.name}](#{_anchor(preset)})",
        code(preset.family) if preset.takes_mail else "no mailbox",
        _said(preset.pair_required),
        _said(preset.render_if_missing),
        f"{preset.max_mail_bytes / 1_000_000:g} MB" if preset.max_mail_bytes else "",
        "; ".join(tags),
        _listed(preset.kinds),
        _listed(preset.statements_supported),
        _said(preset.same_address_ok),
        _said(preset.sender_allow_list),
        "refused" if preset.link_mode_forbidden else "",
        preset.confidence,
        preset.checked,
    )


def _families() -> Iterator[tuple[str, Family, bool]]:
    for family in dict.fromkeys(family for family, _ in TABLE):
        yield code(family), family, False
    yield f"{code(Family.SEPARATE_SAME_STEM)}, pair demanded", Family.SEPARATE_SAME_STEM, True


def _carries(name: str, family: Family, is_pair_demanded: bool) -> tuple[str, ...]:  # noqa: FBT001  # one row's parts
    switches = [(OFF, OFF), (ON, OFF), (INHERIT, OFF), (INHERIT, ON)]
    return (
        name,
        *(
            code(carried(family, client=client, firm=firm, is_pair_demanded=is_pair_demanded))
            for client, firm in switches
        ),
    )


def _section(preset: Preset) -> Iterator[str]:
    yield f'<a id="{_anchor(preset)}"></a>\n\n### {preset.name}'
    effect = effect_of(preset)
    if effect.refused:
        yield effect.refused["en"]
    notes = [f"- {text['en']}" for text in effect.notes.get("package", ())]
    if notes:
        yield "\n".join(notes)
    facts = list(_facts(preset))
    if facts:
        yield table(("Fact", "Value", "How sure", "Source"), facts)


def _facts(preset: Preset) -> Iterator[tuple[str, ...]]:
    for name, evidence in preset.evidence.items():
        field, _, place = name.partition(".")
        value = getattr(preset, field)
        if isinstance(value, Mapping):
            value = value[place]
        pages = [url for key in evidence.by for url in preset.sources[key]]
        yield code(name), _value(value), evidence.confidence, evidence.why or " ; ".join(pages)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return _said(value)
    if isinstance(value, tuple):
        return _listed(value)
    return f"{value:,}" if isinstance(value, int) else code(str(value))


def _listed(values: tuple[str, ...] | None) -> str:
    if values is None:
        return ""
    return ", ".join(values) or "none"


def _said(is_so: bool | None) -> str:  # noqa: FBT001  # one column's value
    return "" if is_so is None else ("yes" if is_so else "no")


def _anchor(preset: Preset) -> str:
    return preset.id.replace("_", "-")
