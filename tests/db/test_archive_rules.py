from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from posthorn.archive.lifecycle import release_automatically, release_waiting
from posthorn.archive.models import Document
from posthorn.tenancy.clients import set_approval, trust_supplier
from posthorn.tenancy.life import ApprovalMode
from posthorn.tenancy.numbers import vat
from posthorn.tenancy.scope import acting
from tests.db.factories import ClientFactory, DocumentFactory

if TYPE_CHECKING:
    from tests.planners import RecordingPlanner

pytestmark = pytest.mark.django_db
ACTOR = "an@kantoor.example"


def basis_of(document: Document) -> str:
    with acting(document.firm_id):
        return Document.objects.get(pk=document.pk).release_basis


@pytest.mark.parametrize(
    ("approval", "is_trusted", "values", "basis"),
    [
        ("by_hand", True, {}, ""),
        ("trusted_suppliers", False, {}, ""),
        ("trusted_suppliers", True, {}, "trusted_supplier"),
        ("all_valid", False, {}, "all_valid"),
        ("all_valid", False, {"category": "credit_note"}, "all_valid"),
        ("all_valid", False, {"verdict": "invalid"}, ""),
        ("all_valid", True, {"verdict": ""}, ""),
        ("trusted_suppliers", True, {"verdict": "invalid"}, "trusted_supplier"),
        ("all_valid", True, {"problem": "wrong_client"}, ""),
        ("all_valid", True, {"number": ""}, ""),
        ("all_valid", True, {"issue_date": None}, ""),
        ("all_valid", True, {"total": None}, ""),
        ("all_valid", True, {"currency": ""}, ""),
        ("all_valid", True, {"seller_name": "", "seller_number": ""}, ""),
        ("all_valid", True, {"buyer_name": "", "buyer_number": ""}, ""),
        ("all_valid", True, {"category": "other"}, ""),
        ("all_valid", True, {"direction": "sales"}, ""),
        ("all_valid", True, {"reading": "unreadable"}, ""),
        ("by_hand", False, {"category": "statement", "direction": ""}, "on_arrival"),
        ("by_hand", False, {"category": "statement", "problem": "wrong_client"}, ""),
        ("by_hand", False, {"category": "statement", "verdict": "invalid"}, ""),
        ("by_hand", False, {"category": "statement", "verdict": ""}, "on_arrival"),
    ],
)
def test_what_is_released_without_a_person(
    planner: RecordingPlanner,
    approval: str,
    values: dict[str, object],
    basis: str,
    *,
    is_trusted: bool,
) -> None:
    client = ClientFactory.create(approval=approval)
    firm = client.firm_id
    seller = {
        "seller": [["endpoint", "0208:0203201340"]],
        "buyer": [],
        "holder": [],
        "accounts": [],
    }
    document = DocumentFactory.create(firm=client.firm, client=client, identities=seller, **values)

    with acting(firm):
        if is_trusted:
            trust_supplier(firm, client.pk, vat("BE0203201340"), actor=ACTOR)
        released = release_automatically(firm, [document.pk])

    assert basis_of(document) == basis
    assert planner.planned == [[pk] for pk in released]
    assert released == ((document.pk,) if basis else ())


def test_a_changed_rule_releases_what_waited_for_it(planner: RecordingPlanner) -> None:
    waiting = ClientFactory.create()
    document = DocumentFactory.create(firm=waiting.firm, client=waiting)
    flagged = DocumentFactory.create(firm=waiting.firm, client=waiting, problem="wrong_client")
    firm, client = waiting.firm_id, waiting.pk

    with acting(firm):
        assert release_waiting(firm, client) == ()
        set_approval(firm, client, ApprovalMode.ALL_VALID, actor=ACTOR)
        assert release_waiting(firm, client) == (document.pk,)

    assert planner.planned == [[document.pk]]
    assert basis_of(flagged) == ""
