"""Columns of the files that fill the register, and finding them under the headings that a file has.

Our own headings are the first names here. The others are those of Chorus Pro's programming interface and the words that
its exports and users have for them: the headings of the public export are published nowhere, so `[register.columns]`
and `[register.service_columns]` name what differs.
"""

import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flux.errors import RegisterError
from flux.register.table_file import TableFile


@dataclass(frozen=True, slots=True)
class Column:
    """A column by our name, by other headings that mean it, and whether a file must have it."""

    name: str
    headings: tuple[str, ...] = ()
    is_required: bool = False


_IDENTITY = (
    Column("identifier", ("siret", "identifiant", "identifiant_structure", "id_siret", "n_siret"), is_required=True),
    Column("identifier_type", ("type_identifiant", "type_identifiant_structure")),
)
_ACTIVITY = (
    Column("state", ("statut", "etat", "statut_structure", "actif", "est_actif")),
    Column("active_from", ("date_debut", "date_debut_validite", "active_depuis")),
    Column("active_until", ("date_fin", "date_fin_validite", "active_jusqu_au")),
)

SUPPLIER_COLUMNS = (
    *_IDENTITY,
    Column("name", ("raison_sociale", "nom", "designation_structure", "libelle"), is_required=True),
    Column("country", ("pays", "code_pays")),
    Column("vat_number", ("numero_tva", "n_tva", "tva_intracommunautaire")),
    *_ACTIVITY,
    Column("iban"),
    Column("rib"),
    Column("bic"),
    Column("account_holder", ("titulaire",)),
    Column("account_from", ("compte_depuis",)),
    Column("account_until", ("compte_jusqu_au",)),
    Column("factor", ("affactureur", "siret_affactureur")),
    Column("source_document", ("piece",)),
    Column("declared_by", ("declare_par",)),
    Column("approved_by", ("approuve_par",)),
    Column("approved_on", ("approuve_le",)),
)

DIRECTORY_COLUMNS = (
    *_IDENTITY,
    Column("name", ("raison_sociale", "nom", "designation_structure", "libelle", "nom_structure"), is_required=True),
    *_ACTIVITY,
    Column(
        "requires_service",
        ("code_service_doit_etre_renseigne", "codeservicedoitetrerenseigne", "service_obligatoire", "gestion_service",
         "code_service_obligatoire"),
        is_required=True,
    ),
    Column(
        "requires_engagement",
        ("numero_ej_doit_etre_renseigne", "numeroejdoitetrerenseigne", "engagement_obligatoire", "gestion_engagement",
         "ej_obligatoire", "numero_engagement_obligatoire"),
        is_required=True,
    ),
    Column(
        "requires_service_or_engagement",
        ("gestion_numero_ej_ou_code_service", "gestionnumeroejoucodeservice", "service_ou_ej_obligatoire",
         "service_ou_engagement_obligatoire", "gestion_service_engagement", "ej_ou_code_service_obligatoire"),
    ),
)  # fmt: skip

SERVICE_COLUMNS = (
    *_IDENTITY,
    Column("service_code", ("code_service", "codeservice", "code"), is_required=True),
    Column("service_label", ("libelle_service", "nom_service", "libelle", "nom")),
    Column("state", ("est_actif", "estactif", "actif", "statut", "statut_service", "service_actif")),
    Column("service_from", ("date_debut", "date_debut_validite", "active_from")),
    Column("service_until", ("date_fin", "date_fin_validite", "active_until")),
    Column(
        "requires_engagement",
        ("numero_engagement", "numeroengagement", "engagement_obligatoire", "gestion_egmt", "gestion_engagement"),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where each of our columns stands in a file, and the headings that mean nothing to us."""

    positions: Mapping[str, int]
    unread: tuple[str, ...]

    def cell(self, cells: Sequence[str], column: str) -> str:
        """A cell, empty where the file has no such column or the line is too short."""
        position = self.positions.get(column)
        return cells[position] if position is not None and position < len(cells) else ""


def find_columns(table: TableFile, columns: Sequence[Column], renamed: Mapping[str, str]) -> Layout:
    """Where the columns stand. Raises RegisterError naming those that are missing, and those that are there twice."""
    headings = [plain_heading(heading) for heading in table.headings]
    positions: dict[str, int] = {}
    faults = []
    for column in columns:
        found = _positions_of(column, headings, renamed)
        if len(found) > 1:
            faults.append(f"{table.name}:1: {column.name}: two columns bear it: {_quote(table, found)}")
        elif found:
            positions[column.name] = found[0]
        elif column.is_required or column.name in renamed:
            faults.append(_describe_missing(table, column, renamed))
    if faults:
        raise RegisterError("\n".join(faults))
    taken = set(positions.values())
    unread = tuple(heading for index, heading in enumerate(table.headings) if heading and index not in taken)
    return Layout(positions=positions, unread=unread)


def plain_heading(heading: str) -> str:
    """A heading in small letters without accents: `N° SIRET` is `n_siret`."""
    bare = unicodedata.normalize("NFKD", heading.replace("°", " ")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", bare.lower()).strip("_")


def refuse_unread(table: TableFile, layout: Layout, columns: Sequence[Column]) -> None:
    """In a file of our own form a heading that we do not know is a slip. Raises RegisterError."""
    known = [column.name for column in columns]
    faults = []
    for heading in layout.unread:
        near = difflib.get_close_matches(plain_heading(heading), known, n=1)
        hint = f", did you mean {near[0]}?" if near else f"; known: {', '.join(known)}"
        faults.append(f"{table.name}:1: {heading!r} is no column of this file{hint}")
    if faults:
        raise RegisterError("\n".join(faults))


def _positions_of(column: Column, headings: Sequence[str], renamed: Mapping[str, str]) -> list[int]:
    """By the name that the configuration gives, else by ours, else by the first other heading that is there."""
    names = (renamed[column.name],) if column.name in renamed else (column.name, *column.headings)
    for name in map(plain_heading, names):
        found = [index for index, heading in enumerate(headings) if heading == name]
        if found:
            return found
    return []


def _describe_missing(table: TableFile, column: Column, renamed: Mapping[str, str]) -> str:
    wanted = repr(renamed[column.name]) if column.name in renamed else " or ".join((column.name, *column.headings[:3]))
    present = ", ".join(heading for heading in table.headings if heading) or "none"
    return (
        f"{table.name}:1: {column.name}: no column is headed {wanted}; found: {present}; "
        f'a heading of the directory can be named in [register.columns]: {column.name} = "…"'
    )


def _quote(table: TableFile, positions: Sequence[int]) -> str:
    return ", ".join(repr(table.headings[position]) for position in positions)
