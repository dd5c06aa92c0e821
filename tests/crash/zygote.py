"""A process that has imported everything and forks: a new worker costs milliseconds, not seconds.

It reads one JSON object a line: `{"act": name, "arguments": {…}}` forks and answers with the pid,
`{"wait": pid}` answers with the exit code, or null while the process runs.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import sys
import traceback
from typing import TYPE_CHECKING, Any, NoReturn

import django

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ANSWERS = "answers"
"""Folder, inside the data folder, for what acts return: `<pid>.json`."""


LEASE_LOST = 3
"""Exit code of a worker that was declared dead while it lived."""


def main() -> None:
    """Serve until stdin ends."""
    logging.basicConfig(level=logging.WARNING, format="%(process)d %(name)s: %(message)s")
    django.setup()
    from tests.crash import acts, exact_acts, office_acts  # noqa: PLC0415  # models exist from here on

    acts.warm_up()
    gc.freeze()  # a collection in a child would copy every page it shares with us
    known: Mapping[str, Callable[..., object]] = {
        **acts.ACTS,
        **exact_acts.ACTS,
        **office_acts.ACTS,
    }
    for line in sys.stdin:
        asked = json.loads(line)
        if "wait" in asked:
            _say(_status(asked["wait"]))
        else:
            _say(_fork(known[asked["act"]], asked["arguments"]))


def _say(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def _status(pid: int) -> int | None:
    found, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if found else None


def _fork(act: Callable[..., object], arguments: Mapping[str, Any]) -> int:
    pid = os.fork()
    if pid == 0:
        _run(act, arguments)
    return pid


def _run(act: Callable[..., object], arguments: Mapping[str, Any]) -> NoReturn:
    code = 1
    try:
        _leave_parent()
        answer = act(**arguments)
        _keep(answer)
        code = answer if isinstance(answer, int) and not isinstance(answer, bool) else 0
    except BaseException:  # noqa: BLE001  # the child must never go on as a second zygote
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _leave_parent() -> None:
    """Take hands off the parent's pipes, and put the pid where PostgreSQL shows it."""
    from django.db import connections  # noqa: PLC0415  # needs settings

    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    connections["default"].settings_dict["OPTIONS"]["application_name"] = name_of(os.getpid())


def name_of(pid: int) -> str:
    """Give the name under which a forked process logs in to the database."""
    return f"forked-{pid}"


def _keep(answer: object) -> None:
    from django.conf import settings  # noqa: PLC0415  # needs settings

    place = settings.POSTHORN.data / ANSWERS / f"{os.getpid()}.json"
    place.parent.mkdir(exist_ok=True)
    part = place.with_suffix(".part")
    part.write_text(json.dumps(answer))
    part.replace(place)


if __name__ == "__main__":
    main()
