"""Every code that the product writes into the trail has a sentence, found by reading the source."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import posthorn
from posthorn.archive.directions import Reading
from posthorn.delivery.states import State
from posthorn.tenancy.actions import SENTENCES, sentence, starting_with

if TYPE_CHECKING:
    from collections.abc import Collection

SOURCE = Path(posthorn.__file__).parent
KINDS = {code.partition(".")[0] for code in SENTENCES}
SWITCHES = {
    "activated",
    "deactivated",
    "paused",
    "released",
    "asks_on_unknown",
    "resends_on_unknown",
}
# What a code that is put together ends in, by what stands in its braces.
ENDINGS: dict[str, Collection[str]] = {
    "delivery.{target}": set(State),
    "delivery.{State.UNKNOWN}": {State.UNKNOWN},
    "document.{row.reading}": set(Reading),
    "connection.{word}": SWITCHES,
    "integration.{_WORDS[Stage(row.stage)]}": {
        "place_asked",
        "place_lost",
        "place_refused",
        "place_undecided",
        "place_verified",
    },
    "sending_domain.{word}": {"proven", "lost"},
    "trial.{trial.state}": {"accepted", "failed", "unknown"},
}


def written(tree: ast.AST) -> set[str]:
    """Give the codes that stand in calls, as words or put together of a kind and an ending."""
    found: set[str] = set()
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        for value in [*call.args, *(word.value for word in call.keywords)]:
            for node in _branches(value):
                found |= _codes(node)
    return found


def _branches(node: ast.expr) -> list[ast.expr]:
    return [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]


def _codes(node: ast.expr) -> set[str]:
    if isinstance(node, ast.JoinedStr):
        text = ast.unparse(node)[2:-1]
        kind = text.partition(".{")[0]
        return {f"{kind}.{end}" for end in ENDINGS[text]} if kind in KINDS else set()
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        kind, dot, word = node.value.partition(".")
        is_code = dot and kind in KINDS and word.replace("_", "").isalpha()
        return {node.value} if is_code else set()
    return set()


def of_trail(path: Path) -> bool:
    """Tell whether a module writes into the trail, itself or through another's functions."""
    return any(word in path.read_text() for word in ("audit.", "_note(", "_tell(", "record("))


CODES = set[str]().union(
    *(written(ast.parse(path.read_text())) for path in SOURCE.rglob("*.py") if of_trail(path))
)


def test_every_code_that_is_written_has_a_sentence_and_every_sentence_a_code() -> None:
    assert sorted(CODES - set(SENTENCES)) == []
    assert sorted(set(SENTENCES) - CODES) == []


def test_a_code_put_together_of_something_new_is_noticed() -> None:
    with pytest.raises(KeyError):
        written(ast.parse('record(f"client.{anything}")'))
    assert written(ast.parse('record(x, "client.on" if y else "client.off")')) == {
        "client.on",
        "client.off",
    }


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_a_sentence_stands_without_its_details(code: str) -> None:
    told = sentence(code, {}, {})
    assert "%(" not in told
    assert told[0].isupper() or told[0] in "…“"


@pytest.mark.parametrize(
    ("code", "detail", "told"),
    [
        (
            "client.edited",
            {"name": ["Bakker", "Bakkerij"], "dossier_number": ["1", "2"]},
            "Client changed: name Bakker → Bakkerij; dossier number 1 → 2.",
        ),
        (
            "client.state_changed",
            {"before": "active", "after": "lost"},
            "Client moved from “Active” to “Link ended”.",
        ),
        ("member.added", {"role": "accountant"}, "… became a member of the firm: Accountant."),
        ("connection.renamed", {"name": ["A", "B"]}, "Accounting package renamed: A → B."),
        (
            "document.rejected",
            {"reason": "<b>100 %(x)s</b>"},
            "Document rejected: <b>100 %(x)s</b>",
        ),
        ("later.thing", {"a": 1}, "later.thing"),
        ("client.number_added", {"value": 7, "scheme": "vat"}, "Number added to the client: 7."),
    ],
)
def test_a_sentence_is_filled_with_its_details(
    code: str, detail: dict[str, object], told: str
) -> None:
    assert sentence(code, detail, {}) == told


def test_codes_are_found_by_their_beginning() -> None:
    assert starting_with("instance.") == ("instance.held", "instance.released")
    assert starting_with("client.paused") == ("client.paused",)
    assert starting_with("nothing") == ()
