"""A wrong engine: it writes *accepted* and then sends, so that the suite is seen to fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posthorn.delivery.policy import Effect, Verdict
from posthorn.delivery.states import State
from posthorn.delivery.turns import Finish, Turn
from posthorn.sdk import Receipt

if TYPE_CHECKING:
    from posthorn.delivery.committer import Committer


class MarkFirst:
    """Commits like the real one, and after every begin at once its success."""

    def __init__(self, inner: Committer) -> None:
        self._inner = inner
        self.start, self.stop = inner.start, inner.stop

    def submit(self, turn: Turn) -> bool:
        """Commit a turn and mark what it begins as accepted."""
        is_done = self._inner.submit(turn)
        if turn.begin and is_done:
            self._inner.submit(
                Turn(
                    finish=Finish(
                        held=turn.begin.held,
                        delivery_id=turn.begin.delivery_id,
                        attempt_id=turn.begin.attempt_id,
                        verdict=Verdict(
                            state=State.ACCEPTED, outcome="receipt", effect=Effect.HEALTHY
                        ),
                        receipt=Receipt(remote_id="", evidence={}),
                    )
                )
            )
        return is_done
