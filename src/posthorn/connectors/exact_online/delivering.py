"""Sends one document: an entity with our key, then each file, every finished call recorded.

Exact takes a second entity with the same subject. So nothing is created twice here: what is
recorded is not sent again, and after an unknown outcome the engine has `find` look first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from posthorn.connectors.exact_online import faults, odata
from posthorn.connectors.exact_online.calls import Calls, created
from posthorn.connectors.exact_online.odata import Entity
from posthorn.connectors.exact_online.routes import ROUTES, Route
from posthorn.connectors.exact_online.settings import Route as Way
from posthorn.connectors.exact_online.shipment import File, Shipment, unpacked
from posthorn.sdk import Context, Outcome, Prepared, Receipt, Response, Uncertain

_ENTITY: Final = "entity"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One shipment by its route."""

    calls: Calls
    route: Route
    shipment: Shipment

    @classmethod
    def of(cls, ctx: Context, prepared: Prepared) -> Sending:
        """Read what was prepared. Raises Rejected when these bytes are of no known form."""
        shipment = unpacked(prepared)
        is_mailbox = shipment.route is Way.MAILBOX
        calls = Calls(ctx=ctx, company=shipment.company, is_mailbox=is_mailbox)
        return cls(calls=calls, route=ROUTES[shipment.route], shipment=shipment)

    def deliver(self) -> Receipt:
        """Send what is not there yet. Raises one of the six outcomes."""
        owner = self._owner() or self._create()
        for number, file in enumerate(self.shipment.files):
            if self._recorded(f"file.{number}") is None:
                self._attach(owner, number, file)
        return self._receipt(owner)

    def find(self) -> Receipt | None:
        """Return the receipt when all of it is there, and record what is; reads only."""
        owner = self._owner() or self._look_for_entity()
        if not owner:
            return None
        self._look_for_files(owner)
        steps = [self._recorded(f"file.{number}") for number in range(len(self.shipment.files))]
        return self._receipt(owner) if all(steps) else None

    def _recorded(self, step: str) -> str | None:
        return self.calls.ctx.progress.recorded(step)

    def _record(self, step: str, remote_id: str) -> None:
        self.calls.ctx.progress.record(step, remote_id)

    def _owner(self) -> str:
        return (self._recorded(_ENTITY) or "").partition(" ")[0]

    def _keep_entity(self, entity: Entity) -> str:
        """Record an entity's key and, of a document, the number people know it by."""
        key = odata.guid(entity.get("ID"))
        number = odata.whole(entity.get("HID"))
        self._record(_ENTITY, f"{key} {number or ''}".strip())
        return key

    def _create(self) -> str:
        content = self.route.entity(self.calls, self.shipment)
        answer = self.calls.post(self.route.resources.entity, content)
        if _is_success(answer):
            return self._keep_entity(created(answer))
        outcome = self._refusal(answer)
        if _was_maybe_taken(answer):
            found = self._looked(self._look_for_entity, outcome)
            if found:
                return found
        raise outcome

    def _attach(self, owner: str, number: int, file: File) -> None:
        content = self.route.attachment(owner, file)
        answer = self.calls.post(self.route.resources.attachment, content)
        step = f"file.{number}"
        if _is_success(answer):
            self._record(step, odata.guid(created(answer).get("ID")))
            return
        outcome = self._refusal(answer)
        if _was_maybe_taken(answer):
            self._looked(lambda: self._look_for_files(owner), outcome)
            if self._recorded(step) is not None:
                return
        raise outcome

    def _refusal(self, answer: Response) -> Outcome:
        return faults.refused_write(answer, self.calls.ctx.now, is_mailbox=self.calls.is_mailbox)

    def _looked(self, look: Callable[[], str | None], outcome: Outcome) -> str:
        """Look at once after a refusal; where that fails too, it stays unknown."""
        try:
            return look() or ""
        except Outcome as failure:
            raise Uncertain("unreadable_answer", detail=outcome.detail) from failure

    def _look_for_entity(self) -> str:
        """Return the key of the oldest entity with our subject, recorded; empty for none."""
        resources = self.route.resources
        found = self.calls.rows(
            resources.entity,
            filter=f"Subject eq {odata.quoted(self.shipment.subject)}",
            select=resources.entity_fields,
        )
        ours = [row for row in found if odata.guid(row.get("ID"))]
        if not ours:
            return ""
        if len(ours) > 1:
            self.calls.ctx.log.warning("found_more_than_once", count=str(len(ours)))
        return self._keep_entity(min(ours, key=_age))

    def _look_for_files(self, owner: str) -> None:
        """Record the files that are there, told by name and size."""
        resources = self.route.resources
        rows = self.calls.rows(
            resources.attachment,
            filter=f"{resources.owner} eq {odata.guid_literal(owner)}",
            select=f"ID,{resources.file_name},FileSize",
        )
        there = {_told(row, resources.file_name): odata.guid(row.get("ID")) for row in rows}
        for number, file in enumerate(self.shipment.files):
            key = there.get((file.name, len(file.content))) or there.get((file.name, None))
            if key and self._recorded(f"file.{number}") is None:
                self._record(f"file.{number}", key)

    def _receipt(self, owner: str) -> Receipt:
        number = (self._recorded(_ENTITY) or "").partition(" ")[2]
        evidence = {
            "document": number or owner,
            "id": owner,
            "company": self.shipment.company,
            "route": str(self.shipment.route),
            "subject": self.shipment.subject,
        }
        return Receipt(remote_id=owner, url=self._address(owner), evidence=evidence)

    def _address(self, owner: str) -> str:
        """Return the page that shows a document to people; a postbox message has none known."""
        if self.shipment.route is Way.MAILBOX:
            return ""
        page = f"DocViewContent.aspx?ID={owner}&_Division_={self.shipment.company}"
        return f"{self.calls.ctx.http.base}/docs/{page}"


def _is_success(answer: Response) -> bool:
    return HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES


def _was_maybe_taken(answer: Response) -> bool:
    """Tell a refusal that a look must confirm: Exact's 500 says *refused* and *failed* alike."""
    return answer.status == HTTPStatus.INTERNAL_SERVER_ERROR and faults.is_definite(answer)


def _age(row: Entity) -> tuple[int, int]:
    return odata.moment(row.get("Created")), odata.whole(row.get("HID")) or 0


def _told(row: Entity, name: str) -> tuple[str, int | None]:
    return odata.text(row.get(name)), odata.whole(row.get("FileSize"))
