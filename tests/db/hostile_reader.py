"""A reading process whose reader does what the bytes tell it to, inside the real limits."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path

from posthorn.archive import child
from posthorn.archive.examined import Examined
from posthorn.documents import DocumentError, Examination, Facts, Format


def hostile(data: bytes) -> Examined:
    """Do what hostile bytes would do if a parser let them."""
    _DEEDS.get(data, _nothing)()
    examination = Examination(facts=Facts(format=Format.XML, number=str(os.getpid())))
    return Examined(examination=examination)


def _nothing() -> None:
    return


def _crash() -> None:
    os.abort()


def _hang() -> None:
    time.sleep(600)


def _spin() -> None:
    while True:
        pass


def _swell() -> None:
    kept = []
    while True:
        kept.append(bytearray(16 * 1024 * 1024))


def _bug() -> None:
    raise ZeroDivisionError


def _socket() -> None:
    _refused(lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM).close())


def _file() -> None:
    _refused(lambda: Path("/etc/hostname").read_bytes())


def _fork() -> None:
    _refused(os.fork)


def _refused(deed: object) -> None:
    assert callable(deed)
    try:
        deed()
    except OSError as error:
        raise DocumentError(error.strerror or "") from error


_DEEDS = {
    b"crash": _crash,
    b"hang": _hang,
    b"spin": _spin,
    b"swell": _swell,
    b"bug": _bug,
    b"socket": _socket,
    b"file": _file,
    b"fork": _fork,
}

if __name__ == "__main__":
    child.main(reader=hostile)
