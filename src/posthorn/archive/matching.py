"""Decides whose a document is and whether they bought or sold, as a pure decision over numbers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from posthorn.archive.directions import Direction
from posthorn.archive.examined import MAX_PARTS
from posthorn.tenancy.numbers import equivalents

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from posthorn.archive.parties import Identities
    from posthorn.tenancy.numbers import Number


class Problem(StrEnum):
    """Why a document waits for a person although it could be read."""

    UNKNOWN_CLIENT = "unknown_client"
    SEVERAL_CLIENTS = "several_clients"
    BOTH_SIDES = "both_sides"
    WRONG_CLIENT = "wrong_client"
    NO_DIRECTION = "no_direction"


class Basis(StrEnum):
    """What a decision rests on."""

    NONE = ""
    GIVEN = "given"
    SELLER = "seller_number"
    BUYER = "buyer_number"
    HOLDER = "account_holder"
    ACCOUNT = "account_number"
    BY_HAND = "by_hand"
    MOVED = "moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Whose a document is, in which direction, why, and what stands against it."""

    client: UUID | None = None
    direction: Direction = Direction.NONE
    client_basis: Basis = Basis.NONE
    direction_basis: Basis = Basis.NONE
    problem: Problem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the sender of a document said of it; None and no direction say nothing."""

    client: UUID | None = None
    direction: Direction = Direction.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Which clients of the firm a document names on each side."""

    sellers: frozenset[UUID]
    buyers: frozenset[UUID]
    names_seller: bool
    names_buyer: bool


def match(
    identities: Identities, owners: Mapping[Number, UUID], given: Given, *, is_statement: bool
) -> Match:
    """Decide from the numbers a document carries; `owners` says whose each of them is."""
    if is_statement:
        return _statement(identities, owners, given)
    sides = Sides(
        sellers=_clients(identities.seller, owners),
        buyers=_clients(identities.buyer, owners),
        names_seller=bool(identities.seller),
        names_buyer=bool(identities.buyer),
    )
    return _given(sides, given.client, given) if given.client else _found(sides, given.direction)


def _clients(numbers: Iterable[Number], owners: Mapping[Number, UUID]) -> frozenset[UUID]:
    written = {same for number in numbers for same in equivalents(number)}
    return frozenset(owners[number] for number in written if number in owners)


def _statement(identities: Identities, owners: Mapping[Number, UUID], given: Given) -> Match:
    found = _by_account(identities, owners)
    whose = _all(found)
    if given.client is not None:
        problem = _against_given(given.client, found)
        return Match(client=given.client, client_basis=Basis.GIVEN, problem=problem)
    if len(whose) != 1 or not all(found):
        return Match(problem=Problem.SEVERAL_CLIENTS if whose else Problem.UNKNOWN_CLIENT)
    is_by_account = bool(_clients(identities.accounts, owners))
    basis = Basis.ACCOUNT if is_by_account else Basis.HOLDER
    return Match(client=next(iter(whose)), client_basis=basis)


def owner_of(identities: Identities, owners: Mapping[Number, UUID]) -> UUID | None:
    """Give the one client who has every account of a file of statements; None without one."""
    found = _by_account(identities, owners)
    whose = _all(found)
    return next(iter(whose)) if all(found) and len(whose) == 1 else None


def _by_account(identities: Identities, owners: Mapping[Number, UUID]) -> list[frozenset[UUID]]:
    """Give whose each account is; one that nobody has is its holder's, where a client is that."""
    if len(identities.accounts) > MAX_PARTS:
        return [frozenset(), frozenset()]  # not all of them were kept
    holder = _clients(identities.holder, owners)
    found = [_clients([account], owners) or holder for account in identities.accounts]
    return found or [holder]


def _all(found: Iterable[frozenset[UUID]]) -> frozenset[UUID]:
    return frozenset().union(*found)


def _against_given(client: UUID, found: Sequence[frozenset[UUID]]) -> Problem | None:
    """Say what speaks against a given client; of several accounts each must be proven its own."""
    whose = _all(found)
    if len(found) > 1 and (not all(found) or len(whose) != 1):
        return Problem.SEVERAL_CLIENTS
    return Problem.WRONG_CLIENT if whose and client not in whose else None


def _given(sides: Sides, client: UUID, given: Given) -> Match:
    """Keep the client that was given; the document's numbers may only speak against it."""
    sold, bought = client in sides.sellers, client in sides.buyers
    direction, basis = given.direction, Basis.GIVEN
    if not direction and sold != bought:
        direction = Direction.SALES if sold else Direction.PURCHASE
        basis = Basis.SELLER if sold else Basis.BUYER
    if not direction:
        basis = Basis.NONE
    return Match(
        client=client,
        direction=direction,
        client_basis=Basis.GIVEN,
        direction_basis=basis,
        problem=_against(sides, direction, sold=sold, bought=bought),
    )


def _against(sides: Sides, direction: Direction, *, sold: bool, bought: bool) -> Problem | None:
    """Say what speaks against a given client: another one's number on its side."""
    if sold and bought and not direction:
        return Problem.BOTH_SIDES
    if direction == Direction.PURCHASE:
        return Problem.WRONG_CLIENT if sides.names_buyer and not bought else None
    if direction == Direction.SALES:
        return Problem.WRONG_CLIENT if sides.names_seller and not sold else None
    names_both = sides.names_seller and sides.names_buyer
    return Problem.WRONG_CLIENT if names_both else Problem.NO_DIRECTION


def _found(sides: Sides, direction: Direction) -> Match:
    """Find the client on the side that the direction names, or on the only side with clients."""
    if not direction and sides.sellers and sides.buyers:
        return Match(problem=Problem.BOTH_SIDES)
    is_sale = direction == Direction.SALES or (not direction and bool(sides.sellers))
    clients = sides.sellers if is_sale else sides.buyers
    basis = Basis.SELLER if is_sale else Basis.BUYER
    if len(clients) != 1:
        problem = Problem.SEVERAL_CLIENTS if clients else Problem.UNKNOWN_CLIENT
        return Match(
            direction=direction,
            direction_basis=Basis.GIVEN if direction else Basis.NONE,
            problem=problem,
        )
    return Match(
        client=next(iter(clients)),
        direction=Direction.SALES if is_sale else Direction.PURCHASE,
        client_basis=basis,
        direction_basis=Basis.GIVEN if direction else basis,
    )
