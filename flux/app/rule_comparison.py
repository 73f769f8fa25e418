"""`flux rules compare`: invoices judged by two versions of the rules, and which of them flip. Nothing is written.

A version is ours, or the stylesheets of a publisher run by the official engine: that is how a new publication reaches an
installation before flux holds it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Protocol

from flux.engine.official import NotJudged, OfficialEngine, is_engine_installed
from flux.engine.official_catalogue import OFFICIAL, file_name, find_stylesheet
from flux.errors import ConfigError
from flux.formats.profile import profile_of
from flux.formats.reader import TreeReader
from flux.formats.syntax import SyntaxFormat, syntax_of
from flux.formats.tree import Element
from flux.formats.ubl import is_credit_note
from flux.model.finding import Severity
from flux.model.interface import Deposit, Syntax, family_of
from flux.model.invoice import Invoice
from flux.model.limits import Limits
from flux.model.partner import Environment
from flux.model.term import text_of
from flux.pipeline.second_opinion import OURS_ALONE
from flux.rules.context import RuleContext
from flux.rules.rule import Matter
from flux.rules.selection import Question, choose
from flux.rules.sets import PUBLICATIONS, rule_set

OURS, SHIPPED = "flux", "official"


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """An invoice to be judged again: the file or flow that it came in, the member of an archive, its XML.

    `xml` is None for what no official rules exist for.
    """

    file: str
    member: str | None = None
    xml: bytes | None
    deposit: Deposit = field(default_factory=Deposit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What a version says of an invoice: its fatal rules, how often each, or in `failure` why it could not say."""

    fatal: Counter[str] = field(default_factory=Counter)
    failure: str = ""


