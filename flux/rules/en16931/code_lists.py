"""BR-CL: codes of the lists that EN 16931 names, wherever an invoice bears one."""

from collections.abc import Callable, Iterable

from flux.model.code_lists.iso import CII_COUNTRIES, CURRENCIES, UBL_COUNTRIES
from flux.model.code_lists.mime import MIME_CODES
from flux.model.code_lists.schemes import EAS, ICD
from flux.model.code_lists.units import UNITS
from flux.model.code_lists.untdid import (
    ALLOWANCE_REASONS,
    CHARGE_REASONS,
    CII_NOTE_SUBJECTS,
    CII_TAX_POINTS,
    CII_TYPES,
    CREDIT_NOTE_TYPES,
    INVOICE_TYPES,
    ITEM_CLASSIFICATIONS,
    NOTE_SUBJECTS,
    PAYMENT_MEANS,
    REFERENCE_QUALIFIERS,
    UBL_TAX_POINTS,
    VAT_CATEGORIES,
)
from flux.model.code_lists.vatex import VATEX
from flux.model.interface import Syntax
from flux.model.invoice import Invoice, Line, ObjectReference, TaxTotal
from flux.model.term import OtherQualifier, Term, Terms
from flux.rules.numbers import trim
from flux.rules.rule import BOTH, CII, UBL, AnyRule, Hit, Matter, Rule
from flux.rules.walk import reader

_COUNTRIES = {True: UBL_COUNTRIES, False: CII_COUNTRIES}
_TAX_POINTS = {True: UBL_TAX_POINTS, False: CII_TAX_POINTS}
_SEPA = "SEPA"
# What looks at the scheme of any ram:ID of CII.
_PRIVATE = "BR-CL-11"
_SIGNS, _SUBJECT_LENGTH = 2, 3
_OBJECT = "130"

TermCheck = Callable[[Term, Matter], Hit | None]


def in_list(codes: frozenset[str]) -> TermCheck:
    """The text of a term is a code of a list."""

    def check(term: Term, _: Matter) -> Hit | None:
        return None if term.text in codes or trim(term.text) in codes else Hit(found=term.text)

    return check


def qualified_by(codes: frozenset[str]) -> TermCheck:
    """The qualifier of a term, where it has one, is a code of a list."""

    def check(term: Term, _: Matter) -> Hit | None:
        qualifier = term.qualifier
        if qualifier is None or qualifier in codes or trim(qualifier) in codes:
            return None
        if isinstance(qualifier, OtherQualifier):
            return None
        return Hit(found=qualifier)

    return check


def _qualified_in_cii(codes: frozenset[str]) -> TermCheck:
    """The same for an identifier of CII, whose scheme another rule looks at where ram:ID bears it, not ram:GlobalID."""
    check = qualified_by(codes)

    def check_scheme(term: Term, matter: Matter) -> Hit | None:
        qualifier = term.qualifier
        if qualifier is None or qualifier in ICD:
            return None
        if isinstance(qualifier, OtherQualifier):
            return None if trim(qualifier) in ICD else Hit(code=_PRIVATE, found=qualifier)
        return check(term, matter)

    return check_scheme


def _origin(term: Term, matter: Matter) -> Hit | None:
    """In CII another rule takes a country of origin that bears a scheme for any identifier."""
    if term.qualifier is None:
        return _country(term, matter)
    return None if trim(term.qualifier) in ICD else Hit(code=_PRIVATE, found=term.qualifier)


def _by_syntax(lists: dict[bool, frozenset[str]]) -> TermCheck:
    ubl, cii = in_list(lists[True]), in_list(lists[False])

    def check(term: Term, matter: Matter) -> Hit | None:
        return (ubl if matter.is_ubl else cii)(term, matter)

    return check


_country = _by_syntax(_COUNTRIES)


def _exempted(term: Term, _: Matter) -> Hit | None:
    return None if trim(term.text).upper() in VATEX else Hit(found=term.text)


def _note_subject(term: Term, _: Matter) -> Hit | None:
    """UBL writes it inside the text: three characters between the first two number signs."""
    pieces = term.text.split("#", 2)
    if len(pieces) <= _SIGNS or len(pieces[1]) != _SUBJECT_LENGTH or pieces[1] in NOTE_SUBJECTS:
        return None
    return Hit(found=pieces[1])


def _identifier_or_bank(codes: frozenset[str]) -> TermCheck:
    """The scheme of a seller or payee of UBL, which may be that of a SEPA creditor."""
    check = qualified_by(codes)

    def check_scheme(term: Term, matter: Matter) -> Hit | None:
        if term.qualifier is not None and trim(term.qualifier) == _SEPA:
            return None
        return check(term, matter)

    return check_scheme


def _currencies(*fields: str) -> Callable[[object, Matter], list[Hit] | None]:
    """The currency of each amount, those without one included."""
    read = reader(*fields)

    def check(group: object, _: Matter) -> list[Hit] | None:
        held: tuple[Terms, ...] = read(group)
        for terms in held:
            for term in terms:
                if term.qualifier not in CURRENCIES:
                    return _foreign(zip(fields, held, strict=True)) or None
        return None

    return check


