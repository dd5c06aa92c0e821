"""Says where in the package a delivered document is, in the words of its connector."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from posthorn.connections.registry import registry
from posthorn.delivery.states import State
from posthorn.web.languages import language

if TYPE_CHECKING:
    from posthorn.delivery.queries.deliveries import DeliveryPage

_RECEIPT = "receipt"
_SCHEMES = ("https://", "http://")  # the second is a stand-in's on this machine


def arrived(found: DeliveryPage) -> str:
    """Return one sentence on a delivered document, empty where its connector has none."""
    loaded = registry().get(found.row.connector_id)
    proof = next((one.evidence for one in found.attempts if one.outcome == _RECEIPT), None)
    if found.row.state is not State.DELIVERED or not loaded or not proof:
        return ""
    words = loaded.spec.arrived.get(language(), "")
    return words.format_map(defaultdict(str, proof))


def address_of(found: DeliveryPage) -> str:
    """Return the page of the package that shows the document, empty where none is known."""
    return found.url if found.url.startswith(_SCHEMES) else ""
