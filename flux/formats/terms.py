"""Which business term each field of the model is (EN 16931-1), whatever the syntax: seller's name BT-27, buyer's name BT-44."""

from collections.abc import Iterator, Mapping

from flux.model.finding import Place
from flux.model.invoice import AllowanceCharge, Invoice
from flux.model.term import text_of

_DOCUMENT = {
    "number": "BT-1",
    "issue_date": "BT-2",
    "type_code": "BT-3",
    "currency": "BT-5",
    "vat_currency": "BT-6",
    "tax_point_date": "BT-7",
    "tax_point_code": "BT-8",
    "due_date": "BT-9",
    "buyer_reference": "BT-10",
    "project": "BT-11",
    "contract": "BT-12",
    "contract_type": "EXT-FR-FE-01",
    "order": "BT-13",
    "sales_order": "BT-14",
    "receipt": "BT-15",
    "despatch": "BT-16",
    "tender": "BT-17",
    "invoiced_object": "BT-18",
    "accounting_reference": "BT-19",
    "payment_terms": "BT-20",
    "cadre": "BT-23",
    "profile": "BT-24",
    "creditor_identifier": "BT-90",
}

_SELLER = {
    "name": "BT-27",
    "trading_name": "BT-28",
    "identifiers": "BT-29",
    "legal_identifiers": "BT-30",
    "vat_identifiers": "BT-31",
    "tax_registrations": "BT-32",
    "legal_information": "BT-33",
    "electronic_addresses": "BT-34",
}
_BUYER = {
    "name": "BT-44",
    "trading_name": "BT-45",
    "identifiers": "BT-46",
    "legal_identifiers": "BT-47",
    "vat_identifiers": "BT-48",
    "electronic_addresses": "BT-49",
}
_PAYEE = {"name": "BT-59", "identifiers": "BT-60", "legal_identifiers": "BT-61", "electronic_addresses": "EXT-FR-FE-29"}
_TAX_REPRESENTATIVE = {"name": "BT-62", "vat_identifiers": "BT-63"}


def _address(*terms: int) -> dict[str, str]:
    fields = ("line1", "line2", "line3", "city", "post_code", "subdivision", "country")
    return {field: f"BT-{term}" for field, term in zip(fields, terms, strict=True)}


def _contact(*terms: int) -> dict[str, str]:
    return {field: f"BT-{term}" for field, term in zip(("name", "telephone", "email"), terms, strict=True)}


_LINE = {
    "identifier": "BT-126",
    "note": "BT-127",
    "parent_line": "EXT-FR-FE-162",
    "status": "EXT-FR-FE-163",
    "total_with_vat": "EXT-FR-FE-184",
    "quantity": "BT-129",
    "net_amount": "BT-131",
    "order_line": "BT-132",
    "accounting_reference": "BT-133",
    "net_price": "BT-146",
    "price_discount": "BT-147",
    "gross_price": "BT-148",
    "base_quantity": "BT-149",
    "item_name": "BT-153",
    "item_description": "BT-154",
    "seller_item": "BT-155",
    "buyer_item": "BT-156",
    "standard_item": "BT-157",
    "item_classifications": "BT-158",
    "origin_country": "BT-159",
}

_LINE_REFERENCE = {
    "number": "EXT-FR-FE-136",
    "type_code": "EXT-FR-FE-137",
    "issue_date": "EXT-FR-FE-138",
    "status": "EXT-FR-FE-163",
    "parent_line": "EXT-FR-FE-162",
}

# Group by group: the way to it, its own id, the ids of its fields.
_GROUPS: tuple[tuple[tuple[str, ...], str, Mapping[str, str]], ...] = (
    (("notes",), "BG-1", {"subject_code": "BT-21", "text": "BT-22"}),
    (("preceding_invoices",), "BG-3", {"number": "BT-25", "issue_date": "BT-26", "type_code": "EXT-FR-FE-02"}),
    (("sellers",), "BG-4", _SELLER),
    (("sellers", "addresses"), "BG-5", _address(35, 36, 162, 37, 38, 39, 40)),
    (("sellers", "contacts"), "BG-6", _contact(41, 42, 43)),
    (("buyers",), "BG-7", _BUYER),
    (("buyers", "addresses"), "BG-8", _address(50, 51, 163, 52, 53, 54, 55)),
    (("buyers", "contacts"), "BG-9", _contact(56, 57, 58)),
    (("payees",), "BG-10", _PAYEE),
    (("tax_representatives",), "BG-11", _TAX_REPRESENTATIVE),
    (("tax_representatives", "addresses"), "BG-12", _address(64, 65, 164, 66, 67, 68, 69)),
    (("deliveries",), "BG-13", {"name": "BT-70", "location": "BT-71", "date": "BT-72"}),
    (("deliveries", "addresses"), "BG-15", _address(75, 76, 165, 77, 78, 79, 80)),
    (("periods",), "BG-14", {"start": "BT-73", "end": "BT-74"}),
    (
        ("payment_means",),
        "BG-16",
        {
            "code": "BT-81",
            "text": "BT-82",
            "remittance": "BT-83",
            "card_number": "BT-87",
            "card_holder": "BT-88",
            "mandate": "BT-89",
            "debited_account": "BT-91",
            "bic": "BT-86",
        },
    ),
    (
        ("payment_means", "accounts"),
        "BG-17",
        {"identifier": "BT-84", "name": "BT-85", "bic": "BT-86", "proprietary": "BT-84"},
    ),
    (
        ("totals",),
        "BG-22",
        {
            "lines": "BT-106",
            "allowances": "BT-107",
            "charges": "BT-108",
            "without_vat": "BT-109",
            "with_vat": "BT-112",
            "paid": "BT-113",
            "rounding": "BT-114",
            "due": "BT-115",
        },
    ),
    (("tax_totals",), "BG-22", {}),
    (
        ("tax_totals", "breakdown"),
        "BG-23",
        {
            "base": "BT-116",
            "tax": "BT-117",
            "category": "BT-118",
            "rate": "BT-119",
            "exemption_reason": "BT-120",
            "exemption_code": "BT-121",
        },
    ),
    (
        ("attachments",),
        "BG-24",
        {
            "reference": "BT-122",
            "description": "BT-123",
            "location": "BT-124",
            "mime_code": "BT-125",
            "filename": "BT-125",
            "content": "BT-125",
        },
    ),
    (("lines",), "BG-25", _LINE),
    (("lines", "periods"), "BG-26", {"start": "BT-134", "end": "BT-135"}),
    (("lines", "tax_categories"), "BG-30", {"code": "BT-151", "rate": "BT-152"}),
    (
        ("lines", "attributes"),
        "BG-32",
        {"name": "BT-160", "value": "BT-161", "name_code": "EXT-FR-FE-159", "value_quantity": "EXT-FR-FE-160"},
    ),
)

