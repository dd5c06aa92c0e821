"""Compares a domain's DNS records with what its mail needs; the network is behind a port."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from posthorn.connections.domains import keys, spf
from posthorn.connections.domains.findings import Finding, Standing, Subject
from posthorn.connections.domains.names import NamesUnavailableError
from posthorn.connections.guard import is_public

if TYPE_CHECKING:
    from collections.abc import Sequence

    from posthorn.connections.domains.names import Names

_MOST_ADDRESSES = 8
# The tree walk of DMARC (draft-ietf-dmarc-dmarcbis section 4.10) looks at eight names at most.
_MOST_PARENTS = 8
_DMARC = re.compile(r"v=DMARC1\s*(?:;|$)")
_POLICY = re.compile(r";\s*p\s*=\s*(none|quarantine|reject)\b", re.IGNORECASE)
_STRICT_POLICIES = frozenset({"quarantine", "reject"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """How a domain's mail leaves: sender, relay host, SPF terms the operator names, our key."""

    sender: str
    relay_host: str
    terms: Sequence[str]
    selector: str
    public: str
    bounces_to: str = ""  # the domain of the envelope sender, where it is another one

    @property
    def checked(self) -> str:
        """The domain whose SPF record receivers ask for: that of the envelope (RFC 7208, 2.4)."""
        return self.bounces_to or self.domain

    @property
    def is_spf_aligned(self) -> bool:
        """Tell whether SPF can speak for the sender to DMARC (RFC 7489 section 3.1.2)."""
        pair = sorted((self.checked, self.domain), key=len)
        return pair[0] == pair[1] or pair[1].endswith(f".{pair[0]}")

    @property
    def domain(self) -> str:
        """The domain of the sender, in lower case."""
        return self.sender.rpartition("@")[2].lower()


def check_records(names: Names, sending: Sending) -> list[Finding]:
    """Return a finding each for SPF, DKIM, DMARC and MX; never raises for what DNS answers."""
    spf_found = _answered(Subject.SPF, lambda: _spf(names, sending))
    dkim_found = _answered(Subject.DKIM, lambda: _dkim(names, sending))
    counted = {dkim_found.standing} | ({spf_found.standing} if sending.is_spf_aligned else set())
    is_aligned = Standing.GOOD in counted
    dmarc_found = _answered(Subject.DMARC, lambda: _dmarc(names, sending, is_aligned=is_aligned))
    return [spf_found, dkim_found, dmarc_found, _answered(Subject.MX, lambda: _mx(names, sending))]


