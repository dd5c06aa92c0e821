"""Every resource by its path."""

from __future__ import annotations

from collections.abc import Mapping

from posthorn_sandbox.exact.resources.divisions import division_resources
from posthorn_sandbox.exact.resources.documents import document_resources
from posthorn_sandbox.exact.resources.ledger import ledger_resources
from posthorn_sandbox.exact.resources.mailboxes import mailbox_resources
from posthorn_sandbox.exact.resources.resource import Resource


def every_resource() -> Mapping[str, Resource]:
    """Return the resources by their path, which is case sensitive."""
    found = division_resources() + document_resources() + mailbox_resources() + ledger_resources()
    return {one.spec.path: one for one in found}


def shelves_of(resources: Mapping[str, Resource]) -> list[str]:
    """List the shelves that hold what people make."""
    return sorted({one.shelf for one in resources.values()})
