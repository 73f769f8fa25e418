"""The register of the demonstration: the sheets of its suppliers and the directory of its public entities, as files to import."""

from datetime import date, timedelta

from flux.demo.samples import ENTITY_SIRET, OTHER_ENTITY_SIRET, SUPPLIER_IBAN, SUPPLIER_SIRET

PRINTER_SIRET, PRINTER_IBAN = "81034732800017", "FR7630006000011234567890189"
# A supplier that closed last summer.
CLOSED_SIRET = "75356054900010"
# The State demands a service code of every invoice; the department demands nothing.
CODE_SERVICE = "D2250"


def write_suppliers(today: date) -> str:
    """Structure sheets: who is active, and which account each declared."""
    long_ago, closed_on = date(2019, 1, 1), today - timedelta(days=120)
    rows = (
        (SUPPLIER_SIRET, "Papeterie du Centre SAS", "active", long_ago, "", SUPPLIER_IBAN, long_ago),
        (PRINTER_SIRET, "Imprimerie des Deux Rives SARL", "active", long_ago, "", PRINTER_IBAN, long_ago),
        (CLOSED_SIRET, "Mobilier Durand SA", "inactive", long_ago, closed_on, "", ""),
    )
    head = "identifier;name;state;active_from;active_until;iban;account_from;approved_by;approved_on"
    approvals = (("comptable", long_ago) if row[5] else ("", "") for row in rows)
    return _csv(head, [(*row, *approval) for row, approval in zip(rows, approvals, strict=True)])


def write_entities() -> str:
    """Public entities, and what each demands."""
    head = "identifier;name;requires_service;requires_engagement;requires_service_or_engagement"
    rows = (
        (ENTITY_SIRET, "Direction des services de l'État", "oui", "non", "non"),
        (OTHER_ENTITY_SIRET, "Département des Bouches-du-Rhône", "non", "non", "non"),
    )
    return _csv(head, rows)


def write_services() -> str:
    """The services of the public entities."""
    return _csv("identifier;service_code;service_label", [(ENTITY_SIRET, CODE_SERVICE, "Service exécutant Lyon")])


def _csv(head: str, rows: "list[tuple[object, ...]] | tuple[tuple[object, ...], ...]") -> str:
    return "\n".join([head, *(";".join(map(str, row)) for row in rows)]) + "\n"
