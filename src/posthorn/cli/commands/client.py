"""`client`: the companies whose books a firm keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from posthorn.cli.command import group, in_firm
from posthorn.cli.desk import FirmDesk
from posthorn.cli.errors import UsageError
from posthorn.cli.lookups import client_of, one_of
from posthorn.cli.prompts import confirm

if TYPE_CHECKING:
    from posthorn.tenancy.numbers import NumberScheme

noun = group("client", "The companies whose books a firm keeps.")
_number = group("number", "The numbers under which documents name a client.")
noun.add_typer(_number)

Client = Annotated[str, typer.Argument(help="Dossier number or id of the client.")]
Scheme = Annotated[str, typer.Argument(help="enterprise, vat, endpoint or iban.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do it without being asked.")]
_OVER = {"archived", "lost"}
_SWITCH = {"on": True, "off": False}


@in_firm(noun, "create")
def create(  # noqa: PLR0913  # what is known of a client when it is added
    desk: FirmDesk,
    dossier_number: Annotated[str, typer.Argument(help="The firm's own number for the client.")],
    name: Annotated[str, typer.Argument(help="The company's name.")],
    *,
    country: Annotated[str, typer.Option(help="Two letters, such as BE or NL.")] = "BE",
    language: Annotated[str, typer.Option(help="nl, fr, en or de.")] = "nl",
    share: Annotated[
        bool, typer.Option("--share", help="Share documents with the accountant from now on.")
    ] = False,
    number: Annotated[
        list[str] | None, typer.Option(help="A number: vat:BE0417497106, iban:BE68539007547034, …")
    ] = None,
) -> None:
    """Add a client, whole or not at all.

    Numbers are written scheme:number, with the scheme enterprise, vat, endpoint or iban.
    """
    from posthorn.tenancy.clients import NewClient, create_client  # noqa: PLC0415  # needs Django
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    new = NewClient(
        dossier_number=dossier_number,
        name=name,
        country=country,
        language=language,
        shares_documents=share,
        numbers=tuple(_written_number(text) for text in number or ()),
    )
    with acting(desk.firm):
        made = create_client(desk.firm, new, actor=desk.actor)
    record = {"id": made.pk, "dossier_number": made.dossier_number, "name": made.name}
    desk.output.done(f"The client {made} is there.", record)


def _written_number(text: str) -> tuple[NumberScheme, str]:
    from posthorn.tenancy.numbers import NumberScheme  # noqa: PLC0415  # starts slowly

    scheme, sign, value = text.partition(":")
    if not sign:
        message = f"--number {text!r}: write scheme:number, such as vat:BE0417497106."
        raise UsageError(message)
    return one_of(NumberScheme, scheme, "kind of number"), value


@in_firm(noun, "list")
def list_(desk: FirmDesk) -> None:
    """List the firm's clients by dossier number."""
    from posthorn.cli.rows import as_record, clients  # noqa: PLC0415  # needs Django
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    with acting(desk.firm):
        rows = [as_record(one) for one in clients(desk.firm)]
    columns = ("dossier_number", "name", "state", "shares_documents", "approval", "paused_at")
    desk.output.rows(rows, columns)


@in_firm(noun, "show")
def show(desk: FirmDesk, client: Client) -> None:
    """Show a client with its numbers."""
    from posthorn.cli.rows import as_record  # noqa: PLC0415  # needs Django
    from posthorn.tenancy.queries import numbers_of  # noqa: PLC0415
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    with acting(desk.firm):
        row = client_of(desk.firm, client)
        numbers = [f"{one.scheme}:{one.value}" for one in numbers_of(desk.firm, row.id)]
    desk.output.record({**as_record(row), "numbers": numbers})


@in_firm(noun, "edit")
def edit(  # what may be different about a client
    desk: FirmDesk,
    client: Client,
    *,
    dossier_number: Annotated[str | None, typer.Option(help="Another dossier number.")] = None,
    name: Annotated[str | None, typer.Option(help="Another name.")] = None,
    country: Annotated[str | None, typer.Option(help="Two letters, such as BE or NL.")] = None,
    language: Annotated[str | None, typer.Option(help="nl, fr, en or de.")] = None,
) -> None:
    """Change what is known of a client; what is not given stays."""
    from posthorn.tenancy.edits import Change, edit_client  # noqa: PLC0415  # needs Django
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    change = Change(dossier_number=dossier_number, name=name, country=country, language=language)
    with acting(desk.firm):
        row = client_of(desk.firm, client)
        made = edit_client(desk.firm, row.id, change, actor=desk.actor)
    record = {"id": made.pk, "dossier_number": made.dossier_number, "name": made.name}
    desk.output.done(f"The client {made} is saved.", record)


@in_firm(_number, "add")
def add_number_(
    desk: FirmDesk,
    client: Client,
    scheme: Scheme,
    number: Annotated[str, typer.Argument(help="The number as it is written anywhere.")],
) -> None:
    """Add a number under which documents name the client."""
    from posthorn.tenancy.clients import add_number  # noqa: PLC0415  # needs Django
    from posthorn.tenancy.numbers import NumberScheme  # noqa: PLC0415
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    wanted = one_of(NumberScheme, scheme, "kind of number")
    with acting(desk.firm):
        row = client_of(desk.firm, client)
        added = add_number(desk.firm, row.id, wanted, number, actor=desk.actor)
    record = {"id": row.id, "scheme": added.scheme.value, "number": added.value}
    desk.output.done(f"{row} has the {added.scheme.value} number {added.value}.", record)


