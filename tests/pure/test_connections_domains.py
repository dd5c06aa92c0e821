"""What *Check my domain* says of a domain's records, and what signing with its key makes."""

from __future__ import annotations

from datetime import UTC, datetime

import dkim  # type: ignore[import-untyped]  # dkimpy carries no types
import pytest

from posthorn.connections.domains.findings import Finding, Standing, Subject, from_kept, zone_line
from posthorn.connections.domains.keys import KeyPair, key_record, make_key, published_key
from posthorn.connections.domains.records import Sending, check_records, with_terms
from posthorn.connections.domains.signing import Signer, signer_of
from posthorn.connections.texts import own_texts
from tests.pure.test_connections_spf import Zone

DOMAIN = "kantoor.example"
SENDER = f"facturen@{DOMAIN}"
KEY = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A"
KEY_NAME = f"posthorn-1._domainkey.{DOMAIN}"
GOOD_TEXTS = {
    DOMAIN: ["v=spf1 ip4:8.8.4.4 -all"],
    KEY_NAME: [f"v=DKIM1; k=rsa; p={KEY}"],
    f"_dmarc.{DOMAIN}": ["v=DMARC1; p=reject"],
}
RELEASED = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
MAIL = (
    f"From: {SENDER}\r\nTo: inkoop@pakket.example\r\nSubject: Invoice 17\r\n"
    "Date: Thu, 15 Jan 2026 09:30:00 +0000\r\nMessage-ID: <k1@kantoor.example>\r\n"
    "\r\nSee the attachment.\r\n"
).encode()


def sending(**changes: object) -> Sending:
    values = {
        "sender": SENDER,
        "relay_host": "relay.example",
        "terms": (),
        "selector": "posthorn-1",
        "public": KEY,
    }
    return Sending(**{**values, **changes})  # type: ignore[arg-type]  # the fields' own types


def zone(texts: dict[str, list[str]], **more: object) -> Zone:
    values = {
        "address": {"relay.example": ["8.8.4.4"]},
        "mail": {DOMAIN: ["mx.kantoor.example"]},
    }
    return Zone(text=texts, **{**values, **more})  # type: ignore[arg-type]  # the fields' own types


def found(names: Zone, sent: Sending | None = None) -> dict[str, Finding]:
    return {str(one.subject): one for one in check_records(names, sent or sending())}


def codes(names: Zone, sent: Sending | None = None) -> list[str]:
    return [one.code for one in found(names, sent).values()]


def test_a_domain_in_order_is_good_in_all_it_publishes() -> None:
    every = found(zone(GOOD_TEXTS))

    assert [one.code for one in every.values()] == [
        "spf_pass",
        "dkim_match",
        "dmarc_aligned",
        "mx_found",
    ]
    assert {one.standing for one in every.values()} == {Standing.GOOD}


def test_a_bare_domain_is_given_every_line_to_paste() -> None:
    every = found(zone({}))

    assert codes(zone({})) == ["spf_missing", "dkim_missing", "dmarc_missing", "mx_found"]
    assert [zone_line(every[name]) for name in ("spf", "dkim", "dmarc")] == [
        'kantoor.example. IN TXT "v=spf1 ip4:8.8.4.4 ~all"',
        f'{KEY_NAME}. IN TXT "v=DKIM1; k=rsa; p={KEY}"',
        f'_dmarc.{DOMAIN}. IN TXT "v=DMARC1; p=none; rua=mailto:{SENDER}"',
    ]


def test_a_record_that_does_not_list_the_relay_is_given_back_with_it() -> None:
    names = zone({**GOOD_TEXTS, DOMAIN: ["v=spf1 ip4:9.9.9.9 include:spf.crm.example -all"]})
    names.text = {**names.text, "spf.crm.example": ["v=spf1 -all"]}

    spf = found(names)["spf"]

    assert (spf.code, spf.detail) == ("spf_not_listed", "8.8.4.4: fail")
    assert spf.value == "v=spf1 ip4:9.9.9.9 include:spf.crm.example ip4:8.8.4.4 -all"


@pytest.mark.parametrize(
    ("record", "mended"),
    [
        ("v=spf1 -all", "v=spf1 include:spf.us.example -all"),
        ("v=spf1 a", "v=spf1 a include:spf.us.example ~all"),
        ("v=spf1 redirect=x.example", "v=spf1 include:spf.us.example redirect=x.example"),
        ("v=spf1 include:spf.us.example ?all", "v=spf1 include:spf.us.example ?all"),
    ],
)
def test_terms_are_added_before_what_ends_a_record(record: str, mended: str) -> None:
    assert with_terms(record, ["include:spf.us.example"]) == mended