class LeftOut(Enum):
    """Why an invoice was not compared."""

    NO_OFFICIAL_SYNTAX = "neither UBL, nor CII, nor Factur-X"
    NO_COMMON_SET = "no rule set of the invoice is in both versions"
    NOT_JUDGED = "the official engine came to no verdict"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """An invoice under both versions, by the rule sets that both hold; `left_out` says why it was not compared."""

    invoice: Archived
    sets: tuple[str, ...] = ()
    old: Ruling = Ruling()
    new: Ruling = Ruling()
    left_out: LeftOut | None = None

    @property
    def flips(self) -> bool:
        """True where one version accepts what the other refuses."""
        return self.left_out is None and bool(self.old.fatal) != bool(self.new.fatal)

    @property
    def differs(self) -> bool:
        """True where the versions do not see the same fatal rules."""
        return self.left_out is None and self.old.fatal.keys() != self.new.fatal.keys()

    @property
    def appeared(self) -> tuple[str, ...]:
        """The fatal rules that the new version alone sees."""
        return tuple(sorted(self.new.fatal.keys() - self.old.fatal.keys()))

    @property
    def vanished(self) -> tuple[str, ...]:
        """The fatal rules that the old version alone sees."""
        return tuple(sorted(self.old.fatal.keys() - self.new.fatal.keys()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """An invoice, read."""

    xml: bytes
    root: Element
    syntax: SyntaxFormat
    invoice: Invoice
    context: RuleContext


class Version(Protocol):
    """A version of the rules."""

    def holds(self, ruleset: str, syntax: Syntax) -> bool:
        """True where it can judge by this set."""
        ...

    def ask(self, subject: Subject, ruleset: str) -> Ruling:
        """What a set of it says of an invoice."""
        ...


class OurVersion:
    """The rules of flux, as installed."""

    def holds(self, ruleset: str, syntax: Syntax) -> bool:
        """True for a set of ours."""
        return ruleset in PUBLICATIONS and syntax in PUBLICATIONS[ruleset].syntaxes

    def ask(self, subject: Subject, ruleset: str) -> Ruling:
        """The rules over the model and those bound to elements, less those that no publisher tests."""
        syntax = subject.syntax.syntax
        matter = Matter(subject.invoice, syntax, subject.context, is_credit_note=is_credit_note(subject.root))
        seen = rule_set(ruleset, syntax).check(matter)
        bound = subject.syntax.bound_rules(subject.root, ruleset, subject.invoice)
        fatal = Counter(each.code for each in (*seen, *bound) if each.severity is Severity.FATAL)
        return Ruling(fatal=Counter({code: times for code, times in fatal.items() if code not in OURS_ALONE}))


class StylesheetVersion:
    """The stylesheets of a publisher, found by set and syntax."""

    def __init__(self, engine: OfficialEngine, find: Callable[[str, Syntax], Path | None]) -> None:
        """`engine` runs them, and is open."""
        self._engine = engine
        self._find = find

    def holds(self, ruleset: str, syntax: Syntax) -> bool:
        """True where there is a stylesheet."""
        return self._find(ruleset, syntax) is not None

    def ask(self, subject: Subject, ruleset: str) -> Ruling:
        """What the official engine makes of the bytes."""
        stylesheet = self._find(ruleset, subject.syntax.syntax)
        if stylesheet is None:
            return Ruling(failure=f"no stylesheet of {ruleset}")
        verdict = self._engine.judge(subject.xml, stylesheet)
        if isinstance(verdict, NotJudged):
            return Ruling(failure=f"{verdict.reason.value} {verdict.said}".strip())
        return Ruling(fatal=Counter(fired.code for fired in verdict.fired if fired.is_fatal))


def open_version(name: str, stack: ExitStack) -> Version:
    """The version that a command line names; an engine that it starts ends with the stack. Raises ConfigError."""
    if name == OURS:
        return OurVersion()
    if not is_engine_installed():
        raise ConfigError("the official engine is not installed: pip install 'flux[official]'")
    find = find_stylesheet if name == SHIPPED else partial(_find_in, _folder(name))
    return StylesheetVersion(stack.enter_context(OfficialEngine()), find)


def _folder(name: str) -> Path:
    folder = Path(name)
    wanted = [file_name(ruleset, syntax) for ruleset, syntax in OFFICIAL]
    if not folder.is_dir():
        raise ConfigError(f"{name}: neither `{OURS}`, nor `{SHIPPED}`, nor a folder of stylesheets")
    if not any((folder / file).is_file() for file in wanted):
        raise ConfigError(f"{name} holds no stylesheet by a name that flux knows: {', '.join(wanted)}")
    return folder


def _find_in(folder: Path, ruleset: str, syntax: Syntax) -> Path | None:
    stylesheet = folder / file_name(ruleset, Syntax.CII if syntax is Syntax.FACTURX else syntax)
    return stylesheet if stylesheet.is_file() else None


def compare_versions(invoices: Iterable[Archived], old: Version, new: Version, *, today: date) -> Iterator[Compared]:
    """Each invoice under both versions, in order, by every set that it asks for and both hold."""
    for invoice in invoices:
        subject = _read(invoice, today)
        if subject is None:
            yield Compared(invoice=invoice, left_out=LeftOut.NO_OFFICIAL_SYNTAX)
        else:
            yield _compare(invoice, subject, old, new)


def _read(archived: Archived, today: date) -> Subject | None:
    root = TreeReader(Limits()).read(archived.xml).root if archived.xml else None
    syntax = syntax_of(root) if root is not None else None
    if archived.xml is None or root is None or syntax is None:
        return None
    invoice = syntax.read_one(root, root)
    family = family_of(archived.deposit.interface, text_of(invoice.cadre))
    context = RuleContext(family=family, environment=Environment.PRODUCTION, today=today)
    return Subject(xml=archived.xml, root=root, syntax=syntax, invoice=invoice, context=context)


def _compare(archived: Archived, subject: Subject, old: Version, new: Version) -> Compared:
    syntax = subject.syntax.syntax
    asked = _sets_of(subject, archived.deposit)
    sets = tuple(name for name in asked if old.holds(name, syntax) and new.holds(name, syntax))
    if not sets:
        return Compared(invoice=archived, left_out=LeftOut.NO_COMMON_SET)
    said = _ask_all(old, subject, sets), _ask_all(new, subject, sets)
    failed = any(ruling.failure for ruling in said)
    left_out = LeftOut.NOT_JUDGED if failed else None
    return Compared(invoice=archived, sets=sets, old=said[0], new=said[1], left_out=left_out)


def _sets_of(subject: Subject, deposit: Deposit) -> tuple[str, ...]:
    invoice = subject.invoice
    declared = profile_of(text_of(invoice.profile), text_of(invoice.cadre))
    question = Question(
        invoice=invoice,
        profile=deposit.profile or declared,
        family=subject.context.family,
        syntax=subject.syntax.syntax,
        interface=deposit.interface,
    )
    return choose(question).sets


def _ask_all(version: Version, subject: Subject, sets: Iterable[str]) -> Ruling:
    rulings = [version.ask(subject, name) for name in sets]
    fatal = sum((ruling.fatal for ruling in rulings), Counter[str]())
    return Ruling(fatal=fatal, failure="; ".join(ruling.failure for ruling in rulings if ruling.failure))


@dataclass(slots=True)
class Tally:
    """How many invoices each rule newly refuses and no longer refuses, how many flip, and what was not compared."""

    compared: int = 0
    accepted: int = 0
    refused: int = 0
    appeared: Counter[str] = field(default_factory=Counter)
    vanished: Counter[str] = field(default_factory=Counter)
    left_out: Counter[LeftOut] = field(default_factory=Counter)

    def count(self, compared: Compared) -> None:
        """Take one invoice in."""
        if compared.left_out is not None:
            self.left_out[compared.left_out] += 1
            return
        self.compared += 1
        self.accepted += compared.flips and not compared.new.fatal
        self.refused += compared.flips and bool(compared.new.fatal)
        self.appeared.update(compared.appeared)
        self.vanished.update(compared.vanished)

    def by_rule(self) -> Mapping[str, tuple[int, int]]:
        """By rule: the invoices that it newly refuses, and those that it no longer does."""
        return {rule: (self.appeared[rule], self.vanished[rule]) for rule in sorted({*self.appeared, *self.vanished})}
