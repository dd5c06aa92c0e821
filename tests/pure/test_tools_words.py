from __future__ import annotations

import pytest

from tools.words import findings_in


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("see PyPI" + ".org", "names a download host: PyPI" + ".org"),
        ("from files.pythonhosted" + ".org", "names a download host: pythonhosted" + ".org"),
        ("open('/home" + "/ann/x')", "names a folder of one machine: /home" + "/a"),
        ("TO" + "DO later", "leaves an open end: TO" + "DO"),
    ],
)
def test_forbidden_word_is_found_with_its_line(text: str, finding: str) -> None:
    assert findings_in("a.txt", f"fine\n{text}\n") == [f"a.txt:2 {finding}"]


@pytest.mark.parametrize(
    "text",
    ["a PyPI package", "$HOME/home/x", "https://example.com/home/x", "HTTP/2", "TODOS", "~/.local"],
)
def test_ordinary_words_pass(text: str) -> None:
    assert findings_in("a.txt", text) == []