def _answered(subject: Subject, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except NamesUnavailableError as unavailable:
        return Finding(
            subject=subject,
            standing=Standing.UNKNOWN,
            code="names_unavailable",
            detail=str(unavailable),
        )


def _spf(names: Names, sending: Sending) -> Finding:
    try:
        record = spf.record_of(names, sending.checked)
        addresses = _leaving_from(names, sending)
        if not addresses:
            return Finding(
                subject=Subject.SPF,
                standing=Standing.UNKNOWN,
                code="spf_no_address",
                detail=sending.relay_host,
            )
        missing = _not_passing(names, sending, addresses) if record else addresses[:1]
    except spf.BrokenRecordError as broken:
        return _bad(Subject.SPF, "spf_broken", str(broken))
    if not missing:
        return _good(Subject.SPF, "spf_pass", ", ".join(addresses))
    if sending.bounces_to:
        return _bad(Subject.SPF, "spf_of_platform", f"{sending.bounces_to}: {', '.join(missing)}")
    wanted = list(sending.terms) or [_address_term(each) for each in addresses]
    code = "spf_not_listed" if record else "spf_missing"
    value = with_terms(record or "v=spf1", wanted)
    return _bad(Subject.SPF, code, ", ".join(missing), sending.domain, value)


def _not_passing(names: Names, sending: Sending, addresses: Sequence[str]) -> list[str]:
    """Return the addresses that the domain does not let pass, with what it says of them."""
    found: list[str] = []
    envelope = f"postmaster@{sending.bounces_to}" if sending.bounces_to else sending.sender
    for address in addresses:
        result, why = spf.evaluate(names, sending.checked, address, envelope)
        if result is spf.Spf.TEMPERROR:
            raise NamesUnavailableError(why)
        if result is spf.Spf.PERMERROR:
            raise spf.BrokenRecordError(why)
        if result is not spf.Spf.PASS:
            found.append(f"{address}: {result}")
    return found


def _leaving_from(names: Names, sending: Sending) -> list[str]:
    """Return addresses from which the mail reaches the internet."""
    found: list[str] = []
    for term in sending.terms:
        kind, _, value = term.partition(":")
        if kind == "include":
            found += spf.networks_of(names, value)
        elif kind in {"a", "mx"}:
            found += names.addresses(value)
        elif kind in {"ip4", "ip6"}:
            found.append(value.partition("/")[0])
    if not sending.terms:
        found = names.addresses(sending.relay_host) if sending.relay_host else []
        found = [each for each in found if is_public(each)]
    return list(dict.fromkeys(found))[:_MOST_ADDRESSES]


def _address_term(address: str) -> str:
    return f"ip6:{address}" if ":" in address else f"ip4:{address}"


def with_terms(record: str, wanted: Sequence[str]) -> str:
    """Return an SPF record with terms added before what ends it."""
    terms = record.split()
    ends = [at for at, term in enumerate(terms) if re.fullmatch(r"[+\-~?]?all|redirect=.*", term)]
    at = ends[0] if ends else len(terms)
    missing = [term for term in wanted if term not in terms]
    return " ".join([*terms[:at], *missing, *terms[at:], *([] if ends else ["~all"])])


def _dkim(names: Names, sending: Sending) -> Finding:
    name = keys.key_name(sending.selector, sending.domain)
    value = keys.key_record(sending.public)
    found = [key for text in names.texts(name) if (key := keys.published_key(text)) is not None]
    if sending.public in found:
        if len(found) > 1:
            # RFC 6376 section 3.6.2.2: what happens with two records is undefined.
            return _bad(Subject.DKIM, "dkim_twice", "", name, value)
        return _good(Subject.DKIM, "dkim_match", name)
    code = "dkim_other_key" if found else "dkim_missing"
    return _bad(Subject.DKIM, code, "", name, value)


def _dmarc(names: Names, sending: Sending, *, is_aligned: bool) -> Finding:
    labels = sending.domain.split(".")
    for at in range(max(0, len(labels) - 1)):
        if at >= _MOST_PARENTS:
            break
        parent = ".".join(labels[at:])
        found = [text for text in names.texts(f"_dmarc.{parent}") if _DMARC.match(text)]
        if len(found) == 1:
            return _dmarc_policy(parent, found[0], is_aligned=is_aligned)
        if found:
            return _bad(Subject.DMARC, "dmarc_twice", f"_dmarc.{parent}")
    value = f"v=DMARC1; p=none; rua=mailto:{sending.sender}"
    return _bad(Subject.DMARC, "dmarc_missing", "", f"_dmarc.{sending.domain}", value)


def _dmarc_policy(domain: str, record: str, *, is_aligned: bool) -> Finding:
    policy = _POLICY.search(record)
    said = f"_dmarc.{domain}: {record}"
    if policy is None:
        return _bad(Subject.DMARC, "dmarc_broken", said)
    if not is_aligned:
        is_strict = policy[1].lower() in _STRICT_POLICIES
        return _bad(Subject.DMARC, "dmarc_refuses" if is_strict else "dmarc_not_aligned", said)
    return _good(Subject.DMARC, "dmarc_aligned", said)


def _mx(names: Names, sending: Sending) -> Finding:
    hosts = names.mail_hosts(sending.domain)
    if hosts == [""]:
        # RFC 7505 section 4.2: such a domain should not be a sender; replies cannot come back.
        return _bad(Subject.MX, "mx_null")
    if hosts or names.addresses(sending.domain):
        return _good(Subject.MX, "mx_found", ", ".join(hosts[:_MOST_ADDRESSES]))
    return _bad(Subject.MX, "mx_missing")


def _good(subject: Subject, code: str, detail: str) -> Finding:
    return Finding(subject=subject, standing=Standing.GOOD, code=code, detail=detail)


def _bad(subject: Subject, code: str, detail: str = "", name: str = "", value: str = "") -> Finding:
    return Finding(
        subject=subject, standing=Standing.BAD, code=code, detail=detail, name=name, value=value
    )
