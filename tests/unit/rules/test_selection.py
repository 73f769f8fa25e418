"""Which rule sets judge which invoice: one row for each combination of interface, profile, syntax, notes and parties."""

from dataclasses import replace

import pytest

from flux.formats.profile import PROFILES, profile_of
from flux.model.interface import INTERFACES, Family, Syntax, family_of
from flux.model.invoice import Address, Invoice, Note, Party
from flux.model.register import RegisterView
from flux.model.term import Term
from flux.rules.selection import Choice, Question, choose
from tests.unit.rules.register_cases import ENTITY

EN = "urn:cen.eu:en16931:2017"
FRENCH_EN = f"{EN}#compliant#urn.cpro.gouv.fr:1p0:en16931-ctc-fr"
EXTENDED = f"{EN}#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr"
FX = "urn:factur-x.eu:1p0"
FX_BASIC, FX_EXTENDED = f"{EN}#compliant#{FX}:basic", f"{EN}#conformant#{FX}:extended"
XRECHNUNG = f"{EN}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
PEPPOL = f"{EN}#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"

FR = Party(addresses=(Address(country=(Term("FR"),)),))
DE = Party(addresses=(Address(country=(Term("DE"),)),))
SIREN_ONLY = Party(legal_identifiers=(Term("732829320", "0002"),))
VAT_ONLY = Party(vat_identifiers=(Term("FR44732829320"),))
UBL, CII, FACTURX, PIVOT, MIXTE = Syntax.UBL, Syntax.CII, Syntax.FACTURX, Syntax.PIVOT, Syntax.MIXTE


def note(code: str, text: str) -> Note:
    return Note(subject_code=(Term(code),), text=(Term(text),))


B2G = note("ADN", "B2G")


def ask(
    declared: str | None,
    *,
    syntax: Syntax = UBL,
    interface: str | None = None,
    cadre: str = "",
    seller: Party = DE,
    notes: tuple[Note, ...] = (),
    register: RegisterView | None = None,
) -> Choice:
    """The choice for an invoice that declares this profile, as the treatment asks for it."""
    given = INTERFACES[interface] if interface else None
    family = Family.LEGACY if syntax in (PIVOT, MIXTE) else family_of(given, cadre)
    invoice = Invoice(
        profile=() if declared is None else (Term(declared),),
        cadre=(Term(cadre),) if cadre else (),
        sellers=(seller,),
        notes=notes,
    )
    return choose(
        Question(
            invoice=invoice,
            profile=profile_of(declared or "", cadre),
            family=family,
            syntax=syntax,
            interface=given,
            register=register,
        )
    )


@pytest.mark.parametrize(
    ("syntax", "interface", "cadre", "declared"),
    [
        *((UBL, code, "", None) for code in ("FSO1100A", "FSO1110A")),
        *((CII, code, "A1", None) for code in ("FSO1106A", "FSO1116A")),
        (FACTURX, "FSO1117A", "", f"{FX}:basicwl"),
        (MIXTE, "FSO1113A", "A1", None),
        (PIVOT, "FEN0036A", "A1", None),
        # no interface: the cadre makes it so, or the syntax
        (UBL, None, "A1", EN),
        (CII, None, "A22", None),
        (PIVOT, None, "", None),
        (MIXTE, None, "", None),
        # what a legacy deposit declares changes nothing
        (UBL, "FSO1100A", "B1", EXTENDED),
    ],
)
def test_a_legacy_invoice_is_judged_by_the_rules_of_chorus_alone(
    syntax: Syntax, interface: str | None, cadre: str, declared: str | None
) -> None:
    choice = ask(declared, syntax=syntax, interface=interface, cadre=cadre, seller=FR, notes=(B2G,))
    assert choice == Choice(sets=("chorus",))


@pytest.mark.parametrize(
    ("declared", "syntax", "sets"),
    [
        (EN, UBL, ("en16931",)),
        (EN, CII, ("en16931",)),
        (EN, FACTURX, ("en16931",)),
        (f" {EN}\n", UBL, ("en16931",)),
        (None, UBL, ("en16931",)),  # BR-01 says what is missing
        ("", CII, ("en16931",)),
        (FRENCH_EN, UBL, ("en16931", "br-fr")),
        (EXTENDED, UBL, ("extended-ctc-fr", "br-fr")),
        (EXTENDED, CII, ("extended-ctc-fr", "br-fr")),
        (f"{FX}:minimum", FACTURX, ("facturx-minimum",)),
        (f"{FX}:basicwl", CII, ("facturx-basicwl",)),
        (FX_BASIC, FACTURX, ("facturx-basic",)),
        (FX_EXTENDED, CII, ("facturx-extended",)),
        (FX_EXTENDED, FACTURX, ("facturx-extended",)),
        # Factur-X is CII: in UBL the urn of EN 16931 counts
        (FX_BASIC, UBL, ("en16931",)),
        # a profile of others, on top of EN 16931
        (XRECHNUNG, UBL, ("en16931",)),
        (PEPPOL, CII, ("en16931",)),
    ],
)
def test_the_profile_names_the_first_set(declared: str | None, syntax: Syntax, sets: tuple[str, ...]) -> None:
    assert ask(declared, syntax=syntax) == Choice(sets=sets)


