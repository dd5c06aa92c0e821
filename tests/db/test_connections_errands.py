"""What a worker does for a person who waits: once, with an end, and visible while it goes on."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from posthorn.connections import errands
from posthorn.connections.errand_models import Errand
from posthorn.connections.errors import NameTakenError, NotFoundError
from posthorn.kernel.clock import now
from posthorn.kernel.ids import new_id
from posthorn.sdk import Unavailable
from posthorn.tenancy.scope import acting, system
from tests.db.factories import ConnectionFactory

if TYPE_CHECKING:
    from collections.abc import Mapping

    from posthorn.connections.errands import Task
    from posthorn.connections.models import Connection

pytestmark = pytest.mark.django_db
ACTOR = "an@kantoor.example"


def _begin(package: Connection, kind: str = "count", **payload: object) -> Errand:
    with acting(package.firm_id):
        made = errands.begin(package.firm_id, package.pk, kind, actor=ACTOR, payload=payload)
        return errands.errand_of(package.firm_id, package.pk, made)


def _now(row: Errand) -> Errand:
    with system("look"):
        return Errand.objects.get(pk=row.pk)


def _count(task: Task) -> Mapping[str, Any]:
    task.note({"counted": 1})
    return {"counted": len(task.payload["words"]), "for": task.actor}


def test_an_errand_is_done_once_and_its_answer_is_kept() -> None:
    row = _begin(ConnectionFactory.create(), words=["a", "b"])

    assert errands.run_next({"count": _count})
    assert not errands.run_next({"count": _count})

    done = _now(row)
    assert (done.answer, done.code, done.tries) == ({"counted": 2, "for": ACTOR}, "", 1)
    assert done.done_at is not None


def test_errands_wait_for_a_worker_that_knows_their_kind() -> None:
    row = _begin(ConnectionFactory.create(), kind="newer")

    assert not errands.run_next({"count": _count})

    assert _now(row).tries == 0


@pytest.mark.parametrize(
    ("wrong", "code", "detail"),
    [
        (Unavailable("package_busy", detail="503"), "package_busy", "503"),
        (NameTakenError("Choose another."), "name_taken", "Choose another."),
    ],
)
def test_a_refusal_ends_it_with_its_code(wrong: Exception, code: str, detail: str) -> None:
    row = _begin(ConnectionFactory.create())

    def refuse(task: Task) -> Mapping[str, Any]:
        task.note({"half": True})
        raise wrong

    assert errands.run_next({"count": refuse})

    done = _now(row)
    assert (done.code, done.detail, done.answer) == (code, detail, {"half": True})
    assert done.done_at is not None


def test_what_a_dead_worker_left_is_taken_over_with_what_it_got_done() -> None:
    row = _begin(ConnectionFactory.create())
    seen: list[Mapping[str, Any]] = []

    def die(task: Task) -> Mapping[str, Any]:
        seen.append(task.answer)
        task.note({"half": True})
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        errands.run_next({"count": die})
    assert not errands.run_next({"count": die})  # another one may be at it still
    for _ in range(2):
        _forget_lease(row)
        with pytest.raises(KeyboardInterrupt):
            errands.run_next({"count": die})

    assert seen == [{}, {"half": True}, {"half": True}]
    _forget_lease(row)
    assert errands.run_next({"count": die})
    done = _now(row)
    assert (done.code, done.answer, len(seen)) == ("internal_error", {"half": True}, 3)


def test_a_worker_that_was_away_too_long_stops() -> None:
    row = _begin(ConnectionFactory.create(), words=["a"])

    def frozen(task: Task) -> Mapping[str, Any]:
        _forget_lease(row)
        assert errands.run_next({"count": _count})
        task.note({"counted": 99})
        return {"counted": 99}

    assert errands.run_next({"count": frozen})

    assert _now(row).answer == {"counted": 1, "for": ACTOR}


def test_another_firms_errand_is_not_there() -> None:
    row, other = _begin(ConnectionFactory.create()), ConnectionFactory.create()

    with acting(other.firm_id):
        for ids in ((other.pk, row.pk), (row.connection_id, row.pk), (other.pk, new_id())):
            with pytest.raises(NotFoundError):
                errands.errand_of(other.firm_id, *ids)


def test_old_ends_are_removed_and_what_waits_stays() -> None:
    package = ConnectionFactory.create()
    old, waiting = _begin(package), _begin(package)
    with system("age"):
        Errand.objects.filter(pk=old.pk).update(done_at=now() - timedelta(days=8))
        Errand.objects.filter(pk=waiting.pk).update(asked_at=now() - timedelta(days=8))

    assert errands.clear_old() == 1

    with system("look"):
        assert list(Errand.objects.values_list("pk", flat=True)) == [waiting.pk]


def _forget_lease(row: Errand) -> None:
    with system("age"):
        Errand.objects.filter(pk=row.pk).update(claimed_until=now() - timedelta(seconds=1))
