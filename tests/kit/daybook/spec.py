"""What the daybook's connector declares: one of everything."""

from __future__ import annotations

from posthorn.sdk import (
    CONTRACT,
    ApiKey,
    Choice,
    ConnectorSpec,
    Idempotency,
    RemoteChoice,
    Resolved,
    Secret,
    Text,
    same_words,
)

HOST = "https://daybook.example"
MAX_BYTES = 20_000

SPEC = ConnectorSpec(
    id="daybook",
    name="Daybook",
    version="1.0.0",
    contract=CONTRACT,
    docs_url="https://daybook.example/docs",
    countries=frozenset({"BE", "NL"}),
    auth=ApiKey(field="api_key"),
    hosts=frozenset({"daybook.example"}),
    firm_settings=(
        Secret(id="api_key", label=same_words("API key"), required=True),
        Choice(
            id="mode",
            label=same_words("Mode"),
            default="native",
            options=tuple((str(mode), same_words(str(mode))) for mode in Idempotency),
        ),
    ),
    client_settings=(
        Text(id="book", label=same_words("Book"), required=True),
        RemoteChoice(id="journal", label=same_words("Journal")),
        Resolved(id="company", label=same_words("Company"), none_code="no_company"),
    ),
    variants=tuple({"mode": str(mode)} for mode in Idempotency),
)
