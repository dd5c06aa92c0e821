"""The receiver's admin surface: JSON for programs, plain pages for people."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from urllib.parse import quote

from posthorn_sandbox.mail import pages
from posthorn_sandbox.mail.faults import Fault, FaultError, FaultPlan
from posthorn_sandbox.mail.letter import read_letter
from posthorn_sandbox.mail.spool import Filter, Message, Spool
from posthorn_sandbox.mail.surface import Reply, Request, RequestError, reply_json

_HTML = "text/html; charset=utf-8"
_NOTHING = Reply(status=HTTPStatus.NO_CONTENT)

Handle = Callable[["Admin", Request, tuple[int, ...]], Reply]


class Admin:
    """Answers requests about one spool and one plan of faults."""

    def __init__(self, spool: Spool, plan: FaultPlan) -> None:
        self._spool = spool
        self._plan = plan

    def answer(self, request: Request) -> Reply:
        """Answer one request. Raises RequestError for one that cannot be answered."""
        known = [(pattern, by) for pattern, by in _ROUTES if pattern.fullmatch(request.path)]
        for pattern, by_method in known:
            handle = by_method.get(request.method)
            found = pattern.fullmatch(request.path)
            if handle is not None and found is not None:
                return handle(self, request, tuple(int(part) for part in found.groups()))
        if known:
            raise RequestError(HTTPStatus.METHOD_NOT_ALLOWED, "Not by this method.")
        raise RequestError(HTTPStatus.NOT_FOUND, "There is no such page.")

    def overview(self, _request: Request, _numbers: tuple[int, ...]) -> Reply:
        """Show the mailboxes."""
        page = pages.overview(self._spool.messages())
        return Reply(body=page.encode(), media_type=_HTML)

    def mail(self, _request: Request, numbers: tuple[int, ...]) -> Reply:
        """Show one message."""
        message, content = self._found(numbers[0])
        page = pages.mail(message, read_letter(content))
        return Reply(body=page.encode(), media_type=_HTML)

    def style(self, _request: Request, _numbers: tuple[int, ...]) -> Reply:
        """Return the style sheet."""
        return Reply(body=pages.STYLE.encode(), media_type="text/css; charset=utf-8")

    def messages(self, request: Request, _numbers: tuple[int, ...]) -> Reply:
        """List the messages asked for."""
        listed = self._spool.messages(_filter(request))
        return reply_json([message.as_json() for message in listed])

    def raw(self, _request: Request, numbers: tuple[int, ...]) -> Reply:
        """Return one message's bytes."""
        message, content = self._found(numbers[0])
        return _download(f"{message.number:06}.eml", "message/rfc822", content)

    def attachment(self, _request: Request, numbers: tuple[int, ...]) -> Reply:
        """Return one attachment's bytes."""
        attachments = read_letter(self._found(numbers[0])[1]).attachments
        if numbers[1] >= len(attachments):
            raise RequestError(HTTPStatus.NOT_FOUND, f"It has {len(attachments)} attachments.")
        wanted = attachments[numbers[1]]
        return _download(wanted.file_name, wanted.media_type, wanted.content)

    def clear_messages(self, _request: Request, _numbers: tuple[int, ...]) -> Reply:
        """Throw every message away."""
        self._spool.clear()
        return _NOTHING

    def faults(self, _request: Request, _numbers: tuple[int, ...]) -> Reply:
        """List the faults."""
        return reply_json(self._plan.listing())

    def add_faults(self, request: Request, _numbers: tuple[int, ...]) -> Reply:
        """Arm one fault, or a list of them: all or none."""
        try:
            given = json.loads(request.body)
            asked = given if isinstance(given, list) else [given]
            wanted = [Fault.from_json(one) for one in asked]
        except (FaultError, ValueError) as wrong:
            raise RequestError(HTTPStatus.BAD_REQUEST, str(wrong)) from wrong
        for fault in wanted:
            self._plan.add(fault)
        return reply_json(self._plan.listing(), HTTPStatus.CREATED)

    def clear_faults(self, _request: Request, _numbers: tuple[int, ...]) -> Reply:
        """Behave again."""
        self._plan.clear()
        return _NOTHING

    def _found(self, number: int) -> tuple[Message, bytes]:
        try:
            content = self._spool.content(number)
        except KeyError as unknown:
            why = f"There is no message {number}."
            raise RequestError(HTTPStatus.NOT_FOUND, why) from unknown
        return self._spool.messages(Filter(after=number - 1))[0], content


_ROUTES: tuple[tuple[re.Pattern[str], dict[str, Handle]], ...] = (
    (re.compile(r"/"), {"GET": Admin.overview}),
    (re.compile(r"/style\.css"), {"GET": Admin.style}),
    (re.compile(r"/mail/(\d{1,9})"), {"GET": Admin.mail}),
    (re.compile(r"/messages"), {"GET": Admin.messages, "DELETE": Admin.clear_messages}),
    (re.compile(r"/messages/(\d{1,9})"), {"GET": Admin.raw}),
    (re.compile(r"/messages/(\d{1,9})/attachments/(\d{1,6})"), {"GET": Admin.attachment}),
    (
        re.compile(r"/faults"),
        {"GET": Admin.faults, "POST": Admin.add_faults, "DELETE": Admin.clear_faults},
    ),
)


def _filter(request: Request) -> Filter:
    unknown = sorted(set(request.query) - {"to", "since", "after"})
    if unknown:
        raise RequestError(HTTPStatus.BAD_REQUEST, f"There is no filter {', '.join(unknown)}.")
    after = request.query.get("after", "0")
    if not after.isdecimal():
        raise RequestError(HTTPStatus.BAD_REQUEST, "after is a message's number.")
    since = request.query.get("since")
    return Filter(
        to=request.query.get("to"),
        since=None if since is None else _aware(since),
        after=int(after),
    )


def _aware(text: str) -> datetime:
    try:
        # A plus sign that nobody escaped arrives as a space.
        moment = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        why = "since is a time with its zone, such as 2026-08-01T12:00:00Z."
        raise RequestError(HTTPStatus.BAD_REQUEST, why)
    return moment


def _download(file_name: str, media_type: str, content: bytes) -> Reply:
    named = f"attachment; filename*=UTF-8''{quote(file_name, safe='')}"
    return Reply(body=content, media_type=media_type, headers={"Content-Disposition": named})
