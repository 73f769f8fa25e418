"""An invoice on the business terms of EN 16931-1, whatever syntax it came in.

Every field is a tuple of terms or of groups: the model keeps what the document repeats, and tells absent (an empty
tuple) from empty (a term whose text is empty). Each field's business term stands beside it.
"""

from dataclasses import dataclass

from flux.model.term import Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """BG-5, BG-8, BG-12, BG-15: a postal address."""

    line1: Terms = ()  # BT-35, BT-50, BT-64, BT-75
    line2: Terms = ()  # BT-36, BT-51, BT-65, BT-76
    line3: Terms = ()  # BT-162, BT-163, BT-164, BT-165
    city: Terms = ()  # BT-37, BT-52, BT-66, BT-77
    post_code: Terms = ()  # BT-38, BT-53, BT-67, BT-78
    subdivision: Terms = ()  # BT-39, BT-54, BT-68, BT-79
    country: Terms = ()  # BT-40, BT-55, BT-69, BT-80


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """BG-6, BG-9: a contact; `identifier` holds the service code of legacy Chorus UBL."""

    identifier: Terms = ()
    name: Terms = ()  # BT-41, BT-56
    telephone: Terms = ()  # BT-42, BT-57
    email: Terms = ()  # BT-43, BT-58


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """BG-4 seller, BG-7 buyer, BG-10 payee, BG-11 tax representative, and the parties of the French extension."""

    name: Terms = ()  # BT-27, BT-44, BT-59, BT-62
    trading_name: Terms = ()  # BT-28, BT-45
    identifiers: Terms = ()  # BT-29, BT-46, BT-60; qualifier: scheme
    legal_identifiers: Terms = ()  # BT-30, BT-47, BT-61; qualifier: scheme
    vat_identifiers: Terms = ()  # BT-31, BT-48, BT-63
    tax_registrations: Terms = ()  # BT-32
    legal_information: Terms = ()  # BT-33
    electronic_addresses: Terms = ()  # BT-34, BT-49; qualifier: scheme
    addresses: tuple[Address, ...] = ()
    registered_addresses: tuple[Address, ...] = ()  # of the legal entity, in legacy Chorus UBL
    contacts: tuple[Contact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """BG-1: a note and its subject code."""

    subject_code: Terms = ()  # BT-21
    text: Terms = ()  # BT-22
    written: Terms = ()  # as UBL writes it, code and text in one


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """BG-14, BG-26: a period."""

    start: Terms = ()  # BT-73, BT-134
    end: Terms = ()  # BT-74, BT-135


@dataclass(frozen=True, slots=True, kw_only=True)
class PrecedingInvoice:
    """BG-3: a reference to an earlier invoice."""

    number: Terms = ()  # BT-25
    issue_date: Terms = ()  # BT-26
    type_code: Terms = ()  # EXT-FR-FE-02


@dataclass(frozen=True, slots=True, kw_only=True)
class LineReference:
    """A reference of a line to an earlier invoice or, in UBL, to its own, where its place among the lines stands."""

    number: Terms = ()  # EXT-FR-FE-136
    type_code: Terms = ()  # EXT-FR-FE-137
    issue_date: Terms = ()  # EXT-FR-FE-138
    status: Terms = ()  # EXT-FR-FE-163 in UBL, beside the invoice's own number: GROUP, DETAIL, INFORMATION
    parent_line: Terms = ()  # EXT-FR-FE-162 in UBL, beside the invoice's own number


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectReference:
    """What a line is about: an object, or the document of a type."""

    identifier: Terms = ()  # BT-128; qualifier: scheme, in UBL
    type_code: Terms = ()  # 130 for an invoiced object
    scheme: Terms = ()  # of the identifier, in CII


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """BG-17: the account of the payee."""

    identifier: Terms = ()  # BT-84
    name: Terms = ()  # BT-85
    bic: Terms = ()  # BT-86
    proprietary: Terms = ()  # BT-84 in a slot that is not for an IBAN


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentMeans:
    """BG-16: how the invoice is to be paid."""

    code: Terms = ()  # BT-81
    text: Terms = ()  # BT-82
    remittance: Terms = ()  # BT-83
    accounts: tuple[Account, ...] = ()  # BG-17
    bic: Terms = ()  # BT-86 where the syntax keeps it beside the account
    card_number: Terms = ()  # BT-87
    card_holder: Terms = ()  # BT-88
    mandate: Terms = ()  # BT-89
    debited_account: Terms = ()  # BT-91, never judged as a payee's account


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxCategory:
    """BG-30, and the tax of an allowance or a charge."""

    code: Terms = ()  # BT-95, BT-102, BT-151
    rate: Terms = ()  # BT-96, BT-103, BT-152
    scheme: Terms = ()  # VAT, or another tax
    exemption_reason: Terms = ()
    exemption_code: Terms = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowanceCharge:
    """BG-20, BG-21, BG-27, BG-28: an allowance or a charge, as `is_charge` writes it."""

    is_charge: Terms = ()
    amount: Terms = ()  # BT-92, BT-99, BT-136, BT-141
    base_amount: Terms = ()  # BT-93, BT-100, BT-137, BT-142
    percentage: Terms = ()  # BT-94, BT-101, BT-138, BT-143
    tax_categories: tuple[TaxCategory, ...] = ()
    reason: Terms = ()  # BT-97, BT-104, BT-139, BT-144
    reason_code: Terms = ()  # BT-98, BT-105, BT-140, BT-145; qualifier: list


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCharge:
    """A charge for logistics services, which CII tells from others (EXT-FR-FE-BG-10 of the extension)."""

    amount: Terms = ()
    tax_categories: tuple[TaxCategory, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """BG-22: the totals of the document; qualifier: currency."""

    lines: Terms = ()  # BT-106
    allowances: Terms = ()  # BT-107
    charges: Terms = ()  # BT-108
    without_vat: Terms = ()  # BT-109
    with_vat: Terms = ()  # BT-112
    paid: Terms = ()  # BT-113
    rounding: Terms = ()  # BT-114
    due: Terms = ()  # BT-115


@dataclass(frozen=True, slots=True, kw_only=True)
class VatBreakdown:
    """BG-23: one group of the VAT breakdown."""

    base: Terms = ()  # BT-116
    tax: Terms = ()  # BT-117
    category: Terms = ()  # BT-118
    rate: Terms = ()  # BT-119
    scheme: Terms = ()  # VAT, or another tax
    exemption_reason: Terms = ()  # BT-120
    exemption_code: Terms = ()  # BT-121
    due_on: Terms = ()  # when the tax is due, in words: TVA DEBIT, TVA ENCAISSEMENT in legacy Chorus UBL


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxTotal:
    """A total of tax with its breakdown. UBL writes one for each currency, the other syntaxes one for all; qualifier: currency."""

    amount: Terms = ()  # BT-110, BT-111, told apart by their currency
    breakdown: tuple[VatBreakdown, ...] = ()  # BG-23


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAttribute:
    """BG-32: an attribute of the item."""

    name: Terms = ()  # BT-160
    name_code: Terms = ()  # EXT-FR-FE-159
    value: Terms = ()  # BT-161
    value_quantity: Terms = ()  # EXT-FR-FE-160; qualifier: unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """BG-24: a supporting document."""

    reference: Terms = ()  # BT-122; qualifier: scheme
    description: Terms = ()  # BT-123
    location: Terms = ()  # BT-124
    mime_code: Terms = ()  # BT-125-1
    filename: Terms = ()  # BT-125-2
    content: Terms = ()  # BT-125, base64; in legacy Chorus and CPP formats that of a zip of one file
    type_code: Terms = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """BG-13, and that of a line: where and when it was delivered."""

    name: Terms = ()  # BT-70
    location: Terms = ()  # BT-71, EXT-FR-FE-146; qualifier: scheme
    legal_identifiers: Terms = ()  # of the party delivered to; qualifier: scheme
    date: Terms = ()  # BT-72, EXT-FR-FE-158
    addresses: tuple[Address, ...] = ()  # BG-15


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """BG-25: one line of the invoice."""

    head: Terms = ()  # there where CII has the element that identifies the line, whatever it holds
    identifier: Terms = ()  # BT-126
    note: Terms = ()  # BT-127
    status: Terms = ()  # EXT-FR-FE-163 in CII: GROUP, DETAIL, INFORMATION
    parent_line: Terms = ()  # EXT-FR-FE-162 in CII
    references: tuple[LineReference, ...] = ()
    objects: tuple[ObjectReference, ...] = ()  # BT-128
    sellers: tuple[Party, ...] = ()  # the sub-seller of an invoice of several sellers: EXT-FR-FE-164, EXT-FR-FE-167
    deliveries: tuple[Delivery, ...] = ()
    tax_totals: tuple[TaxTotal, ...] = ()  # EXT-FR-FE-181, EXT-FR-FE-182, told apart by their currency
    total_with_vat: Terms = ()  # EXT-FR-FE-184
    quantity: Terms = ()  # BT-129; qualifier: unit BT-130
    net_amount: Terms = ()  # BT-131
    order_line: Terms = ()  # BT-132
    accounting_reference: Terms = ()  # BT-133
    periods: tuple[Period, ...] = ()  # BG-26
    allowance_charges: tuple[AllowanceCharge, ...] = ()  # BG-27, BG-28
    net_price: Terms = ()  # BT-146
    price_discount: Terms = ()  # BT-147
    price_allowances: tuple[AllowanceCharge, ...] = ()  # what an allowance on the price says beside its amounts
    gross_price: Terms = ()  # BT-148
    base_quantity: Terms = ()  # BT-149; qualifier: unit BT-150
    delivery_terms: Terms = ()
    tax_categories: tuple[TaxCategory, ...] = ()  # BG-30
    item_name: Terms = ()  # BT-153
    item_description: Terms = ()  # BT-154
    seller_item: Terms = ()  # BT-155
    buyer_item: Terms = ()  # BT-156
    standard_item: Terms = ()  # BT-157; qualifier: scheme
    item_classifications: Terms = ()  # BT-158; qualifier: scheme
    origin_country: Terms = ()  # BT-159
    attributes: tuple[ItemAttribute, ...] = ()  # BG-32


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """One invoice or credit note."""

    number: Terms = ()  # BT-1
    issue_date: Terms = ()  # BT-2
    type_code: Terms = ()  # BT-3
    currency: Terms = ()  # BT-5
    vat_currency: Terms = ()  # BT-6
    tax_point_date: Terms = ()  # BT-7
    tax_point_code: Terms = ()  # BT-8
    due_date: Terms = ()  # BT-9
    payment_due_date: Terms = ()  # where a UBL invoice says it again, beside its means of payment
    buyer_reference: Terms = ()  # BT-10; the service code of legacy Chorus CII
    project: Terms = ()  # BT-11
    contract: Terms = ()  # BT-12, the numero_marche
    contract_type: Terms = ()  # EXT-FR-FE-01; CT or BC in legacy Chorus
    order: Terms = ()  # BT-13, the numero_engagement
    issuer_service: Terms = ()  # the service of the supplier in legacy Chorus CII
    sales_order: Terms = ()  # BT-14
    receipt: Terms = ()  # BT-15
    despatch: Terms = ()  # BT-16
    tender: Terms = ()  # BT-17
    invoiced_object: Terms = ()  # BT-18; qualifier: scheme
    accounting_reference: Terms = ()  # BT-19
    payment_terms: Terms = ()  # BT-20
    delivery_terms: Terms = ()
    cadre: Terms = ()  # BT-23, the cadre de facturation
    profile: Terms = ()  # BT-24
    creditor_identifier: Terms = ()  # BT-90 in CII
    resubmission: Terms = ()  # Renvoi of the CPP pivot: Non, Complétée, Recyclée
    notes: tuple[Note, ...] = ()  # BG-1
    preceding_invoices: tuple[PrecedingInvoice, ...] = ()  # BG-3
    sellers: tuple[Party, ...] = ()  # BG-4
    buyers: tuple[Party, ...] = ()  # BG-7
    payees: tuple[Party, ...] = ()  # BG-10
    tax_representatives: tuple[Party, ...] = ()  # BG-11
    seller_agents: tuple[Party, ...] = ()  # EXT-FR-FE-69, EXT-FR-FE-75
    buyer_agents: tuple[Party, ...] = ()  # EXT-FR-FE-06, EXT-FR-FE-12
    payers: tuple[Party, ...] = ()  # EXT-FR-FE-46, EXT-FR-FE-52
    invoicers: tuple[Party, ...] = ()  # EXT-FR-FE-115, EXT-FR-FE-121
    invoicees: tuple[Party, ...] = ()  # invoicee of the French extension, validator of legacy Chorus
    deliveries: tuple[Delivery, ...] = ()  # BG-13
    periods: tuple[Period, ...] = ()  # BG-14
    payment_means: tuple[PaymentMeans, ...] = ()  # BG-16
    allowance_charges: tuple[AllowanceCharge, ...] = ()  # BG-20, BG-21
    service_charges: tuple[ServiceCharge, ...] = ()  # CII only
    adjustments: Terms = ()  # of what is due, CII only
    totals: tuple[Totals, ...] = ()  # BG-22
    tax_totals: tuple[TaxTotal, ...] = ()
    attachments: tuple[Attachment, ...] = ()  # BG-24
    descriptions: Terms = ()  # of documents that are no attachments (BT-17, BT-18), where attachments have BT-123
    lines: tuple[Line, ...] = ()  # BG-25
    document_contexts: Terms = ()  # there where CII has the element that holds BT-23, whatever it holds
    exchanged_documents: Terms = ()  # the same of the one that holds BT-1 and BG-1; qualifier: how many notes it holds
    transactions: Terms = ()  # the same of the one that holds the lines and the parties
    strangers: Terms = ()  # tags of the elements of a UBL document that EN 16931 has no place for, or once too often

    @property
    def seller(self) -> Party:
        """BG-4, an empty party when the document names none."""
        return self.sellers[0] if self.sellers else NO_PARTY

    @property
    def buyer(self) -> Party:
        """BG-7, an empty party when the document names none."""
        return self.buyers[0] if self.buyers else NO_PARTY

    @property
    def total(self) -> Totals:
        """BG-22, an empty group when the document has none."""
        return self.totals[0] if self.totals else NO_TOTALS

    @property
    def vat_breakdown(self) -> tuple[VatBreakdown, ...]:
        """BG-23, of every total of tax."""
        if len(self.tax_totals) == 1:
            return self.tax_totals[0].breakdown
        return tuple(group for total in self.tax_totals for group in total.breakdown)


NO_PARTY = Party()
NO_TOTALS = Totals()
