"""What the connector declares: who it is, what it asks for, where it may go."""

from __future__ import annotations

from posthorn.sdk import (
    CONTRACT,
    ApiKey,
    ConnectorSpec,
    Limits,
    RemoteChoice,
    Secret,
    same_words,
    words,
)

HOST = "api.package.example"

SPEC = ConnectorSpec(
    id="example_package",
    name="Example Package",
    version="0.1.0",
    contract=CONTRACT,
    docs_url="https://package.example/help",
    countries=frozenset({"BE", "NL"}),
    auth=ApiKey(field="api_key"),
    hosts=frozenset({HOST}),
    firm_settings=(
        Secret(
            id="api_key",
            label=words(nl="API-sleutel", fr="Clé API", en="API key", de="API-Schlüssel"),
            required=True,
        ),
    ),
    client_settings=(
        RemoteChoice(
            id="administration",
            label=words(nl="Administratie", fr="Dossier", en="Administration", de="Buchführung"),
            help=same_words("package.example, Administrations"),
            required=True,
        ),
    ),
    limits=Limits(per_minute=60),
)
