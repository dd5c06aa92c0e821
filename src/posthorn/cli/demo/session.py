"""Runs the demonstration from an empty folder to the verdict, and serves it until Ctrl-C."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

from posthorn.cli.demo import folder as folders
from posthorn.cli.demo.exact import ExactOnline
from posthorn.cli.demo.mailboxes import Mailboxes
from posthorn.cli.demo.place import Place
from posthorn.cli.demo.ports import first_free, free_ports
from posthorn.cli.demo.samples import read_samples
from posthorn.cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from posthorn.cli.desk import Desk
    from posthorn.cli.output import Output

_SENDER = "documents@lindekade.example"
_BOUNCES = "bounces.lindekade.example"
_LOOK_EVERY_S = 0.5
_HIGHEST_PORT = 65_535


def run_demo(desk: Desk, *, folder: Path | None, listen: str, is_check: bool) -> bool:
    """Run it all; tells whether everything is where it belongs (True without a check)."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as Ctrl-C does
    started = time.monotonic()
    samples = read_samples()
    place = _place(desk.output, folder, listen)
    desk.runtime.replace_settings(_settings(place))
    with desk.runtime.serving("posthorn demo"):
        desk.output.note(f"Setting up a database and an invented firm in {place.folder} …")
        folders.make_anew(place.folder)
        with (
            desk.runtime.open(),
            desk.runtime.running(_commands(place), place.folder / "logs") as processes,
        ):
            from posthorn.cli.demo.stage import Stage  # noqa: PLC0415  # Django is set up by now

            stage = Stage(desk, samples, place, processes.look)
            is_right = stage.play(started, is_check=is_check)
            if not is_check:
                _stay(processes.look)
                desk.output.note("Stopping …")
    return is_right


def _place(output: Output, wanted: Path | None, listen: str) -> Place:
    """Choose the folder and the ports."""
    folder = folders.demo_folder(wanted)
    folders.demand_own(folder)
    folders.mark(folder)
    host, port = _address(listen)
    site_port = first_free(host, port)
    if site_port != port:
        output.note(f"Port {port} is taken: the site is served on port {site_port}.")
    smtp, admin, exact, exact_admin = free_ports(4)
    return Place(
        folder=folder,
        host=host,
        port=site_port,
        smtp_port=smtp,
        mailboxes=Mailboxes(port=admin),
        exact=ExactOnline(port=exact, admin_port=exact_admin),
    )


def _address(listen: str) -> tuple[str, int]:
    host, _, port = listen.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) <= _HIGHEST_PORT:
        message = f"--listen is {listen!r}: write an address and a port, such as 127.0.0.1:8000."
        raise UsageError(message)
    return host, int(port)


def _settings(place: Place) -> dict[str, str]:
    return {
        "POSTHORN_DATA": str(place.folder),
        "POSTHORN_LISTEN": f"{place.host}:{place.port}",
        "POSTHORN_PUBLIC_URL": place.site.rstrip("/"),
        "POSTHORN_MAIL_RELAY": f"smtp://127.0.0.1:{place.smtp_port}?tls=none",
        "POSTHORN_MAIL_FROM": _SENDER,
        "POSTHORN_BOUNCE_DOMAIN": _BOUNCES,
        "POSTHORN_SITES": place.exact.registrations,
        "POSTHORN_ALLOW_PRIVATE": place.exact.host,
    }


def _commands(place: Place) -> dict[str, list[str]]:
    mail = ["sandbox", "mail", f"--port={place.smtp_port}"]
    mail += [f"--admin-port={place.mailboxes.port}", f"--folder={place.folder / 'mail'}"]
    exact = ["sandbox", "exact", f"--port={place.exact.port}", "--loopback-redirects"]
    exact += [f"--admin-port={place.exact.admin_port}", f"--file={place.folder / 'exact'}"]
    return {"mailboxes": mail, "exact": exact, "worker": ["worker"], "web": ["web"]}


def _stay(look: Callable[[], object]) -> None:
    """Keep the processes running until Ctrl-C."""
    try:
        while True:
            look()
            time.sleep(_LOOK_EVERY_S)
    except KeyboardInterrupt:
        return
