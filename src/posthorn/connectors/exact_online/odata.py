"""Reads and writes Exact's OData: both shapes of lists, quoted text, local dates, quoted numbers.

Shapes as recorded live: NangoHQ/integration-templates, exact-online, June 2026.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from posthorn.sdk import Response

Entity: TypeAlias = Mapping[str, object]

_GUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MOMENT: Final = re.compile(r"/Date\((-?[0-9]{1,16})\)/")
_WHOLE: Final = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_NOBODY: Final = "00000000-0000-0000-0000-000000000000"


class OddAnswerError(ValueError):
    """Treat the answer as none: it is not what Exact says where things go well."""


def quoted(text: str) -> str:
    """Return a text as a literal of a filter."""
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


def guid_literal(guid: str) -> str:
    """Return a key as a literal of a filter."""
    return f"guid'{guid}'"


def guid(value: object) -> str:
    """Return a key in lower case; empty for none, for all zeros and for anything else."""
    text = value.strip().lower() if isinstance(value, str) else ""
    return text if _GUID.fullmatch(text) and text != _NOBODY else ""


def whole(value: object) -> int | None:
    """Return a number, quoted (Int64) or not, or a Double without fraction; None for none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, int):
        return value
    text = value.strip() if isinstance(value, str) else ""
    return int(text) if _WHOLE.fullmatch(text) else None


def text(value: object) -> str:
    """Return a text without the blanks Exact pads codes with; empty for none."""
    return value.strip() if isinstance(value, str) else ""


def moment(value: object) -> int:
    """Return what orders a point in time, in milliseconds of Exact's local time; 0 for none."""
    found = _MOMENT.fullmatch(value) if isinstance(value, str) else None
    return int(found[1]) if found else 0


def entity_of(answer: Response) -> Entity:
    """Return the one entity of an answer. Raises OddAnswerError."""
    content = _content(answer)
    if isinstance(content, Mapping) and "results" not in content:
        return content
    rows = _rows(content)
    if len(rows) != 1:
        raise OddAnswerError(f"{len(rows)} entities")
    return rows[0]


def page_of(answer: Response) -> tuple[Sequence[Entity], str]:
    """Return the entities of a list and the address of the next page. Raises OddAnswerError.

    A list comes bare where `$top` was at most 60, and in `results` otherwise.
    """
    content = _content(answer)
    following = content.get("__next", "") if isinstance(content, Mapping) else ""
    return _rows(content), following if isinstance(following, str) else ""


def _content(answer: Response) -> object:
    try:
        said = answer.json()
    except ValueError as error:
        raise OddAnswerError(_glimpse(answer)) from error
    if not isinstance(said, dict) or "d" not in said:
        raise OddAnswerError(_glimpse(answer))
    return said["d"]


def _rows(content: object) -> list[Entity]:
    rows = content.get("results") if isinstance(content, Mapping) else content
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise OddAnswerError("a list of entities was expected")
    return rows


def _glimpse(answer: Response) -> str:
    return f"{answer.status}: {' '.join(answer.text()[:300].split())}"


def message_of(answer: Response) -> str:
    """Return what an error envelope says to people; empty where the answer is none."""
    try:
        said = answer.json()
    except ValueError:
        return ""
    for name in ("error", "message", "value"):
        said = said.get(name) if isinstance(said, Mapping) else None
    return text(said)
