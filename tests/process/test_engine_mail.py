"""Every way a relay can fail, end to end: what is tried again, refused, held or flagged."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pytest

from posthorn_sandbox.mail import Action, Fault, Login, Moment, ReceiverSettings, Tls, Verb
from tests.crash.house import wait_until
from tests.crash.stage import set_stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.crash.house import House
    from tests.crash.stage import Stage
    from tests.database import Database

pytestmark = pytest.mark.xdist_group("engine-mail")

OFFSETS = 8
MAIL_BYTES = 5_000


@pytest.fixture
def stage(lent: tuple[House, Database]) -> Iterator[Stage]:
    with set_stage(lent) as stage:
        yield stage


def go_wrong_once_then_right(stage: Stage, fault: Fault, *, first: str = "retrying") -> None:
    """Deliver one more document over a fault that strikes once."""
    done = stage.states()
    stage.receiver.clear_faults()
    stage.receiver.add_fault(fault)
    stage.supply(1)
    wait_until(lambda: stage.states()[-1:] == [first], within_s=10)
    assert stage.states() == [*done, first], stage.house.plight()
    stage.let_time_pass()
    stage.await_states(*done, "accepted")


def has_answers(stage: Stage, count: int) -> bool:
    """Tell whether so many attempts have come to an outcome."""
    return [row["outcome"] != "" for row in stage.attempts()].count(True) == count


def test_line_reset_at_any_byte_leaves_nothing_behind_and_loses_nothing(stage: Stage) -> None:
    offsets = random.Random(36).sample(range(1, MAIL_BYTES), OFFSETS)  # noqa: S311  # not secrets
    stage.worker()
    for number, offset in enumerate(offsets, start=1):
        stage.receiver.add_fault(
            Fault(at=Verb.CONTENT, action=Action.RESET, at_byte=offset, times=1)
        )
        stage.supply(1)
        assert wait_until(partial(has_answers, stage, 2 * number - 1), within_s=20)
        stage.let_time_pass()
        stage.await_states(*["accepted"] * number)

    assert stage.keys_arrived() == stage.keys()
    # Where the dot had left for the network when the line broke, nobody can know: it is flagged.
    outcomes = {(row["outcome"], row["code"]) for row in stage.attempts()[::2]}
    assert outcomes <= {("unavailable", "line_dropped"), ("unknown", "no_answer")}
    assert {row["outcome"] for row in stage.attempts()[1::2]} == {"receipt"}


def test_line_lost_between_dot_and_reply_makes_one_flagged_copy(stage: Stage) -> None:
    lost = Fault(at=Verb.DOT, action=Action.RESET, when=Moment.AFTER, times=1)
    stage.worker()

    go_wrong_once_then_right(stage, lost, first="unknown")

    first, copy = stage.receiver.messages()
    assert (first.message_id, first.sha256) == (copy.message_id, copy.sha256)
    assert stage.receiver.content(1) == stage.receiver.content(2)
    assert [row["outcome"] for row in stage.attempts()] == ["unknown", "receipt"]
    assert [row["revision"] for row in stage.attempts()] == [1, 1]
    assert [row["unknowns"] for row in stage.deliveries()] == [1]


def test_relay_that_never_answers_the_dot_is_asked_three_times_then_a_person(
    stage: Stage,
) -> None:
    stage.receiver.add_fault(Fault(at=Verb.DOT, action=Action.SILENCE, when=Moment.AFTER, times=3))
    stage.supply(1)
    stage.worker(env={"accept_timeout": 0.3})
    for tried in (1, 2):
        stage.await_states("unknown")
        assert len(stage.receiver.messages()) == tried
        stage.let_time_pass()
        stage.receiver.wait_for(tried + 1)

    stage.await_states("unknown_thrice")
    stage.let_time_pass()
    assert len(stage.receiver.messages()) == 3

    stage.house.do("release_held", reason="unknown_thrice")
    stage.await_states("accepted")
    assert len({message.sha256 for message in stage.receiver.messages()}) == 1
    assert [row["outcome"] for row in stage.attempts()] == [*["unknown"] * 3, "receipt"]


def test_slow_answer_to_the_dot_is_waited_for(stage: Stage) -> None:
    stage.receiver.add_fault(
        Fault(at=Verb.DOT, action=Action.STALL, when=Moment.AFTER, seconds=1.5)
    )
    stage.supply(1)
    stage.worker(env={"accept_timeout": 20.0, "reply_timeout": 0.5})

    stage.await_states("accepted")

    assert stage.keys_arrived() == stage.keys()


def test_words_that_no_page_could_bear_are_kept_bounded_and_safe(stage: Stage) -> None:
    words = "Ok \0\x1b[31m\udcff\u202e queued as 9 " + "x" * 100_000
    stage.receiver.add_fault(
        Fault(at=Verb.DOT, action=Action.REPLY, when=Moment.AFTER, code=250, text=words)
    )
    stage.supply(1)
    stage.worker()
    stage.await_states("accepted")

    (row,) = stage.house.rows("SELECT evidence->>'reply' AS reply FROM delivery_attempt")
    assert row["reply"].startswith("250 Ok ")
    assert len(row["reply"]) <= 2_000
    assert [sign for sign in row["reply"] if not (sign.isprintable() or sign == " ")] == []


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """A refusal for now: at which verb, by which code; whose fault it is seen to be."""

    at: Verb
    code: int
    spent: int


PASSING = (
    Passing(at=Verb.MAIL, code=421, spent=0),
    Passing(at=Verb.MAIL, code=451, spent=0),
    Passing(at=Verb.RCPT, code=421, spent=0),
    Passing(at=Verb.RCPT, code=450, spent=1),
    Passing(at=Verb.DATA, code=421, spent=0),
    Passing(at=Verb.DATA, code=452, spent=1),
    Passing(at=Verb.DOT, code=421, spent=0),
    Passing(at=Verb.DOT, code=454, spent=1),
)


def test_refusals_for_now_are_tried_again_and_only_those_of_a_document_count(
    stage: Stage,
) -> None:
    stage.worker()
    for passing in PASSING:
        fault = Fault(at=passing.at, action=Action.REPLY, code=passing.code, times=1)
        go_wrong_once_then_right(stage, fault)

    assert [row["spent"] for row in stage.deliveries()] == [each.spent for each in PASSING]
    assert stage.keys_arrived() == stage.keys()
    words = [row["detail"] for row in stage.attempts() if row["outcome"] == "unavailable"]
    assert words == [f"{each.code} 4.7.1 Try again later, says the sandbox" for each in PASSING]
    assert stage.house.one("SELECT backoff_step FROM connections_connection") == 0


def test_greylisting_relay_takes_the_document_the_second_time(stage: Stage) -> None:
    stage.receiver.add_fault(Fault(at=Verb.RCPT, action=Action.GREYLIST, seconds=0.5))
    stage.supply(1)
    stage.worker()
    stage.await_states("retrying")
    stage.let_time_pass()
    assert wait_until(lambda: stage.deliveries()[0]["attempts"] == 2, within_s=10)
    stage.await_states("retrying")

    time.sleep(0.5)
    stage.let_time_pass()
    stage.await_states("accepted")

    assert stage.keys_arrived() == stage.keys()


FINAL = [(Verb.RCPT, 550), (Verb.DATA, 554), (Verb.DOT, 552), (Verb.DOT, 553), (Verb.MAIL, 552)]


def test_refusals_for_good_keep_the_relays_words_and_are_not_tried_again(stage: Stage) -> None:
    stage.worker()
    said = []
    for number, (verb, code) in enumerate(FINAL, start=1):
        words = f"5.1.1 No mailbox number {number} here"
        said.append(f"{code} {words}")
        stage.receiver.clear_faults()
        stage.receiver.add_fault(Fault(at=verb, action=Action.REPLY, code=code, text=words))
        stage.supply(1)
        stage.await_states(*["refused"] * number)

    stage.let_time_pass()
    assert [row["detail"] for row in stage.deliveries()] == said
    assert [(row["outcome"], row["detail"]) for row in stage.attempts()] == [
        ("rejected", words) for words in said
    ]
    assert stage.receiver.messages() == []


LOGIN = Login(user="kantoor", password="juist-wachtwoord")  # noqa: S106  # the sandbox's


def own_relay(stage: Stage, password: str) -> None:
    """Have the firm use the receiver as a relay of its own."""
    host, port = stage.receiver.smtp
    values = {
        "relay": "own",
        "relay_host": host,
        "relay_port": str(port),
        "relay_security": "starttls",
        "relay_username": LOGIN.user,
        "relay_password": password,
        "relay_from": "facturen@kantoor.example",
    }
    stage.house.do("own_relay", firm=stage.firm, values=values)


def relay_terms(stage: Stage) -> dict[str, object]:
    """Let workers reach the receiver as a firm's relay, and trust its certificate."""
    host, port = stage.receiver.smtp
    return {"allow_private": [f"{host}:{port}"], "mail_ca": str(stage.receiver.ca_path)}


