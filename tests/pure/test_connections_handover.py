"""A message handed over a line that does as told, to the byte."""

from __future__ import annotations

import pytest

from posthorn.connections.handover import Post, StaleLineError, ask_nothing, hand_over
from posthorn.connections.smtp import ClosingError, Line, LineLostError, Reply, Times
from posthorn.sdk import Outcome, Rejected, Scope, Unavailable, Uncertain

POST = Post(message=b"a: b\r\n\r\n.c\r\n", sender="a@b.example", recipient="c@d.example")
TIMES = Times(connect_s=1, reply_s=2, accept_s=3)
YES, GO_ON = (250, b"ok"), (354, b"go on")

Told = tuple[int, bytes] | LineLostError


class ToldLine(Line):
    """Keeps what was written; answers, and breaks at a write, as told."""

    def __init__(
        self, *answers: Told, breaks_at: bytes = b"", cause: OSError | None = None
    ) -> None:
        super().__init__("mail.example", TIMES)
        self.is_usable = True
        self.written: list[bytes] = []
        self.waits: list[float] = []
        self.speaks_early = False
        self._answers = list(answers)
        self._breaks_at = breaks_at
        self._cause = cause

    def put(self, data: bytes) -> None:
        if data == self._breaks_at:
            self.is_usable = False
            raise LineLostError("broken") from self._cause
        self.written.append(data)

    def read_reply(self, limit_s: float) -> Reply:
        self.waits.append(limit_s)
        told = self._answers.pop(0)
        if isinstance(told, LineLostError):
            self.is_usable = False
            raise told
        code, text = told
        if code == 421:
            self.is_usable = False
            raise ClosingError(f"421 {text.decode()}")
        return Reply(code=code, lines=(text,))

    def has_spoken(self) -> bool:
        return self.speaks_early


def _come_to(line: ToldLine) -> Outcome:
    with pytest.raises(Outcome) as raised:
        hand_over(line, POST)
    return raised.value


def test_a_message_goes_phase_by_phase_and_the_last_reply_has_its_own_time() -> None:
    line = ToldLine(YES, YES, GO_ON, (250, b"queued as 7"))

    reply = hand_over(line, POST)

    assert reply == Reply(code=250, lines=(b"queued as 7",))
    assert b"".join(line.written) == (
        b"MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\na: b\r\n\r\n..c\r\n.\r\n"
    )
    assert line.written[-1] == b".\r\n"
    assert line.waits == [2, 2, 2, 3]
    assert (line.is_usable, line.needs_reset) == (True, False)


def test_what_the_relay_offers_is_used() -> None:
    line = ToldLine(YES, YES, GO_ON, YES)
    line.esmtp_features = {"size": "1000", "8bitmime": ""}
    post = Post(message="é\r\n".encode(), sender="a@b.example", recipient="c@d.example")

    hand_over(line, post)

    assert line.written[0] == b"MAIL FROM:<a@b.example> SIZE=4 BODY=8BITMIME\r\n"


@pytest.mark.parametrize("cause", [BrokenPipeError(), ConnectionResetError()])
def test_a_line_that_breaks_before_the_dot_takes_it_took_nothing(cause: OSError) -> None:
    found = _come_to(ToldLine(YES, YES, GO_ON, breaks_at=b".\r\n", cause=cause))

    assert (type(found), found.code) == (Unavailable, "line_dropped")


def test_a_dot_that_may_have_left_in_part_is_uncertain() -> None:
    found = _come_to(ToldLine(YES, YES, GO_ON, breaks_at=b".\r\n", cause=TimeoutError()))

    assert (type(found), found.code) == (Uncertain, "no_answer")


@pytest.mark.parametrize(
    ("last_words", "outcome", "code"),
    [
        ((552, b"too much"), Rejected, "message_refused"),
        ((451, b"later"), Unavailable, "message_deferred"),
        ((421, b"bye"), Unavailable, "relay_busy"),
        ((250, b"ok"), Unavailable, "line_dropped"),
        (LineLostError("closed"), Unavailable, "line_dropped"),
    ],
)
def test_the_last_words_before_the_line_broke_are_heard(
    last_words: Told, outcome: type[Outcome], code: str
) -> None:
    line = ToldLine(YES, YES, GO_ON, last_words, breaks_at=b"\r\n..c\r\n", cause=OSError())

    found = _come_to(line)

    assert (type(found), found.code) == (outcome, code)
    assert b".\r\n" not in line.written


def test_an_early_refusal_keeps_the_dot_back() -> None:
    line = ToldLine(YES, YES, GO_ON, (452, b"full"))
    line.speaks_early = True

    found = _come_to(line)

    assert isinstance(found, Unavailable)
    assert (found.code, found.scope) == ("message_deferred", Scope.DOCUMENT)
    assert b".\r\n" not in line.written
    assert line.is_usable is False


@pytest.mark.parametrize(
    "answers",
    [
        [(354, b"?")],
        [YES, (354, b"?")],
        [YES, YES, YES],
    ],
    ids=["MAIL", "RCPT", "DATA"],
)
def test_an_answer_out_of_place_ends_the_line(answers: list[Told]) -> None:
    line = ToldLine(*answers)

    found = _come_to(line)

    assert (type(found), found.code) == (Unavailable, "line_dropped")
    assert found.detail.startswith("an answer out of place: ")
    assert line.is_usable is False


@pytest.mark.parametrize("lost", [LineLostError("closed"), (421, b"idle too long")])
def test_a_reused_line_that_was_dead_is_stale_and_a_new_one_is_not(lost: Told) -> None:
    reused, new = ToldLine(lost), ToldLine(lost)
    reused.is_reused = True

    with pytest.raises(StaleLineError):
        hand_over(reused, POST)
    with pytest.raises(Unavailable):
        hand_over(new, POST)


def test_a_line_that_dies_after_mail_from_is_never_stale() -> None:
    line = ToldLine(YES, LineLostError("closed"))
    line.is_reused = True

    assert (type(_come_to(line)), line.needs_reset) == (Unavailable, True)


def test_a_line_that_closes_when_asked_for_nothing_is_busy() -> None:
    with pytest.raises(Unavailable) as raised:
        ask_nothing(ToldLine((421, b"bye")))

    assert raised.value.code == "relay_busy"
