"""Findings in words: what happened, what was found, what was expected, what to do."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flux.model.business_terms import name_term
from flux.model.codes import CODES, Words
from flux.model.finding import Finding, Observation
from flux.model.lifecycle import FlowState
from flux.model.masking import mask_accounts
from flux.model.parties import name_party
from flux.model.partner import Language

# What a sender wrote is quoted, not reprinted: a hostile value may be 100 MB long.
MAX_VALUE_CHARACTERS = 200

_CLAUSE = re.compile(r"\[([^\[\]]*)\]")
_PLACE = re.compile(r"\{(\w+)\}")
# What a sender may know of where a flow of its own stands.
_STATES = {
    FlowState.JUDGED.value: {Language.FR: "acceptée", Language.EN: "accepted"},
    FlowState.ANSWERED.value: {Language.FR: "acceptée, en cours de transmission", Language.EN: "accepted, on its way"},
    FlowState.CLOSED.value: {Language.FR: "transmise", Language.EN: "handed on"},
}
_ABSENT = "absent"  # one word for both languages

# An official rule id that the table does not hold yet still makes a sentence.
_OTHER = {
    Language.FR: Words(
        title="{code}",
        message="La règle {code} n'est pas respectée[, ligne {line}][ ; champ {term}][ ; trouvé « {found} »]"
        "[ ; attendu : {expected}].",
        fix="Corriger la facture et la renvoyer.",
        expected="le respect de la règle {code}",
    ),
    Language.EN: Words(
        title="{code}",
        message="The rule {code} is not respected[, line {line}][; field {term}][; found “{found}”]"
        "[; expected: {expected}].",
        fix="Correct the invoice and send it again.",
        expected="what the rule {code} demands",
    ),
}

# What an installation weighs otherwise says so, and why.
_OVERRIDDEN = {
    Language.FR: "[ Gravité propre à cette installation jusqu'au {override_until} : {override_reason}.]",
    Language.EN: "[ Weighed by this installation's own rule until {override_until}: {override_reason}.]",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """A finding as a person reads it, in one language. Accounts are masked.

    `expected` is empty only for a code that states an outcome or a failure of ours.
    """

    title: str
    message: str
    fix: str
    expected: str


def describe(finding: Finding | Observation, language: Language) -> Description:
    """The sentences of a finding; a value that it lacks is left out or said to be absent, never an error."""
    words = words_of(finding.code, language)
    values = _values(finding, language)
    return Description(
        title=_fill(words.title, values),
        message=_fill(words.message, values) + _fill(_OVERRIDDEN[language], values),
        fix=_fill(words.fix, values),
        expected=_fill_expected(words.expected, values),
    )


def words_of(code: str, language: Language) -> Words:
    """The templates of a code, those of any rule where the table does not hold it."""
    row = CODES.get(code)
    if row is None:
        return _OTHER[language]
    return row.fr if language is Language.FR else row.en


def _values(finding: Finding | Observation, language: Language) -> Mapping[str, str]:
    row = CODES.get(finding.code)
    term = finding.term or (row.term if row else None)
    own = {
        "code": finding.code,
        "term": name_term(term, language) if term else "",
        # Of the finding alone: the usual term of a code would name a party that nobody looked at.
        "party": name_party(finding.term, language) if finding.term else None,
        "found": finding.found,
        "expected": finding.expected,
        "detail": finding.detail,
        "line": None if finding.line is None else str(finding.line),
    }
    written = (*_translate(finding.facts, language), *own.items())
    quoted = ((name, _quote(value)) for name, value in written if value)
    return {name: value for name, value in quoted if value}


def _translate(facts: tuple[tuple[str, str], ...], language: Language) -> Iterator[tuple[str, str]]:
    """The facts, the state of a flow in the reader's words."""
    for name, value in facts:
        yield name, _STATES.get(value, {}).get(language, value) if name == "first_state" else value


def _quote(value: str) -> str:
    """A value fit for a sentence: one line, printable, bounded, accounts masked."""
    one_line = " ".join(value[: 2 * MAX_VALUE_CHARACTERS].split())
    printable = "".join(character if character.isprintable() else "\ufffd" for character in one_line)
    masked = mask_accounts(printable)  # before it is cut: half an account is no word of IBAN shape
    return masked if len(masked) <= MAX_VALUE_CHARACTERS else masked[: MAX_VALUE_CHARACTERS - 1] + "…"


def _fill_expected(template: str, values: Mapping[str, str]) -> str:
    """The value that was expected, in its frame where the template has one for it; else the words."""
    if "expected" in values and "{expected}" not in template:
        return values["expected"]
    return _fill(template, values)


def _fill(template: str, values: Mapping[str, str]) -> str:
    """The template in one pass: what a value holds is never read as a template again."""
    pieces = _CLAUSE.split(template)  # plain text at even places, clauses at odd ones
    kept = (piece for index, piece in enumerate(pieces) if index % 2 == 0 or _is_complete(piece, values))
    return "".join(_PLACE.sub(lambda place: values.get(place[1], _ABSENT), piece) for piece in kept)


def _is_complete(clause: str, values: Mapping[str, str]) -> bool:
    return all(name in values for name in _PLACE.findall(clause))
