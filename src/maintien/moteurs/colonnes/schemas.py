"""The tables that go in and come out: amounts in integer centimes, months as in `coeur.calendrier`."""

from typing import Any

import pyarrow as pa

from maintien.coeur.compte.situation import COLONNES_C11

SCHEMA_ECRITURES: Any = pa.schema(
    [
        pa.field("reference_ecriture", pa.string(), nullable=False),
        pa.field("reference_compte", pa.string(), nullable=False),
        pa.field("date_comptable", pa.date32(), nullable=False),
        pa.field("date_valeur", pa.date32()),
        pa.field("date_exigibilite", pa.date32()),
        pa.field("periode", pa.int32()),
        pa.field("code", pa.string(), nullable=False),
        pa.field("debit", pa.int64(), nullable=False),
        pa.field("credit", pa.int64(), nullable=False),
        pa.field("reference_annulee", pa.string(), nullable=False),
        pa.field("affectation", pa.string(), nullable=False),
        pa.field("ordre", pa.int64(), nullable=False),
    ]
)
"""`ordre` is the order of delivery: of two entries with one reference the smaller is kept (C1)."""

SCHEMA_BAUX: Any = pa.schema(
    [
        pa.field("reference_bail", pa.string(), nullable=False),
        pa.field("reference_compte", pa.string(), nullable=False),
        pa.field("date_entree", pa.date32(), nullable=False),
        pa.field("date_sortie", pa.date32()),
        pa.field("apl_mode", pa.string(), nullable=False),
    ]
)

_TEXTES = {"reference_compte", "statut"}
_INDICATEURS = {"trois_termes_moyens", "apl_concerne", "impaye_apl_ancien", "impaye_apl_2027", "impaye_apl_legal"}
_NOMBRES = {"nb_termes_impayes", "mois_de_dette"}


def _type(colonne: str) -> Any:
    if colonne in _TEXTES:
        return pa.string()
    if colonne == "date" or colonne.startswith("date_"):
        return pa.date32()
    return pa.bool_() if colonne in _INDICATEURS else pa.int64()


SCHEMA_SITUATION: Any = pa.schema([(colonne, _type(colonne)) for colonne in COLONNES_C11])
"""The columns of C11; `mois_de_dette` in hundredths of a month."""

COLONNES_EN_CENTIEMES = tuple(
    champ.name
    for champ in SCHEMA_SITUATION
    if champ.type == pa.int64() and champ.name not in _NOMBRES - {"mois_de_dette"}
)
"""The columns that C11 writes with two decimals."""


def normaliser(table: Any, schema: Any) -> Any:
    """The table with these columns and types; texts that are null become empty, nothing else is repaired."""
    colonnes = []
    for champ in schema:
        colonne = table.column(champ.name)
        if colonne.type != champ.type:
            colonne = colonne.cast(champ.type)
        if colonne.null_count and champ.type == pa.string():
            colonne = colonne.fill_null("")
        if colonne.null_count and not champ.nullable:
            raise ValueError(f"la colonne « {champ.name} » a {colonne.null_count} valeurs vides")
        colonnes.append(colonne)
    return pa.table(colonnes, schema=schema)