@pytest.fixture
def locked_stage(lent: tuple[House, Database]) -> Iterator[Stage]:
    """Give a stage whose relay wants a login."""
    settings = ReceiverSettings(tls=Tls.STARTTLS, requires_tls=True, login=LOGIN)
    with set_stage(lent, clients=3, settings=settings) as stage:
        yield stage


def test_wrong_password_is_told_once_and_its_correction_frees_everything(
    locked_stage: Stage,
) -> None:
    stage = locked_stage
    own_relay(stage, "verkeerd")
    stage.supply(12)
    stage.worker(env=relay_terms(stage))
    stage.await_states(*["connection_attention"] * 12)

    assert stage.trail("connection.needs") == ["connection.needs_attention"]
    assert stage.house.rows("SELECT attention, attention_field FROM connections_connection") == [
        {"attention": "login_refused", "attention_field": "relay_password"}
    ]
    assert len(stage.attempts()) <= 4  # those that were on their way when the first failed
    assert {row["outcome"] for row in stage.attempts()} == {"misconfigured"}
    stage.supply(1)
    stage.await_states(*["connection_attention"] * 13)

    own_relay(stage, LOGIN.password)
    stage.await_states(*["accepted"] * 13)

    assert sorted(stage.keys_arrived()) == sorted(stage.keys())
    assert {message.login for message in stage.receiver.messages()} == {LOGIN.user}
    assert [row["unknowns"] + row["spent"] for row in stage.deliveries()] == [0] * 13
    assert "verkeerd" not in stage.house.log()


def test_correction_during_a_refused_login_leaves_nothing_on_hold(locked_stage: Stage) -> None:
    stage = locked_stage
    own_relay(stage, "verkeerd")
    stage.receiver.add_fault(Fault(at=Verb.AUTH, action=Action.STALL, seconds=2.0, times=1))
    stage.supply(1)
    stage.worker(env=relay_terms(stage))
    begun = "SELECT count(*) FROM delivery_attempt"
    assert wait_until(lambda: stage.house.one(begun) == 1, within_s=20)

    own_relay(stage, LOGIN.password)

    stage.await_states("accepted")
    assert stage.trail("connection.needs") == []
