"""Every rule that this version knows, for people: which sets hold it, what it reads, what it weighs, who acts.

Rules of the sets first, in the order of their numbers; then our own codes. Ids that a syntax binds (UBL-CR-145) are too many
to list: each is known by its family.
"""

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from flux import __version__
from flux.errors import ConfigError
from flux.model.business_terms import BUSINESS_TERMS, TermName
from flux.model.codes import CODES, Code
from flux.model.finding import Observation, Severity
from flux.model.partner import Language
from flux.model.words import describe
from flux.rules.selection import CHORUS
from flux.rules.sets import PUBLICATIONS, Publication

OURS = "flux"
_TERM = re.compile(r"\b(?:B[TG]-\d+(?:-\d)?|EXT-FR-FE-\d+)\b")
_DIGITS = re.compile(r"(\d+)")


class RuleState(Enum):
    """How a rule is judged."""

    TESTED = "tested"
    REGISTER = "register"  # by the register layer, where there is a register
    UNTESTABLE = "untestable"  # no machine can
    SYNTAX = "syntax"  # on elements of one syntax, not on business terms


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleEntry:
    """A rule as one set holds it. `severities` are those of the legacy and the AFNOR family, in this order."""

    ruleset: str
    version: str
    source: str
    state: RuleState
    severities: tuple[Severity, Severity]
    syntaxes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRule:
    """One rule. `row` is None for one that says no more than its id; `terms` are the business terms that it reads."""

    code: str
    row: Code | None
    entries: tuple[RuleEntry, ...]
    terms: tuple[str, ...]

    def statement(self, language: Language) -> str:
        """What must hold."""
        return describe(Observation(code=self.code), language).title

    def fix(self, language: Language) -> str:
        """What to do where it does not."""
        return describe(Observation(code=self.code), language).fix

    def named_terms(self) -> Iterator[tuple[str, TermName]]:
        """The terms with their plain names."""
        return ((term, BUSINESS_TERMS.get(term) or TermName(term, term)) for term in self.terms)


def rule_sets() -> tuple[str, ...]:
    """The names of the sets, ours last."""
    return (*PUBLICATIONS, OURS)


def list_rules(ruleset: str | None = None) -> Iterator[ListedRule]:
    """Every rule, or those of one set. Raises ConfigError for a name that is none."""
    if ruleset is not None and ruleset not in rule_sets():
        raise ConfigError(f"no such set: {ruleset}; known: {', '.join(rule_sets())}")
    for code in _codes(ruleset):
        yield _listed(code)


def find_rule(code: str) -> ListedRule:
    """A rule by its id or code, in capitals or not. Raises ConfigError with the nearest one."""
    known = tuple(dict.fromkeys(_codes(None)))
    wanted = next((each for each in (code, code.upper()) if each in known or each in CODES), None)
    if wanted is None:
        near = difflib.get_close_matches(code.upper(), known, n=1)
        raise ConfigError(
            f"no such rule: {code}" + (f", did you mean {near[0]}?" if near else "; see `flux rules list`")
        )
    return _listed(wanted)


def _codes(ruleset: str | None) -> Iterable[str]:
    names = rule_sets() if ruleset is None else (ruleset,)
    return dict.fromkeys(
        code for name in names for code in (_own_codes() if name == OURS else _set_codes(PUBLICATIONS[name]))
    )


def _set_codes(publication: Publication) -> list[str]:
    answered = {code for rule in publication.rules for code in rule.speaks_for}
    return sorted(answered.union(publication.register_codes, publication.untestable), key=_numbered)


def _numbered(code: str) -> tuple[tuple[int, str], ...]:
    """By number where there are numbers: BR-2 before BR-10."""
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in _DIGITS.split(code) if part)


def _own_codes() -> Iterator[str]:
    published = {code for publication in PUBLICATIONS.values() for code in _set_codes(publication)}
    return (code for code in CODES if "-" not in code and code not in published)


def _listed(code: str) -> ListedRule:
    entries = tuple(entry for publication in PUBLICATIONS.values() for entry in _entries(code, publication))
    row = CODES.get(code)
    return ListedRule(
        code=code, row=row, entries=entries or (_own_entry(code, row),), terms=tuple(dict.fromkeys(_terms(code, row)))
    )


def _entries(code: str, publication: Publication) -> Iterator[RuleEntry]:
    rules = [rule for rule in publication.rules if code in rule.speaks_for]
    state = _state(code, publication, is_tested=bool(rules))
    if state is None:
        return
    row = CODES.get(code)
    # A rule that speaks for several says what each weighs in its row.
    own = next((rule.severity for rule in rules if not rule.codes), None)
    syntaxes = frozenset[str]().union(*({each.value for each in rule.syntaxes} for rule in rules))
    yield RuleEntry(
        ruleset=publication.name,
        version=publication.version,
        source=publication.source,
        state=state,
        severities=_severities(publication, own, row),
        syntaxes=tuple(sorted(syntaxes)),
    )


def _state(code: str, publication: Publication, *, is_tested: bool) -> RuleState | None:
    if is_tested:
        return RuleState.TESTED
    if code in publication.register_codes:
        return RuleState.REGISTER
    return RuleState.UNTESTABLE if code in publication.untestable else None


def _severities(publication: Publication, own: Severity | None, row: Code | None) -> tuple[Severity, Severity]:
    """The publisher's weight where it gives one: a set judges one family, that of Chorus the legacy one."""
    if publication.name == CHORUS:
        return own or (row.legacy if row is not None else Severity.FATAL), Severity.OFF
    return Severity.OFF, own or (row.afnor if row is not None else Severity.FATAL)


def _own_entry(code: str, row: Code | None) -> RuleEntry:
    is_bound = "-" in code
    return RuleEntry(
        ruleset="" if is_bound else OURS,
        version="" if is_bound else __version__,
        source="" if is_bound else OURS,
        state=RuleState.SYNTAX if is_bound else RuleState.TESTED,
        severities=(row.legacy, row.afnor) if row is not None else (Severity.OFF, Severity.FATAL),
    )


def _terms(code: str, row: Code | None) -> Iterator[str]:
    """The terms that a rule looks at, then those that its statement names."""
    for publication in PUBLICATIONS.values():
        for rule in publication.rules:
            if code in rule.speaks_for and rule.term:
                yield rule.term
    if row is not None:
        if row.term:
            yield row.term
        yield from _TERM.findall(row.en.title)