def test_the_operators_own_terms_are_what_must_pass() -> None:
    ours = sending(terms=("include:spf.us.example",))
    texts = {**GOOD_TEXTS, "spf.us.example": ["v=spf1 ip4:198.51.100.0/24 -all"]}
    allowed = {**texts, DOMAIN: ["v=spf1 include:spf.us.example -all"]}

    assert found(zone(texts), ours)["spf"].value == (
        "v=spf1 ip4:8.8.4.4 include:spf.us.example -all"
    )
    assert found(zone(allowed), ours)["spf"].code == "spf_pass"


def test_where_bounces_go_elsewhere_spf_is_asked_there_and_speaks_for_nobody_else() -> None:
    sent = sending(bounces_to="bounces.posthorn.example")
    texts = {**GOOD_TEXTS, KEY_NAME: [], "bounces.posthorn.example": ["v=spf1 ip4:8.8.4.4 -all"]}
    bare = {**texts, "bounces.posthorn.example": ["v=spf1 -all"]}

    assert codes(zone(texts), sent)[:3] == ["spf_pass", "dkim_missing", "dmarc_refuses"]
    spf = found(zone(bare), sent)["spf"]
    assert (spf.code, spf.detail, spf.value) == (
        "spf_of_platform",
        "bounces.posthorn.example: 8.8.4.4: fail",
        "",
    )
    nearby = sending(bounces_to=f"bounces.{DOMAIN}")
    texts[f"bounces.{DOMAIN}"] = ["v=spf1 ip4:8.8.4.4 -all"]
    assert codes(zone(texts), nearby)[:3] == ["spf_pass", "dkim_missing", "dmarc_aligned"]


def test_a_relay_on_a_private_address_says_nothing_about_spf() -> None:
    names = zone(GOOD_TEXTS, address={"relay.example": ["10.0.0.5"]})

    spf = found(names)["spf"]

    assert (spf.code, spf.standing) == ("spf_no_address", Standing.UNKNOWN)


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        ([f"v=DKIM1; k=rsa; p={KEY[:10]} {KEY[10:]}"], "dkim_match"),
        ([f"k=rsa; t=s; p={KEY};"], "dkim_match"),
        (["v=DKIM1; p="], "dkim_other_key"),
        (["v=DKIM1; p=QUJD"], "dkim_other_key"),
        (["a text of something else"], "dkim_missing"),
        ([f"v=DKIM1; p={KEY}", "v=DKIM1; p=QUJD"], "dkim_twice"),
    ],
)
def test_the_published_key_is_compared_with_ours(texts: list[str], code: str) -> None:
    assert found(zone({**GOOD_TEXTS, KEY_NAME: texts}))["dkim"].code == code


@pytest.mark.parametrize(
    ("name", "texts", "code"),
    [
        ("_dmarc.kantoor.example", ["v=DMARC1; p=none; rua=mailto:x@y.example"], "dmarc_aligned"),
        ("_dmarc.kantoor.example", ["v=DMARC1; rua=mailto:x@y.example"], "dmarc_broken"),
        ("_dmarc.kantoor.example", ["v=DMARC1; p=none", "v=DMARC1; p=reject"], "dmarc_twice"),
        ("_dmarc.kantoor.example", ["v=DMARC2; p=none"], "dmarc_missing"),
    ],
)
def test_the_policy_of_the_domain_is_read(name: str, texts: list[str], code: str) -> None:
    assert found(zone({**GOOD_TEXTS, name: texts}))["dmarc"].code == code


def test_a_subdomain_takes_its_parents_policy() -> None:
    texts = {"_dmarc.kantoor.example": ["v=DMARC1; p=none"]}
    sent = sending(sender="facturen@mail.be.kantoor.example")

    assert found(zone(texts), sent)["dmarc"].code == "dmarc_not_aligned"


@pytest.mark.parametrize(
    ("policy", "code"),
    [("none", "dmarc_not_aligned"), ("quarantine", "dmarc_refuses"), ("reject", "dmarc_refuses")],
)
def test_a_strict_policy_without_spf_and_dkim_refuses_the_mail(policy: str, code: str) -> None:
    names = zone({f"_dmarc.{DOMAIN}": [f"v=DMARC1; p={policy}"]})

    assert found(names)["dmarc"].code == code


