"""The whole truth table: family, the client's switch, the firm's switch."""

from __future__ import annotations

import pytest

from posthorn.connectors.email_delivery.families import (
    DEMANDED,
    INHERIT,
    MEANING,
    TABLE,
    Carry,
    Family,
    carried,
)

# off and on at the client, then inherit with the firm off and on.
EXPECTED = {
    "generic": ("as_received", "with_pdf_beside", "as_received", "with_pdf_beside"),
    "embedded_only": ("as_received", "with_pdf_inside", "as_received", "with_pdf_inside"),
    "none": ("as_received", "as_received", "as_received", "as_received"),
    "separate_same_stem": ("as_received", "with_pdf_beside", "as_received", "with_pdf_beside"),
    "pdf_only": ("pdf_alone", "pdf_alone", "pdf_alone", "pdf_alone"),
}


@pytest.mark.parametrize("family", Family)
@pytest.mark.parametrize("firm", ["off", "on"])
def test_each_family_carries_what_the_table_says(family: Family, firm: str) -> None:
    off, on, inherits_off, inherits_on = EXPECTED[family]

    def found(client: str) -> str:
        return carried(family, client=client, firm=firm, is_pair_demanded=False)

    assert found("off") == off
    assert found("on") == on
    assert found(INHERIT) == (inherits_on if firm == "on" else inherits_off)


@pytest.mark.parametrize("firm", ["off", "on"])
@pytest.mark.parametrize("client", ["off", "on", INHERIT])
def test_a_demanded_pair_counts_more_than_every_switch(client: str, firm: str) -> None:
    family = Family.SEPARATE_SAME_STEM

    assert carried(family, client=client, firm=firm, is_pair_demanded=True) is Carry.PAIR


def test_the_table_is_whole_and_every_word_of_it_is_explained() -> None:
    assert set(TABLE) == {(family, switch) for family in Family for switch in ("off", "on")}
    assert set(DEMANDED) == {"off", "on"}
    assert set(MEANING) == {*TABLE.values(), *DEMANDED.values()} == set(Carry)