def _foreign(fields: Iterable[tuple[str, Terms]]) -> list[Hit]:
    return [
        Hit(found=term.qualifier, place=(field, index))
        for field, terms in fields
        for index, term in enumerate(terms)
        if trim(term.qualifier or "") not in CURRENCIES
    ]


_line_currencies = _currencies("net_amount", "net_price", "price_discount", "gross_price")
_charge_currencies = _currencies("amount", "base_amount")
_group_currencies = _currencies("base", "tax")
_total_currencies = _currencies("lines", "without_vat", "with_vat", "allowances", "charges", "paid", "rounding", "due")
_tax_currencies = _currencies("amount")


def _tax_qualified(total: TaxTotal, _: Matter) -> list[Hit] | None:
    """Where a currency stands at all, as CII asks."""
    hits = [
        Hit(found=term.qualifier, place=("amount", index))
        for index, term in enumerate(total.amount)
        if term.qualifier is not None and trim(term.qualifier) not in CURRENCIES
    ]
    return hits or None


def _unit(line: Line, _: Matter) -> list[Hit] | None:
    for term in (*line.quantity, *line.base_quantity):
        if term.qualifier is not None and term.qualifier not in UNITS:
            break
    else:
        return None
    hits = [
        Hit(found=term.qualifier, place=(field, index), term=bt)
        for field, bt, terms in (("quantity", "BT-130", line.quantity), ("base_quantity", "BT-150", line.base_quantity))
        for index, term in enumerate(terms)
        if term.qualifier is not None and trim(term.qualifier) not in UNITS
    ]
    return hits or None


def _document_type(invoice: Invoice, matter: Matter) -> list[Hit] | None:
    """In UBL the root tells invoices from credit notes, and the list with them."""
    codes = (CREDIT_NOTE_TYPES if matter.is_credit_note else INVOICE_TYPES) if matter.is_ubl else CII_TYPES
    hits = [
        Hit(found=term.text, place=("type_code", index))
        for index, term in enumerate(invoice.type_code)
        if trim(term.text) not in codes
    ]
    return hits or None


def _object_scheme(held: ObjectReference, matter: Matter) -> list[Hit] | None:
    """The scheme of the object of a line: in UBL a document is one by its type 130, in CII the scheme is an element."""
    if not matter.is_ubl:
        found = [("scheme", index, term.text) for index, term in enumerate(held.scheme)]
    elif any(term.text == _OBJECT for term in held.type_code):
        found = [
            ("identifier", index, term.qualifier)
            for index, term in enumerate(held.identifier)
            if term.qualifier is not None
        ]
    else:
        return None
    hits = [
        Hit(found=scheme, place=(field, index))
        for field, index, scheme in found
        if trim(scheme) not in REFERENCE_QUALIFIERS
    ]
    return hits or None


def _terms(
    code: str,
    on: str,
    check: TermCheck,
    term: str | None = None,
    syntaxes: frozenset[Syntax] = BOTH,
) -> Rule[Term]:
    return Rule(code=code, on=on, term=term, check=check, syntaxes=syntaxes)


# Every place of a party, those of the French extension too: the lists are asked wherever a code stands.
PARTIES = (
    *("sellers", "buyers", "payees", "tax_representatives"),
    *("seller_agents", "buyer_agents", "payers", "invoicers", "invoicees", "lines.sellers"),
)
# In UBL a SEPA creditor may be told as an identifier of these: they stand within the seller, or are the payee.
_MAY_BE_CREDITORS = frozenset({"sellers", "payees", "seller_agents", "invoicers"})
_CHARGE_FIELDS = ("allowance_charges", "lines.allowance_charges")
_GROUP = "tax_totals.breakdown"

CURRENCY_RULES: tuple[AnyRule, ...] = (
    Rule(code="BR-CL-03", on="lines", check=_line_currencies, syntaxes=UBL),
    *(
        Rule(code="BR-CL-03", on=on, check=_charge_currencies, syntaxes=UBL)
        for on in ("allowance_charges", "lines.allowance_charges")
    ),
    *(
        rule
        for prefix in ("", "lines.")
        for rule in (
            Rule(code="BR-CL-03", on=f"{prefix}{_GROUP}", check=_group_currencies, syntaxes=UBL),
            Rule(code="BR-CL-03", on=f"{prefix}tax_totals", check=_tax_currencies, syntaxes=UBL),
        )
    ),
    Rule(code="BR-CL-03", on="totals", check=_total_currencies, syntaxes=UBL),
    Rule(code="BR-CL-03", on="tax_totals", check=_tax_qualified, syntaxes=CII),
    Rule(code="BR-CL-03", on="lines.tax_totals", check=_tax_qualified, syntaxes=CII),
)


