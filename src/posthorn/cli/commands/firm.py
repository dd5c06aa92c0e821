"""`firm`: accounting firms, their people and roles."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from posthorn.cli.command import group, in_firm, on_database
from posthorn.cli.desk import Desk, FirmDesk
from posthorn.cli.errors import UsageError
from posthorn.cli.lookups import client_of, one_of
from posthorn.cli.prompts import confirm, new_password

noun = group("firm", "Accounting firms, their people and roles.")
_person = group("person", "People who log in.")
_member = group("member", "People of a firm and their roles.")
noun.add_typer(_person)
noun.add_typer(_member)

_SWITCH = {"on": True, "off": False}
Email = Annotated[str, typer.Argument(help="E-mail address.")]
RoleWord = Annotated[str, typer.Argument(help="administrator, client_manager or accountant.")]
Language = Annotated[str, typer.Option(help="nl, fr, en or de.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do it without being asked.")]
ClientWord = Annotated[str, typer.Argument(help="Dossier number or id of the client.")]


@on_database(noun, "create")
def create(
    desk: Desk,
    name: Annotated[str, typer.Argument(help="The firm's name.")],
    *,
    language: Language = "en",
) -> None:
    """Create an accounting firm."""
    from posthorn.tenancy.services import create_firm  # noqa: PLC0415  # needs Django

    made = create_firm(name, language, actor=desk.actor)
    desk.output.done(f"The firm {made.name} is there.", {"id": made.pk, "name": made.name})


@on_database(noun, "list")
def list_(desk: Desk) -> None:
    """List the firms of this installation."""
    from posthorn.tenancy.queries import firms  # noqa: PLC0415  # needs Django

    rows = [
        {"id": one.pk, "name": one.name, "language": one.language, "created_at": one.created_at}
        for one in firms()
    ]
    desk.output.rows(rows, ("name", "language", "created_at", "id"))


@in_firm(noun, "second-person")
def second_person(
    desk: FirmDesk, switch: Annotated[str, typer.Argument(help="on or off.")]
) -> None:
    """Choose whether a second person must confirm changed import addresses."""
    from posthorn.tenancy.scope import acting  # noqa: PLC0415  # needs Django
    from posthorn.tenancy.services import ask_second_person  # noqa: PLC0415

    if switch.lower() not in _SWITCH:
        message = f"{switch!r}: write on or off."
        raise UsageError(message)
    asks = _SWITCH[switch.lower()]
    with acting(desk.firm):
        ask_second_person(desk.firm, asks=asks, actor=desk.actor)
    said = "must be confirmed by a second person" if asks else "count at once"
    desk.output.done(f"Changed import addresses {said}.", {"asks_second_person": asks})


@on_database(_person, "add")
def add_person_(
    desk: Desk,
    email: Email,
    name: Annotated[str, typer.Argument(help="The person's name.")],
    *,
    language: Language = "en",
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
) -> None:
    """Add a person, who then needs a role in a firm (`firm member add`).

    At a terminal the password is asked for; elsewhere it is the first line of standard input. An
    empty one means that nobody can log in yet.
    """
    from posthorn.tenancy.people import add_person  # noqa: PLC0415  # needs Django

    password = new_password(is_interactive_wanted=not password_stdin)
    made = add_person(email, name, password, language=language, actor=desk.actor)
    record = {"id": made.pk, "email": made.email, "can_log_in": password is not None}
    desk.output.done(f"{made.email} is added.", record)


@in_firm(_member, "add")
def add_member_(desk: FirmDesk, email: Email, role: RoleWord) -> None:
    """Give a person a role in the firm."""
    from posthorn.tenancy.directory import person_by_email  # noqa: PLC0415  # needs Django
    from posthorn.tenancy.people import add_member  # noqa: PLC0415
    from posthorn.tenancy.roles import Role  # noqa: PLC0415
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    wanted = one_of(Role, role, "role")
    person = person_by_email(email)
    with acting(desk.firm):
        made = add_member(desk.firm, person.pk, wanted, actor=desk.actor)
    record = {"id": made.pk, "email": person.email, "role": wanted.value}
    desk.output.done(f"{person.email} is {wanted.value} of {desk.firm_name}.", record)


@in_firm(_member, "list")
def list_members(desk: FirmDesk) -> None:
    """List the firm's people, their roles and the clients assigned to them."""
    from posthorn.tenancy.directory import colleagues_of  # noqa: PLC0415  # needs Django
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    with acting(desk.firm):
        rows = [asdict(one) for one in colleagues_of(desk.firm)]
    desk.output.rows(rows, ("email", "name", "role", "clients"))


@in_firm(_member, "role")
def change_role_(desk: FirmDesk, email: Email, role: RoleWord) -> None:
    """Give a member another role."""
    from posthorn.tenancy.directory import colleague  # noqa: PLC0415  # needs Django
    from posthorn.tenancy.people import change_role  # noqa: PLC0415
    from posthorn.tenancy.roles import Role  # noqa: PLC0415
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    wanted = one_of(Role, role, "role")
    with acting(desk.firm):
        member = colleague(desk.firm, email)
        change_role(desk.firm, member.id, wanted, actor=desk.actor)
    desk.output.done(
        f"{member.email} is {wanted.value} now.", {"id": member.id, "role": wanted.value}
    )


@in_firm(_member, "remove")
def remove_member_(desk: FirmDesk, email: Email, *, yes: Yes = False) -> None:
    """End a person's place in the firm."""
    from posthorn.tenancy.directory import colleague  # noqa: PLC0415  # needs Django
    from posthorn.tenancy.people import remove_member  # noqa: PLC0415
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    confirm(f"Take {email} out of {desk.firm_name}?", is_agreed=yes)
    with acting(desk.firm):
        member = colleague(desk.firm, email)
        remove_member(desk.firm, member.id, actor=desk.actor)
    desk.output.done(f"{member.email} has left.", {"id": member.id, "is_removed": True})


@in_firm(_member, "assign")
def assign_(desk: FirmDesk, email: Email, client: ClientWord) -> None:
    """Let an accountant work on a client."""
    from posthorn.tenancy.assignments import assign  # noqa: PLC0415
    from posthorn.tenancy.directory import colleague  # noqa: PLC0415  # needs Django
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    with acting(desk.firm):
        member, whose = colleague(desk.firm, email), client_of(desk.firm, client)
        assign(desk.firm, member.id, whose.id, actor=desk.actor)
    record = {"id": member.id, "client": whose.dossier_number, "is_assigned": True}
    desk.output.done(f"{member.email} works on {whose}.", record)


@in_firm(_member, "unassign")
def unassign_(desk: FirmDesk, email: Email, client: ClientWord) -> None:
    """Take a client from an accountant."""
    from posthorn.tenancy.assignments import unassign  # noqa: PLC0415
    from posthorn.tenancy.directory import colleague  # noqa: PLC0415  # needs Django
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    with acting(desk.firm):
        member, whose = colleague(desk.firm, email), client_of(desk.firm, client)
        unassign(desk.firm, member.id, whose.id, actor=desk.actor)
    record = {"id": member.id, "client": whose.dossier_number, "is_assigned": False}
    desk.output.done(f"{member.email} no longer works on {whose}.", record)
