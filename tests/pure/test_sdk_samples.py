"""The kit's made-up documents are what they say they are."""

from __future__ import annotations

import pytest

from posthorn.documents import Category, Format, read
from posthorn.sdk import Kind
from posthorn.sdk.testing import sample


@pytest.mark.parametrize(
    "document_format", [Format.UBL_INVOICE, Format.UBL_CREDIT_NOTE, Format.CII, Format.FACTURX]
)
def test_invoice_reads_as_its_facts_say(document_format: Format) -> None:
    document = sample(Kind.PURCHASE, document_format)
    facts = read(document.content)

    assert facts.format == document_format
    assert (facts.category is Category.CREDIT_NOTE) == document.is_credit_note
    assert facts.number == document.number
    assert facts.issue_date == document.issue_date
    assert (facts.total, facts.currency) == (document.total, document.currency)
    assert facts.seller is not None
    assert facts.buyer is not None
    assert (facts.seller.name, facts.buyer.name) == (document.seller_name, document.buyer_name)


@pytest.mark.parametrize("document_format", [Format.CODA, Format.MT940, Format.CAMT053, Format.PDF])
def test_file_is_of_the_format_it_is_asked_for(document_format: Format) -> None:
    assert read(sample(Kind.STATEMENT, document_format).content).format is document_format


def test_unknown_format_is_a_few_plain_bytes() -> None:
    document = sample(Kind.SALES, "nobody_knows")

    assert document.content == b"neither invoice nor statement\n"
    assert document.media_type == "application/octet-stream"


def test_other_content_comes_with_its_own_hash() -> None:
    document = sample(Kind.SALES, "ubl_invoice", content=b"abc")

    assert document.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
