"""What a worker does with a mail that is on its way when it is told to end."""

from __future__ import annotations

import signal
import subprocess
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from posthorn.postgres import Cluster
from posthorn_sandbox.mail import Action, Fault, Moment, Receiver, Verb
from tests.installation import Installation, await_that, installation
from tests.invoices import invoice

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.xdist_group("serve_in_flight"), pytest.mark.timeout(240)]
Going = tuple[Future[tuple[int, float, str]], str]
"""How a worker will have ended, and the document that it had in flight."""


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with Receiver() as lent:
        yield lent


@pytest.fixture(scope="module")
def ready(receiver: Receiver) -> Iterator[Installation]:
    """Lend an installation with one accounting package."""
    host, port = receiver.smtp
    relay = {"MAIL_RELAY": f"smtp://{host}:{port}?tls=none", "MAIL_FROM": "from@b.example"}
    # However slow the machine, no worker here sweeps up after the one that left.
    with installation(**relay, SWEEP="600") as lent:
        for arguments in (
            ["firm", "create", "Kantoor"],
            ["connection", "create", "email_delivery", "Exact"],
        ):
            ran = lent.run(*arguments)
            assert ran.code == 0, ran.err
        yield lent


def worker_in_flight(
    ready: Installation, receiver: Receiver, client: str, fault: Fault
) -> tuple[subprocess.Popen[str], str]:
    """Start a worker whose mail for a client waits for its answer; gives the document."""
    file, box = ready.data.parent / "invoice.xml", f"{client}@b.example"
    file.write_bytes(invoice(number=client))
    ready.run("client", "create", client, "Janssens", "--share")
    ready.run("integration", "create", client, "Exact", f"--set=purchase_address={box}")
    told = (f"--client={client}", "--direction=purchase")
    document = ready.run("doc", "import", str(file), *told, "--json").object["id"]
    receiver.clear_faults()
    receiver.add_fault(replace(fault, recipient=box))
    command = ready.start("worker", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    await_that(lambda: is_read(ready, document))
    assert ready.run("doc", "approve", document).code == 0
    await_that(lambda: receiver.faults()[0]["hits"] == 1)
    return command, document


def is_read(ready: Installation, document: str) -> bool:
    """Look into the database: a command each time would keep the worker from reading."""
    with psycopg.connect(Cluster(ready.data).login("admin").url()) as line:
        row = line.execute("SELECT reading FROM archive_document WHERE id = %s", [document])
        return row.fetchone() == ("read",)


def shown(ready: Installation, document: str) -> dict[str, Any]:
    return ready.run("doc", "show", document, "--json").object


def end(command: subprocess.Popen[str]) -> tuple[int, float, str]:
    started = time.monotonic()
    command.send_signal(signal.SIGTERM)
    _, written = command.communicate(timeout=60)
    return command.returncode, time.monotonic() - started, written


@pytest.fixture(scope="module")
def leaving(ready: Installation, receiver: Receiver) -> Iterator[Going]:
    """Lend a worker that was just told to end while nobody answers it."""
    stall = Fault(at=Verb.DOT, action=Action.STALL, seconds=60, when=Moment.AFTER)
    command, document = worker_in_flight(ready, receiver, "c2", stall)
    with ThreadPoolExecutor(1) as ending:
        yield ending.submit(end, command), document


@pytest.fixture(scope="module")
def waiting(ready: Installation, receiver: Receiver, leaving: Going) -> Iterator[Going]:
    """Lend a worker that was told to end and will be answered, while the other one is waited for.

    It was started after the other was told to end, which takes up nothing any more.
    """
    assert leaving[1]
    stall = Fault(at=Verb.DOT, action=Action.STALL, seconds=4)
    command, document = worker_in_flight(ready, receiver, "c1", stall)
    with ThreadPoolExecutor(1) as ending:
        yield ending.submit(end, command), document


def test_a_worker_waits_for_the_answer_to_what_is_in_flight(
    ready: Installation, waiting: Going
) -> None:
    ended, document = waiting
    code, _, written = ended.result()

    assert code == 0, written
    (delivery,) = shown(ready, document)["deliveries"]
    assert (delivery["state"], delivery["attempts"]) == ("accepted", 1)


@pytest.mark.usefixtures("waiting")  # so that both wait at the same time, in whatever order
def test_a_worker_leaves_what_does_not_answer_in_time(ready: Installation, leaving: Going) -> None:
    ended, document = leaving
    code, seconds, written = ended.result()

    assert (code, seconds < 30) == (6, True), written
    assert written.splitlines()[-1].startswith("posthorn: Something was still in flight after 25 s")
    # It is in flight still: the next worker's sweep asks what became of it.
    (delivery,) = shown(ready, document)["deliveries"]
    assert delivery["state"] == "sending"
