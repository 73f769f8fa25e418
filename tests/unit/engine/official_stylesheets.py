"""Stylesheets of the tests' own, which report as compiled Schematron does."""

from pathlib import Path

_FRAME = """<xsl:stylesheet version="3.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:svrl="http://purl.oclc.org/dsdl/svrl">
  <xsl:template match="/">
    <svrl:schematron-output>{body}</svrl:schematron-output>
  </xsl:template>
</xsl:stylesheet>"""

# One assert per field of a rule, one without a flag, one without an id, a warning, and a sum that aborts on what is no number.
RULES = """
      <xsl:if test="not(/invoice/number)">
        <svrl:failed-assert id="BR-FR-01_BT-1-1" flag="fatal" location="/*:invoice[1]">
          <svrl:text>[BR-FR-01] : no
            number</svrl:text>
        </svrl:failed-assert>
      </xsl:if>
      <xsl:for-each select="/invoice/line[not(@id)]">
        <svrl:failed-assert id="BR-21" location="/*:invoice[1]/*:line[{position()}]"/>
      </xsl:for-each>
      <xsl:if test="/invoice/note">
        <svrl:successful-report><svrl:text>[BR-FXEXT-04]-A note</svrl:text></svrl:successful-report>
      </xsl:if>
      <xsl:if test="/invoice/odd"><svrl:failed-assert id="UBL-CR-001" flag="warning"/></xsl:if>
      <xsl:if test="xs:decimal(string(/invoice/total)) lt 0"><svrl:failed-assert id="BR-12" flag="fatal"/></xsl:if>
"""

ENDLESS = """<xsl:variable name="sums" select="for $n in 1 to 2000000000 return $n * $n"/>
      <xsl:value-of select="sum($sums[. mod 7 = 3])"/>"""

RIGHT = b'<invoice><number>1</number><line id="1"/><total>12.00</total></invoice>'
WRONG = b"<invoice><line/><line/><note/><odd/><total>-1</total></invoice>"
ABORTING = b"<invoice><number>1</number><total>2400,00</total></invoice>"


def write_stylesheet(folder: Path, body: str = RULES) -> Path:
    """A stylesheet of a body, in a folder."""
    path = folder / "rules.xslt"
    path.write_text(_FRAME.replace("{body}", body), encoding="utf-8")
    return path
