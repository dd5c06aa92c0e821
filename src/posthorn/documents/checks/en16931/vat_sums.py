"""What the lines, allowances and charges come to, by category of VAT and by rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, TypeAlias

from posthorn.documents.checks.en16931.arithmetic import ZERO, minus, plus
from posthorn.documents.checks.en16931.contexts import LINES, every, is_allowance, is_charge
from posthorn.documents.checks.en16931.vat_facts import code_of
from posthorn.documents.checks.subject import Subject
from posthorn.documents.xml import Element

_OTHERS: Final = "cac:AllowanceCharge"
_KEY: Final = "en16931.vat_sums"

# (name of the elements, code) or (name of the elements, code, rate)
Key: TypeAlias = tuple[str | Decimal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """The net amounts by category, and by category and rate; None where one is no number.

    The scheme of the category does not matter here, as it does not for the official tests.
    """

    known: dict[Key, Decimal | None] = field(default_factory=dict)
    seen: set[Key] = field(default_factory=set)  # wherever they stand, at rates
    unclear: set[str] = field(default_factory=set)  # codes with a rate that is no number

    def of(self, lines: str, code: str, *rate: Decimal) -> Decimal | None:
        """Return lines plus charges less allowances of a category (and rate)."""
        net = self.known.get((lines, code, *rate), ZERO)
        others = self.known.get((_OTHERS, code, *rate), ZERO)
        return None if net is None or others is None else plus(net, others)

    def has(self, lines: str, code: str, rate: Decimal) -> bool:
        """Tell whether a line, allowance or charge has that category at that rate."""
        return (lines, code, rate) in self.seen or (_OTHERS, code, rate) in self.seen


def sums_of(subject: Subject) -> Sums:
    """Return the sums of a document, added up the first time."""
    known = subject.notes.get(_KEY)
    if isinstance(known, Sums):
        return known
    sums = Sums()
    for name in LINES:
        for line in subject.named(name):
            _note(
                sums,
                subject,
                line,
                every(line, "cac:Item", "cac:ClassifiedTaxCategory"),
                "cbc:LineExtensionAmount",
            )
    for other in subject.named(_OTHERS):
        _note(sums, subject, other, other.kids.get("cac:TaxCategory", ()), "cbc:Amount")
    subject.notes[_KEY] = sums
    return sums


def _note(
    sums: Sums, subject: Subject, element: Element, categories: Sequence[Element], name: str
) -> None:
    if not categories:
        return
    amount = _amount(subject, element, name)
    if element.name == _OTHERS:
        amount = _signed(element, amount)
    is_counted = element.parent is subject.root
    rates = _rates(subject, categories)
    for code in {code_of(category) for category in categories}:
        if is_counted:
            _add(sums.known, (element.name, code), amount)
        for rate in rates:
            if rate is None:
                sums.unclear.add(code)
                continue
            key = (element.name, code, rate)
            sums.seen.add(key)
            if is_counted:
                _add(sums.known, key, amount)


def _rates(subject: Subject, categories: Sequence[Element]) -> set[Decimal | None]:
    """Return the rates of the categories, None among them for one that cannot be read."""
    if len(categories) == 1:  # nearly always, and faster
        one = categories[0].kids.get("cbc:Percent", ())
        if len(one) <= 1:
            return {subject.number(percent) for percent in one}
    percents = [category.kids.get("cbc:Percent", ()) for category in categories]
    found = {subject.number(percent) for of_one in percents for percent in of_one}
    if any(len(of_one) > 1 for of_one in percents):
        found.add(None)
    return found


def _amount(subject: Subject, element: Element, name: str) -> Decimal | None:
    amounts = element.kids.get(name, ())
    if not amounts:
        return ZERO
    return subject.number(amounts[0]) if len(amounts) == 1 else None


def _signed(element: Element, amount: Decimal | None) -> Decimal | None:
    if amount is None or is_charge(element):
        return amount
    return minus(ZERO, amount) if is_allowance(element) else ZERO


def _add(known: dict[Key, Decimal | None], key: Key, amount: Decimal | None) -> None:
    before = known.get(key, ZERO)
    known[key] = None if before is None or amount is None else plus(before, amount)
