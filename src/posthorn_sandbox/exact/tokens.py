"""The chains of tokens: one per app and user, each token used as the real service lets it be."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from posthorn_sandbox.exact.store import Record, Store
from posthorn_sandbox.exact.switches import Switches

ACCESS_S = 600
EARLIEST_REFRESH_S = 570
IDLE_S = 30 * 86_400
CODE_S = 180
_DAY_S = 86_400
_EARLY = "Rate limit exceeded: access_token not expired"


class TokenError(Exception):
    """Answer this status with `error`, its description and the `Reason` header where given."""

    def __init__(self, *, status: int, error: str, description: str = "", reason: str = "") -> None:
        super().__init__(error, description)
        self.status = status
        self.error = error
        self.description = description
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What somebody agreed to on the consent page; no divisions means current and future ones."""

    client_id: str
    user: str
    redirect_uri: str
    divisions: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who shows an access token: `is_valid` is False once it expired or was revoked."""

    chain: str
    client_id: str
    user: str
    divisions: tuple[int, ...] | None
    is_valid: bool


Issued = dict[str, str]


class Tokens:
    """Issues codes and tokens and says what they are worth; times in seconds since the epoch."""

    def __init__(
        self, store: Store, now: Callable[[], float], switches: Callable[[], Switches]
    ) -> None:
        self._store = store
        self._now = now
        self._switches = switches

    def write_code(self, consent: Consent) -> str:
        """Return a code for a consent, good for 180 seconds and once."""
        code = f"stam{_secret(6)}!{_secret(24)}"
        divisions = None if consent.divisions is None else list(consent.divisions)
        kept: Record = {
            "client_id": consent.client_id,
            "user": consent.user,
            "redirect_uri": consent.redirect_uri,
            "divisions": divisions,
            "at": self._now(),
            "is_used": False,
        }
        self._store.put("codes", code, kept)
        return code

    def exchange(self, client_id: str, code: str, redirect_uri: str) -> Issued:
        """Begin a chain with a code, and end the user's former one. Raises TokenError."""
        kept = self._store.table("codes").get(code)
        if kept is None or not self._is_good(kept, client_id, redirect_uri):
            raise TokenError(status=400, error="invalid_request")
        self._count_call(client_id, str(kept["user"]))
        self._store.put("codes", code, kept | {"is_used": True})
        self._end_former(client_id, str(kept["user"]))
        chain = secrets.token_hex(8)
        self._store.put(
            "chains",
            chain,
            {
                "client_id": client_id,
                "user": kept["user"],
                "divisions": kept["divisions"],
                "state": "live",
                "began_at": self._now(),
            },
        )
        return self._issue(chain)

    def refresh(self, client_id: str, token: str) -> Issued:
        """Give a new pair for a refresh token, which dies by it. Raises TokenError."""
        kept = self._store.table("refresh").get(token)
        chain = self._chain(str(kept["chain"])) if kept else None
        if kept is None or chain is None or chain["client_id"] != client_id:
            raise _unknown_chain()
        if chain["state"] in {"revoked", "stopped"}:
            raise _unknown_chain()
        self._count_call(client_id, str(chain["user"]))
        self._demand_current(kept, chain)
        age = self._now() - _number(kept["at"])
        if age > IDLE_S:
            raise TokenError(
                status=400, error="invalid_request", description=_expired(kept, self._now())
            )
        if age < EARLIEST_REFRESH_S and not kept["is_used"]:
            status = self._switches().too_early_status
            reason = f"TooEarlyToRefreshTokens: {_EARLY}"
            raise TokenError(
                status=status, error="access_denied", description=_EARLY, reason=reason
            )
        self._store.put("refresh", token, kept | {"is_used": True, "used_at": self._now()})
        return self._issue(str(kept["chain"]))

    def holder(self, token: str) -> Holder | None:
        """Say who holds an access token; None for one never issued."""
        kept = self._store.table("access").get(token)
        chain = self._chain(str(kept["chain"])) if kept else None
        if kept is None or chain is None:
            return None
        dies = self._switches().old_access_token_dies
        lives = chain["state"] in {"live", "stopped"} or (chain["state"] == "replaced" and not dies)
        listed = chain["divisions"]
        return Holder(
            chain=str(kept["chain"]),
            client_id=str(chain["client_id"]),
            user=str(chain["user"]),
            divisions=tuple(listed) if isinstance(listed, list) else None,
            is_valid=lives and self._now() - _number(kept["at"]) < ACCESS_S,
        )

    def revoke(self, user: str) -> int:
        """Withdraw a user's consents: no token works any more; returns how many chains ended."""
        return self._end(user, "revoked")

    def stop(self, user: str) -> int:
        """Refuse further refreshes, as after a new password; returns how many chains ended."""
        return self._end(user, "stopped")

    def tick(self, user: str, divisions: list[int] | None) -> int:
        """Change which divisions a user's live consents cover; returns how many were changed."""
        changed = 0
        for name, chain in list(self._store.table("chains").items()):
            if chain["user"] == user and chain["state"] == "live":
                self._store.put("chains", name, chain | {"divisions": divisions})
                changed += 1
        return changed

    def listing(self) -> list[dict[str, object]]:
        """Return every chain, without its tokens."""
        return [{"chain": name, **chain} for name, chain in self._store.table("chains").items()]

    def clear(self) -> None:
        """Forget every code, chain and token."""
        for table in ("codes", "chains", "access", "refresh", "token_calls"):
            self._store.clear(table)

    def _end(self, user: str, state: str) -> int:
        ended = 0
        for name, chain in list(self._store.table("chains").items()):
            if chain["user"] == user and chain["state"] in {"live", "stopped"}:
                self._store.put("chains", name, chain | {"state": state})
                ended += 1
        return ended

    def _is_good(self, kept: Record, client_id: str, redirect_uri: str) -> bool:
        is_fresh = self._now() - _number(kept["at"]) <= CODE_S and not kept["is_used"]
        return is_fresh and (kept["client_id"], kept["redirect_uri"]) == (client_id, redirect_uri)

    def _chain(self, name: str) -> Record | None:
        return self._store.table("chains").get(name)

    def _end_former(self, client_id: str, user: str) -> None:
        for name, chain in list(self._store.table("chains").items()):
            if (chain["client_id"], chain["user"], chain["state"]) == (client_id, user, "live"):
                self._store.put("chains", name, chain | {"state": "replaced"})

    def _demand_current(self, kept: Record, chain: Record) -> None:
        """Raise for a token that was used or replaced, unless its grace has not run out."""
        grace = self._switches().refresh_grace_s
        used_for = self._now() - _number(kept.get("used_at", 0))
        is_graced = kept["is_used"] and used_for <= grace and grace > 0
        if chain["state"] == "replaced" or (kept["is_used"] and not is_graced):
            raise TokenError(
                status=self._switches().old_refresh_status,
                error="unauthorized_client",
                description="Old refresh token used.",
            )

    def _count_call(self, client_id: str, user: str) -> None:
        key = f"{client_id} {user}"
        today = int(self._now() // _DAY_S)
        kept = self._store.table("token_calls").get(key, {"day": today, "count": 0})
        count = int(_number(kept["count"])) if kept["day"] == today else 0
        switches = self._switches()
        if count >= switches.token_calls_a_day:
            raise TokenError(
                status=switches.token_limit_status,
                error="access_denied",
                description="Rate limit exceeded",
            )
        self._store.put("token_calls", key, {"day": today, "count": count + 1})

    def _issue(self, chain: str) -> Issued:
        access = f"AAEA{_secret(90)}"
        refresh = f"{_secret(4)}!IAAAA{_secret(60)}"
        self._store.put("access", access, {"chain": chain, "at": self._now()})
        self._store.put("refresh", refresh, {"chain": chain, "at": self._now(), "is_used": False})
        return {
            "access_token": access,
            "token_type": "bearer",
            "expires_in": str(ACCESS_S),
            "refresh_token": refresh,
        }


def _unknown_chain() -> TokenError:
    return TokenError(
        status=400,
        error="invalid_grant",
        description="Token is not allowed, because of invalid or empty chainId",
    )


def _expired(kept: Mapping[str, object], now: float) -> str:
    ended = _american(_number(kept["at"]) + IDLE_S)
    return f"The refresh token expired at {ended} and it is now {_american(now)}."


def _american(seconds: float) -> str:
    # As Exact's own text writes it: 10/11/2022 9:18:20 PM.
    moment = datetime.fromtimestamp(seconds, UTC)
    clock = moment.strftime("%I:%M:%S %p").lstrip("0")
    return f"{moment.month}/{moment.day}/{moment.year} {clock}"


def _number(value: object) -> float:
    return float(str(value))


def _secret(size: int) -> str:
    return secrets.token_urlsafe(size)[:size]
