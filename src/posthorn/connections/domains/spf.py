"""Says whether mail from an address passes a domain's SPF record (RFC 7208), bounded as it says."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from posthorn.connections.domains.names import NamesUnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from posthorn.connections.domains.names import Names

# RFC 7208 section 4.6.4.
MAX_LOOKUPS = 10
MAX_VOID_LOOKUPS = 2
MAX_MAIL_HOSTS = 10
_FOUR_BITS, _SIX_BITS = 32, 128
_RECORD = re.compile(r"v=spf1(?: |$)", re.IGNORECASE)
_TERM = re.compile(
    r"(?P<sign>[+\-~?]?)(?P<name>all|include|a|mx|ptr|ip4|ip6|exists)"
    r"(?::(?P<value>[^/\s]+))?(?P<lengths>(?:/\d{1,3})?(?://\d{1,3})?)",
    re.IGNORECASE,
)
_MODIFIER = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9._-]*)=(?P<value>\S*)")
_MACRO = re.compile(r"%(?:\{([slodiphcrtv])(\d*)(r?)([.\-+,/_=]*)\}|%|_|-)", re.IGNORECASE)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Spf(StrEnum):
    """What an SPF record says of an address (RFC 7208 section 2.6)."""

    PASS = "pass"  # noqa: S105  a result, no password
    FAIL = "fail"
    SOFTFAIL = "softfail"
    NEUTRAL = "neutral"
    NONE = "none"
    PERMERROR = "permerror"
    TEMPERROR = "temperror"


_SIGNS = {"": Spf.PASS, "+": Spf.PASS, "-": Spf.FAIL, "~": Spf.SOFTFAIL, "?": Spf.NEUTRAL}


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One mechanism of a record."""

    result: Spf
    name: str
    value: str
    lengths: tuple[int, int]  # prefix lengths for IPv4 and IPv6


class BrokenRecordError(Exception):
    """Correct the SPF record; the message says what is wrong with it."""


def record_of(names: Names, domain: str) -> str | None:
    """Return the domain's SPF record, None where there is none.

    Raises BrokenRecordError when there are two, NamesUnavailableError.
    """
    found = [text for text in names.texts(domain) if _RECORD.match(text)]
    if len(found) > 1:
        raise BrokenRecordError(f"{domain} has {len(found)} SPF records")
    return found[0] if found else None


def evaluate(names: Names, domain: str, address: str, sender: str) -> tuple[Spf, str]:
    """Return what the domain says of mail from an address, and why where that is an error."""
    check = _Check(names, ipaddress.ip_address(address), sender)
    try:
        return check.of(domain), ""
    except BrokenRecordError as broken:
        return Spf.PERMERROR, str(broken)
    except NamesUnavailableError as unavailable:
        return Spf.TEMPERROR, str(unavailable)


class _Check:
    """One evaluation: it counts its look-ups."""

    def __init__(self, names: Names, address: Address, sender: str) -> None:
        self._names = names
        self._address = address
        self._sender = sender
        self._lookups = 0
        self._voids = 0

    def of(self, domain: str) -> Spf:
        record = record_of(self._names, domain)
        if record is None:
            return Spf.NONE
        terms, redirect = parse(record)
        for term in terms:
            if self._matches(term, domain):
                return term.result
        if redirect is None:
            return Spf.NEUTRAL
        self._count()
        found = self.of(self._expanded(redirect, domain))
        if found is Spf.NONE:
            raise BrokenRecordError(f"redirect={redirect} leads to no SPF record")
        return found

    def _matches(self, term: Term, domain: str) -> bool:
        match term.name:
            case "all":
                return True
            case "ip4" | "ip6":
                return self._address in _network(term)
            case "include":
                return self._includes(self._expanded(term.value, domain))
            case _:
                return self._matches_names(term, self._expanded(term.value or domain, domain))

    def _matches_names(self, term: Term, target: str) -> bool:
        self._count()
        match term.name:
            case "a":
                return self._is_among(self._addresses(target), term)
            case "mx":
                hosts = self._found(self._names.mail_hosts(target))
                if len(hosts) > MAX_MAIL_HOSTS:
                    raise BrokenRecordError(f"{target} has more than {MAX_MAIL_HOSTS} MX hosts")
                return any(self._is_among(self._names.addresses(host), term) for host in hosts)
            case "exists":
                return bool(self._addresses(target))
            case _:
                return False  # ptr: "should not be used" (section 5.5); it takes no address of ours

    def _includes(self, target: str) -> bool:
        self._count()
        found = self.of(target)
        if found is Spf.NONE:
            raise BrokenRecordError(f"include:{target} has no SPF record")
        return found is Spf.PASS

    def _is_among(self, found: list[str], term: Term) -> bool:
        length = term.lengths[0 if self._address.version == 4 else 1]  # noqa: PLR2004
        return any(
            self._address in ipaddress.ip_network(f"{one}/{length}", strict=False)
            for one in found
            if ipaddress.ip_address(one).version == self._address.version
        )

    def _addresses(self, target: str) -> list[str]:
        return self._found(self._names.addresses(target))

    def _found(self, answers: list[str]) -> list[str]:
        if not answers:
            self._voids += 1
            if self._voids > MAX_VOID_LOOKUPS:
                raise BrokenRecordError(f"more than {MAX_VOID_LOOKUPS} look-ups found nothing")
        return answers

    def _count(self) -> None:
        self._lookups += 1
        if self._lookups > MAX_LOOKUPS:
            raise BrokenRecordError(f"it needs more than {MAX_LOOKUPS} look-ups")

    def _expanded(self, text: str, domain: str) -> str:
        return _MACRO.sub(lambda found: self._macro(found, domain), text).rstrip(".").lower()

    def _macro(self, found: re.Match[str], domain: str) -> str:
        if found[1] is None:
            return {"%%": "%", "%_": " ", "%-": "%20"}[found[0]]
        text = self._letter(found[1].lower(), domain)
        parts = re.split(f"[{re.escape(found[4] or '.')}]", text)
        if found[3]:
            parts.reverse()
        kept = int(found[2]) if found[2] else len(parts)
        return ".".join(parts[-kept:] if kept else parts)

    def _letter(self, letter: str, domain: str) -> str:
        local, _, at = self._sender.rpartition("@")
        dotted = (
            str(self._address)
            if self._address.version == 4  # noqa: PLR2004
            else ".".join(self._address.exploded.replace(":", ""))
        )
        version = "in-addr" if self._address.version == 4 else "ip6"  # noqa: PLR2004
        known = {"s": self._sender, "l": local, "o": at, "d": domain, "i": dotted, "v": version}
        return known.get(letter, "unknown")


