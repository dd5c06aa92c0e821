from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import pytest

from posthorn.sdk import (
    Account,
    ApiKey,
    Capability,
    Choice,
    ConnectorSpec,
    Context,
    Email,
    Field,
    Flag,
    Idempotency,
    Kind,
    Limits,
    NoAuth,
    OAuth2,
    OnUnknown,
    RemoteChoice,
    Secret,
    Text,
    problems,
    same_words,
    variants_of,
)
from tests.kit.ledger import SPEC, Ledger

NAME = same_words("Name")
NOT_GERMAN = {"nl": "Daar.", "fr": "Là.", "en": "There."}
TOKENS = "https://{mode}.ledger.example/token"
SITE = Choice(id="country", label=NAME, options=(("be", NAME), ("uk", NAME)))
SITES = OAuth2(
    authorize_url="{site}/auth",
    token_url="{site}/token",  # noqa: S106  an address
    sites={"be": "https://ledger.be", "uk": "https://ledger.co.uk"},
    site_field="country",
)
CAPABILITY = Ledger().capabilities({})[Kind.PURCHASE]


def declared(changed: ConnectorSpec) -> list[str]:
    class Changed(Ledger):
        spec = changed

        def account(self, ctx: Context) -> Account:
            raise AssertionError(ctx)

    return problems(Changed())


def with_client(*fields: Field) -> list[str]:
    return declared(replace(SPEC, client_settings=fields))


def able(capability: Capability) -> list[str]:
    class Able(Ledger):
        spec = replace(SPEC, variants=())

        def capabilities(self, settings: Mapping[str, str]) -> Mapping[Kind, Capability]:
            assert settings == {}
            return {Kind.PURCHASE: capability}

    return problems(Able())


def test_sound_declaration_has_no_problem() -> None:
    assert problems(Ledger()) == []


@pytest.mark.parametrize(
    ("spec", "problem"),
    [
        (replace(SPEC, contract=2), "it was written for contract 2; this is contract 1"),
        (replace(SPEC, id="Ledger-2"), "id 'Ledger-2' is not lower_snake"),
        (replace(SPEC, name=" "), "it has no name"),
        (replace(SPEC, version="one"), "version 'one' is not of the form 1.2.3"),
        (
            replace(SPEC, docs_url="http://x"),
            "docs_url 'http://x' is neither https:// nor a page of this site",
        ),
        (replace(SPEC, countries=frozenset({"BE", "nl"})), "country 'nl' is not two capitals"),
        (
            replace(SPEC, hosts=frozenset({"https://ledger.example"})),
            "host 'https://ledger.example' is not a bare host name",
        ),
        (replace(SPEC, auth=ApiKey(field="mode")), "the key 'mode' is not a secret of the firm"),
        (
            replace(SPEC, auth=OAuth2(authorize_url="http://a", token_url=TOKENS)),
            "'http://a' does not start with https://",
        ),
        (
            replace(SPEC, auth=OAuth2(authorize_url="https://a/{site}", token_url=TOKENS)),
            "'https://a/{site}' holds {site}, which is no firm setting",
        ),
        (
            replace(SPEC, auth=OAuth2(authorize_url=TOKENS, token_url=TOKENS, revoke_url="x")),
            "'x' does not start with https://",
        ),
        (
            replace(
                SPEC,
                auth=OAuth2(authorize_url=TOKENS, token_url=TOKENS, revoke_help=NOT_GERMAN),
            ),
            "revoke_help is missing in de",
        ),
        (
            replace(SPEC, auth=replace(SITES, sites={"be": "https://l.be", "nl": "https://l.nl"})),
            "'country' is no choice of the firm between exactly its sites",
        ),
        (
            replace(
                SPEC,
                firm_settings=(*SPEC.firm_settings, SITE),
                auth=replace(SITES, sites={**SITES.sites, "uk": "http://ledger.co.uk/"}),
            ),
            "the address of site 'uk' is not https:// and a host, without a path",
        ),
        (replace(SPEC, limits=Limits(per_minute=0)), "limit per_minute is 0"),
        (replace(SPEC, variants=({"speed": "1"},)), "a variant sets unknown 'speed'"),
    ],
)
def test_wrong_declaration_is_named(spec: ConnectorSpec, problem: str) -> None:
    assert declared(spec) == [problem]


@pytest.mark.parametrize(
    "spec",
    [
        replace(SPEC, docs_url="/help/ledger"),
        replace(SPEC, hosts=frozenset({"{mode}.ledger.example"})),
        replace(SPEC, auth=NoAuth()),
        replace(SPEC, auth=OAuth2(authorize_url="https://{mode}/a", token_url=TOKENS)),
        replace(SPEC, firm_settings=(*SPEC.firm_settings, SITE), auth=SITES),
        replace(SPEC, limits=Limits(per_minute=60, per_day=5000, concurrency=1)),
    ],
)
def test_other_forms_of_a_declaration_are_sound(spec: ConnectorSpec) -> None:
    assert declared(spec) == []


def test_a_sign_in_without_an_account_is_named() -> None:
    class Nameless(Ledger):
        spec = replace(SPEC, firm_settings=(*SPEC.firm_settings, SITE), auth=SITES)

    assert problems(Nameless()) == ["people sign in to it, but there is no `account`"]


