"""Why a parser gave up, said to a person: libxml2's error codes in French and English."""

from collections.abc import Mapping

from lxml.etree import ErrorTypes

# Code of libxml2 to its French and English sentence.
_REASONS: Mapping[int, tuple[str, str]] = {
    ErrorTypes.ERR_DOCUMENT_EMPTY: ("le contenu ne commence pas par « < »", "the content does not start with “<”"),
    ErrorTypes.ERR_DOCUMENT_END: (
        "il y a du contenu après la fin du document",
        "there is content after the end of the document",
    ),
    ErrorTypes.ERR_INVALID_CHAR: ("caractère interdit en XML", "character that XML does not allow"),
    ErrorTypes.ERR_UNDECLARED_ENTITY: (
        "entité inconnue : seules &amp; &lt; &gt; &quot; &apos; existent",
        "unknown entity: only &amp; &lt; &gt; &quot; &apos; exist",
    ),
    ErrorTypes.ERR_LT_IN_ATTRIBUTE: (
        "« < » dans un attribut : écrire &lt;",
        "“<” in an attribute: write &lt;",
    ),
    ErrorTypes.ERR_ATTRIBUTE_NOT_STARTED: (
        "valeur d'attribut sans guillemets",
        "attribute value without quotes",
    ),
    ErrorTypes.ERR_ATTRIBUTE_WITHOUT_VALUE: ("attribut sans valeur", "attribute without a value"),
    ErrorTypes.ERR_ATTRIBUTE_REDEFINED: ("attribut écrit deux fois", "attribute written twice"),
    ErrorTypes.ERR_CDATA_NOT_FINISHED: ("section CDATA jamais fermée", "CDATA section never closed"),
    ErrorTypes.ERR_COMMENT_NOT_FINISHED: ("commentaire jamais fermé", "comment never closed"),
    ErrorTypes.ERR_HYPHEN_IN_COMMENT: ("« -- » dans un commentaire", "“--” inside a comment"),
    ErrorTypes.ERR_NAME_REQUIRED: (
        "« & » ou « < » isolé : écrire &amp; ou &lt;",
        "stray “&” or “<”: write &amp; or &lt;",
    ),
    ErrorTypes.ERR_RESERVED_XML_NAME: (
        "la déclaration <?xml … ?> doit être au tout début du fichier",
        "the declaration <?xml … ?> must be at the very start of the file",
    ),
    ErrorTypes.ERR_TAG_NAME_MISMATCH: (
        "la balise fermante ne correspond pas à la balise ouverte",
        "the closing tag is not that of the open element",
    ),
    ErrorTypes.ERR_TAG_NOT_FINISHED: (
        "le document s'arrête avant la fin d'un élément",
        "the document stops before the end of an element",
    ),
    ErrorTypes.ERR_UNKNOWN_VERSION: ("version de XML inconnue", "unknown version of XML"),
    ErrorTypes.NS_ERR_UNDEFINED_NAMESPACE: ("préfixe d'espace de noms non déclaré", "undeclared namespace prefix"),
    ErrorTypes.NS_ERR_XML_NAMESPACE: ("espace de noms mal déclaré", "ill-declared namespace"),
}


def reason_of(code: int, message: str) -> tuple[str, str]:
    """Why the parser gave up, in French and in English; the parser's own words where we have none."""
    plain = message.partition(", line ")[0].strip()
    return _REASONS.get(code, (f"XML mal formé ({plain})", f"ill-formed XML ({plain})"))
