"""The language of the command line is the terminal's."""

from __future__ import annotations

import pytest

from posthorn.cli.found import records
from posthorn.cli.languages import language


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "en"),
        ({"LANG": "nl_BE.UTF-8"}, "nl"),
        ({"LANG": "fr_BE@euro"}, "fr"),
        ({"LANG": "DE"}, "de"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "POSIX"}, "en"),
        ({"LANG": "it_IT.UTF-8"}, "en"),
        ({"LANG": "nl_BE", "LC_MESSAGES": "fr_BE"}, "fr"),
        ({"LANG": "nl_BE", "LC_MESSAGES": "fr_BE", "LC_ALL": "de_BE"}, "de"),
        ({"LANG": "nl_BE", "LC_ALL": ""}, "nl"),
        ({"LANG": "nl_BE", "LC_ALL": "C"}, "en"),
    ],
)
def test_the_terminals_language_decides_and_english_stands_in(
    environment: dict[str, str], expected: str
) -> None:
    assert language(environment) == expected


def test_findings_are_told_in_the_terminals_language(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {"id": "BR-02", "severity": "fatal", "xpath": "/Invoice", "line": 2, "values": {}}
    told = {}
    for code in ("C", "nl_BE.UTF-8"):
        monkeypatch.setenv("LC_ALL", code)
        told[code] = records([kept])[0]["message"]

    assert told == {
        "C": "Give the invoice a number.",
        "nl_BE.UTF-8": "Geef de factuur een nummer.",
    }
