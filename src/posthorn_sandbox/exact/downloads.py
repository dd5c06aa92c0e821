"""`/docs/…`: the bytes of an attachment, and a document's page for a human."""

from __future__ import annotations

import mimetypes
from urllib.parse import parse_qsl, quote

from posthorn_sandbox.exact import pages
from posthorn_sandbox.exact.house import House
from posthorn_sandbox.exact.odata.schema import Row
from posthorn_sandbox.exact.resources.documents import ATTACHMENTS, DOCUMENTS
from posthorn_sandbox.exact.resources.mailboxes import MESSAGE_ATTACHMENTS
from posthorn_sandbox.exact.signin import LOGIN, SignIn, page
from posthorn_sandbox.exact.wire import Call, Reply
from posthorn_sandbox.exact.world import User, UserStatus

SYS_ATTACHMENT = "/docs/SysAttachment.aspx"
DOC_VIEW = "/docs/DocViewContent.aspx"


class Downloads:
    """Answers for whoever shows a token or is signed in, within what that covers."""

    def __init__(self, house: House, signin: SignIn) -> None:
        self._house = house
        self._signin = signin

    def answer(self, call: Call) -> Reply:
        """Answer one request."""
        asked = dict(parse_qsl(call.query))
        division = asked.get("_Division_", "")
        user, covered = self._who(call)
        if user is None:
            return self._nobody(call)
        codes = {str(one.code): one.code for one in self._house.world.seen_by(user)}
        code = codes.get(division, 0)
        is_active = user.status == UserStatus.ACTIVE
        if not (is_active and code and (covered is None or code in covered)):
            return Reply(status=403, headers=(("Reason", "NoDivisionAccess"),))
        key = asked.get("ID", "").strip("{}").lower()
        if call.path == DOC_VIEW:
            return self._document(code, key)
        return self._attachment(code, key, is_saved=asked.get("Download") == "1")

    def _who(self, call: Call) -> tuple[User | None, tuple[int, ...] | None]:
        scheme, _, token = call.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return self._signin.session_user(call), None
        holder = self._house.tokens.holder(token)
        if holder is None or not holder.is_valid:
            return None, None
        return self._house.world.users.get(holder.user), holder.divisions

    def _nobody(self, call: Call) -> Reply:
        if "authorization" in call.headers:
            return Reply(status=401)
        wanted = quote(f"{call.path}?{call.query}", safe="")
        return Reply(status=302, headers=(("Location", f"{LOGIN}?ReturnUrl={wanted}"),))

    def _document(self, division: int, key: str) -> Reply:
        shelves = self._house.shelves
        row = shelves.find(DOCUMENTS, division, key)
        if row is None:
            return page(pages.error("Not found", "There is no such document."), 404)
        attached = [one for one in shelves.rows(ATTACHMENTS, division) if one["Document"] == key]
        return page(pages.document(row, attached))

    def _attachment(self, division: int, key: str, *, is_saved: bool) -> Reply:
        found = self._find(division, key)
        if found is None:
            return page(pages.error("Not found", "There is no such attachment."), 404)
        row, name = found
        return download(self._house.store.content(str(row["ID"])), name, is_saved=is_saved)

    def _find(self, division: int, key: str) -> tuple[Row, str] | None:
        for shelf, field in (
            (ATTACHMENTS, "FileName"),
            (MESSAGE_ATTACHMENTS, "AttachmentFileName"),
        ):
            row = self._house.shelves.find(shelf, division, key)
            if row is not None:
                return row, str(row[field])
        return None


def download(content: bytes, name: str, *, is_saved: bool = True) -> Reply:
    """Return a file, to be saved or to be shown."""
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    how = "attachment" if is_saved else "inline"
    named = f"{how}; filename*=UTF-8''{quote(name, safe='')}"
    headers = (
        ("Content-Disposition", named),
        ("X-Content-Type-Options", "nosniff"),
        # Whatever was attached runs nothing here.
        ("Content-Security-Policy", "default-src 'none'; sandbox"),
    )
    return Reply(body=content, media_type=media_type, headers=headers)
