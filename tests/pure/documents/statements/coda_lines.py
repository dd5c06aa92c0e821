"""Writes CODA records by their columns, as Febelfin's version 2.6 counts them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

IBAN = "BE68539007547034"


def record(start: str, columns: Mapping[int, str] | None = None) -> str:
    """Return 128 columns; `columns` are texts by the column they start at, from 1."""
    line = list(f"{start:128}")
    for first, text in (columns or {}).items():
        line[first - 1 : first - 1 + len(text)] = text
    assert len(line) == 128
    return "".join(line)


def header(
    *,
    day: str = "020326",
    name: str = "KAAS BV",
    company: str = "00417710407",
    copy: str = " ",
    end: str = "2",
) -> str:
    columns = {15: f"05{copy}", 35: name, 61: "KREDBEBB", 72: company, 84: "00000", 128: end}
    return record(f"00000{day}539", columns)


def opened(
    account: str = f"2|{IBAN:34}EUR",
    *,
    number: str = "071",
    balance: str = "0000000001234560",
    day: str = "010326",
) -> str:
    structure, _, columns = account.partition("|")
    names = {65: "KAAS BV", 91: "Zichtrekening", 126: number}
    return record(f"1{structure}071{columns:37}{balance}{day}", names)


def closed(
    account: str = f"{IBAN:34}EUR", *, balance: str = "1000000000000010", day: str = "020326"
) -> str:
    return record(f"8071{account:37}{balance}{day}", {128: "0"})


def amount(text: str) -> str:
    """Return a sign, 12 digits and 3 decimals."""
    value = Decimal(text)
    return f"{int(value < 0)}{int(abs(value) * 1000):015}"


def movement(
    text: str = "",
    *,
    number: str = "0001",
    detail: str = "0000",
    value: str = "25",
    code: str = "00150000",
    kind: str = "0",
) -> str:
    columns = {11: "BANKREF1", 48: "020326", 54: code, 62: kind, 63: text, 116: "030326"}
    return record(f"21{number}{detail}", {**columns, 32: amount(value), 125: "0"})


def second(text: str = "", *, number: str = "0001", detail: str = "0000") -> str:
    return record(f"22{number}{detail}", {11: text, 64: "KLANTREF", 99: "GEBABEBB"})


def third(
    text: str = "", *, account: str = "BE71096123456769", number: str = "0001", detail: str = "0000"
) -> str:
    return record(f"23{number}{detail}", {11: account, 48: "BAKKER PIET", 83: text})


def information(
    text: str, *, part: str = "1", number: str = "0001", detail: str = "0001", kind: str = "0"
) -> str:
    if part == "1":
        return record(f"31{number}{detail}", {11: "BANKREF1", 40: kind, 41: text})
    return record(f"3{part}{number}{detail}", {11: text})


def message(text: str, *, number: str = "0001") -> str:
    return record(f"4 {number}0000", {33: text})


def trailer(*lines: str, more: str = "2") -> str:
    """Return the record that counts and sums the lines before it."""
    booked = [line for line in lines if line.startswith("21") and line[6:10] == "0000"]
    sums = [sum(int(line[32:47]) for line in booked if line[31] == sign) for sign in "10"]
    counted = sum(line[0] in "1238" for line in lines)
    return record("9", {17: f"{counted:06}{sums[0]:015}{sums[1]:015}", 128: more})


def unit(*lines: str, more: str = "2") -> tuple[str, ...]:
    """Return the lines with the trailer that goes with them."""
    return (*lines, trailer(*lines, more=more))


def data_of(lines: Iterable[str], *, newline: str = "\n", end: str = "\n") -> bytes:
    return (newline.join(lines) + end).encode("iso-8859-1")