@in_firm(_number, "remove")
def remove_number_(
    desk: FirmDesk,
    client: Client,
    scheme: Scheme,
    number: Annotated[str, typer.Argument(help="The number to take away.")],
    *,
    yes: Yes = False,
) -> None:
    """Take a number away: documents with it are no longer the client's."""
    from posthorn.tenancy.clients import remove_number  # noqa: PLC0415  # needs Django
    from posthorn.tenancy.numbers import NumberScheme, normalised  # noqa: PLC0415
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    confirm(f"Take {number} from client {client}?", is_agreed=yes)
    wanted = one_of(NumberScheme, scheme, "kind of number")
    with acting(desk.firm):
        row = client_of(desk.firm, client)
        gone = normalised(wanted, number, country=row.country)
        remove_number(desk.firm, row.id, gone, actor=desk.actor)
    record = {"id": row.id, "scheme": gone.scheme.value, "number": gone.value}
    desk.output.done(f"{row} no longer has {gone.value}.", record)


@in_firm(noun, "share")
def share(
    desk: FirmDesk,
    client: Client,
    switch: Annotated[str, typer.Argument(help="on or off.")],
) -> None:
    """Switch *Share documents with accountant*: only what is released while it is on goes out."""
    from posthorn.tenancy.clients import set_sharing  # noqa: PLC0415  # needs Django
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    if switch.lower() not in _SWITCH:
        message = f"{switch!r}: write on or off."
        raise UsageError(message)
    shares = _SWITCH[switch.lower()]
    with acting(desk.firm):
        row = client_of(desk.firm, client)
        set_sharing(desk.firm, row.id, shares=shares, actor=desk.actor)
    words = "shares its documents from now on" if shares else "no longer shares its documents"
    desk.output.done(f"{row} {words}.", {"id": row.id, "shares_documents": shares})


@in_firm(noun, "approval")
def approval(
    desk: FirmDesk,
    client: Client,
    mode: Annotated[str, typer.Argument(help="by_hand, trusted_suppliers or all_valid.")],
) -> None:
    """Choose which purchase documents go without a person; what came before keeps waiting."""
    from posthorn.tenancy.clients import set_approval  # noqa: PLC0415  # needs Django
    from posthorn.tenancy.life import ApprovalMode  # noqa: PLC0415
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    wanted = one_of(ApprovalMode, mode, "way of approving")
    with acting(desk.firm):
        row = client_of(desk.firm, client)
        set_approval(desk.firm, row.id, wanted, actor=desk.actor)
    words = wanted.value.replace("_", " ")
    desk.output.done(f"{row} approves: {words}.", {"id": row.id, "approval": wanted.value})


@in_firm(noun, "trust")
def trust(
    desk: FirmDesk,
    client: Client,
    number: Annotated[str, typer.Argument(help="VAT number of the seller.")],
) -> None:
    """Trust a seller: its valid invoices need no approval where trusted suppliers are chosen."""
    from posthorn.tenancy.clients import trust_supplier  # noqa: PLC0415  # needs Django
    from posthorn.tenancy.numbers import NumberScheme, normalised  # noqa: PLC0415
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    with acting(desk.firm):
        row = client_of(desk.firm, client)
        seller = normalised(NumberScheme.VAT, number, country=row.country)
        trust_supplier(desk.firm, row.id, seller, actor=desk.actor)
    desk.output.done(f"{row} trusts {seller.value}.", {"id": row.id, "trusts": seller.value})


@in_firm(noun, "untrust")
def untrust(
    desk: FirmDesk,
    client: Client,
    number: Annotated[str, typer.Argument(help="VAT number of the seller.")],
) -> None:
    """Trust a seller no longer: its invoices wait for approval again."""
    from posthorn.tenancy.clients import untrust_supplier  # noqa: PLC0415  # needs Django
    from posthorn.tenancy.numbers import NumberScheme, normalised  # noqa: PLC0415
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    with acting(desk.firm):
        row = client_of(desk.firm, client)
        seller = normalised(NumberScheme.VAT, number, country=row.country)
        untrust_supplier(desk.firm, row.id, seller, actor=desk.actor)
    record = {"id": row.id, "no_longer_trusts": seller.value}
    desk.output.done(f"{row} no longer trusts {seller.value}.", record)


@in_firm(noun, "state")
def state_(
    desk: FirmDesk,
    client: Client,
    state: Annotated[str, typer.Argument(help="draft, invited, active, archived or lost.")],
    *,
    yes: Yes = False,
) -> None:
    """Move a client along its life with the firm."""
    from posthorn.tenancy.clients import change_state  # noqa: PLC0415  # needs Django
    from posthorn.tenancy.life import ClientState  # noqa: PLC0415
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    wanted = one_of(ClientState, state, "state of a client")
    if wanted in _OVER:
        confirm(f"Close client {client} ({wanted.value})?", is_agreed=yes)
    with acting(desk.firm):
        row = client_of(desk.firm, client)
        change_state(desk.firm, row.id, wanted, actor=desk.actor)
    desk.output.done(f"{row} is {wanted.value}.", {"id": row.id, "state": wanted.value})


@in_firm(noun, "pause")
def pause(desk: FirmDesk, client: Client) -> None:
    """Hold everything of a client."""
    from posthorn.tenancy.clients import pause_client  # noqa: PLC0415  # needs Django
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    with acting(desk.firm):
        row = client_of(desk.firm, client)
        pause_client(desk.firm, row.id, actor=desk.actor)
    desk.output.done(f"{row} is paused.", {"id": row.id, "is_paused": True})


@in_firm(noun, "release")
def release(desk: FirmDesk, client: Client) -> None:
    """End a client's pause."""
    from posthorn.tenancy.clients import release_client  # noqa: PLC0415  # needs Django
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    with acting(desk.firm):
        row = client_of(desk.firm, client)
        release_client(desk.firm, row.id, actor=desk.actor)
    desk.output.done(f"{row} is released.", {"id": row.id, "is_paused": False})