def identifier_schemes(code: str, schemes: frozenset[str]) -> Iterable[Rule[Term]]:
    """BR-CL-10: schemes of identifiers of parties."""
    for on in PARTIES:
        check = _identifier_or_bank(schemes) if on in _MAY_BE_CREDITORS else qualified_by(schemes)
        yield _terms(code, f"{on}.identifiers", check, syntaxes=UBL)
        yield _terms(code, f"{on}.identifiers", _qualified_in_cii(schemes), syntaxes=CII)


RULES: tuple[AnyRule, ...] = (
    Rule(code="BR-CL-01", term="BT-3", check=_document_type),
    *CURRENCY_RULES,
    _terms("BR-CL-04", "currency", in_list(CURRENCIES), "BT-5"),
    _terms("BR-CL-05", "vat_currency", in_list(CURRENCIES), "BT-6"),
    _terms("BR-CL-06", "tax_point_code", _by_syntax(_TAX_POINTS), "BT-8"),
    _terms("BR-CL-07", "invoiced_object", qualified_by(REFERENCE_QUALIFIERS), "BT-18-1"),
    Rule(code="BR-CL-07", on="lines.objects", term="BT-128", check=_object_scheme),
    *(
        _terms("BR-CL-07", on, qualified_by(REFERENCE_QUALIFIERS), None, CII)
        for on in ("tender", "attachments.reference")
    ),
    _terms("BR-CL-07", "contract_type", in_list(REFERENCE_QUALIFIERS), "EXT-FR-FE-01", CII),
    _terms("BR-CL-08", "notes.written", _note_subject, "BT-21", UBL),
    _terms("BR-CL-08", "notes.subject_code", in_list(CII_NOTE_SUBJECTS), "BT-21", CII),
    *identifier_schemes("BR-CL-10", ICD),
    *(_terms("BR-CL-11", f"{on}.legal_identifiers", qualified_by(ICD)) for on in PARTIES),
    _terms("BR-CL-13", "lines.item_classifications", qualified_by(ITEM_CLASSIFICATIONS), "BT-158-1"),
    *(_terms("BR-CL-14", f"{on}.addresses.country", _country) for on in (*PARTIES, "deliveries", "lines.deliveries")),
    _terms("BR-CL-15", "lines.origin_country", _country, "BT-159", UBL),
    _terms("BR-CL-15", "lines.origin_country", _origin, "BT-159", CII),
    _terms("BR-CL-16", "payment_means.code", in_list(PAYMENT_MEANS), "BT-81"),
    *(_terms("BR-CL-17", f"{on}.tax_categories.code", in_list(VAT_CATEGORIES)) for on in _CHARGE_FIELDS),
    _terms("BR-CL-17", f"{_GROUP}.category", in_list(VAT_CATEGORIES), "BT-118", UBL),
    _terms("BR-CL-17", f"lines.{_GROUP}.category", in_list(VAT_CATEGORIES), "BT-118", UBL),
    _terms("BR-CL-18", "lines.tax_categories.code", in_list(VAT_CATEGORIES), "BT-151"),
    _terms("BR-CL-18", f"{_GROUP}.category", in_list(VAT_CATEGORIES), "BT-118", CII),
    _terms("BR-CL-19", "allowances.reason_code", in_list(ALLOWANCE_REASONS), "BT-98"),
    _terms("BR-CL-19", "lines.allowances.reason_code", in_list(ALLOWANCE_REASONS), "BT-140"),
    _terms("BR-CL-19", "lines.price_discounts.reason_code", in_list(ALLOWANCE_REASONS), None, UBL),
    _terms("BR-CL-20", "lines.price_charges.reason_code", in_list(CHARGE_REASONS), None, UBL),
    _terms("BR-CL-20", "charges.reason_code", in_list(CHARGE_REASONS), "BT-105"),
    _terms("BR-CL-20", "lines.charges.reason_code", in_list(CHARGE_REASONS), "BT-145"),
    _terms("BR-CL-21", "lines.standard_item", qualified_by(ICD), "BT-157-1"),
    _terms("BR-CL-22", f"{_GROUP}.exemption_code", _exempted, "BT-121"),
    _terms("BR-CL-22", f"lines.{_GROUP}.exemption_code", _exempted, "BT-121", UBL),
    *(
        _terms("BR-CL-22", f"{on}.tax_categories.exemption_code", _exempted, "BT-121")
        for on in ("lines", "service_charges", *_CHARGE_FIELDS)
    ),
    Rule(code="BR-CL-23", on="lines", term="BT-130", check=_unit),
    _terms("BR-CL-24", "attachments.mime_code", in_list(MIME_CODES), "BT-125-1"),
    _terms("BR-CL-25", "sellers.electronic_addresses", qualified_by(EAS), "BT-34-1"),
    _terms("BR-CL-25", "buyers.electronic_addresses", qualified_by(EAS), "BT-49-1"),
    *(
        _terms("BR-CL-25", f"{on}.electronic_addresses", qualified_by(EAS))
        for on in PARTIES
        if on not in ("sellers", "buyers")
    ),
    _terms("BR-CL-26", "deliveries.location", qualified_by(ICD), "BT-71-1", UBL),
    _terms("BR-CL-26", "deliveries.location", _qualified_in_cii(ICD), "BT-71-1", CII),
)
