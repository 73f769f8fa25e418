"""The fixed words of the readable report, French and English side by side."""

from collections.abc import Mapping

from flux.model.interface import Family
from flux.model.partner import Language
from flux.replies.phrases import choose, typeset

_WORDS: Mapping[str, tuple[str, str]] = {
    "title": ("Compte rendu d'intégration", "Integration report"),
    "qualification": (
        "Environnement de qualification : ce compte rendu n'a pas de valeur en production.",
        "Qualification environment: this report has no effect in production.",
    ),
    "status": ("statut", "status"),
    "facts": ("Le flux", "The flow"),
    "flow_name": ("Nom du fichier", "File name"),
    "flow_number": ("Numéro chez nous", "Our number"),
    "flow_received": ("Reçu le", "Received on"),
    "flow_size": ("Taille", "Size"),
    "bytes": ("octets", "bytes"),
    "flow_hash": ("Empreinte SHA-256", "SHA-256 hash"),
    "sender": ("Déposé par", "Deposited by"),
    "built": ("Compte rendu fait le", "Report made on"),
    "flow_faults": ("Ce qui rend le flux irrecevable", "What makes the flow inadmissible"),
    "causes": ("Les causes, de la plus fréquente à la plus rare", "The causes, most frequent first"),
    "cause": ("Cause", "Cause"),
    "code": ("Code", "Code"),
    "invoices": ("Factures", "Invoices"),
    "occurrences": ("Fois", "Times"),
    "who": ("Qui agit", "Who acts"),
    "rejected_title": ("Factures rejetées", "Rejected invoices"),
    "field": ("Champ", "Field"),
    "place": ("Où", "Where"),
    "line": ("ligne", "line"),
    "lines": ("lignes", "lines"),
    "found": ("Trouvé", "Found"),
    "expected": ("Attendu", "Expected"),
    "fix": ("À faire", "What to do"),
    "excerpt": ("Dans le fichier", "In the file"),
    "empty": ("(vide)", "(empty)"),
    "without_number": ("Fichier sans facture lisible", "File without a readable invoice"),
    "not_taken_title": ("Bonnes factures à renvoyer", "Good invoices to send again"),
    "not_taken_text": (
        "Rien n'est à leur reprocher : renvoyez-les telles quelles, sous les mêmes numéros, dans un nouveau flux.",
        "Nothing is wrong with them: send them again as they are, under the same numbers, in a new flow.",
    ),
    "remarks": ("Remarques sans effet sur l'intégration", "Remarks that change nothing to the outcome"),
    "accepted_title": ("Factures intégrées", "Invoices taken in"),
    "number": ("Numéro", "Number"),
    "date": ("Date", "Date"),
    "supplier": ("Fournisseur", "Supplier"),
    "recipient": ("Destinataire", "Recipient"),
    "amount": ("À payer", "Amount due"),
    "file": ("Fichier", "File"),
    "checks": ("Ce qui a été contrôlé", "What was checked"),
    "check": ("Contrôle", "Check"),
    "ruleset": ("Référence", "Rule set"),
    "passed": ("Réussi", "Passed"),
    "failed": ("Échoué", "Failed"),
    "not_run": ("Non exécuté", "Not run"),
    "no_checks": (
        "Aucune facture n'a été contrôlée : le flux a été refusé avant.",
        "No invoice was checked: the flow was refused before.",
    ),
    # {count} is written by the template.
    "more_faults": (
        "Et {count} de plus sur cette facture : voir la liste CSV.",
        "And {count} more on this invoice: see the CSV list.",
    ),
    "more_places": ("Et {count} autres endroits : voir la liste CSV.", "And {count} more places: see the CSV list."),
    "more_places_one": ("Et un autre endroit : voir la liste CSV.", "And one more place: see the CSV list."),
    "like": ("comme plus haut, pour {number}.", "as above, for {number}."),
    "same_in": ("La même dans {count} factures :", "The same in {count} invoices:"),
    "more_invoices": ("Et {count} de plus : voir la liste CSV.", "And {count} more: see the CSV list."),
    "more_accepted": (
        "Et {count} de plus : voir le fichier de statuts.",
        "And {count} more: see the file of statuses.",
    ),
    "more_remarks": ("Et {count} remarques de plus, de même sorte.", "And {count} more remarks of the same kinds."),
    "more_numbers": (" et {count} de plus", " and {count} more"),
    "who_says": ("Qui le dit", "Who says so"),
}

# What is named otherwise where the replies are life-cycle messages.
_AFNOR_WORDS: Mapping[str, tuple[str, str]] = {
    "more_accepted": (
        "Et {count} de plus : voir les messages de cycle de vie.",
        "And {count} more: see the life-cycle messages.",
    ),
}


def page_words(language: Language, family: Family) -> Mapping[str, str]:
    """Every fixed word of the page in one language."""
    words = {**_WORDS, **_AFNOR_WORDS} if family is Family.AFNOR else _WORDS
    return {key: typeset(choose(pair, language), language) for key, pair in words.items()}
