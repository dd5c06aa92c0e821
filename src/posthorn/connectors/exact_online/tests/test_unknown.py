"""After a lost answer nothing is created twice and nothing stays half."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from posthorn.connectors.exact_online import connector as exact_online
from posthorn.connectors.exact_online.tests.fake import FakeExact, answer, guid, refusal
from posthorn.connectors.exact_online.tests.offices import INVOICE, TAG, context, prepare
from posthorn.sdk import Context, Outcome, Prepared, Receipt, Rejected, Response, Uncertain
from posthorn.sdk.testing import MemoryLog

EXACT = exact_online()
HTML = Response(status=200, body=b"<html>Exact Online: please log in</html>")
ODD = {
    "an HTML page": HTML,
    "an empty answer": Response(status=201),
    "no content": Response(status=204),
    "half an answer": Response(status=201, body=b'{"d":{"ID":"5f0c0000-0000'),
    "no key": answer(201, {"d": {"HID": 21}}),
    "a bare null": answer(201, {"d": None}),
    "a list": answer(201, [1]),
    "a redirect": Response(status=302, headers={"location": "https://elsewhere.example/"}),
    "a time-out of theirs": Response(status=408),
    "a bad gateway": Response(status=502, body=b"<html>Bad Gateway</html>"),
    "a gateway time-out": Response(status=504),
    "a failure without words": Response(status=500),
    "a failure in HTML": Response(status=500, body=b"<html>Runtime Error</html>"),
    "a failure in odd JSON": answer(500, {"error": "x"}),
}


@dataclass(slots=True)
class Desk:
    """A delivery with a PDF that is tried, looked up and tried again as the engine does it."""

    fake: FakeExact = field(default_factory=FakeExact)
    ctx: Context = field(init=False)
    prepared: Prepared = field(init=False)

    def __post_init__(self) -> None:
        settings = {"pdf_alongside": "on", "link_accounts": "off"}
        self.ctx = context(self.fake, **settings)
        self.prepared = prepare(INVOICE, **settings)

    def deliver(self) -> Receipt:
        return EXACT.deliver(self.ctx, self.prepared)

    def find(self) -> Receipt | None:
        return EXACT.find(self.ctx, self.prepared)

    def whole(self) -> list[tuple[str, int]]:
        """Give the subject and the number of files of each document there."""
        return [
            (row["Subject"][-len(TAG) :], len(self.fake.files_of(row["ID"])))
            for row in self.fake.tables["documents/Documents"]
        ]


@pytest.mark.parametrize("call", [0, 1, 2])
@pytest.mark.parametrize("after", [*ODD.values(), Uncertain("answer_lost")], ids=[*ODD, "silence"])
def test_odd_answer_to_any_call_is_unknown_and_ends_in_one_whole_document(
    call: int, after: Response | Exception
) -> None:
    desk = Desk()
    desk.fake.afterwards = [None] * call + [after]

    with pytest.raises(Uncertain):
        desk.deliver()
    found = desk.find()
    receipt = found or desk.deliver()

    assert desk.whole() == [(TAG, 2)]
    assert receipt.remote_id == desk.fake.tables["documents/Documents"][0]["ID"]
    assert (found is not None) == (call == 2)
    assert desk.fake.writes_seen == 3


@pytest.mark.parametrize("call", [0, 1, 2])
def test_refusal_in_words_is_looked_at_once_and_stays_one(call: int) -> None:
    desk = Desk()
    desk.fake.refuses = {call + 1: refusal(500, "Gegeven bestaat reeds.")}

    with pytest.raises(Rejected) as caught:
        desk.deliver()

    assert caught.value.code == "refused_by_exact"
    assert "Gegeven bestaat reeds." in caught.value.detail
    assert [method for method, _, _ in desk.fake.calls] == ["POST"] * (call + 1) + ["GET"]


@pytest.mark.parametrize("call", [0, 1, 2])
def test_refusal_in_words_of_what_was_taken_all_the_same_goes_on(call: int) -> None:
    desk = Desk()
    desk.fake.afterwards = [*[None] * call, refusal(500, "Object reference not set")]

    receipt = desk.deliver()

    assert desk.whole() == [(TAG, 2)]
    assert receipt.remote_id == desk.fake.tables["documents/Documents"][0]["ID"]


def test_refusal_that_cannot_be_looked_at_stays_unknown() -> None:
    desk = Desk()
    desk.fake.instead = [refusal(500, "Boekjaar is afgesloten")]
    desk.fake.on_read = lambda _: answer(503)

    with pytest.raises(Uncertain) as caught:
        desk.deliver()

    assert "Boekjaar is afgesloten" in caught.value.detail


def test_nothing_there_is_found_by_one_list_call_and_no_error() -> None:
    desk = Desk()

    assert desk.find() is None

    [(method, url, query)] = desk.fake.calls
    assert (method, url.rpartition("/")[2]) == ("GET", "Documents")
    subject = f"2026/0042 Papeterie Étoile SRL {TAG}"
    assert query == {"$filter": f"Subject eq '{subject}'", "$select": "ID,Subject,Type,HID,Created"}


def test_oldest_of_several_is_taken_and_the_log_says_so() -> None:
    desk = Desk()
    desk.deliver()
    younger = {**desk.fake.tables["documents/Documents"][0], "ID": guid(9_999), "HID": 99}
    younger["Created"] = "/Date(1895178328217)/"
    desk.fake.tables["documents/Documents"].insert(0, younger)
    log = MemoryLog()
    fresh = Desk(fake=desk.fake)

    found = EXACT.find(replace(fresh.ctx, log=log), fresh.prepared)

    assert found is not None
    assert found.evidence["document"] == "20"
    assert log.notes == [("warning", "found_more_than_once", {"count": "2"})]


def test_file_of_the_same_name_and_another_size_is_not_ours() -> None:
    desk = Desk()
    desk.deliver()
    desk.fake.tables["documents/DocumentAttachments"][1]["FileSize"] = 4
    fresh = Desk(fake=desk.fake)

    assert fresh.find() is None
    assert fresh.ctx.progress.recorded("file.0") is not None
    assert fresh.ctx.progress.recorded("file.1") is None


def test_apostrophes_are_doubled_in_the_filter() -> None:
    desk = Desk()
    document = replace(INVOICE, seller_name="Au d'Or")
    prepared = prepare(document)
    ctx = context(desk.fake)
    EXACT.deliver(ctx, prepared)
    desk.fake.calls.clear()

    assert EXACT.find(context(desk.fake), prepared) is not None
    assert "Au d''Or" in desk.fake.calls[0][2]["$filter"]


def test_look_never_writes_and_never_says_rejected() -> None:
    desk = Desk()
    desk.fake.on_read = lambda _: refusal(400, "Bad Request - Error in query syntax.")

    with pytest.raises(Outcome) as caught:
        desk.find()

    assert (type(caught.value).__name__, caught.value.code) == ("Unavailable", "lookup_failed")
    assert desk.fake.writes_seen == 0
