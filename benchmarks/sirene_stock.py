"""A stock of SIRENE made up: as many establishments as are asked for, with the columns and the width of the published one.

Two SIRENs of five are taken at the size of the real one, each with one establishment or two, far out of order; three of
five establishments are closed. The other columns repeat every million rows: nothing reads them, but a csv has to be read
past them. That csv is half again as large as the published one, because every text is in quotes.
"""

import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import csv

Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]

BATCH = 1_000_000
CLOSED_SHARE = 0.6
LA_POSTE_ROWS = 18_000
LINKS_PER_ROW = 0.2
# Eight digits: where most of them are.
FIRST_SIREN, LAST_SIREN = 30_000_000, 98_000_000
SEED = 20261101

# In the order of the published file; those that have no example here are empty in most of its rows.
COLUMNS = (
    "siren",
    "nic",
    "siret",
    "statutDiffusionEtablissement",
    "dateCreationEtablissement",
    "trancheEffectifsEtablissement",
    "anneeEffectifsEtablissement",
    "activitePrincipaleRegistreMetiersEtablissement",
    "dateDernierTraitementEtablissement",
    "etablissementSiege",
    "nombrePeriodesEtablissement",
    "complementAdresseEtablissement",
    "numeroVoieEtablissement",
    "indiceRepetitionEtablissement",
    "dernierNumeroVoieEtablissement",
    "indiceRepetitionDernierNumeroVoieEtablissement",
    "typeVoieEtablissement",
    "libelleVoieEtablissement",
    "codePostalEtablissement",
    "libelleCommuneEtablissement",
    "libelleCommuneEtrangerEtablissement",
    "distributionSpecialeEtablissement",
    "codeCommuneEtablissement",
    "codeCedexEtablissement",
    "libelleCedexEtablissement",
    "codePaysEtrangerEtablissement",
    "libellePaysEtrangerEtablissement",
    "identifiantAdresseEtablissement",
    "coordonneeLambertAbscisseEtablissement",
    "coordonneeLambertOrdonneeEtablissement",
    "complementAdresse2Etablissement",
    "numeroVoie2Etablissement",
    "indiceRepetition2Etablissement",
    "typeVoie2Etablissement",
    "libelleVoie2Etablissement",
    "codePostal2Etablissement",
    "libelleCommune2Etablissement",
    "libelleCommuneEtranger2Etablissement",
    "distributionSpeciale2Etablissement",
    "codeCommune2Etablissement",
    "codeCedex2Etablissement",
    "libelleCedex2Etablissement",
    "codePaysEtranger2Etablissement",
    "libellePaysEtranger2Etablissement",
    "dateDebut",
    "etatAdministratifEtablissement",
    "enseigne1Etablissement",
    "enseigne2Etablissement",
    "enseigne3Etablissement",
    "denominationUsuelleEtablissement",
    "activitePrincipaleEtablissement",
    "nomenclatureActivitePrincipaleEtablissement",
    "caractereEmployeurEtablissement",
)

EXAMPLES = {
    "statutDiffusionEtablissement": ["O", "O", "P"],
    "dateCreationEtablissement": [f"{year}-0{month}-1{month}" for year in range(1970, 2026) for month in range(1, 9)],
    "trancheEffectifsEtablissement": ["", "NN", "01", "11"],
    "dateDernierTraitementEtablissement": [f"2024-0{month}-2{month}T0{month}:12:45" for month in range(1, 9)],
    "etablissementSiege": ["true", "false"],
    "nombrePeriodesEtablissement": ["1", "2", "3", "4"],
    "numeroVoieEtablissement": [str(number) for number in range(1, 200)],
    "typeVoieEtablissement": ["RUE", "AVENUE", "CHEMIN", "BOULEVARD", "ROUTE"],
    "libelleVoieEtablissement": [
        f"{street} {number}" for street in ("DU PORT", "DES TILLEULS") for number in range(500)
    ],
    "codePostalEtablissement": [str(code) for code in range(10_000, 96_000, 37)],
    "libelleCommuneEtablissement": [f"SAINT MARTIN SUR {name}" for name in ("LOIRE", "SEINE", "RHONE", "MEUSE", "LOT")],
    "codeCommuneEtablissement": [str(code) for code in range(10_000, 96_000, 41)],
    "identifiantAdresseEtablissement": [f"{code}_B" for code in range(750_000_000, 750_090_000)],
    "coordonneeLambertAbscisseEtablissement": [f"{place}.4703219" for place in range(300_000, 990_000, 7)],
    "coordonneeLambertOrdonneeEtablissement": [f"{place}.8812044" for place in range(6_100_000, 7_100_000, 11)],
    "denominationUsuelleEtablissement": ["", "", "", "ATELIER DU LAC", "BOULANGERIE MARTIN"],
    "activitePrincipaleEtablissement": ["68.20A", "47.11F", "62.01Z", "94.99Z", "56.10A"],
    "nomenclatureActivitePrincipaleEtablissement": ["NAFRev2", "NAFRev2", "NAP"],
    "caractereEmployeurEtablissement": ["N", "O", ""],
}

