"""What "not subject to VAT" (O) excludes: VAT numbers, and any other category (BR-O)."""

from __future__ import annotations

from posthorn.documents.checks.en16931.vat_categories import documents_with
from posthorn.documents.checks.en16931.vat_facts import (
    Found,
    allowances_by_code,
    breakdowns_by_code,
    charges_by_code,
    items_by_code,
    vat_of,
)
from posthorn.documents.checks.en16931.vat_parties import nobody_has_vat_number
from posthorn.documents.checks.rules import EN16931, Answer, Broken
from posthorn.documents.checks.subject import Subject
from posthorn.documents.xml import Element

rule = EN16931.rule
_breaks_down = documents_with(breakdowns_by_code, "O")


@rule("BR-O-02", documents_with(items_by_code, "O"))
def line_outside_vat_names_no_vat_number(_: Element, subject: Subject) -> Answer:
    """BT-31, BT-48, BT-63: none of them beside a line in O (EN 16931-1, BR-O-2)."""
    return nobody_has_vat_number(subject)


@rule("BR-O-03", documents_with(allowances_by_code, "O"))
def allowance_outside_vat_names_no_vat_number(_: Element, subject: Subject) -> Answer:
    """BT-31, BT-48, BT-63: none of them beside an allowance in O (EN 16931-1, BR-O-3)."""
    return not _is_of_document(subject, vat_of(subject).allowances) or nobody_has_vat_number(
        subject
    )


@rule("BR-O-04", documents_with(charges_by_code, "O"))
def charge_outside_vat_names_no_vat_number(_: Element, subject: Subject) -> Answer:
    """BT-31, BT-48, BT-63: none of them beside a charge in O (EN 16931-1, BR-O-4)."""
    is_there = _is_of_document(subject, vat_of(subject).charges)
    return not is_there or nobody_has_vat_number(subject)


@rule("BR-O-11", _breaks_down)
def breakdown_outside_vat_is_alone(_: Element, subject: Subject) -> Answer:
    """BG-23: beside the breakdown of O there is no other (EN 16931-1, BR-O-11)."""
    return _is_only_outside_vat(vat_of(subject).breakdowns)


@rule("BR-O-12", _breaks_down)
def lines_are_all_outside_vat(_: Element, subject: Subject) -> Answer:
    """BT-151: beside a breakdown of O all lines are in O (EN 16931-1, BR-O-12)."""
    return _is_only_outside_vat(vat_of(subject).items)


@rule("BR-O-13", _breaks_down)
def allowances_are_all_outside_vat(_: Element, subject: Subject) -> Answer:
    """BT-95: beside a breakdown of O all allowances are in O (EN 16931-1, BR-O-13)."""
    return _is_only_outside_vat(vat_of(subject).allowances)


@rule("BR-O-14", _breaks_down)
def charges_are_all_outside_vat(_: Element, subject: Subject) -> Answer:
    """BT-102: beside a breakdown of O all charges are in O (EN 16931-1, BR-O-14)."""
    return _is_only_outside_vat(vat_of(subject).charges)


def _is_of_document(subject: Subject, found: Found) -> bool:
    parents = (category.parent for category in found.get("O", ()))
    return any(parent is not None and parent.parent is subject.root for parent in parents)


def _is_only_outside_vat(found: Found) -> Answer:
    others = sorted(code for code in found if code != "O")
    if not others:
        return True
    return Broken(at=found[others[0]][0], found=", ".join(others))
