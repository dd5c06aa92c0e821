from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posthorn.documents.statements.communication import coded, free, is_belgian, structured
from posthorn.documents.statements.model import Communication, CommunicationKind

BELGIAN = Communication(kind=CommunicationKind.BELGIAN, text="090933755493")
CREDITOR = Communication(kind=CommunicationKind.CREDITOR_REFERENCE, text="RF18539007547034")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+++090/9337/55493+++", BELGIAN),
        (" ***090/9337/55493*** ", BELGIAN),
        ("+++ 090/9337/55493 +++", BELGIAN),
        ("+++090/9337/55494+++", Communication(text="+++090/9337/55494+++")),
        ("+++090/9337/55493***", Communication(text="+++090/9337/55493***")),
        ("090933755493", Communication(text="090933755493")),
        ("ref +++090/9337/55493+++", Communication(text="ref +++090/9337/55493+++")),
        ("RF18 5390 0754 7034", CREDITOR),
        ("rf18539007547034", CREDITOR),
        ("RF19539007547034", Communication(text="RF19539007547034")),
        ("factuur  12\n van maart", Communication(text="factuur 12 van maart")),
        ("  \n", None),
    ],
)
def test_free_text_is_structured_only_as_a_whole(text: str, expected: Communication | None) -> None:
    assert free(text) == expected


@pytest.mark.parametrize(
    ("text", "kind", "kept"),
    [
        ("090933755493", CommunicationKind.BELGIAN, "090933755493"),
        ("+++090/9337/55493+++", CommunicationKind.BELGIAN, "090933755493"),
        ("RF18539007547034", CommunicationKind.CREDITOR_REFERENCE, "RF18539007547034"),
        ("000000000097", CommunicationKind.BELGIAN, "000000000097"),
        ("000000000000", CommunicationKind.STRUCTURED, "000000000000"),
        ("2026 0001", CommunicationKind.STRUCTURED, "2026 0001"),
    ],
)
def test_structured_text_is_told_by_its_check_digits(
    text: str, kind: CommunicationKind, kept: str
) -> None:
    assert structured(text, "SCOR") == Communication(kind=kind, text=kept, code="SCOR")


def test_blank_is_no_communication() -> None:
    assert (structured(" ", None), coded(" ", "105")) == (None, None)


@given(st.integers(min_value=0, max_value=9_999_999_999), st.integers(min_value=1, max_value=96))
def test_one_pair_of_check_digits_holds(number: int, off: int) -> None:
    check = number % 97 or 97
    other = (check + off - 1) % 97 + 1

    assert is_belgian(f"{number:010}{check:02}") is True
    assert is_belgian(f"{number:010}{other:02}") is (other == check)
