"""Every code of this layer has its sentence, and every sentence has its code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from posthorn.connections.errors import SettingsError
from posthorn.connections.registry import collect, discover
from posthorn.connections.texts import own_texts, sentence, text_of
from posthorn.sdk import LANGUAGES, error_texts

SOURCES = Path(__file__).parents[2] / "src" / "posthorn" / "connections"
_RAISED = re.compile(
    r"(?:Unavailable|Rejected|Misconfigured|AuthorizationLost|Uncertain|CallFailedError)"
    r"\(\s*\"([a-z_]+)\""
)
_RETURNED = re.compile(
    r"return \"((?:package|certificate)_[a-z_]+)\", "
)  # of a line that did not open
_NAMED = re.compile(
    r"(?:return|:) \"((?:unknown_kind|not_a_route|no_[a-z]+|route_[a-z_]+"
    r"|type_again|own_address))\""
)

SAID_OTHERWISE = {
    "address_needs_smtputf8",
    "rate_limited",
    "too_many_refusals",
    "own_rate_reached",
    "mailbox_full_for_now",
    "authorization_lost",
    "no_destination",
    "not_seen_yet",
    "replaced_by_newer_sign_in",
    "sign_in_ended",
    "sign_in_superseded",
    "tokens_used_up",
}


def _codes() -> set[str]:
    text = "\n".join(file.read_text("utf-8") for file in SOURCES.glob("*.py"))
    found = set(_RAISED.findall(text)) | set(_NAMED.findall(text)) | set(_RETURNED.findall(text))
    return found | SAID_OTHERWISE


def test_codes_and_sentences_are_the_same_set() -> None:
    of_calls = set(error_texts("posthorn.connections", "http_errors.toml"))

    assert set(error_texts("posthorn.connections")) | of_calls == _codes()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_stands_in_the_wrong_language_by_mistake(language: str) -> None:
    others = [one for one in LANGUAGES if one != language]

    for code, text in own_texts().items():
        assert text.sentence[language] not in [text.sentence[other] for other in others], code


def test_a_connectors_own_word_comes_first() -> None:
    loaded = collect(discover(None, group="posthorn.none")).loaded["email_delivery"]

    assert text_of("no_sender", loaded) == loaded.assets.errors["no_sender"]
    assert text_of("no_sender") is None
    assert text_of("no_answer", loaded) == own_texts()["no_answer"]


def test_an_unknown_code_stands_for_itself() -> None:
    assert sentence("some_code", "nl") == "some_code"
    assert SettingsError({"x": "some_code"}).fields == {"x": "some_code"}
