"""The process that opens hostile bytes: it can read its input, answer, and nothing else.

Once it is ready it may open no further descriptor (RLIMIT_NOFILE), so the kernel refuses it every
socket and every file; it may write no file (RLIMIT_FSIZE), start no process (RLIMIT_NPROC), and use
no more memory and processor time than it was given. Started as root it becomes *nobody* first.
Its parent's descriptors were closed when it was started.
"""

from __future__ import annotations

import json
import os
import resource
import struct
import sys
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from posthorn.archive.examined import examined
from posthorn.archive.warming import warm_up
from posthorn.archive.wire import packed
from posthorn.documents import DocumentError
from posthorn.kernel.memory import tune_collector

if TYPE_CHECKING:
    from collections.abc import Callable

    from posthorn.archive.examined import Examined

LENGTH: Final = struct.Struct(">Q")
_NOBODY = 65534
_STANDARD = 3  # input, output, errors


def main(reader: Callable[[bytes], Examined] = examined) -> None:
    """Answer one document after another until the input ends."""

    def answer(data: bytes) -> dict[str, Any]:
        return {"examined": packed(reader(data))}

    serve(answer, warm_up)


def serve(answer: Callable[[bytes], dict[str, Any]], prepare: Callable[[], None]) -> None:
    """Prepare, give up every right, then answer one question after another until the input ends."""
    memory, seconds = (int(argument) for argument in sys.argv[1:3])
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints by mistake must not look like an answer
    prepare()
    tune_collector()
    _lock_down(memory)
    _send(answers, {"ready": True})
    while (data := _receive(sys.stdin.buffer)) is not None:
        _limit_time(seconds)
        _send(answers, _answered(data, answer))


def _answered(data: bytes, answer: Callable[[bytes], dict[str, Any]]) -> dict[str, Any]:
    try:
        return answer(data)
    except DocumentError as error:
        return {"error": {"code": error.code, "advice": error.advice, "detail": error.detail}}
    except MemoryError:
        return {"failure": "out_of_memory"}
    except Exception as error:  # noqa: BLE001  # a reader's bug counts against the document
        return {"failure": f"internal {type(error).__name__}"}


def _lock_down(memory: int) -> None:
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(_NOBODY)
        os.setuid(_NOBODY)
    _limit(resource.RLIMIT_AS, memory)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NPROC, 0)
    _limit(resource.RLIMIT_NOFILE, _STANDARD)


def _limit(what: int, value: int) -> None:
    resource.setrlimit(what, (value, value))


def _limit_time(seconds: int) -> None:
    """Allow so much processor time from now; the kernel ends the process past it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (spent + seconds, resource.RLIM_INFINITY))


def _receive(questions: BinaryIO) -> bytes | None:
    head = questions.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    return questions.read(LENGTH.unpack(head)[0])


def _send(answers: BinaryIO, answer: dict[str, Any]) -> None:
    text = json.dumps(answer).encode()
    answers.write(LENGTH.pack(len(text)) + text)
    answers.flush()


if __name__ == "__main__":
    main()
