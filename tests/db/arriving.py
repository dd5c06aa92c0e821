"""Documents on their way in, for tests of what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from posthorn.archive.directions import Direction
from posthorn.archive.examined import Examined
from posthorn.archive.intake import Incoming, take
from posthorn.archive.models import Document
from posthorn.archive.reader import Failed, Pool
from posthorn.archive.reading import read_document
from posthorn.documents import Examination, Facts
from posthorn.tenancy.scope import acting
from tests.db.factories import ClientFactory, ClientNumberFactory
from tests.invoices import BUYER

if TYPE_CHECKING:
    from uuid import UUID

    from posthorn.archive.wire import Refusal


@dataclass(kw_only=True)
class ScriptedReader:
    """Answers with what it was given, in order; the last answer stays."""

    answers: list[Examined | Refusal | Failed]
    asked: list[int] = field(default_factory=list)

    def read(self, data: bytes) -> Examined | Refusal | Failed:
        self.asked.append(len(data))
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def scripted(*answers: Facts | Examined | Refusal | Failed) -> Pool:
    """Answer with these; facts come without a verdict."""
    given = [
        Examined(examination=Examination(facts=each)) if isinstance(each, Facts) else each
        for each in answers
    ]
    return cast("Pool", ScriptedReader(answers=given))


def incoming(data: bytes, *, client: UUID | None = None, direction: str = "") -> Incoming:
    return Incoming(
        data=data,
        file_name="file",
        source="upload",
        client=client,
        direction=Direction(direction),
        actor="an@kantoor.example",
    )


def bakery(vat: str = BUYER, **values: object) -> tuple[UUID, UUID]:
    """Give a firm and its client, who has one VAT number."""
    client = ClientFactory.create(**values)
    ClientNumberFactory.create(firm=client.firm, client=client, value=vat)
    return client.firm_id, client.pk


def read_in(firm: UUID, arrived: Incoming, readers: Pool) -> Document:
    document = take(firm, arrived).document_id
    read_document(firm, document, readers=readers)
    with acting(firm):
        return Document.objects.get(pk=document)