# Groups of the French extension, whose own numbers nobody quotes.
_EXTENSION: tuple[tuple[tuple[str, ...], Mapping[str, str]], ...] = (
    (("buyer_agents",), {"identifiers": "EXT-FR-FE-06", "electronic_addresses": "EXT-FR-FE-12"}),
    (("payers",), {"identifiers": "EXT-FR-FE-46", "electronic_addresses": "EXT-FR-FE-52"}),
    (("seller_agents",), {"identifiers": "EXT-FR-FE-69", "electronic_addresses": "EXT-FR-FE-75"}),
    (("invoicees",), {"identifiers": "EXT-FR-FE-92", "electronic_addresses": "EXT-FR-FE-98"}),
    (("invoicers",), {"identifiers": "EXT-FR-FE-115", "electronic_addresses": "EXT-FR-FE-121"}),
    (("lines", "references"), _LINE_REFERENCE),
    (("lines", "objects"), {"identifier": "BT-128"}),
    (("lines", "sellers"), {"name": "EXT-FR-FE-164", "legal_identifiers": "EXT-FR-FE-167"}),
    (("lines", "sellers", "addresses"), {"country": "EXT-FR-FE-177"}),
    (("lines", "deliveries"), {"location": "EXT-FR-FE-146", "date": "EXT-FR-FE-158"}),
)


def _listed() -> Iterator[tuple[tuple[str, ...], str]]:
    yield from (((field,), term) for field, term in _DOCUMENT.items())
    for way, group, terms in _GROUPS:
        yield way, group
        yield from (((*way, field), term) for field, term in terms.items())
    for way, terms in _EXTENSION:
        yield from (((*way, field), term) for field, term in terms.items())


TERMS: Mapping[tuple[str, ...], str] = dict(_listed())

# An allowance and a charge are one group of the model: the document's, then the line's.
_ALLOWANCE_FIELDS = ("amount", "base_amount", "percentage", "code", "rate", "reason", "reason_code")
_DOCUMENT_ALLOWANCE = dict(zip(_ALLOWANCE_FIELDS, (f"BT-{term}" for term in range(92, 99)), strict=True)) | {
    "": "BG-20"
}
_DOCUMENT_CHARGE = dict(zip(_ALLOWANCE_FIELDS, (f"BT-{term}" for term in range(99, 106)), strict=True)) | {"": "BG-21"}
_LINE_FIELDS = ("amount", "base_amount", "percentage", "reason", "reason_code")
_LINE_ALLOWANCE = dict(zip(_LINE_FIELDS, (f"BT-{term}" for term in range(136, 141)), strict=True)) | {"": "BG-27"}
_LINE_CHARGE = dict(zip(_LINE_FIELDS, (f"BT-{term}" for term in range(141, 146)), strict=True)) | {"": "BG-28"}


def field_term(place: Place, invoice: Invoice | None = None) -> str | None:
    """The business term, or the group, at a place of an invoice; None where the norm has no number for it.

    The invoice tells an allowance from a charge, and the VAT total (BT-110) from the one in accounting currency
    (BT-111); without it these have no single term.
    """
    names = tuple(name for name in place if isinstance(name, str))
    if "allowance_charges" in names:
        return _allowance_term(place, names, invoice)
    if names == ("tax_totals", "amount"):
        return _vat_total_term(place, invoice)
    return TERMS.get(names)


def _allowance_term(place: Place, names: tuple[str, ...], invoice: Invoice | None) -> str | None:
    if invoice is None:
        return None
    held = _held_at(invoice, place[: place.index("allowance_charges") + 2])
    if not isinstance(held, AllowanceCharge):
        return None
    is_charge = text_of(held.is_charge) in ("true", "1")
    if names[0] == "lines":
        terms = _LINE_CHARGE if is_charge else _LINE_ALLOWANCE
    else:
        terms = _DOCUMENT_CHARGE if is_charge else _DOCUMENT_ALLOWANCE
    return terms.get("" if names[-1] == "allowance_charges" else names[-1])


def _vat_total_term(place: Place, invoice: Invoice | None) -> str | None:
    held = None if invoice is None else _held_at(invoice, place)
    if invoice is None or not isinstance(held, tuple):
        return None
    currency = getattr(held, "qualifier", None)
    in_vat_currency = currency == text_of(invoice.vat_currency) and currency != text_of(invoice.currency)
    return "BT-111" if in_vat_currency else "BT-110"


def _held_at(invoice: Invoice, place: Place) -> object:
    held: object = invoice
    for step in place:
        if isinstance(step, str):
            held = getattr(held, step, None)
        elif isinstance(held, tuple) and step < len(held):
            held = held[step]
        else:
            return None
    return held
