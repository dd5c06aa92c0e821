"""The three roles hold exactly the rights we say, on every PostgreSQL we can find from 15 on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql

from posthorn.postgres import Cluster, operator_script
from posthorn.postgres.binaries import carried, current, installed_at
from posthorn.postgres.commands import Runner
from tests.process.postgres_processes import fresh_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from posthorn.postgres import Attachment, RoleName

# The wheel's own versions, and Debian's where they are installed.
SERVERS = {binaries.major: binaries for binaries in carried().values()}
for program in sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres")):
    found = installed_at(program.parent.parent)
    SERVERS.setdefault(found.major, found)
SETTINGS = {"fsync": "off", "shared_buffers": "16MB"}


@pytest.fixture(scope="module", params=sorted(SERVERS), ids="postgresql-{}".format)
def attachment(request: pytest.FixtureRequest) -> Iterator[Attachment]:
    with fresh_folder() as folder:
        cluster = Cluster(folder, settings=SETTINGS, installation=SERVERS[request.param])
        with cluster.attach() as attached:
            yield attached


@pytest.fixture
def invoices(attachment: Attachment) -> Iterator[None]:
    """Make a table with a row only `posthorn_system` may see, a function and a sequence."""
    with psycopg.connect(attachment.login("owner").url()) as owner:
        owner.execute("CREATE TABLE invoices (number bigint GENERATED ALWAYS AS IDENTITY)")
        owner.execute("CREATE SEQUENCE numbers")
        owner.execute("CREATE FUNCTION seven() RETURNS int LANGUAGE sql RETURN 7")
        owner.execute("INSERT INTO invoices DEFAULT VALUES")
        owner.execute("ALTER TABLE invoices ENABLE ROW LEVEL SECURITY")
        owner.execute("CREATE POLICY all_of_them ON invoices TO posthorn_system USING (true)")
    yield
    with psycopg.connect(attachment.login("owner").url()) as owner:
        owner.execute("DROP TABLE invoices; DROP SEQUENCE numbers; DROP FUNCTION seven")


def rows(attachment: Attachment, role: RoleName, *statements: str) -> list[tuple[object, ...]]:
    """Run the statements in one session and return what the last one found."""
    with psycopg.connect(attachment.login(role).url()) as connection:
        for statement in statements[:-1]:
            connection.execute(statement.encode())
        return connection.execute(statements[-1].encode()).fetchall()


def test_roles_have_no_attribute_beyond_login(attachment: Attachment) -> None:
    query = (
        "SELECT rolname, rolcanlogin, rolinherit, rolsuper, rolbypassrls, rolcreaterole,"
        " rolcreatedb, rolreplication FROM pg_roles WHERE rolname LIKE 'posthorn\\_%'"
        " AND NOT rolsuper ORDER BY rolname"
    )

    assert rows(attachment, "app", query) == [
        ("posthorn_app", True, False, False, False, False, False, False),
        ("posthorn_owner", True, True, False, False, False, False, False),
        ("posthorn_system", False, False, False, False, False, False, False),
    ]


def test_app_may_become_system_and_nothing_else_is_a_member_of_anything(
    attachment: Attachment,
) -> None:
    query = (
        "SELECT roleid::regrole::text, member::regrole::text, admin_option FROM pg_auth_members"
        " WHERE roleid::regrole::text NOT LIKE 'pg\\_%'"
    )

    assert rows(attachment, "app", query) == [("posthorn_system", "posthorn_app", False)]


@pytest.mark.usefixtures("invoices")
def test_app_inherits_nothing_and_sees_the_row_only_as_system(attachment: Attachment) -> None:
    count = "SELECT count(*) FROM invoices"
    become = "SET LOCAL ROLE posthorn_system"

    assert rows(attachment, "app", count) == [(0,)]
    assert rows(attachment, "app", become, count) == [(1,)]
    assert rows(attachment, "app", become, "RESET ROLE", count) == [(0,)]


@pytest.mark.usefixtures("invoices")
def test_app_has_none_of_what_only_system_was_given(attachment: Attachment) -> None:
    rows(attachment, "owner", "REVOKE ALL ON invoices FROM posthorn_app", "SELECT 1")

    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="for table invoices"):
        rows(attachment, "app", "SELECT count(*) FROM invoices")
    assert rows(attachment, "app", "SET ROLE posthorn_system", "SELECT count(*) FROM invoices") == [
        (1,)
    ]


@pytest.mark.usefixtures("invoices")
def test_new_objects_are_open_to_app_and_system_as_far_as_said(attachment: Attachment) -> None:
    query = (
        "SELECT coalesce(nullif(grantee, 0)::regrole::text, 'PUBLIC') AS who,"
        " string_agg(privilege_type, ' ' ORDER BY privilege_type) FROM {} GROUP BY who ORDER BY who"
    )
    table, sequence, function = (
        f"(SELECT (aclexplode({acl})).* FROM {catalog}) AS acl"  # noqa: S608  # literals below
        for acl, catalog in (
            ("relacl", "pg_class WHERE relname = 'invoices'"),
            ("relacl", "pg_class WHERE relname = 'numbers'"),
            ("proacl", "pg_proc WHERE proname = 'seven'"),
        )
    )
    others = [("posthorn_app",), ("posthorn_system",)]

    def held(source: str) -> list[tuple[object, ...]]:
        found = rows(attachment, "app", query.format(source))
        return [row for row in found if row[0] != "posthorn_owner"]

    assert held(table) == [(*each, "DELETE INSERT SELECT UPDATE") for each in others]
    assert held(sequence) == [(*each, "SELECT USAGE") for each in others]
    assert held(function) == [(*each, "EXECUTE") for each in others]


@pytest.mark.usefixtures("invoices")
@pytest.mark.parametrize("role", ["posthorn_app", "posthorn_system"])
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (i int)",
        "CREATE TEMPORARY TABLE mine (i int)",
        "CREATE SCHEMA mine",
        "CREATE ROLE mine",
        "CREATE DATABASE mine",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql RETURN 1",
        "ALTER TABLE invoices DISABLE ROW LEVEL SECURITY",
        "DROP POLICY all_of_them ON invoices",
        "DROP TABLE invoices",
        "TRUNCATE invoices",
        "SET ROLE posthorn_owner",
        "SET ROLE posthorn_admin",
        "ALTER ROLE posthorn_app BYPASSRLS",
        "GRANT posthorn_owner TO posthorn_app",
        "COPY invoices TO PROGRAM 'true'",
    ],
)
def test_app_cannot(attachment: Attachment, statement: str, role: str) -> None:
    with psycopg.connect(attachment.login("app").url(), autocommit=True) as app:
        app.execute(f"SET ROLE {role}".encode())
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute(statement.encode())

    made = "SELECT count(*) FROM pg_class WHERE relname = 'mine'"
    assert rows(attachment, "owner", made) == [(0,)]
    assert rows(attachment, "owner", "SELECT count(*) FROM invoices") == [(1,)]


@pytest.mark.usefixtures("invoices")
def test_app_cannot_switch_the_policies_off(attachment: Attachment) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security policy"):
        rows(attachment, "app", "SET row_security = off", "SELECT * FROM invoices")


@pytest.mark.parametrize("dbname", ["postgres", "template1"])
def test_logins_reach_no_other_database(attachment: Attachment, dbname: str) -> None:
    for role in ("app", "owner"):
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(attachment.login(role, dbname).url())


def test_role_with_too_many_rights_is_named_and_not_used(attachment: Attachment) -> None:
    script = operator_script(owner_password="o", app_password="a")  # noqa: S106  # never applied
    roles_only = script.split("ALTER ROLE posthorn_owner LOGIN", maxsplit=1)[0].split("\n", 1)[1]
    with psycopg.connect(attachment.login("admin").url()) as admin:
        admin.execute("ALTER ROLE posthorn_app BYPASSRLS")
        with pytest.raises(psycopg.errors.RaiseException, match="posthorn_app has rights that"):
            admin.execute(roles_only.encode())


@pytest.mark.parametrize("major", sorted(SERVERS))
def test_operator_without_superuser_can_set_up_a_server_of_his_own(major: int) -> None:
    with (
        fresh_folder() as folder,
        Cluster(folder, settings=SETTINGS, installation=SERVERS[major]).attach() as attached,
    ):
        make_bare(attached)
        operator = attached.login("admin", "postgres")
        psql, options = current().program("psql"), ["-U", "operator", "-d", "postgres"]
        script = folder / "roles.sql"
        script.write_text(
            operator_script(owner_password="it's", app_password="an \\ odd one", name="books"),  # noqa: S106
            "utf-8",
        )
        for _ in range(2):  # running it again changes nothing and does not fail
            Runner().run(
                [psql, "--no-psqlrc", "-h", operator.host, *options, "-f", script],
                timeout_s=30,
                env={"PGPASSWORD": "secret"},
            )

        for user, password in (("posthorn_owner", "it's"), ("posthorn_app", "an \\ odd one")):
            with psycopg.connect(
                host=operator.host, dbname="books", user=user, password=password
            ) as connection:
                query = "SELECT has_schema_privilege('public', %s)"
                rights = [connection.execute(query, [it]).fetchone() for it in ("CREATE", "USAGE")]
                assert rights == [(user == "posthorn_owner",), (True,)]


def make_bare(attached: Attachment) -> None:
    """Turn the server into one that Posthorn has never seen, with an operator like a hoster's."""
    with psycopg.connect(attached.login("admin", "postgres").url(), autocommit=True) as admin:
        admin.execute("DROP DATABASE posthorn")
        for role in ("posthorn_app", "posthorn_system", "posthorn_owner"):
            admin.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))
        admin.execute("CREATE ROLE operator LOGIN CREATEROLE CREATEDB PASSWORD 'secret'")
        admin.execute("GRANT CONNECT ON DATABASE postgres TO operator")
