"""What comes back is understood: 520 bounces of thirteen shapes, replies, and hostile mail."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posthorn.delivery.bounces.causes import Cause, cause_of
from posthorn.delivery.bounces.parts import MAX_BYTES
from posthorn.delivery.bounces.understanding import understand
from posthorn.delivery.bounces.verdict import Action, Nature, Report, Understood
from posthorn.sdk import error_texts
from tests.returned import SHAPES, bounces
from tests.returned_mail import TROUBLES, Lost
from tests.returned_prose import old_exchange, qmail
from tests.returned_reports import postfix

KEY = "0199c0ffee007c0ffee00c0ffee00abc"
LOST = Lost(key=KEY, to="inkoop@pakket.example")


def losses(number: int) -> list[Lost]:
    return [
        Lost(
            key=f"{place:032x}" + (f".{place % 7}" if place % 5 == 0 else ""),
            to=f"inkoop{place}@pakket.example",
            trouble=TROUBLES[place // len(SHAPES) % len(TROUBLES)],
        )
        for place in range(number)
    ]


@pytest.fixture(scope="module")
def understood() -> list[tuple[Lost, str, Understood]]:
    return [
        (lost, shape, understand(raw, sender=""))
        for lost, shape, raw in bounces(losses(520), seed=7)
    ]


def test_of_520_bounces_all_name_their_mail_and_none_another(
    understood: list[tuple[Lost, str, Understood]],
) -> None:
    found = Counter[str]()
    for lost, shape, said in understood:
        right = said.keys == (lost.key,)
        found["right" if right else f"wrong {shape}" if said.keys else "none"] += 1

    assert found == {"right": 520}


def test_of_520_bounces_all_are_bounces_with_code_recipient_and_words(
    understood: list[tuple[Lost, str, Understood]],
) -> None:
    for lost, shape, said in understood:
        assert said.nature is Nature.BOUNCE, shape
        assert said.report is not None, shape
        found = (said.report.action, said.report.status, said.report.recipient)
        assert found == (Action.FAILED, lost.trouble.status, lost.to), shape
        assert lost.said.split()[0] in said.report.diagnostic, shape


def test_of_520_bounces_99_percent_give_the_cause_a_person_would(
    understood: list[tuple[Lost, str, Understood]],
) -> None:
    wrong = [
        (shape, lost.trouble.cause, cause_of(said.report))
        for lost, shape, said in understood
        if said.report and cause_of(said.report) != lost.trouble.cause
    ]

    assert len(wrong) <= 5, wrong


def test_every_cause_has_its_sentence_and_every_sentence_its_cause() -> None:
    texts = error_texts("posthorn.connections", "returns.toml")

    assert set(texts) == {*Cause, "trial_lost", "trial_not_now"}


@pytest.mark.parametrize(
    ("status", "words", "cause"),
    [
        ("5.1.1", "", Cause.NO_MAILBOX),
        ("5.7.1", "Sender address not allowed", Cause.SENDER_UNKNOWN),
        ("5.7.1", "", Cause.BLOCKED),
        ("5.2.2", "", Cause.MAILBOX_FULL),
        ("4.2.2", "", Cause.MAILBOX_FULL),
        ("5.7.23", "", Cause.NOT_AUTHENTIC),
        ("5.1.10", "", Cause.NO_DOMAIN),
        ("", "550 no such user here", Cause.NO_MAILBOX),
        ("5.0.0", "", Cause.OTHER),
        ("", "", Cause.OTHER),
        ("5.999.999", "", Cause.OTHER),
    ],
)
def test_codes_decide_and_words_where_the_code_is_vague(
    status: str, words: str, cause: Cause
) -> None:
    assert cause_of(Report(action=Action.FAILED, status=status, diagnostic=words)) is cause


def test_a_delay_is_told_and_is_no_bounce() -> None:
    late = postfix(LOST).replace("Action: failed", "Action: delayed")
    late = late.replace("Status: 5.1.1", "Status: 4.4.1")

    said = understand(late.encode(), sender="")

    assert (said.nature, said.keys) == (Nature.DELAY, (KEY,))
    assert said.report is not None
    assert (said.report.action, said.report.status) == (Action.DELAYED, "4.4.1")


def test_a_delay_in_prose_is_no_bounce() -> None:
    mail = (
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@relay.example\r\nSubject: Warning: could not send"
        " message for past 4 hours\r\n\r\n** THIS IS A WARNING MESSAGE ONLY **\r\n"
        f"<inkoop@pakket.example>: 450 4.4.1 connection timed out\r\n\r\n{LOST.headers()}"
    )

    said = understand(mail.encode(), sender="")

    assert (said.nature, said.keys) == (Nature.DELAY, (KEY,))


@pytest.mark.parametrize("word", ["delivered", "relayed", "expanded"])
def test_a_confirmation_is_told(word: str) -> None:
    good = postfix(LOST).replace("Action: failed", f"Action: {word}")
    good = good.replace("Status: 5.1.1", "Status: 2.0.0")

    said = understand(good.encode(), sender="")

    assert (said.nature, said.keys) == (Nature.CONFIRMATION, (KEY,))


def test_the_worst_of_several_recipients_counts() -> None:
    block = "\r\nFinal-Recipient: rfc822; an@x.example\r\nAction: delivered\r\nStatus: 2.0.0\r\n"
    mail = postfix(LOST).replace("\r\n\r\nFinal-Recipient", f"\r\n{block}\r\nFinal-Recipient", 1)

    report = understand(mail.encode(), sender="").report

    assert report is not None
    assert (report.action, report.recipient) == (Action.FAILED, "inkoop@pakket.example")


def reply(subject: str, text: str = "", headers: str = "") -> bytes:
    return (
        f"From: Inkoop <inkoop@pakket.example>\r\nSubject: {subject}\r\n"
        f"In-Reply-To: <{KEY}@kantoor.example>\r\n{headers}\r\n{text}\r\n"
    ).encode()


@pytest.mark.parametrize(
    ("subject", "headers", "nature"),
    [
        ("Out of office: Purchase invoice", "", Nature.AUTOMATIC),
        ("Automatisch antwoord: Factuur", "", Nature.AUTOMATIC),
        ("Réponse automatique : facture", "", Nature.AUTOMATIC),
        ("Abwesenheitsnotiz", "", Nature.AUTOMATIC),
        ("Re: Factuur", "Auto-Submitted: auto-replied\r\n", Nature.AUTOMATIC),
        ("Re: Factuur", "Precedence: auto_reply\r\n", Nature.AUTOMATIC),
        ("Re: Factuur", "X-Autoreply: yes\r\n", Nature.AUTOMATIC),
        ("Uw document is ontvangen", "Auto-Submitted: auto-replied\r\n", Nature.ACKNOWLEDGEMENT),
        ("Document bien reçu", "", Nature.ACKNOWLEDGEMENT),
        ("Your file was processed", "", Nature.ACKNOWLEDGEMENT),
        ("Re: Factuur", "", Nature.REPLY),
        ("Re: could not be delivered to me in time", "", Nature.REPLY),
    ],
)
def test_what_robots_and_people_answer_is_told_apart(
    subject: str, headers: str, nature: Nature
) -> None:
    said = understand(reply(subject, headers=headers), sender="inkoop@pakket.example")

    assert (said.nature, said.keys, said.report) == (nature, (KEY,), None)


def test_a_bounce_of_a_bounce_is_an_echo_and_names_no_mail() -> None:
    inner = postfix(LOST)
    outer = Lost(key=KEY, to="MAILER-DAEMON@relay.example", path="postmaster@relay.example")
    echo = postfix(outer).replace(outer.whole(), inner)

    said = understand(echo.encode(), sender="")

    assert (said.nature, said.keys) == (Nature.ECHO, ())


def test_a_bounce_that_quotes_two_mails_in_its_thread_is_a_riddle() -> None:
    other = "f" * 32
    mail = old_exchange(LOST).replace("References: ", f"References: <{other}@kantoor.example> ")

    assert understand(mail.encode(), sender="").keys == (other, KEY)


def test_what_only_looks_like_a_key_is_none() -> None:
    mail = qmail(LOST).replace(KEY, "not-a-key")

    assert understand(mail.encode(), sender="").keys == ()


def test_a_thousand_parts_are_read_in_time_and_the_report_is_found() -> None:
    crowd = "--=_dsn\r\nContent-Type: text/plain\r\n\r\nx\r\n" * 1_000
    mail = postfix(LOST).replace("--=_dsn--", f"{crowd}--=_dsn--")

    started = time.process_time()
    said = understand(mail.encode(), sender="")

    assert (said.nature, said.keys) == (Nature.BOUNCE, (KEY,))
    assert time.process_time() - started < 1


@pytest.mark.parametrize("depth", [100, 2_000])
def test_a_hundred_levels_are_read_as_text_in_time(depth: int) -> None:
    nest = "".join(
        f'Content-Type: multipart/mixed; boundary="{level}"\r\n\r\n--{level}\r\n'
        for level in range(depth)
    )
    mail = (
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@relay.example\r\nSubject: failure notice\r\n"
        f"{nest}Content-Type: text/plain\r\n\r\n550 5.1.1 <inkoop@pakket.example>: User unknown\r\n"
        f"{LOST.headers()}"
    )

    started = time.process_time()
    said = understand(mail.encode(), sender="")

    assert time.process_time() - started < 1
    assert said.nature is Nature.BOUNCE


def test_nested_messages_are_bounded_too() -> None:
    mail = "Content-Type: message/rfc822\r\n\r\n" * 3_000

    assert understand(mail.encode(), sender="").nature is Nature.REPLY


def test_only_the_first_256_kilobytes_are_read() -> None:
    mail = postfix(LOST).replace("See the attachment.", "x" * 76 + ("\r\n" + "y" * 76) * 40_000)

    said = understand(mail.encode(), sender="")

    assert len(mail) > 10 * MAX_BYTES
    assert (said.nature, said.keys) == (Nature.BOUNCE, (KEY,))


@given(st.binary(max_size=600))
@settings(max_examples=60)
def test_whatever_comes_is_understood_as_something(raw: bytes) -> None:
    assert understand(raw, sender="").nature in Nature


@given(st.integers(0, 3_000), st.binary(min_size=1, max_size=40))
@settings(max_examples=60)
def test_a_spoiled_bounce_never_names_another_mail(place: int, rubbish: bytes) -> None:
    raw = postfix(LOST).encode()
    spoiled = raw[:place] + rubbish + raw[place + len(rubbish) :]

    assert set(understand(spoiled, sender="").keys) <= {KEY}


def test_a_mail_of_a_person_is_no_bounce_whatever_it_quotes() -> None:
    mail = postfix(LOST).split("\r\n\r\n", 1)[1]
    quoted = "\r\n".join(f"> {line}" for line in mail.splitlines())

    said = understand(reply("Fwd: Undelivered Mail", quoted), sender="an@pakket.example")

    assert said.report is None


def test_words_of_another_size_change_nothing() -> None:
    long = replace(LOST, trouble=replace(TROUBLES[0], words="User unknown " * 500))

    report = understand(postfix(long).encode(), sender="").report

    assert report is not None
    assert report.status == "5.1.1"
