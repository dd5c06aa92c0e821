from __future__ import annotations

from tools.sizes import Size, over, sizes_of_functions

SOURCE = '''
def short():
    """Say little.

    In three lines.
    """
    return 1


class Thing:
    async def long(self):
        first = 1
        return first
'''


def test_functions_and_methods_are_measured_without_their_docstrings() -> None:
    assert sizes_of_functions(SOURCE, "a.py") == [
        Size(where="a.py:2 short", lines=2),
        Size(where="a.py:11 long", lines=3),
    ]


def test_size_at_the_limit_passes_and_one_line_more_is_named() -> None:
    sizes = [Size(where="a.py:1 fits", lines=50), Size(where="a.py:60 grows", lines=51)]

    assert over(sizes, 50) == ["a.py:60 grows: 51 lines, at most 50"]
