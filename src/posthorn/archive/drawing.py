"""Has stored files drawn for people in a child process that may crash or hang at no cost."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from django.conf import settings

from posthorn.archive.exhibit import Enclosure, Exhibit, Fold
from posthorn.archive.reader import Failed, Failure, Limits, Processes, command_of
from posthorn.archive.storage import storage
from posthorn.archive.wire import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

_CHILD: Final = "posthorn.archive.exhibit_child"
_MAX_ANSWER: Final = 48 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """A file that was inside a document."""

    name: str
    media_type: str
    content: bytes


Drawn: TypeAlias = "str | Exhibit | Inside | Refusal"


class NotDrawnError(Exception):
    """Show the plain facts instead: the file cannot be drawn."""

    code = "not_drawn"


def page_of(firm: UUID, sha256: str, language: str) -> str:
    """Give the page of a file, empty for one that is not drawn.

    Raises NotDrawnError, StorageError.
    """
    found = _asked(firm, sha256, {"what": "page", "language": language})
    if not isinstance(found, str):
        raise NotDrawnError("reader_internal_error")
    return found


def exhibit_of(firm: UUID, sha256: str) -> Exhibit:
    """Give what there is to see of a file; raises NotDrawnError, StorageError."""
    found = _asked(firm, sha256, {"what": "exhibit"})
    if not isinstance(found, Exhibit):
        raise NotDrawnError("reader_internal_error")
    return found


def inside_of(firm: UUID, sha256: str, place: int) -> Inside:
    """Give one of the files inside a document; raises NotDrawnError, StorageError."""
    found = _asked(firm, sha256, {"what": "inside", "place": place})
    if not isinstance(found, Inside):
        raise NotDrawnError("reader_internal_error")
    return found


def _asked(firm: UUID, sha256: str, question: Mapping[str, object]) -> Drawn:
    data = storage().open(firm, sha256)
    answer = processes().read(json.dumps(question).encode() + b"\n" + data)
    if isinstance(answer, Failed):
        raise NotDrawnError(answer.failure.value)
    if isinstance(answer, Refusal):
        raise NotDrawnError(answer.advice)
    return answer


def understood(answer: Any) -> Drawn | Failed:  # noqa: ANN401  # JSON of a process
    """Read what the process said, and believe none of it further than its shape."""
    try:
        return _built(answer)
    except (TypeError, KeyError, ValueError, AttributeError, binascii.Error) as error:
        return Failed(failure=Failure.INTERNAL, detail=type(error).__name__)


def _built(answer: Any) -> Drawn | Failed:  # noqa: ANN401  # JSON of a process
    if "error" in answer:
        return Refusal(**{name: str(text) for name, text in answer["error"].items()})
    if "failure" in answer:
        is_full = answer["failure"] == "out_of_memory"
        return Failed(failure=Failure.OUT_OF_MEMORY if is_full else Failure.INTERNAL)
    if "page" in answer:
        return str(answer["page"])
    if "exhibit" in answer:
        return _exhibit(answer["exhibit"])
    return Inside(
        name=str(answer["name"]),
        media_type=str(answer["media_type"]),
        content=base64.b64decode(answer["content"], validate=True),
    )


def _exhibit(values: Mapping[str, Any]) -> Exhibit:
    return Exhibit(
        is_drawn=values["is_drawn"] is True,
        root=str(values["root"]),
        folds=tuple(
            Fold(name=str(each["name"]), value=str(each["value"]), text=str(each["text"]))
            for each in values["folds"]
        ),
        is_cut=values["is_cut"] is True,
        files=tuple(_enclosure(each) for each in values["files"]),
    )


def _enclosure(values: Mapping[str, Any]) -> Enclosure:
    size = values["size"]
    return Enclosure(
        place=int(values["place"]),
        name=str(values["name"]),
        media_type=str(values["media_type"]),
        description=str(values["description"]),
        url=str(values["url"]),
        size=None if size is None else int(size),
    )


@cache
def processes() -> Processes[Drawn | Failed]:
    """Give this process's drawing child, with the limits of the readers."""
    env = settings.POSTHORN
    limits = Limits(memory=env.reader_memory, timeout_s=env.reader_timeout, answer=_MAX_ANSWER)
    return Processes(1, limits, command_of(_CHILD), understood)
