"""The lists Exact gives to choose from: document types, folders, postboxes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Final

from posthorn.connectors.exact_online import odata
from posthorn.connectors.exact_online.calls import Calls
from posthorn.connectors.exact_online.settings import FOLDER, MAILBOX, STATEMENT_TYPE

_MAX: Final = 500

Options = Sequence[tuple[str, str]]


def options_of(calls: Calls, field: str) -> Options:
    """Return value and label of a field's options, at most 500; none for a field without a list."""
    listed = _LISTS.get(field)
    return list(islice(listed(calls), _MAX)) if listed else []


def _types(calls: Calls) -> Options:
    rows = calls.rows("documents/DocumentTypes", select="ID,Description,DocumentIsCreatable")
    found = [
        (str(number), odata.text(row.get("Description")) or str(number))
        for row in rows
        if row.get("DocumentIsCreatable") is not False
        and (number := odata.whole(row.get("ID"))) is not None
    ]
    return sorted(found, key=lambda one: one[1].casefold())


def _folders(calls: Calls) -> Options:
    rows = calls.rows("documents/DocumentFolders", select="ID,Code,Description")
    return sorted(
        (
            (key, f"{odata.text(row.get('Code'))} {odata.text(row.get('Description'))}".strip())
            for row in rows
            if (key := odata.guid(row.get("ID")))
        ),
        key=lambda one: one[1].casefold(),
    )


def _postboxes(calls: Calls) -> Options:
    rows = calls.rows(
        "mailbox/Mailboxes",
        filter=f"ForDivision eq {calls.company}",
        select="ID,Mailbox,Description",
    )
    return [
        (key, odata.text(row.get("Mailbox")) or key)
        for row in rows
        if (key := odata.guid(row.get("ID")))
    ]


_LISTS: Final[dict[str, Callable[[Calls], Options]]] = {
    STATEMENT_TYPE: _types,
    FOLDER: _folders,
    MAILBOX: _postboxes,
}
