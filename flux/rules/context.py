"""What a rule may know beside the invoice."""

from dataclasses import dataclass
from datetime import date

from flux.model.interface import Family, Syntax
from flux.model.partner import Environment
from flux.model.readings import USUAL, Readings
from flux.model.register import RegisterView

RECENT_CHANGE_DAYS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleContext:
    """Which family judges, in which environment, and which day it is in France.

    `syntax` is that of the document, None where it is not known: a slot of one syntax may say more than its counterpart.
    `register` is what the register knows of the parties, None where there is none. `sender_sirets` are the suppliers for
    whom the sender may deposit; empty for any. `recent_change_days` is how long an account that replaces another is new.
    `readings` are the installation's own of rules that contradict themselves.
    """

    family: Family
    environment: Environment
    today: date
    syntax: Syntax | None = None
    register: RegisterView | None = None
    sender_sirets: frozenset[str] = frozenset()
    recent_change_days: int = RECENT_CHANGE_DAYS
    readings: Readings = USUAL
