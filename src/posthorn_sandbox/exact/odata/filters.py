"""`$filter`: the operators and functions that Exact documents, and nothing else."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from posthorn_sandbox.exact.odata.literals import FilterError, Token, split
from posthorn_sandbox.exact.odata.schema import Field, Kind, Row

Test = Callable[[Row], bool]
Compare = Callable[[Any, Any], bool]

_COMPARISONS: Mapping[str, Compare] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}
_MIRRORED = {"gt": "lt", "ge": "le", "lt": "gt", "le": "ge"}
_FUNCTIONS: Mapping[str, Callable[[str, str], bool]] = {
    "substringof": lambda part, whole: part in whole,
    "startswith": lambda whole, part: whole.startswith(part),
    "endswith": lambda whole, part: whole.endswith(part),
}
_FAMILIES: Mapping[Kind, str] = {
    Kind.GUID: "guid",
    Kind.TEXT: "text",
    Kind.CODE: "text",
    Kind.COUNTRY: "text",
    Kind.INT: "number",
    Kind.DOUBLE: "number",
    Kind.LONG: "long",
    Kind.BOOL: "bool",
    Kind.DATE: "date",
}
_LONG_LITERALS = {
    "both": {"number", "long"},
    "plain": {"number"},
    "suffixed": {"long"},
}


@dataclass(frozen=True, slots=True)
class _Operand:
    family: str
    of: Callable[[Row], object]
    is_literal: bool


def read_filter(text: str, fields: Mapping[str, Field], int64_literal: str = "both") -> Test:
    """Build the test that a row must pass. Raises FilterError."""
    parser = _Parser(split(text), fields, int64_literal)
    return parser.read_all()


class _Parser:
    def __init__(
        self, tokens: list[Token], fields: Mapping[str, Field], int64_literal: str
    ) -> None:
        self._tokens = tokens
        self._place = 0
        self._fields = fields
        self._long_literals = _LONG_LITERALS[int64_literal]

    def read_all(self) -> Test:
        test = self._either()
        if self._place != len(self._tokens):
            raise FilterError("goes on after its end")
        return test

    def _either(self) -> Test:
        tests = [self._both()]
        while self._takes_word("or"):
            tests.append(self._both())
        return tests[0] if len(tests) == 1 else lambda row: any(test(row) for test in tests)

    def _both(self) -> Test:
        tests = [self._negated()]
        while self._takes_word("and"):
            tests.append(self._negated())
        return tests[0] if len(tests) == 1 else lambda row: all(test(row) for test in tests)

    def _negated(self) -> Test:
        if self._takes_word("not"):
            test = self._negated()
            return lambda row: not test(row)
        return self._single()

    def _single(self) -> Test:
        if self._takes_mark("("):
            test = self._either()
            self._demand_mark(")")
            return test
        if self._peek().kind == "word" and self._peek().value in _FUNCTIONS:
            return self._function()
        return self._comparison()

    def _function(self) -> Test:
        function = _FUNCTIONS[str(self._take().value)]
        self._demand_mark("(")
        first = self._operand("text")
        self._demand_mark(",")
        second = self._operand("text")
        self._demand_mark(")")
        if first.is_literal == second.is_literal:
            raise FilterError("a function takes one field and one text")

        def test(row: Row) -> bool:
            left, right = first.of(row), second.of(row)
            return left is not None and right is not None and function(str(left), str(right))

        return self._compared_with_truth(test)

    def _compared_with_truth(self, test: Test) -> Test:
        """Read what may follow a function: `eq true`, `eq false`."""
        if self._place == len(self._tokens) or self._peek().value not in {"eq", "ne"}:
            return test
        is_equal = self._take().value == "eq"
        wanted = self._operand("bool").of({})
        return lambda row: (test(row) is wanted) is is_equal

    def _comparison(self) -> Test:
        left = self._operand()
        name = str(self._take().value)
        if name not in _COMPARISONS:
            raise FilterError(f"{name} compares nothing")
        right = self._operand()
        if left.is_literal == right.is_literal:
            raise FilterError("a comparison is of a field with a literal")
        if left.is_literal:
            left, right, name = right, left, _MIRRORED.get(name, name)
        self._demand_family(left.family, right.family)
        return _comparing(left, _COMPARISONS[name], name, right.of({}))

    def _demand_family(self, field: str, literal: str) -> None:
        if field == "long":
            is_right = literal in self._long_literals
        elif field == "number":
            is_right = literal in {"number", "long"}
        else:
            is_right = field == literal
        if not is_right:
            raise FilterError(f"a {field} is not compared with a {literal}")

    def _operand(self, family: str = "") -> _Operand:
        token = self._take()
        if token.is_literal:
            found = _literal(token.kind, token.value)
        elif token.value in {"true", "false"}:
            found = _literal("bool", token.value == "true")
        elif token.value == "trim" and self._takes_mark("("):
            found = self._trimmed()
        else:
            found = self._field(token)
        if family and found.family != family:
            raise FilterError(f"{family} is wanted here")
        return found

    def _trimmed(self) -> _Operand:
        inner = self._operand("text")
        self._demand_mark(")")

        def trimmed(row: Row) -> object:
            value = inner.of(row)
            return None if value is None else str(value).strip()

        return _Operand("text", trimmed, inner.is_literal)

    def _field(self, token: Token) -> _Operand:
        name = str(token.value)
        field = self._fields.get(name)
        if token.kind != "word" or field is None or field.kind not in _FAMILIES:
            raise FilterError(f"there is no field {name} to filter by")
        pads = _PADS.get(field.kind)
        if pads is None:
            return _Operand(_FAMILIES[field.kind], lambda row: row.get(name), is_literal=False)
        return _Operand("text", lambda row: pads(row.get(name)), is_literal=False)

    def _peek(self) -> Token:
        if self._place >= len(self._tokens):
            raise FilterError("ends too early")
        return self._tokens[self._place]

    def _take(self) -> Token:
        token = self._peek()
        self._place += 1
        return token

    def _takes_word(self, word: str) -> bool:
        return self._takes(Token("word", word))

    def _takes_mark(self, mark: str) -> bool:
        return self._takes(Token("mark", mark))

    def _takes(self, wanted: Token) -> bool:
        is_there = self._place < len(self._tokens) and self._tokens[self._place] == wanted
        self._place += is_there
        return is_there

    def _demand_mark(self, mark: str) -> None:
        if not self._takes_mark(mark):
            raise FilterError(f"{mark} is wanted")


def pad_code(value: object) -> str | None:
    """Write a code as Exact does: 18 characters, blanks on the left."""
    return None if value is None else str(value).rjust(18)


def pad_country(value: object) -> str | None:
    """Write a country as Exact does: three characters, blanks on the right."""
    return None if value is None else str(value).ljust(3)


_PADS: Mapping[Kind, Callable[[object], str | None]] = {
    Kind.CODE: pad_code,
    Kind.COUNTRY: pad_country,
}


def _literal(family: str, value: object) -> _Operand:
    return _Operand(family, lambda _row: value, is_literal=True)


def _comparing(left: _Operand, compare: Compare, name: str, wanted: object) -> Test:
    def test(row: Row) -> bool:
        value = left.of(row)
        if value is None:
            return name == "ne"
        return compare(value, wanted)

    return test
