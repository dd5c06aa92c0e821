"""`sandbox`: stand-ins for the world outside, for trying Posthorn out."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from posthorn.cli.command import group, plain
from posthorn.cli.commands.running import WithParent
from posthorn.cli.desk import Desk

if TYPE_CHECKING:
    from types import FrameType

noun = group("sandbox", "Stand-ins for the world outside, for trying Posthorn out.")

Port = Annotated[int, typer.Option(min=0, max=65_535, help="Port of the mail server; 0 is any.")]
AdminPort = Annotated[int, typer.Option(min=0, max=65_535, help="Port of its page; 0 is any.")]
Folder = Annotated[
    Path | None, typer.Option(help="Keep the messages in this folder, not in memory.")
]


@plain(noun, "mail")
def mail(
    desk: Desk,
    *,
    port: Port = 0,
    admin_port: AdminPort = 0,
    folder: Folder = None,
    with_parent: WithParent = False,
) -> None:
    """Run a stand-in mail server on this machine that keeps what arrives and shows it.

    The first line on standard output is JSON: where it listens, and the address of its page.
    """
    # A program of its own: the product and the sandbox do not know each other.
    command = [sys.executable, "-m", "posthorn_sandbox.mail", f"--port={port}"]
    command += [f"--admin-port={admin_port}", *([f"--folder={folder}"] if folder else [])]
    if with_parent:
        desk.runtime.end_with_parent()
    raise typer.Exit(_run(command))


@plain(noun, "exact")
def exact(  # noqa: PLR0913  # one option each, as typer wants them
    desk: Desk,
    *,
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="Port of Exact Online; 0 is any.")
    ] = 0,
    admin_port: Annotated[
        int, typer.Option(min=0, max=65_535, help="Port of its admin surface; 0 is any.")
    ] = 0,
    tls: Annotated[bool, typer.Option("--tls", help="Serve https.")] = False,
    auto_consent: Annotated[
        bool, typer.Option("--auto-consent", help="Agree at once, for clients without a browser.")
    ] = False,
    loopback_redirects: Annotated[
        bool, typer.Option("--loopback-redirects", help="Let an app go back to this machine.")
    ] = False,
    redirect_uri: Annotated[
        list[str] | None, typer.Option(help="Register this redirect address; may come again.")
    ] = None,
    file: Annotated[Path | None, typer.Option(help="Keep the state here, not in memory.")] = None,
    seconds: Annotated[float, typer.Option(min=0, help="Stop after this long; 0 is never.")] = 0,
    with_parent: WithParent = False,
) -> None:
    """Run a stand-in for Exact Online on this machine, with faults and a clock to set.

    The first line on standard output is JSON: where it is, its app, users and administrations. Its
    admin address takes JSON over HTTP: /clock, /switches, /faults, /journal, /totals, /limits,
    /documents, /messages, /rows/…, /users, /divisions, /licences, /apps, /consents, /reset; see
    docs/reference/sandbox-exact.md.
    """
    command = [sys.executable, "-m", "posthorn_sandbox.exact"]
    command += [f"--port={port}", f"--admin-port={admin_port}"]
    flags = {"tls": tls, "auto-consent": auto_consent, "loopback-redirects": loopback_redirects}
    command += [f"--{name}" for name, is_on in flags.items() if is_on]
    command += [f"--redirect-uri={one}" for one in redirect_uri or ()]
    command += [f"--file={file}"] if file else []
    command += [f"--seconds={seconds}"] if seconds else []
    if with_parent:
        desk.runtime.end_with_parent()
    raise typer.Exit(_run(command))


def _run(command: list[str]) -> int:
    """Run until it ends, and hand on the signals that end it; gives its exit code."""
    with subprocess.Popen(command, stdin=subprocess.DEVNULL) as receiver:  # noqa: S603  # ourselves

        def end(_signal: int, _frame: FrameType | None) -> None:
            receiver.terminate()

        before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            return receiver.wait()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
