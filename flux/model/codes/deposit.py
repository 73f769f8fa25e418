"""Codes of deposits that are known by name and not treated."""

from flux.model.codes.code import TO_SENDER, Code, Who, Words
from flux.model.finding import LayerName, Severity

ROWS = (
    Code(
        code="INTERFACE_NOT_TREATED",
        layer=LayerName.INTAKE,
        legacy=Severity.FATAL,
        afnor=Severity.FATAL,
        motif="IRR_NOM_F",
        who=Who.TECHNICAL_TEAM,
        audience=TO_SENDER,
        fr=Words(
            title="Interface non traitée",
            message="L'interface {found}[ ({purpose_fr})] existe, mais cette installation ne la traite pas : "
            "rien n'a été lu du flux.",
            fix="{advice_fr} Ou demander à l'exploitant de la passerelle si cette interface peut y être ouverte.",
            expected="un dépôt sous une interface que cette installation traite",
        ),
        en=Words(
            title="Interface not treated",
            message="The interface {found}[ ({purpose_en})] exists, but this installation does not treat it: "
            "nothing of the flow was read.",
            fix="{advice_en} Or ask the operator of the gateway whether this interface can be opened there.",
            expected="a deposit under an interface that this installation treats",
        ),
    ),
    Code(
        code="SYNTAX_LIFE_CYCLE",
        layer=LayerName.INTAKE,
        legacy=Severity.FATAL,
        afnor=Severity.FATAL,
        motif="IRR_TYPE_F",
        who=Who.TECHNICAL_TEAM,
        audience=TO_SENDER,
        fr=Words(
            title="Message de cycle de vie",
            message="Le fichier est un message de cycle de vie[ ({found})], pas une facture : cette installation n'en reçoit "
            "pas.",
            fix="Saisir le statut sur le portail Chorus Pro ; demander à l'exploitant de la passerelle si les messages de cycle "
            "de vie peuvent y être déposés.",
            expected="une facture[ : {expected}]",
        ),
        en=Words(
            title="Life-cycle message",
            message="The file is a life-cycle message[ ({found})], not an invoice: this installation receives none.",
            fix="Enter the status on the Chorus Pro portal; ask the operator of the gateway whether life-cycle messages can be "
            "deposited there.",
            expected="an invoice[: {expected}]",
        ),
    ),
)
