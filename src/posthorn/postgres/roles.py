"""The SQL that makes Posthorn's three roles and its database in any PostgreSQL from 15 on."""

from __future__ import annotations

from psycopg import sql

OWNER = "posthorn_owner"
APP = "posthorn_app"
SYSTEM = "posthorn_system"
DATABASE = "posthorn"

# The owner inherits: in PostgreSQL 15 it owns the schema public only through pg_database_owner, and
# so does whoever sets the database up as a member of it.
_ATTRIBUTES = {OWNER: "LOGIN INHERIT", APP: "LOGIN NOINHERIT", SYSTEM: "NOLOGIN NOINHERIT"}

# Attributes are only checked, never altered, on roles that exist: altering them takes a superuser,
# whom hosted servers do not give (CREATE ROLE and ALTER ROLE, PostgreSQL 15).
_MAKE_ROLE = """\
DO $posthorn$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = '{name}') THEN
    CREATE ROLE {name} {attributes};
  ELSIF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = '{name}'
                AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolreplication)) THEN
    RAISE EXCEPTION 'The role {name} has rights that reach past row-level security'
      USING HINT = 'ALTER ROLE {name} NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOREPLICATION;';
  END IF;
END $posthorn$;
"""

# From PostgreSQL 16 on inheritance belongs to the grant (release notes 16, "Privileges"); in 15 the
# role's NOINHERIT says the same. Who is no superuser must be a member to give objects to a role.
_GRANT_MEMBERSHIP = f"""
DO $posthorn$ BEGIN
  IF current_setting('server_version_num')::int >= 160000 THEN
    EXECUTE 'GRANT {SYSTEM} TO {APP} WITH INHERIT FALSE, SET TRUE';
  ELSE
    GRANT {SYSTEM} TO {APP};
  END IF;
  IF NOT (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) THEN
    EXECUTE format('GRANT {OWNER} TO %I', current_user);
  END IF;
END $posthorn$;
"""  # noqa: S608  # our own constant names

_IN_DATABASE = f"""\
ALTER SCHEMA public OWNER TO {OWNER};
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO {APP}, {SYSTEM};
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP}, {SYSTEM};
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public
  GRANT USAGE, SELECT ON SEQUENCES TO {APP}, {SYSTEM};
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public
  GRANT EXECUTE ON FUNCTIONS TO {APP}, {SYSTEM};
"""


def roles_sql(*, owner_password: str, app_password: str) -> str:
    """Return the statements that make the three roles; to be run once per server, or again."""
    passwords = "".join(
        f"ALTER ROLE {role} LOGIN PASSWORD {_literal(password)};\n"
        for role, password in ((OWNER, owner_password), (APP, app_password))
    )
    roles = "".join(
        _MAKE_ROLE.format(name=name, attributes=attributes)
        for name, attributes in _ATTRIBUTES.items()
    )
    return roles + passwords + _GRANT_MEMBERSHIP


def database_sql(name: str = DATABASE) -> str:
    """Return the statements to run inside the database once it is there; or again."""
    database = sql.Identifier(name).as_string()
    return (
        f"REVOKE ALL ON DATABASE {database} FROM PUBLIC;\n"
        f"GRANT CONNECT ON DATABASE {database} TO {APP};\n" + _IN_DATABASE
    )


def operator_script(*, owner_password: str, app_password: str, name: str = DATABASE) -> str:
    r"""Return one psql script for an operator's own server: roles, database, privileges.

    It uses psql's \gexec and \connect.
    """
    create = f"CREATE DATABASE {sql.Identifier(name).as_string()} OWNER {OWNER} ENCODING 'UTF8'"
    create += " TEMPLATE template0"
    missing = f"SELECT FROM pg_catalog.pg_database WHERE datname = {_literal(name)}"
    return (
        "\\set ON_ERROR_STOP on\n"
        + roles_sql(owner_password=owner_password, app_password=app_password)
        + f"SELECT {_literal(create)} WHERE NOT EXISTS ({missing}) \\gexec\n"
        + f"\\connect {sql.Identifier(name).as_string()}\n"
        + database_sql(name)
    )


def _literal(text: str) -> str:
    return sql.Literal(text).as_string()
