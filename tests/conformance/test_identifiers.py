"""Identifiers met in the wild and in other libraries' tests, with the verdict of their source."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from flux.rules.bic import country_of_bic
from flux.rules.iban import judge_iban
from flux.rules.siren import has_siren_form, has_siren_key
from flux.rules.siret import has_siret_form, has_siret_key
from flux.rules.vat import has_vat_key

IDENTIFIERS = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "ids.jsonl"

# An account of these is good; the recipient or the sender is only told something about it.
REMARKS = {"IBAN_SPACING", "IBAN_NOT_SEPA"}
# Their source calls them a matter of policy: here is ours.
POLICY = {
    "00000000000000": True,  # its key holds; SIRET_ZEROS refuses it for another reason
    "00000000000727": False,  # Chorus qualification data: the key fails, and qualification only informs
    "00000000169959": False,
    "00000000169991": False,
    "FR20 1254 2547 2569 8542 5874 698": False,  # IBAN_RIB_KEY, which only warns
}
# Belgian accounts whose modulo 97 holds, refused by their source for the bank or the key inside the account. flux judges
# no such thing but the French key: a list of banks ages, and refusing a good account is worse.
BEYOND_THE_LADDER = {"BE83138811735115", "BE54310100270000", "BE41091811735141"}


class Identifier(NamedTuple):
    """One row of the corpus; `valid` is None where it is a matter of policy."""

    kind: str
    value: str
    valid: bool | None


def read_identifiers(*kinds: str) -> Iterator[Identifier]:
    if not IDENTIFIERS.exists():
        return
    for line in IDENTIFIERS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["type"] in kinds:
            yield Identifier(row["type"], row["value"], row["valid"])


def without_separators(value: str) -> str:
    """The source passes over spaces and dots; in an invoice they are a fault of their own, SIRET_FORM."""
    return re.sub(r"[ .]", "", value)


def is_good_account(value: str) -> bool:
    return {fault.code for fault in judge_iban(value)} <= REMARKS


JUDGES: dict[str, Callable[[str], bool]] = {
    "siren": lambda value: has_siren_form(without_separators(value)) and has_siren_key(without_separators(value)),
    "siret": lambda value: has_siret_form(without_separators(value)) and has_siret_key(without_separators(value)),
    "tva": has_vat_key,
    "iban": is_good_account,
    "bic": lambda value: country_of_bic(value) is not None,
}


@pytest.mark.skipif(not IDENTIFIERS.exists(), reason="the reference corpus is not beside this checkout")
@pytest.mark.parametrize(("kind", "count"), [("siren", 20), ("siret", 66), ("tva", 7), ("iban", 233), ("bic", 406)])
def test_every_identifier_of_the_corpus_gets_the_verdict_of_its_source(kind: str, count: int) -> None:
    rows = list(read_identifiers(kind))
    wrong = [
        row.value
        for row in rows
        if JUDGES[kind](row.value) != (POLICY[row.value] if row.valid is None else row.valid)
        and row.value not in BEYOND_THE_LADDER
    ]
    assert (wrong, len(rows)) == ([], count)


@pytest.mark.skipif(not IDENTIFIERS.exists(), reason="the reference corpus is not beside this checkout")
def test_a_siret_with_separators_is_no_siret_in_an_invoice() -> None:
    spaced = [row.value for row in read_identifiers("siren", "siret") if row.value != without_separators(row.value)]
    assert spaced
    assert not any(has_siret_form(value) or has_siren_form(value) for value in spaced)
