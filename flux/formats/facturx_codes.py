"""The code lists of the profiles of Factur-X 1.09, by the name that the tables of `flux.formats.facturx_rules` give them."""

from collections.abc import Mapping

from flux.model.code_lists.iso import COUNTRIES, CURRENCIES
from flux.model.code_lists.schemes import EAS, ICD
from flux.model.code_lists.units import UNITS
from flux.model.code_lists.untdid import (
    ALLOWANCE_REASONS,
    CHARGE_REASONS,
    CII_NOTE_SUBJECTS,
    CII_TYPES,
    DELIVERY_TERMS,
    ITEM_CLASSIFICATIONS,
    PAYMENT_MEANS,
    REFERENCE_QUALIFIERS,
    TAX_TYPES,
    VAT_CATEGORIES,
)
from flux.model.code_lists.vatex import VATEX

_NEW_SCHEMES = frozenset(f"{number:04}" for number in range(241, 249))
_NEW_TYPES = frozenset({"471", "472", "473", "500", "501", "502", "503"})

# ISO 639-2.
_LANGUAGES = frozenset(
    """
    aar abk ace ach ada ady afa afh afr ain aka akk alb ale alg alt amh ang anp apa ara arc arg arm arn arp art arw
    asm ast ath aus ava ave awa aym aze bad bai bak bal bam ban baq bas bat bej bel bem ben ber bho bih bik bin bis
    bla bnt bod bos bra bre btk bua bug bul bur byn cad cai car cat cau ceb cel ces cha chb che chg chk chm chn cho
    chp chr chu chv chy cmc cnr cop cor cos cpe cpf cpp cre crh crp csb cus cym cze dak dan dar day del den deu dgr
    din div doi dra dsb dua dum dut dyu dzo efi egy eka ell elx eng enm epo est eus ewe ewo fan fao fas fat fij fil
    fin fiu fon fra fre frm fro frr frs fry ful fur gaa gay gba gem geo ger gez gil gla gle glg glv gmh goh gon gor
    got grb grc gre grn gsw guj gwi hai hat hau haw heb her hil him hin hit hmn hmo hrv hsb hun hup hye iba ibo ice
    ido iii ijo iku ile ilo ina inc ind ine inh ipk ira iro isl ita jav jbo jpn jpr jrb kaa kab kac kal kam kan kar
    kas kat kau kaw kaz kbd kha khi khm kho kik kin kir kmb kok kom kon kor kos kpe krc krl kro kru kua kum kur kut
    lad lah lam lao lat lav lez lim lin lit lol loz ltz lua lub lug lui lun luo lus mac mad mag mah mai mak mal man
    mao map mar mas may mdf mdr men mga mic min mis mkd mkh mlg mlt mnc mni mno moh mon mos mri msa mul mun mus mwl
    mwr mya myn myv nah nai nap nau nav nbl nde ndo nds nep new nia nic niu nld nno nob nog non nor nqo nso nub nwc
    nya nym nyn nyo nzi oci oji ori orm osa oss ota oto paa pag pal pam pan pap pau peo per phi phn pli pol pon por
    pra pro pus qaa-qtz que raj rap rar roa roh rom ron rum run rup rus sad sag sah sai sal sam san sas sat scn sco
    sel sem sga sgn shn sid sin sio sit sla slk slo slv sma sme smi smj smn smo sms sna snd snk sog som son sot spa
    sqi srd srn srp srr ssa ssw suk sun sus sux swa swe syc syr tah tai tam tat tel tem ter tet tgk tgl tha tib tig
    tir tiv tkl tlh tli tmh tog ton tpi tsi tsn tso tuk tum tup tur tut tvl twi tyv udm uga uig ukr umb und urd uzb
    vai ven vie vol vot wak wal war was wel wen wln wol xal xho yao yap yid yor ypk zap zbl zen zgh zha zho znd zul
    zun zxx zza
    """.split()
)

_MIME_CODES = frozenset(
    {
        "application/json",
        "application/pdf",
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/xml",
        "image/jpeg",
        "image/png",
        "text/csv",
        "text/xml",
    }
)


def _profile(name: str) -> frozenset[str]:
    """The two names of a profile, in France and in Germany."""
    return frozenset({f"{name}", name.replace("factur-x.eu:1p0", "zugferd.de:2p0")})


LISTS: Mapping[str, frozenset[str]] = {
    "minimum": _profile("urn:factur-x.eu:1p0:minimum"),
    "basicwl": _profile("urn:factur-x.eu:1p0:basicwl"),
    "basic": _profile("urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic"),
    "extended": _profile("urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended"),
    "130": frozenset({"130"}),
    "50": frozenset({"50"}),
    "916": frozenset({"916"}),
    "allowance-reasons": ALLOWANCE_REASONS,
    "charge-reasons": CHARGE_REASONS,
    "contract-types": REFERENCE_QUALIFIERS | {"CONTRAT", "MARCHE"},
    "countries": COUNTRIES | {"SS"},
    "currencies": CURRENCIES - {"STD"} | {"STN"},
    "day": frozenset({"102"}),
    "day-or-minute": frozenset({"102", "205"}),
    "delivery-terms": DELIVERY_TERMS,
    "document-roles": frozenset({"50", "130", "916"}),
    "eas": EAS - {"0219", "0220"},
    "former-types": CII_TYPES - _NEW_TYPES,
    "icd": ICD,
    "icd-and-parties": ICD | {"BY", "SE"},
    "item-classifications": ITEM_CLASSIFICATIONS,
    "languages": _LANGUAGES,
    "line-kinds": frozenset({"DETAIL", "GROUP", "INFORMATION"}),
    "line-statuses": frozenset(map(str, range(1, 120))),
    "mime-codes": _MIME_CODES,
    "note-subjects": CII_NOTE_SUBJECTS,
    "party-schemes": ICD - _NEW_SCHEMES,
    "payment-means": PAYMENT_MEANS,
    "price-kinds": frozenset("1234567"),
    "reference-qualifiers": REFERENCE_QUALIFIERS,
    "tax-points": frozenset({"5", "29", "72"}),
    "tax-types": TAX_TYPES,
    "tax-types-and-vat": TAX_TYPES | {"VAT"},
    "transport-modes": frozenset("0123456789"),
    "types": CII_TYPES,
    "units": UNITS,
    "vat": frozenset({"VAT"}),
    "vat-categories": VAT_CATEGORIES,
    "vat-categories-but-split": VAT_CATEGORIES - {"B"},
    "vat-number": frozenset({"VA"}),
    "vatex": VATEX,
}