@pytest.mark.parametrize(
    ("declared", "syntax"),
    [
        ("urn:example:invoice", UBL),
        ("2.1", CII),
        ("URN:CEN.EU:EN16931:2017", UBL),
        (f"{FX}:minimum", UBL),
        ("urn:xoev-de:kosit:standard:xrechnung_1.2", CII),
    ],
)
def test_a_profile_that_no_set_knows_is_told_by_name(declared: str, syntax: Syntax) -> None:
    choice = ask(declared, syntax=syntax, interface="FSO1150A" if syntax is UBL else "FSO1156A", notes=(B2G,))
    (seen,) = choice.observations
    assert (choice.sets, seen.code, seen.term, seen.found) == ((), "PROFILE_UNKNOWN", "BT-24", declared)


@pytest.mark.parametrize(
    ("interface", "seller", "is_french"),
    [
        (None, DE, False),
        (None, Party(), False),
        (None, FR, True),
        (None, replace(FR, addresses=(Address(country=(Term("RE"),)),)), True),
        (None, SIREN_ONLY, True),
        (None, VAT_ONLY, True),
        (None, replace(DE, legal_identifiers=SIREN_ONLY.legal_identifiers), False),
        ("FSO3110A", DE, True),
    ],
)
def test_br_fr_judges_french_invoices_of_the_reform(interface: str | None, seller: Party, *, is_french: bool) -> None:
    assert ("br-fr" in ask(EN, interface=interface, seller=seller).sets) is is_french


@pytest.mark.parametrize(
    ("interface", "syntax", "notes", "register", "is_public"),
    [
        (None, UBL, (), None, False),
        (None, UBL, (B2G,), None, True),
        (None, CII, (note("PMT", "40 €"), note(" ADN ", " B2G ")), None, True),
        (None, UBL, (note("ADN", "B2B"),), None, False),
        (None, UBL, (note("BAR", "B2G"),), None, False),
        # the channel to Chorus Pro; a public body that bills a firm is no such channel
        ("FSO1150A", UBL, (), None, True),
        ("FSO1156A", CII, (), None, True),
        ("FSO1157A", FACTURX, (), None, True),
        ("FSO3110A", UBL, (), None, False),
        ("FSO3117A", FACTURX, (), None, False),
        # the directory
        (None, UBL, (), RegisterView(), False),
        (None, UBL, (), RegisterView(recipient=ENTITY), True),
        (None, UBL, (), RegisterView(recipient=replace(ENTITY, is_public=False)), False),
        ("FSO3110A", UBL, (), RegisterView(recipient=ENTITY), True),
    ],
)
def test_br_fr_cpro_judges_what_goes_to_the_public_sector(
    interface: str | None, syntax: Syntax, notes: tuple[Note, ...], register: RegisterView | None, *, is_public: bool
) -> None:
    choice = ask(EN, syntax=syntax, interface=interface, notes=notes, register=register)
    assert ("br-fr-cpro" in choice.sets) is is_public


def test_the_sets_run_from_the_widest_to_the_narrowest() -> None:
    assert ask(EXTENDED, interface="FSO1150A", seller=FR, notes=(B2G,)).sets == (
        "extended-ctc-fr",
        "br-fr",
        "br-fr-cpro",
    )


@pytest.mark.parametrize("level", ["minimum", "basicwl"])
def test_a_factur_x_without_lines_is_judged_by_its_own_rules_alone(level: str) -> None:
    choice = ask(f"{FX}:{level}", syntax=FACTURX, interface="FSO1157A", seller=FR, notes=(B2G,))
    assert choice == Choice(sets=(f"facturx-{level}",))


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("syntax", [UBL, CII, FACTURX])
def test_every_profile_gets_a_set_or_is_told(profile: str, syntax: Syntax) -> None:
    stated = Question(invoice=Invoice(), profile=profile, family=Family.AFNOR, syntax=syntax)
    choice = choose(stated)
    assert bool(choice.sets) is not bool(choice.observations)
