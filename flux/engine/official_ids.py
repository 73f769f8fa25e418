"""What the official artefacts call their rules, brought to one spelling.

An artefact has an assert per field (`BR-FR-01_BT-1-1`), and the two syntaxes spell some of them in their own way. The rule
is what they share; the rest is where it applies.
"""

import re
from typing import NamedTuple

# The Factur-X artefacts leave their "not used" reports without an id.
NOT_USED = "FX-NOT-USED"

# Two profiles of Factur-X number the rules that others name, and name them in the text.
_NUMBERED = "FX-SCH-"

_PER_FIELD = re.compile(r"(BR-FR-(?:(?:CO|DEC|MV|BD|CDV|CDV-CL)-)?\d+)[_-](.+)")
_BRACKETED = re.compile(r"\[([A-Z][\w-]+)\]")
_NOT_USED = re.compile(r"(?:Element(?: variant)?|Attribute) '?(.+?)'? (?:is )?marked as not used")

# The id says one rule and the text of the assert another: the text is right.
_MISNAMED = {
    "BR-FR-08_BT-151-2": ("BR-FR-15", "BT-151-2"),
    "BR-FR-30_BT-21": ("BR-FR-31", "BT-21"),
    "BR-FR-MV-BD_BT-3": ("BR-FR-BD-13", "BT-3"),
    "BR-FR-CO-04_BT-4": ("BR-FR-CO-04", "BT-3"),
    "BR-FR-BD-02_BT-31": ("BR-FR-BD-02", "BT-30"),
    "BR-FR-03_EXT-FR-FE-134": ("BR-FR-03", "BT-134"),
    "BR-FR-03_EXT-FR-FE-135": ("BR-FR-03", "BT-135"),
}


class RuleName(NamedTuple):
    """The rule that an assert belongs to, and the field of it that the assert looks at; empty where it has but one."""

    code: str
    detail: str


def rule_name(assert_id: str, text: str = "") -> RuleName:
    """The rule of an assert, by its id unless that is a mere number, else by the code in brackets that its text starts with, else by its text.

    >>> rule_name("BR-FR-01_BT-1-1"), rule_name("BR-CO-15"), rule_name("FX-SCH-A-000113", "[BR-FXEXT-04]-To ...")
    (RuleName(code='BR-FR-01', detail='BT-1-1'), RuleName(code='BR-CO-15', detail=''), RuleName(code='BR-FXEXT-04', detail=''))
    """
    if assert_id in _MISNAMED:
        return RuleName(*_MISNAMED[assert_id])
    if per_field := _PER_FIELD.fullmatch(assert_id):
        return RuleName(per_field[1], per_field[2])
    bracketed = _BRACKETED.match(text)
    if assert_id and not (bracketed and assert_id.startswith(_NUMBERED)):
        return RuleName(assert_id, "")
    if bracketed:
        return RuleName(bracketed[1], "")
    if unused := _NOT_USED.match(text):
        return RuleName(NOT_USED, unused[1])
    return RuleName(text, "")
