from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from posthorn.documents import cii, ubl, xml
from posthorn.documents.invoice import Invoice
from posthorn.documents.xml import Element, Tree

SAMPLES = Path(__file__).parents[3] / "samples"
PAIRS = ["full-invoice", "full-credit-note"]


def tree(folder: str, name: str) -> Tree:
    return xml.parse((SAMPLES / folder / f"{name}.xml").read_bytes())


def without_network(invoice: Invoice) -> Invoice:
    """Leave out the network of cards, which UBL requires and CII does not have."""
    payment = tuple(
        replace(means, card=replace(means.card, network=None)) if means.card else means
        for means in invoice.payment
    )
    return replace(invoice, payment=payment)


@pytest.mark.parametrize("name", PAIRS)
def test_cii_and_ubl_of_one_invoice_say_the_same(name: str) -> None:
    ours = cii.read_invoice(tree("cii", name).root)

    assert ours == without_network(ubl.read_invoice(tree("ubl", name).root))


def leaves(element: Element) -> list[Element]:
    if not element.kids:
        return [element] if (element.value or "").strip() else []
    return [leaf for child in element.children() for leaf in leaves(child)]


# They carry no term of their own: the kind of a tax or paper, a name that CII requires, a date that
# stands with each rate, and the quantity of a gross price, which that of the net price tells.
SILENT = {"ram:TypeCode", "ram:Name", "udt:Indicator", "udt:DateString", "ram:BasisQuantity"}


@pytest.mark.parametrize("name", PAIRS)
def test_every_value_of_the_file_is_somewhere_in_the_invoice(name: str) -> None:
    root = tree("cii", name).root
    whole = cii.read_invoice(root)

    unread = []
    for leaf in leaves(root):
        sent, leaf.value = leaf.value, " "
        if cii.read_invoice(root) == whole:
            unread.append(leaf.name)
        leaf.value = sent

    assert set(unread) <= SILENT