def parse(record: str) -> tuple[list[Term], str | None]:
    """Return the mechanisms of a record in order, and where it redirects to.

    Raises BrokenRecordError.
    """
    terms: list[Term] = []
    redirect = None
    for text in record.split()[1:]:
        term = _TERM.fullmatch(text)
        if term is not None:
            terms.append(_term(term, text))
            continue
        modifier = _MODIFIER.fullmatch(text)
        if modifier is None:
            raise BrokenRecordError(f"{text!r} is no term of SPF")
        if modifier["name"].lower() == "redirect":
            redirect = modifier["value"]
    if any(term.name == "all" for term in terms):
        redirect = None  # section 6.1: it counts only where no "all" stands
    return terms, redirect


def _term(found: re.Match[str], text: str) -> Term:
    name = found["name"].lower()
    value = found["value"] or ""
    if name in {"include", "exists", "ip4", "ip6"} and not value:
        raise BrokenRecordError(f"{text!r} names nothing")
    lengths = _lengths(found["lengths"] or "", text)
    term = Term(result=_SIGNS[found["sign"]], name=name, value=value, lengths=lengths)
    if name in {"ip4", "ip6"}:
        _network(term)
    return term


def _lengths(text: str, term: str) -> tuple[int, int]:
    found = re.fullmatch(r"(?:/(\d+))?(?://(\d+))?", text)
    four, six = (found[1], found[2]) if found else (None, None)
    if term.lower().lstrip("+-~?").startswith("ip6"):
        four, six = None, four
    lengths = int(four or _FOUR_BITS), int(six or _SIX_BITS)
    if found is None or lengths[0] > _FOUR_BITS or lengths[1] > _SIX_BITS:
        raise BrokenRecordError(f"{term!r} has no prefix length")
    return lengths


def _network(term: Term) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    length = term.lengths[0 if term.name == "ip4" else 1]
    kind = ipaddress.IPv4Network if term.name == "ip4" else ipaddress.IPv6Network
    try:
        return kind(f"{term.value}/{length}", strict=False)
    except ValueError:
        raise BrokenRecordError(f"{term.name}:{term.value} is no network") from None


def networks_of(names: Names, domain: str) -> Iterator[str]:
    """Give one address of each network that a record lists, of those it includes as well.

    Raises BrokenRecordError, NamesUnavailableError.
    """
    yield from _networks(names, domain, set())


def _networks(names: Names, domain: str, seen: set[str]) -> Iterator[str]:
    seen.add(domain)
    record = record_of(names, domain)
    terms, redirect = parse(record) if record else ([], None)
    for term in terms:
        if term.name in {"ip4", "ip6"}:
            yield str(_network(term).network_address)
    further = [term.value for term in terms if term.name == "include"]
    for target in [*further, *([redirect] if redirect else [])]:
        if target not in seen and len(seen) <= MAX_LOOKUPS:
            yield from _networks(names, target, seen)
