"""BR-FR-CDV 1.4.0 of FNFE-MPE: the official rules of life-cycle messages, as the package pyfrctc ships them."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.official.saxon import OfficialRules, in_package, official_rules

STYLESHEET = "cdar-schematron/BR-FR-CDV-Schematron-CDAR.xslt"


@contextmanager
def cdv_rules() -> Iterator[OfficialRules]:
    """The rules, in a process that lives as long as the context."""
    with official_rules(in_package("pyfrctc", STYLESHEET)) as rules:
        yield rules
