"""Says roles, states and ways of approving in the language of the reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import pgettext_lazy

from posthorn.tenancy.life import ApprovalMode, ClientState
from posthorn.tenancy.roles import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import Promise

ROLES: Mapping[Role, Promise] = {
    Role.ADMINISTRATOR: pgettext_lazy("role", "Administrator"),
    Role.CLIENT_MANAGER: pgettext_lazy("role", "Client manager"),
    Role.ACCOUNTANT: pgettext_lazy("role", "Accountant"),
}
STATES: Mapping[ClientState, Promise] = {
    ClientState.DRAFT: pgettext_lazy("state of a client", "Draft"),
    ClientState.INVITED: pgettext_lazy("state of a client", "Invited"),
    ClientState.ACTIVE: pgettext_lazy("state of a client", "Active"),
    ClientState.ARCHIVED: pgettext_lazy("state of a client", "Archived"),
    ClientState.LOST: pgettext_lazy("state of a client", "Link ended"),
}
APPROVALS: Mapping[ApprovalMode, Promise] = {
    ApprovalMode.BY_HAND: pgettext_lazy("approval", "By hand"),
    ApprovalMode.TRUSTED_SUPPLIERS: pgettext_lazy("approval", "Trusted suppliers without a person"),
    ApprovalMode.ALL_VALID: pgettext_lazy("approval", "All valid documents without a person"),
}