SCHEMA = pa.schema([(name, pa.string()) for name in COLUMNS])
LINKS = pa.schema(
    [
        (name, pa.string())
        for name in ("siretEtablissementPredecesseur", "siretEtablissementSuccesseur", "dateLienSuccession")
    ]
)


def make_sirets(rows: int) -> Iterator[Numbers]:
    """Every SIRET once: those of La Poste, then those with right keys."""
    la_poste = [35600000000000 + number for number in range(10**5) if (14 + sum(map(int, str(number)))) % 5 == 0]
    la_poste = la_poste[: min(LA_POSTE_ROWS, rows // 2)]
    yield np.array(la_poste, dtype=np.int64)
    rest = rows - len(la_poste)
    for start in range(0, rest, BATCH):
        order = np.arange(start, min(start + BATCH, rest), dtype=np.int64)
        yield _with_keys(*_scatter((order * 7_368_787) % rest, rest))  # a prime: each once


def _scatter(order: Numbers, rows: int) -> tuple[Numbers, Numbers]:
    """Eight digits of a SIREN and four of a NIC: of each three units the last has two establishments."""
    unit = order // 4 * 3 + np.minimum(order % 4, 2)
    nic = 1 + unit % 3 + (order % 4 == 3)
    return FIRST_SIREN + unit * (LAST_SIREN - FIRST_SIREN) // (rows // 4 * 3 + 3), nic


def make_strangers(sirets: Numbers) -> Numbers:
    """As many SIRETs that no stock of ours has, with right keys and the SIRENs of these."""
    return _with_keys(sirets // 10**6, sirets // 10 % 10**4 + 5)


def _with_keys(siren: Numbers, nic: Numbers) -> Numbers:
    nine = siren * 10 + _check_digit(siren)
    thirteen = nine * 10**4 + nic
    return thirteen * 10 + _check_digit(thirteen)


def _check_digit(numbers: Numbers) -> Numbers:
    total = np.zeros_like(numbers)
    rest = numbers
    for place in range(13):
        rest, digit = np.divmod(rest, 10)
        total += np.where(digit > 4, 2 * digit - 9, 2 * digit) if place % 2 == 0 else digit
    return (-total) % 10


def write_parquet(path: Path, rows: int) -> None:
    """As published, in parquet."""
    with pq.ParquetWriter(path, SCHEMA) as writer:
        for table in make_tables(rows):
            writer.write_table(table)


def write_csv(path: Path, rows: int) -> None:
    """As published, in csv."""
    with csv.CSVWriter(path, SCHEMA, write_options=csv.WriteOptions(quoting_style="needed")) as writer:
        for table in make_tables(rows):
            writer.write_table(table)


def write_zip(path: Path, stock: Path) -> None:
    """The csv packed as it is published."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        member = zipfile.ZipInfo("StockEtablissement_utf8.csv")
        member.compress_type = zipfile.ZIP_DEFLATED
        with stock.open("rb") as source, archive.open(member, "w", force_zip64=True) as target:
            shutil.copyfileobj(source, target, 1 << 20)


def write_successions(path: Path, rows: int) -> None:
    """One link for every five establishments, to the one that was made before it."""
    with pq.ParquetWriter(path, LINKS) as writer:
        for sirets in make_sirets(rows):
            before = _as_text(sirets[: int(len(sirets) * LINKS_PER_ROW)])
            after = _as_text(np.roll(sirets, 1)[: len(before)])
            day = pa.repeat(pa.scalar("2020-01-01"), len(before))
            writer.write_table(pa.table([before, after, day], schema=LINKS))


def make_tables(rows: int) -> Iterator[pa.Table]:
    """The stock, a million rows at a time."""
    random = np.random.default_rng(SEED)
    others = {name: _examples(name, random) for name in COLUMNS}
    days = pa.array(np.datetime_as_string(np.datetime64("1990-01-01") + np.arange(13_000)))
    for sirets in make_sirets(rows):
        siret = _as_text(sirets)
        made = {
            "siren": pc.utf8_slice_codeunits(siret, 0, 9),
            "nic": pc.utf8_slice_codeunits(siret, 9, 14),
            "siret": siret,
            "dateDebut": days.take(pa.array(random.integers(0, len(days), len(sirets)))),
            "etatAdministratifEtablissement": pa.array(np.where(random.random(len(sirets)) < CLOSED_SHARE, "F", "A")),
        }
        yield pa.table({name: made.get(name, others[name][: len(sirets)]) for name in COLUMNS}, schema=SCHEMA)


def _as_text(sirets: Numbers) -> pa.Array:
    return pc.utf8_lpad(pa.array(sirets).cast(pa.string()), width=14, padding="0")


def _examples(name: str, random: np.random.Generator) -> pa.Array:
    values = pa.array(EXAMPLES.get(name, [""]))
    return values.take(pa.array(random.integers(0, len(values), BATCH)))
