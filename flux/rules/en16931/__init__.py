"""EN 16931: the business rules of CEN for UBL and CII, release 1.3.16 of 30 March 2026."""

from flux.rules.en16931 import presence

VERSION = "1.3.16"
SOURCE = "CEN/TC 434, EN 16931-1:2017, validation artefacts 1.3.16"

RULES = (*presence.RULES,)