@pytest.mark.parametrize(
    ("field", "problem"),
    [
        (Text(id="Box", label=NAME), "setting 'Box' is not lower_snake"),
        (
            Text(id="box", label={**NAME, "fr": " "}),
            "the label of 'box' is missing in fr",
        ),
        (
            Text(id="box", label=NAME, help={"nl": "x", "fr": "x", "de": "x"}),
            "the help of 'box' is missing in en",
        ),
        (Secret(id="box", label=NAME, default="abc"), "'box' has a default, which it cannot have"),
        (
            Flag(id="box", label=NAME, default="yes"),
            "the default of 'box' is not valid: not_a_flag",
        ),
        (
            Choice(id="box", label=NAME, options=(("a", NAME), ("a", NAME))),
            "setting 'box' has an empty or a repeated option",
        ),
        (
            Choice(id="box", label=NAME, options=(("", NAME),)),
            "setting 'box' has an empty or a repeated option",
        ),
        (
            Choice(id="box", label=NAME, options=(("a", {"nl": "x", "fr": "x", "en": "x"}),)),
            "the label of 'box' = 'a' is missing in de",
        ),
        (
            Text(id="box", label=NAME, shown_when=("mode", "native")),
            "setting 'box' is shown when 'mode', which is no earlier choice or toggle",
        ),
        (
            Choice(id="box", label=NAME, options=(("a", NAME),), inherits="speed"),
            "setting 'box' inherits 'speed', which is no firm setting",
        ),
        (
            Text(id="box", label=NAME, default_from="speed"),
            "setting 'box' starts with 'speed', which is no firm setting",
        ),
        (
            Text(id="box", label=NAME, when_hidden="box"),
            "setting 'box' names 'box', which is no setting beside it",
        ),
        (
            Text(id="mode", label=NAME),
            "setting 'mode' is declared twice; firm and client settings share one space",
        ),
        (
            RemoteChoice(id="box", label=NAME),
            "it has a remote choice but no `choices`",
        ),
    ],
)
def test_wrong_setting_is_named(field: Field, problem: str) -> None:
    assert with_client(field) == [problem]


def test_condition_that_never_holds_is_named() -> None:
    toggle = Flag(id="toggle", label=NAME)
    field = Text(id="box", label=NAME, shown_when=("toggle", "yes"))

    assert with_client(toggle, field) == [
        "setting 'box' is shown when 'toggle' is 'yes', which it never is"
    ]


def test_unknown_dependency_of_a_remote_choice_is_named() -> None:
    field = RemoteChoice(id="box", label=NAME, depends_on=("mode", "division"))

    assert with_client(field) == [
        "setting 'box' depends on unknown 'division'",
        "it has a remote choice but no `choices`",
    ]


def test_two_fields_for_one_kind_are_named() -> None:
    one = Email(id="one", label=NAME, destination_of=Kind.SALES)

    assert with_client(one, replace(one, id="two")) == ["two settings say where sales goes"]


def test_firm_setting_cannot_be_a_destination() -> None:
    field = Email(id="one", label=NAME, destination_of=Kind.SALES)

    assert declared(replace(SPEC, firm_settings=(*SPEC.firm_settings, field))) == [
        "a firm setting says where a kind goes; only a client's can"
    ]


@pytest.mark.parametrize(
    ("capability", "problem"),
    [
        (replace(CAPABILITY, formats=frozenset()), "purchase has no format"),
        (replace(CAPABILITY, max_bytes=0), "purchase takes at most 0 bytes"),
        (
            replace(CAPABILITY, on_unknown=OnUnknown.RESEND),
            "purchase resends after a lost answer although its idempotency says better",
        ),
        (
            replace(CAPABILITY, idempotency=Idempotency.LOOKUP, looks=()),
            "purchase is looked up after a lost answer, but never",
        ),
        (
            replace(CAPABILITY, reports_status=True),
            "purchase reports status, but there is no `status`",
        ),
    ],
)
def test_wrong_capability_is_named(capability: Capability, problem: str) -> None:
    assert able(capability) == [problem]


def test_lookup_without_find_is_named() -> None:
    class CannotLook(Ledger):
        find = Ledger.__mro__[1].find  # type: ignore[attr-defined]  # the contract's own

    assert problems(CannotLook()) == [
        f"{kind} is looked up after a lost answer, but there is no `find`"
        for kind in (Kind.PURCHASE, Kind.STATEMENT)
    ]


def test_connector_that_takes_nothing_is_named() -> None:
    class Useless(Ledger):
        spec = replace(SPEC, variants=())

        def capabilities(self, settings: Mapping[str, str]) -> Mapping[Kind, Capability]:
            return MappingProxyType({}) if settings == {} else super().capabilities(settings)

    assert problems(Useless()) == ["with settings {} it takes nothing"]


def test_variants_are_those_declared_or_one_without_settings() -> None:
    assert variants_of(SPEC) == ({"mode": "native"}, {"mode": "lookup"}, {"mode": "none"})
    assert variants_of(replace(SPEC, variants=())) == ({},)


def test_idempotency_words_are_the_contracts() -> None:
    assert [str(one) for one in Idempotency] == ["native", "lookup", "none"]
