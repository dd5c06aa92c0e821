"""`secrets`: the keys that stored secrets are encrypted with."""

from __future__ import annotations

from typing import Annotated

import typer

from posthorn.cli.command import group, on_database
from posthorn.cli.desk import Desk
from posthorn.cli.prompts import confirm

noun = group("secrets", "The keys that stored secrets are encrypted with.")


@on_database(noun, "rotate")
def rotate(
    desk: Desk,
    *,
    retire: Annotated[
        bool, typer.Option("--retire", help="Delete keys that nothing needs any more.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without being asked.")] = False,
) -> None:
    """Make a new key and encrypt every stored secret with it; may run while workers do.

    Old keys stay in the keyring unless --retire is given: a back-up of the database needs them.
    """
    from django.conf import settings  # noqa: PLC0415  # set up by now

    from posthorn.connections.rotation import (  # noqa: PLC0415
        add_key,
        retire_keys,
        rotate_secrets,
    )

    if retire:
        confirm("Delete old keys? Older back-ups cannot be read without them.", is_agreed=yes)
    is_own = bool(settings.POSTHORN.keyring)
    key = "" if is_own else add_key(desk.runtime.data)
    with desk.output.progress("Secrets") as bar:
        counted: list[int] = []

        def show(count: int) -> None:
            counted.append(count)
            bar(sum(counted), sum(counted))

        rotation = rotate_secrets(show)
    gone = retire_keys(desk.runtime.data) if retire and not is_own else ()
    total = rotation.settings + rotation.authenticators + rotation.sign_ins
    record = {
        "key": key,
        "settings": rotation.settings,
        "authenticators": rotation.authenticators,
        "sign_ins": rotation.sign_ins,
        "retired": list(gone),
    }
    desk.output.done(f"{total} secrets were encrypted anew; {len(gone)} keys were deleted.", record)
