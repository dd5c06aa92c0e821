"""Prepared bytes are kept small and come back exact, or not at all."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posthorn.delivery.revisions import (
    RevisionDamagedError,
    StoredRevision,
    assemble,
    mime_base64,
    skeleton_of,
)
from posthorn.kernel.digest import sha256_hex

CONTENT = bytes(range(256)) * 40
DIGEST = sha256_hex(CONTENT)
TOKEN = "a" * 42 + "_"


class Sources:
    """One file and one address; `content` may be damaged."""

    def __init__(self, content: bytes = CONTENT) -> None:
        self.content = content

    def file(self, sha256: str) -> bytes:
        assert sha256 == DIGEST
        return self.content

    def token(self, sha256: str) -> str:
        assert sha256 == DIGEST
        return TOKEN


def stored(payload: bytes) -> StoredRevision:
    return StoredRevision(
        number=1,
        settings_version="0" * 64,
        media_type="message/rfc822",
        envelope={"to": "a@b.example"},
        summary={},
        skeleton=json.loads(json.dumps(skeleton_of(payload, DIGEST, CONTENT))),
        sha256=sha256_hex(payload),
    )


@pytest.mark.parametrize("piece", [CONTENT, mime_base64(CONTENT)], ids=["raw", "base64"])
def test_a_stored_file_is_referred_to_and_comes_back_exact(piece: bytes) -> None:
    payload = b"Subject: x\r\n\r\n" + piece + b"\r\n--end--\r\n"

    revision = stored(payload)

    assert len(json.dumps(revision.skeleton)) < 300
    assert revision.restore("k", Sources()).payload == payload


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_whatever_stands_around_the_file_comes_back_exact(before: bytes, after: bytes) -> None:
    payload = before + CONTENT + after

    skeleton = json.loads(json.dumps(skeleton_of(payload, DIGEST, CONTENT)))

    assert assemble(skeleton, Sources()) == payload


def test_a_small_file_is_copied_rather_than_referred_to() -> None:
    skeleton = skeleton_of(b"head tiny tail", sha256_hex(b"tiny"), b"tiny")

    assert skeleton == [{"text": "head tiny tail"}]


def test_a_payload_without_the_file_is_kept_whole() -> None:
    assert skeleton_of(b"mapped\0", DIGEST, CONTENT) == [
        {"base64": base64.b64encode(b"mapped\0").decode()}
    ]


def test_a_changed_file_is_noticed_before_the_wire() -> None:
    revision = stored(b"head " + CONTENT)

    with pytest.raises(RevisionDamagedError, match="Revision 1 of key does not match"):
        revision.restore("key", Sources(CONTENT[:-1] + b"!"))


@given(st.binary(max_size=2_000))
def test_base64_lines_are_those_of_mime(data: bytes) -> None:
    lines = mime_base64(data).split(b"\r\n")

    assert all(len(line) == 76 for line in lines[:-1])
    assert len(lines[-1]) <= 76
    assert base64.b64decode(b"".join(lines)) == data


@pytest.mark.parametrize("text", [b"\r\n%s\r\n", b"\xc3\xa9 %s/ and %s\r\n"])
def test_the_token_of_an_address_is_not_kept_and_comes_back(text: bytes) -> None:
    payload = text.replace(b"%s", TOKEN.encode()) + CONTENT

    skeleton = json.loads(json.dumps(skeleton_of(payload, DIGEST, CONTENT, token=TOKEN)))

    assert assemble(skeleton, Sources()) == payload
    kept = b"".join(
        base64.b64decode(one["base64"]) if "base64" in one else one.get("text", "").encode()
        for one in skeleton
    )
    assert TOKEN.encode() not in kept
    assert [one for one in skeleton if "link" in one] == [{"link": DIGEST}] * text.count(b"%s")
