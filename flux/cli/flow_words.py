"""The headings and state words of `flux flows show`, in French; in English they are the words of the ledger themselves.

Codes, names of events and reasons of failures are identifiers, the same in both languages.
"""

from collections.abc import Mapping

from flux.model.partner import Language

_FRENCH: Mapping[str, str] = {
    # of the page
    "flow": "flux", "from": "de", "(nobody we know)": "(aucun partenaire connu)", "bytes": "octets", "not settled": "non soldé",
    "(flow)": "(flux)", "no route": "sans destinataire",
    "{shown} of {count} invoices shown; --json has them all": "{shown} factures montrées sur {count} ; --json les donne toutes",
    # headings
    "invoice": "facture", "seller": "vendeur", "verdict": "verdict", "outcome": "issue", "findings": "constats",
    "severity": "gravité", "code": "code", "line": "ligne", "what": "constat", "delivery": "envoi", "kind": "nature",
    "to": "à", "file": "fichier", "state": "état", "tries": "essais", "delivered (local)": "remis (heure locale)",
    "why": "pourquoi", "at (local)": "à (heure locale)", "event": "événement", "": "",
    # states of flows and deliveries
    "received": "reçu", "quarantined": "en quarantaine", "judging": "en cours de contrôle", "held": "retenu",
    "judged": "contrôlé", "answered": "répondu", "closed": "clos", "planned": "prévu", "due": "à remettre",
    "delivered": "remis", "uncertain": "incertain", "dead": "abandonné",
    # verdicts, outcomes, severities
    "accepted": "accepté", "rejected": "rejeté", "not_judged": "non jugé", "not_taken": "non pris", "fatal": "fatal",
    "warning": "avertissement", "info": "information", "off": "désactivé",
    # kinds of outputs
    "report": "compte rendu", "statuses": "statuts", "flow_message": "message de flux",
    "invoice_messages": "messages de factures", "invoice_message": "message de facture", "readable_html": "page lisible",
    "readable_csv": "tableau lisible", "forward": "transmission", "alerts": "alertes",
}  # fmt: skip


def say(word: str, language: Language) -> str:
    """A heading or a state word in that language. Raises KeyError for a word that has no French."""
    return _FRENCH[word] if language is Language.FR else word
