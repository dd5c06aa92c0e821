from __future__ import annotations

from posthorn.documents.checks.schema import without_notes


def test_schema_loses_its_notes_and_keeps_the_rest() -> None:
    xsd = b"""<?xml version="1.0"?>
    <xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema"
                version="2.1">
      <xsd:annotation><xsd:documentation>One &lt;a&gt;</xsd:documentation></xsd:annotation>
      <xsd:element name="a  b" type="xsd:string">
        <xsd:annotation>
          <ccts:Component><ccts:Name>a</ccts:Name></ccts:Component>
        </xsd:annotation>
      </xsd:element>
    </xsd:schema>
"""

    assert without_notes(xsd) == (
        b'<?xml version="1.0"?><xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema"\n'
        b'                version="2.1"><xsd:element name="a  b" type="xsd:string"></xsd:element>'
        b"</xsd:schema>"
    )


def test_file_without_notes_loses_no_more_than_its_last_line_end() -> None:
    assert without_notes(b'<a><b c="d"/></a>\n') == b'<a><b c="d"/></a>'
