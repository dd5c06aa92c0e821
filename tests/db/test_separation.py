"""What the database itself refuses, whatever the code above it does."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction

from posthorn.archive.models import Blob, Document
from posthorn.kernel.ids import new_id
from posthorn.tenancy.models import AuditEntry, AuditSeal, Client, ClientNumber, Firm
from posthorn.tenancy.scope import FirmOwned, ScopeError, acting, current, system
from tests.db.factories import (
    ClientFactory,
    ClientNumberFactory,
    DeliveryFactory,
    DocumentFactory,
    FirmFactory,
    MembershipFactory,
)

pytestmark = pytest.mark.django_db

FIRM_TABLES = sorted(
    model._meta.db_table
    for model in apps.get_models()
    if any(field.name == "firm" for field in model._meta.fields)
)
OWNED = [model for model in apps.get_models() if issubclass(model, FirmOwned)]
NARROWED = [  # to one client, for its own people
    "archive_document",
    "connections_addresschange",
    "connections_integration",
    "connections_resolution",
    "delivery_delivery",
    "delivery_trial",
    "tenancy_client",
    "tenancy_clientassignment",
    "tenancy_clientnumber",
    "tenancy_clientperson",
    "tenancy_invitation",
    "tenancy_trustedsupplier",
]


def rows(statement: str, *values: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def test_every_table_with_a_firm_is_known_here() -> None:
    found = rows(
        "SELECT table_name FROM information_schema.columns"
        " WHERE column_name = 'firm_id' AND table_schema = 'public' ORDER BY table_name"
    )
    unsealed = "tenancy_auditunsealed"  # no app rights at all, no row of its own to see
    assert [name for (name,) in found if name != unsealed] == FIRM_TABLES
    assert len(FIRM_TABLES) == 36


@pytest.mark.parametrize("table", ["tenancy_firm", *FIRM_TABLES])
def test_row_level_security_is_forced_with_the_three_policies(table: str) -> None:
    flags = rows(
        "SELECT relrowsecurity, relforcerowsecurity, pg_get_userbyid(relowner)"
        " FROM pg_class WHERE oid = %s::regclass",
        table,
    )
    policies = rows(
        "SELECT policyname, roles::text[] FROM pg_policies"
        " WHERE tablename = %s AND permissive = 'PERMISSIVE' ORDER BY policyname",
        table,
    )
    assert flags == [(True, True, "posthorn_owner")]
    assert policies == [
        ("own_firm", ["posthorn_app"]),
        ("owner_all", ["posthorn_owner"]),
        ("system_all", ["posthorn_system"]),
    ]


def test_what_narrows_to_a_client_is_worded_so_that_the_planner_guesses_well() -> None:
    found = rows(
        "SELECT tablename, qual FROM pg_policies"
        " WHERE policyname = 'own_firm' AND qual = with_check"
        " AND qual LIKE '%%posthorn.client%%' ORDER BY tablename"
    )

    assert [table for table, qual in found if "CASE" not in str(qual)] == []
    assert [table for table, qual in found if " OR " in str(qual)] == []
    assert [table for table, _ in found] == NARROWED


@pytest.mark.parametrize("table", ["tenancy_firm", *FIRM_TABLES])
def test_app_without_a_scope_sees_no_row(table: str) -> None:
    DeliveryFactory.create()

    assert rows(f"SELECT count(*) FROM {table}") == [(0,)]  # noqa: S608  # names of tables


@pytest.mark.parametrize("model", OWNED, ids=lambda model: model._meta.db_table)
def test_manager_refuses_a_query_outside_a_scope(model: type[FirmOwned]) -> None:
    with pytest.raises(ScopeError):
        model.objects.count()


@pytest.mark.parametrize("role", ["posthorn_app", "posthorn_system"])
def test_no_role_of_the_product_passes_by_row_level_security(role: str) -> None:
    flags = rows("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = %s", role)
    assert flags == [(False, False)]


def test_another_firms_rows_are_not_read_changed_or_removed() -> None:
    mine, theirs = FirmFactory.create(), FirmFactory.create()
    client = ClientFactory.create(firm=theirs, name="Theirs")

    with acting(mine.pk):
        assert list(Firm.objects.values_list("pk", flat=True)) == [mine.pk]
        assert Client.objects.filter(pk=client.pk).count() == 0
        assert Client.objects.filter(pk=client.pk).update(name="Mine") == 0
        assert Client.objects.filter(pk=client.pk).delete() == (0, {})

    with acting(theirs.pk):
        assert Client.objects.get(pk=client.pk).name == "Theirs"


def test_a_row_for_another_firm_is_refused() -> None:
    mine, theirs = FirmFactory.create(), FirmFactory.create()

    with pytest.raises(DatabaseError, match="row-level security"), acting(mine.pk):
        Client.objects.create(firm_id=theirs.pk, dossier_number="1", name="Smuggled")

    with acting(theirs.pk):
        assert Client.objects.count() == 0


def test_a_row_is_not_given_away_to_another_firm() -> None:
    mine, theirs = FirmFactory.create(), FirmFactory.create()
    client = ClientFactory.create(firm=mine)

    with pytest.raises(DatabaseError, match="row-level security"), acting(mine.pk):
        Client.objects.filter(pk=client.pk).update(firm_id=theirs.pk)

    with acting(theirs.pk):
        assert Client.objects.count() == 0


def test_a_reference_across_firms_is_refused() -> None:
    firm, other = FirmFactory.create(), FirmFactory.create()
    foreign = ClientFactory.create(firm=other)

    with pytest.raises(IntegrityError, match="clientnumber_client_id_same_firm"), acting(firm.pk):
        ClientNumber.objects.create(
            firm_id=firm.pk, client_id=foreign.pk, scheme="vat", value="BE0417497106"
        )


def test_the_system_itself_cannot_tie_a_document_to_another_firms_client() -> None:
    document, foreign = DocumentFactory.create(), ClientFactory.create()

    with pytest.raises(IntegrityError, match="archive_document_client_id_same_firm"), system("t"):
        Document.objects.filter(pk=document.pk).update(client_id=foreign.pk)


def test_a_document_needs_the_stored_file_of_its_own_firm() -> None:
    theirs = DocumentFactory.create()
    mine = DocumentFactory.create()

    with pytest.raises(IntegrityError, match="document_blob_same_firm"), acting(mine.firm_id):
        Document.objects.filter(pk=mine.pk).update(sha256=theirs.sha256)

    with acting(mine.firm_id):
        assert Blob.objects.filter(sha256=theirs.sha256).count() == 0


def test_a_client_scope_shows_that_client_alone() -> None:
    firm = FirmFactory.create()
    mine, other = ClientFactory.create(firm=firm), ClientFactory.create(firm=firm)
    for client in (mine, other):
        DocumentFactory.create(firm=firm, client=client)
    DocumentFactory.create(firm=firm, client=None, direction="", assigned_at=None)
    ClientNumberFactory.create(firm=firm, client=other)
    MembershipFactory.create(firm=firm)

    with acting(firm.pk, client=mine.pk):
        assert list(Client.objects.values_list("pk", flat=True)) == [mine.pk]
        assert list(Document.objects.values_list("client_id", flat=True)) == [mine.pk]
        assert ClientNumber.objects.count() == 0
        assert Firm.objects.count() == 1
    with acting(firm.pk):
        assert Document.objects.count() == 3


def test_a_client_scope_writes_the_audit_trail_but_does_not_read_it() -> None:
    client = ClientFactory.create()

    with acting(client.firm_id, client=client.pk), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tenancy_auditentry (firm_id, at, actor, action, subject_kind, detail)"
            " VALUES (%s, now(), 'a', 'b', 'c', '{}')",
            [client.firm_id],
        )
        assert AuditEntry.objects.count() == 0
    with acting(client.firm_id):
        assert AuditEntry.objects.count() == 1


def test_scopes_nest_and_restore_the_one_around_them() -> None:
    outer, inner = FirmFactory.create(), FirmFactory.create()

    with acting(outer.pk):
        with acting(inner.pk):
            assert list(Firm.objects.values_list("pk", flat=True)) == [inner.pk]
        assert current().firm == outer.pk
        assert list(Firm.objects.values_list("pk", flat=True)) == [outer.pk]
        with system("look"):
            assert Firm.objects.filter(pk__in=[outer.pk, inner.pk]).count() == 2
        assert rows("SELECT current_user") == [("posthorn_app",)]
        assert list(Firm.objects.values_list("pk", flat=True)) == [outer.pk]


def test_a_failed_scope_restores_the_one_around_it_and_keeps_its_own_error() -> None:
    outer, inner = FirmFactory.create(), FirmFactory.create()

    with acting(outer.pk):
        with pytest.raises(IntegrityError, match="client_state"), acting(inner.pk):
            Client.objects.create(firm_id=inner.pk, dossier_number="1", name="x", state="no")
        assert current().firm == outer.pk
        assert list(Firm.objects.values_list("pk", flat=True)) == [outer.pk]


def test_nothing_of_a_scope_is_left_after_it() -> None:
    firm = FirmFactory.create()
    with transaction.atomic():
        with acting(firm.pk, client=new_id()), system("nested"):
            pass
        settings = rows(
            "SELECT current_user, current_setting('posthorn.firm'),"
            " current_setting('posthorn.client')"
        )
    assert settings == [("posthorn_app", "", "")]
    with pytest.raises(ScopeError):
        current()


@pytest.mark.parametrize("statement", ["UPDATE {} SET firm_id = NULL", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["tenancy_auditentry", "tenancy_auditseal"])
def test_the_audit_trail_is_not_changed_by_anybody(statement: str, table: str) -> None:
    firm = FirmFactory.create()
    with pytest.raises(DatabaseError, match="permission denied"), acting(firm.pk):
        rows(statement.format(table))
    with pytest.raises(DatabaseError, match="permission denied"), system("try"):
        rows(statement.format(table))


def test_a_firm_cannot_forge_a_seal() -> None:
    firm = FirmFactory.create()
    with pytest.raises(DatabaseError, match="permission denied"), acting(firm.pk):
        AuditSeal.objects.create(
            firm_id=firm.pk, number=1, entry_ids=[], previous="0" * 64, digest="0" * 64
        )


def test_a_firm_cannot_touch_what_waits_for_its_seal() -> None:
    firm = FirmFactory.create()
    with pytest.raises(DatabaseError, match="permission denied"), acting(firm.pk):
        rows("DELETE FROM tenancy_auditunsealed")
