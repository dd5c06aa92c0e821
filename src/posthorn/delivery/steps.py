"""Keeps the finished calls of a delivery that needs several, so that no crash makes one twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from posthorn.delivery.turns import Recorded, Turn

if TYPE_CHECKING:
    from posthorn.delivery.loading import Run, Work


class Commits(Protocol):
    """Where turns are committed; the committer is the one in a worker."""

    def submit(self, turn: Turn) -> bool:
        """Commit a turn and tell whether its begin was granted."""


class StepKeeper:
    """Commits the finished calls of one delivery before the next call leaves."""

    def __init__(self, run: Run, work: Work, commits: Commits) -> None:
        self._run = run
        self._work = work
        self._commits = commits
        self._steps = dict(work.steps)

    def record(self, step: str, remote_id: str) -> None:
        """Keep a finished call; committed before this returns."""
        recorded = Recorded(
            held=self._run.held, delivery_id=self._work.delivery_id, name=step, remote_id=remote_id
        )
        self._commits.submit(Turn(recorded=recorded))
        self._steps[step] = remote_id

    def recorded(self, step: str) -> str | None:
        """Return the remote id kept for a step, or None when it has not been done."""
        return self._steps.get(step)
