"""The official rules bound to UBL that are more than the absence of an element: where each looks, and what breaks it.

Sources: CEN/TC 434, validation artefacts of EN 16931 for UBL, 1.3.16 (UBL-CR, UBL-SR, UBL-DT); FNFE-MPE, EXTENDED-CTC-FR, where
ids bear FREXT. `upper-case` is spelled in XPath 1.0 for the letters that matter.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Row(NamedTuple):
    """A rule that fires on an element named `on` where its XPath `path` finds more than `most` nodes.

    `on` is empty for the root, "line" for a line. A path that ends with an attribute finds it on the element named `on` or, but
    for the root, on a child of it. `once` is true for a rule that fires once for the document, however many elements break it;
    `distinct` for one that counts the different texts of the nodes.
    """

    on: str
    code: str
    path: str
    most: int = 0
    once: bool = False
    is_fatal: bool = True
    distinct: bool = False

    @property
    def is_of_attribute(self) -> bool:
        """True where the path ends with an attribute."""
        return self.path.rpartition("@")[2].isalpha()


def _warning(on: str, number: int, path: str) -> Row:
    return Row(on, f"UBL-CR-{number:03}", path, once=True, is_fatal=False)


def _count(on: str, number: int, path: str, most: int = 1) -> Row:
    return Row(on, f"UBL-SR-{number:02}", path, most)


_SELLER = "cac:AccountingSupplierParty/cac:Party"
_BUYER = "cac:AccountingCustomerParty/cac:Party"
_VAT = "translate(cbc:ID, 'vat', 'VAT')"
_SCHEME = "translate(@schemeID, 'sepa', 'SEPA')"
_IS_NOT_SELLER = f"cac:PartyName/cbc:Name != ../{_SELLER}/cac:PartyLegalEntity/cbc:RegistrationName"

# The true and false of XML Schema.
_CHARGED = "cbc:ChargeIndicator[normalize-space() = 'true' or normalize-space() = '1']"
_ALLOWED = "cbc:ChargeIndicator[normalize-space() = 'false' or normalize-space() = '0']"


_IN_PRICE = "self::*[parent::cac:AllowanceCharge/parent::cac:Price]"


def _misses(condition: str) -> str:
    return f"self::*[not({condition})]"


_EXACT_TRANSFERS = "cbc:PaymentMeansCode='30' or cbc:PaymentMeansCode='58'"
_TRANSFERS = "normalize-space(cbc:PaymentMeansCode) = '30' or normalize-space(cbc:PaymentMeansCode) = '58'"

# Business rules on an instruction of payment where EN 16931 has no place for one: in an allowance or charge.
_STRAY: tuple[Row, ...] = (
    *(
        Row("cac:PaymentMeans", code, f"self::*[parent::cac:AllowanceCharge][{condition}]")
        for code, condition in (
            ("BR-49", "not(cbc:PaymentMeansCode)"),
            ("BR-50", f"({_EXACT_TRANSFERS}) and cac:PayeeFinancialAccount[not(normalize-space(cbc:ID))]"),
            ("BR-61", f"({_TRANSFERS}) and not(cac:PayeeFinancialAccount/cbc:ID)"),
        )
    ),
)

_COMMON: tuple[Row, ...] = (
    *_STRAY,
    _warning("", 2, "self::*[not(cbc:UBLVersionID = '2.1')]/cbc:UBLVersionID"),
    _warning("", 412, "self::ubl:Invoice/cac:PaymentMeans/cbc:PaymentDueDate"),
    _warning("", 648, "cbc:CustomizationID/@schemeID"),
    _warning("", 649, "cbc:ProfileID/@schemeID"),
    _warning("", 650, "cbc:ID/@schemeID"),
    _warning("", 651, "cbc:SalesOrderID/@schemeID"),
    _warning("cac:PartyTaxScheme", 652, "cbc:CompanyID/@schemeID"),
    _warning("", 653, "cac:PaymentMeans/cbc:PaymentID/@schemeID"),
    _warning("", 654, "cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID/@schemeID"),
    _warning("", 655, "cac:PaymentMeans/cac:PayeeFinancialAccount/cac:FinancialInstitutionBranch/cbc:ID/@schemeID"),
    _warning("", 656, "cbc:InvoiceTypeCode/@listID"),
    _warning("", 657, "cbc:DocumentCurrencyCode/@listID"),
    _warning("", 658, "cbc:TaxCurrencyCode/@listID"),
    _warning("", 659, "cac:AdditionalDocumentReference/cbc:DocumentTypeCode/@listID"),
    _warning("cac:Country", 660, "cbc:IdentificationCode/@listID"),
    _warning("", 661, "cac:PaymentMeans/cbc:PaymentMeansCode/@listID"),
    _warning("cac:FinancialInstitution", 664, "self::*"),
    _warning(
        "cac:AdditionalDocumentReference",
        665,
        "self::*[cbc:DocumentTypeCode != '130' or not(cbc:DocumentTypeCode)]/cbc:ID/@schemeID",
    ),
    _warning("cac:AdditionalDocumentReference", 666, "self::*[cbc:DocumentTypeCode = '130']/cac:Attachment")._replace(
        is_fatal=True
    ),
    _warning("cac:BuyersItemIdentification", 667, "cbc:ID/@schemeID"),
    _warning("cac:SellersItemIdentification", 668, "cbc:ID/@schemeID"),
    _warning("cbc:MultiplierFactorNumeric", 671, _IN_PRICE),
    _warning("", 672, "cbc:CreditNoteTypeCode/@listID"),
    _warning(
        "cac:AdditionalDocumentReference", 673, "self::*[cbc:DocumentTypeCode = '130']/cbc:DocumentDescription"
    )._replace(is_fatal=True),
    _warning("cbc:PrimaryAccountNumberID", 674, "@schemeID"),
    _warning("cac:CardAccount", 675, "cbc:NetworkID/@schemeID"),
    _warning("cac:PaymentMandate", 676, "cbc:ID/@schemeID"),
    _warning("cac:PayerFinancialAccount", 677, "self::*[parent::cac:PaymentMandate]/cbc:ID/@schemeID"),
    _warning("cac:TaxCategory", 678, "cbc:ID/@schemeID"),
    _warning("cac:ClassifiedTaxCategory", 679, "cbc:ID/@schemeID"),
    _warning("cac:PayerFinancialAccount", 680, "self::*[parent::cac:PaymentMeans]"),
    _count("", 1, "cac:ContractDocumentReference/cbc:ID"),
    _count("", 2, "cac:ReceiptDocumentReference/cbc:ID"),
    _count("", 3, "cac:DespatchDocumentReference/cbc:ID"),
    _count("", 5, "cac:PaymentTerms/cbc:Note"),
    _count("", 8, "cac:InvoicePeriod"),
    _count("", 9, f"{_SELLER}/cac:PartyLegalEntity/cbc:RegistrationName"),
    _count("", 10, f"{_SELLER}/cac:PartyName/cbc:Name"),
    _count("", 11, f"{_SELLER}/cac:PartyLegalEntity/cbc:CompanyID"),
    _count("", 12, f"{_SELLER}/cac:PartyTaxScheme[cac:TaxScheme[{_VAT} = 'VAT']]/cbc:CompanyID"),
    _count("", 13, f"{_SELLER}/cac:PartyTaxScheme[cac:TaxScheme[{_VAT} != 'VAT']]/cbc:CompanyID"),
    _count("", 14, f"{_SELLER}/cac:PartyLegalEntity/cbc:CompanyLegalForm"),
    _count("", 15, f"{_BUYER}/cac:PartyLegalEntity/cbc:RegistrationName"),
    _count("", 17, f"{_BUYER}/cac:PartyLegalEntity/cbc:CompanyID"),
    _count("", 18, f"{_BUYER}/cac:PartyTaxScheme[cac:TaxScheme[{_VAT} = 'VAT']]/cbc:CompanyID"),
    _count("cac:PayeeParty", 19, _misses(f"count(cac:PartyName/cbc:Name) <= 1 and {_IS_NOT_SELLER}"), 0),
    _count("cac:PayeeParty", 21, _misses(f"count(cac:PartyLegalEntity/cbc:CompanyID) <= 1 and {_IS_NOT_SELLER}"), 0),
    _count("cac:TaxRepresentativeParty", 22, "cac:PartyName/cbc:Name"),
    _count("cac:TaxRepresentativeParty", 23, "cac:PartyTaxScheme/cbc:CompanyID"),
    _count("", 24, "cac:Delivery"),
    _count("cac:Delivery", 25, "cac:DeliveryParty/cac:PartyName/cbc:Name"),
    _count("cac:PaymentMeans", 26, "cbc:PaymentID"),
    _count("cac:PaymentMeans", 27, "cbc:PaymentMeansCode"),
    _count("cac:PaymentMeans", 28, "cac:PaymentMandate/cbc:ID"),
    _count("", 29, f"//cac:PartyIdentification/cbc:ID[{_SCHEME} = 'SEPA']"),
    _count("cac:AllowanceCharge", 30, f"self::*[{_ALLOWED}]/cbc:AllowanceChargeReason"),
    _count("cac:AllowanceCharge", 31, f"self::*[not({_ALLOWED}) and {_CHARGED}]/cbc:AllowanceChargeReason"),
    _count("cac:TaxSubtotal", 32, "cac:TaxCategory/cbc:TaxExemptionReason"),
    _count("cac:AdditionalDocumentReference", 33, "cbc:DocumentDescription"),
    _count("line", 35, "cac:OrderLineReference/cbc:LineID"),
    _count("line", 36, "cac:InvoicePeriod"),
    _count("", 39, "cac:ProjectReference/cbc:ID"),
    _count("", 40, f"{_BUYER}/cac:PartyName/cbc:Name"),
    _count("cac:Party", 42, "self::*[parent::cac:AccountingSupplierParty]/cac:PartyTaxScheme", 2),
    _count(
        "cac:AdditionalDocumentReference",
        43,
        _misses(
            "cbc:DocumentTypeCode = '130' or (local-name(/*) = 'CreditNote' and cbc:DocumentTypeCode = '50')"
            " or not(cbc:ID/@schemeID or cbc:DocumentTypeCode)"
        ),
        0,
    ),
    _count("", 44, "//cbc:PaymentID")._replace(distinct=True),
    _count("", 45, "cac:PaymentMeans/cbc:PaymentDueDate"),
    _count("", 46, "cac:PaymentMeans/cbc:PaymentMeansCode/@name"),
    _count("", 47, "//cbc:PaymentMeansCode")._replace(distinct=True),
    _count("", 49, "cac:InvoicePeriod/cbc:DescriptionCode"),
    _count("line", 50, "cac:Item/cbc:Description"),
    _count("cac:PostalAddress", 51, "cac:AddressLine"),
    _count("cac:Address", 51, "cac:AddressLine"),
    _count("cac:PartyTaxScheme", 53, _misses("cac:TaxScheme/cbc:ID and cbc:CompanyID"), 0),
    _count("", 54, "cac:PaymentMeans/cac:CardAccount"),
    _count("", 55, "cac:PaymentMeans/cac:PaymentMandate"),
    _count("", 56, "cac:OriginatorDocumentReference/cbc:ID"),
)

_EN16931: tuple[Row, ...] = (
    _count("cac:BillingReference", 6, "cac:InvoiceDocumentReference"),
    _count("cac:BillingReference", 7, _misses("cac:InvoiceDocumentReference/cbc:ID"), 0),
    _warning("cbc:AllowanceChargeReasonCode", 662, "@listID"),
    _warning("cbc:AllowanceChargeReasonCode", 669, _IN_PRICE),
    _warning("cbc:AllowanceChargeReason", 670, _IN_PRICE),
    _count("", 4, "cac:AdditionalDocumentReference[cbc:DocumentTypeCode = '130']/cbc:ID"),
    _count("", 16, f"{_BUYER}/cac:PartyIdentification/cbc:ID"),
    _count(
        "cac:PayeeParty",
        20,
        _misses(f"count(cac:PartyIdentification/cbc:ID[{_SCHEME} != 'SEPA']) <= 1 and {_IS_NOT_SELLER}"),
        0,
    ),
    _count("line", 34, "cbc:Note"),
    _count("line", 37, "cac:Price/cac:AllowanceCharge/cbc:Amount"),
    _count("line", 48, _misses("count(cac:Item/cac:ClassifiedTaxCategory) = 1"), 0),
    _count("line", 52, "cac:DocumentReference"),
)

_TERMS = (
    "{0}cac:DeliveryTerms/*[not(self::cbc:ID or self::cac:DeliveryLocation)]"
    " | {0}cac:DeliveryTerms/cac:DeliveryLocation/*[not(self::cbc:Name)]"
)
_RATE_PARTS = " or ".join(
    f"local-name() = '{name}'" for name in ("SourceCurrencyCode", "TargetCurrencyCode", "CalculationRate", "Date")
)

# A line counts in the sums of the invoice unless it is a sub-line of another kind than DETAIL.
_IS_COUNTED = (
    "not(cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID)"
    " or cac:BillingReference[cac:InvoiceDocumentReference/cbc:ID = /*/cbc:ID]"
    "/cac:InvoiceDocumentReference/cbc:DocumentStatusCode = 'DETAIL'"
)
_CATEGORIES = "count(cac:Item/cac:ClassifiedTaxCategory)"

# The extension has references of its own in the lines.
_ON_TOP = "self::*[parent::ubl:Invoice or parent::cn:CreditNote]"

_EXTENDED: tuple[Row, ...] = (
    _count("cac:BillingReference", 6, f"{_ON_TOP}/cac:InvoiceDocumentReference"),
    _count("cac:BillingReference", 7, f"{_ON_TOP}[not(cac:InvoiceDocumentReference/cbc:ID)]", 0),
    Row("", "UBL-FREXT-CR-410", _TERMS.format(""), once=True, is_fatal=False),
    Row("line", "UBL-FREXT-CR-645", _TERMS.format(""), once=True, is_fatal=False),
    Row(
        "",
        "CII-FREXT-CR-490",
        f"cac:TaxExchangeRate/*[not({_RATE_PARTS})]",
        once=True,
        is_fatal=False,
    ),
    Row(
        "line",
        "UBL-FREXT-SR-48",
        _misses(f"({_IS_COUNTED}) and {_CATEGORIES} = 1 or not({_IS_COUNTED}) and {_CATEGORIES} <= 1"),
    ),
)

ROWS: Mapping[str, tuple[Row, ...]] = {
    "en16931": (*_COMMON, *_EN16931),
    "extended-ctc-fr": (*_COMMON, *_EXTENDED),
}

# Attributes that EN 16931 has no use for: each rule fires once for the document, on any element.
ATTRIBUTES: Mapping[str, str] = {
    "unitCodeListID": "UBL-CR-663",
    "schemeName": "UBL-DT-08",
    "schemeAgencyName": "UBL-DT-09",
    "schemeDataURI": "UBL-DT-10",
    "schemeURI": "UBL-DT-11",
    "format": "UBL-DT-12",
    "unitCodeListIdentifier": "UBL-DT-13",
    "unitCodeListAgencyIdentifier": "UBL-DT-14",
    "unitCodeListAgencyName": "UBL-DT-15",
    "listAgencyName": "UBL-DT-16",
    "listName": "UBL-DT-17",
    "name": "UBL-DT-18",
    "languageID": "UBL-DT-19",
    "listURI": "UBL-DT-20",
    "listSchemeURI": "UBL-DT-21",
    "languageLocaleID": "UBL-DT-22",
    "uri": "UBL-DT-23",
    "currencyCodeListVersionID": "UBL-DT-24",
    "characterSetCode": "UBL-DT-25",
    "encodingCode": "UBL-DT-26",
    "schemeAgencyID": "UBL-DT-27",
    "listAgencyID": "UBL-DT-28",
}
