"""The embedded PostgreSQL: server programs from a wheel, under a supervisor of our own."""

from __future__ import annotations

from posthorn.postgres.cluster import Attachment, Cluster, RoleName, Status
from posthorn.postgres.databases import Login, create_database, drop_database
from posthorn.postgres.errors import (
    AlreadyServingError,
    PostgresError,
    UnsupportedPlatformError,
    WrongMajorError,
)
from posthorn.postgres.locks import ServeLock
from posthorn.postgres.majors import Upgrade, upgrade
from posthorn.postgres.roles import database_sql, operator_script, roles_sql

__all__ = [
    "AlreadyServingError",
    "Attachment",
    "Cluster",
    "Login",
    "PostgresError",
    "RoleName",
    "ServeLock",
    "Status",
    "UnsupportedPlatformError",
    "Upgrade",
    "WrongMajorError",
    "create_database",
    "database_sql",
    "drop_database",
    "operator_script",
    "roles_sql",
    "upgrade",
]
