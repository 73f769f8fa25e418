"""A structure of the register, for people and as JSON. Accounts and individuals are masked in both."""

from collections.abc import Iterable
from datetime import date

from flux.app.register import ShownStructure
from flux.cli.register_accounts import account_columns, account_json, account_row
from flux.cli.tables import console, print_table
from flux.model.masking import mask_identifier
from flux.model.register import Establishment, IdentifierType, Structure, StructureId, Validity


def structure_json(shown: ShownStructure, day: date) -> dict[str, object]:
    """All that is known, with what holds on a day."""
    record = shown.record
    return {
        **_identity_json(shown.identifier),
        "at": day.isoformat(),
        "structure": _structure_json(record.structure, day) if record else None,
        "accounts": [account_json(line, day) for line in record.accounts] if record else [],
        "known_since": record.known_since.isoformat() if record else None,
        "acts": [
            {
                "act": act.number,
                "kind": act.kind.value,
                "source": act.source.value,
                "version": act.version,
                "at": act.at.isoformat(),
                "by": act.by,
            }
            for act in (record.acts if record else ())
        ],
        "sirene": _establishment_json(shown.establishment, day),
        "sources": {
            state.source.value: {
                "version": state.version,
                "imported_at": state.imported_at.isoformat(),
                "stale": state.is_stale,
            }
            for state in shown.sources
        },
    }


def _identity_json(identifier: StructureId) -> dict[str, object]:
    return {"identifier": mask_identifier(identifier), "type": identifier.type.name.lower()}


def _structure_json(structure: Structure, day: date) -> dict[str, object]:
    flags = structure.flags
    return {
        "name": _name_of(structure),
        "country": structure.country,
        "vat_number": structure.vat_number,
        "is_supplier": structure.is_supplier,
        "is_public": structure.is_public,
        "is_active": structure.is_active_on(day),
        "active": [_days_json(stretch) for stretch in structure.active],
        "requires": {
            "service": flags.service,
            "engagement": flags.engagement,
            "service_or_engagement": flags.service_or_engagement,
        },
        "services": [
            {
                "code": service.code,
                "label": service.label,
                "requires_engagement": service.requires_engagement,
                "is_active": service.validity.holds_on(day),
                **_days_json(service.validity),
            }
            for service in structure.services
        ],
    }


def _days_json(validity: Validity) -> dict[str, object]:
    return {
        "from": validity.start.isoformat() if validity.start else None,
        "until": validity.end.isoformat() if validity.end else None,
    }


def _establishment_json(found: Establishment | None, day: date) -> dict[str, object] | None:
    if found is None:
        return None
    return {
        "is_open": _is_open(found, day),
        "closed_on": found.closed_on.isoformat() if found.closed_on else None,
        "successor": found.successor or None,
    }


def print_structure(shown: ShownStructure, day: date) -> None:
    """The same for people."""
    out = console()
    out.print(f"{shown.identifier.type.name} {mask_identifier(shown.identifier)}", style="bold", markup=False)
    record = shown.record
    if record is None:
        out.print("not in the register", markup=False)
    else:
        for line in _describe(record.structure, day):
            out.print(line, markup=False)
        _print_services(record.structure, day)
        if record.accounts:
            out.print()
            print_table(account_columns(), [account_row(line, day) for line in record.accounts])
    out.print(f"\nSIRENE: {_describe_establishment(shown, day)}", markup=False)
    if record is not None:
        out.print()
        print_table(
            ("act", "at", "what", "source", "version", "by"),
            [
                (
                    act.number,
                    f"{act.at.astimezone():%Y-%m-%d %H:%M}",
                    act.kind.value,
                    act.source.value,
                    act.version,
                    act.by,
                )
                for act in record.acts
            ],
        )


def _describe(structure: Structure, day: date) -> Iterable[str]:
    roles = [
        word for word, holds in (("supplier", structure.is_supplier), ("public entity", structure.is_public)) if holds
    ]
    yield ", ".join(filter(None, (_name_of(structure), structure.country, structure.vat_number)))
    yield f"{' and '.join(roles)}; {'active' if structure.is_active_on(day) else 'not active'} on {day}"
    yield "active " + ("; ".join(map(_days, structure.active)) or "never")
    if structure.is_public:
        flags = structure.flags
        demands = (("service", flags.service), ("engagement", flags.engagement),
                   ("service or engagement", flags.service_or_engagement))  # fmt: skip
        yield "demands " + (", ".join(word for word, holds in demands if holds) or "neither service nor engagement")


def _print_services(structure: Structure, day: date) -> None:
    if structure.services:
        console().print()
        print_table(
            ("service", "label", "active", "days", "engagement"),
            [
                (
                    service.code,
                    service.label,
                    "yes" if service.validity.holds_on(day) else "no",
                    _days(service.validity),
                    "demanded" if service.requires_engagement else "",
                )
                for service in structure.services
            ],
        )


def _describe_establishment(shown: ShownStructure, day: date) -> str:
    found = shown.establishment
    if found is None:
        return (
            "never imported" if all(state.source.value != "sirene" for state in shown.sources) else "does not know it"
        )
    if found.closed_on is None:
        return "open"
    state = "open" if _is_open(found, day) else "closed"
    successor = f", succeeded by {found.successor}" if found.successor else ""
    return f"{state} on {day}; closed since {found.closed_on}{successor}"


def _is_open(found: Establishment, day: date) -> bool:
    return found.closed_on is None or day < found.closed_on


def _name_of(structure: Structure) -> str:
    """A name; that of a person is nobody's business."""
    return "…" if structure.id.type is IdentifierType.INDIVIDUAL else structure.name


def _days(validity: Validity) -> str:
    if validity.start is None and validity.end is None:
        return "without known beginning or end"
    start = f"from {validity.start}" if validity.start else ""
    end = f"until {validity.end}" if validity.end else ""
    return " ".join(filter(None, (start, end)))