def test_either_of_spf_and_dkim_is_enough_for_the_policy() -> None:
    spf_only = {**GOOD_TEXTS, KEY_NAME: []}
    dkim_only = {**GOOD_TEXTS, DOMAIN: ["v=spf1 -all"]}

    assert found(zone(spf_only))["dmarc"].code == "dmarc_aligned"
    assert found(zone(dkim_only))["dmarc"].code == "dmarc_aligned"


def test_a_null_mx_and_a_domain_that_is_not_there_are_told_apart() -> None:
    assert found(zone(GOOD_TEXTS, mail={DOMAIN: [""]}))["mx"].code == "mx_null"
    assert found(zone(GOOD_TEXTS, mail={}))["mx"].code == "mx_missing"
    by_address = zone(GOOD_TEXTS, mail={}, address={DOMAIN: ["8.8.8.8"]})
    assert found(by_address)["mx"].code == "mx_found"


def test_names_that_are_not_answered_leave_everything_unknown() -> None:
    broken = frozenset({DOMAIN, KEY_NAME, f"_dmarc.{DOMAIN}"})
    every = found(zone(GOOD_TEXTS, broken=broken))

    assert {one.code for one in every.values()} == {"names_unavailable"}
    assert {one.standing for one in every.values()} == {Standing.UNKNOWN}


def test_every_finding_has_its_words_and_is_kept_as_it_was() -> None:
    every = [*found(zone({})).values(), *found(zone(GOOD_TEXTS)).values()]

    assert {one.code for one in every} <= set(own_texts())
    assert [from_kept(one.as_kept()) for one in every] == every


def test_a_long_text_is_cut_into_strings_of_255() -> None:
    finding = Finding(
        subject=Subject.DKIM, standing=Standing.BAD, code="x", name="n.example", value="a" * 300
    )

    assert zone_line(finding) == f'n.example. IN TXT "{"a" * 255}" "{"a" * 45}"'


@pytest.fixture(scope="module")
def pair() -> KeyPair:
    return make_key()


@pytest.fixture(scope="module")
def signer(pair: KeyPair) -> Signer:
    return Signer(domain=DOMAIN, selector="posthorn-1", private=pair.private)


def test_a_signed_mail_verifies_with_the_record_to_paste(pair: KeyPair, signer: Signer) -> None:
    signed = signer.sign(MAIL, RELEASED)

    asked: list[bytes] = []

    def published(name: bytes, timeout: int = 5) -> bytes:
        del timeout
        asked.append(name)
        return key_record(pair.public).encode()

    assert dkim.verify(signed, dnsfunc=published) is True
    assert asked == [f"{KEY_NAME}.".encode()]
    assert dkim.verify(signed.replace(b"17", b"18"), dnsfunc=published) is False
    assert dkim.verify(b"Reply-To: x@evil.example\r\n" + signed, dnsfunc=published) is False
    assert dkim.verify(b"From: x@evil.example\r\n" + signed, dnsfunc=published) is False
    assert published_key(key_record(pair.public)) == pair.public


def test_signing_twice_gives_the_same_bytes_dated_by_the_release(signer: Signer) -> None:
    signed = signer.sign(MAIL, RELEASED)

    assert signer.sign(MAIL, RELEASED) == signed
    assert signed.endswith(MAIL)
    assert f"t={int(RELEASED.timestamp())};".encode() in signed
    head = signed[: -len(MAIL)]
    assert head.count(b"\n") == head.count(b"\r\n")
    assert max(map(len, head.split(b"\r\n"))) <= 78


def test_the_signer_is_that_of_the_from_and_not_of_another_domain(signer: Signer) -> None:
    signers = {DOMAIN: signer}

    assert signer_of(signers, MAIL) is signer
    shouted = MAIL.replace(b"From: facturen@kantoor", b'From: "Kantoor" <facturen@KANTOOR')
    assert signer_of(signers, shouted.replace(b".example\r\nTo", b".example>\r\nTo")) is signer
    assert signer_of(signers, MAIL.replace(b"@kantoor.example", b"@other.example")) is None
    assert signer_of({}, MAIL) is None
    assert "PRIVATE" not in repr(signer)
