"""Writes the small picture of an invoice that many senders put into their e-invoice."""

from __future__ import annotations

from tools.samples.invoices import Invoice

_WIDTH, _HEIGHT = 120, 72  # of the logo, in pixels
_ENCODING = "cp1252"


def write(invoice: Invoice) -> bytes:
    """Return a PDF 1.4 file of one page with a logo and the invoice's lines."""
    logo = _logo(invoice.seller.key)
    page = _page(invoice)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 6 0 R /Resources 7 0 R >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        _stream(
            f"/Type /XObject /Subtype /Image /Width {_WIDTH} /Height {_HEIGHT}"
            " /ColorSpace /DeviceRGB /BitsPerComponent 8",
            logo,
        ),
        _stream("", page),
        b"<< /Font << /F1 4 0 R >> /XObject << /Logo 5 0 R >> >>",
    ]
    return _file(objects)


def _stream(entries: str, content: bytes) -> bytes:
    opening = f"<< {entries} /Length {len(content)} >>\nstream\n".encode("ascii")
    return opening + content + b"\nendstream"


def _file(objects: list[bytes]) -> bytes:
    # The second line tells programs that this is no text (ISO 32000-1, 7.5.2).
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode("ascii") + content + b"\nendobj\n"
    table = len(out)
    rows = "".join(f"{place:010} 00000 n \n" for place in places)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{rows}".encode("ascii")
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\n".encode("ascii")
    out += f"startxref\n{table}\n%%EOF\n".encode("ascii")
    return bytes(out)


def _logo(key: str) -> bytes:
    """Return the pixels: a disc on a slope of colour, both from the company's name."""
    red, green, blue = (40 + sum(key.encode()[place::3]) % 160 for place in range(3))
    pixels = bytearray()
    for row in range(_HEIGHT):
        for column in range(_WIDTH):
            inside = (column - _WIDTH // 2) ** 2 + (row - _HEIGHT // 2) ** 2 < _HEIGHT * 10
            shade = 0 if inside else (column + row) // 3
            pixels += bytes(min(255, colour + shade) for colour in (red, green, blue))
    return bytes(pixels)


def _page(invoice: Invoice) -> bytes:
    title = "Credit note" if invoice.credits else "Invoice"
    texts = [
        (18, 56, 690, f"{title} {invoice.number}"),
        (10, 200, 790, invoice.seller.name),
        (10, 200, 776, f"{invoice.seller.street}, {invoice.seller.postcode} {invoice.seller.city}"),
        (10, 200, 762, f"{invoice.seller.vat}  {invoice.seller.iban}"),
        (10, 56, 660, f"{invoice.buyer.name}, {invoice.buyer.vat}"),
        (10, 56, 646, f"{invoice.issued}  {invoice.payment}"),
    ]
    top = 610
    for place, line in enumerate(invoice.lines):
        words = f"{line.quantity} x {line.article.name}   {line.vat.rate} %   {line.net}"
        texts.append((10, 56, top - 16 * place, words))
    below = top - 16 * len(invoice.lines) - 20
    texts.append((12, 56, below, f"EUR {invoice.net} + {invoice.tax} = {invoice.total}"))
    shown = "\n".join(_text(*text) for text in texts)
    return f"q 120 0 0 72 56 740 cm /Logo Do Q\n{shown}".encode(_ENCODING)


def _text(size: int, left: int, bottom: int, words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return f"BT /F1 {size} Tf {left} {bottom} Td ({escaped}) Tj ET"
