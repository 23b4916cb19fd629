"""The four pivot files of a portfolio, in CSV as a landlord delivers them or in Parquet for the engines."""

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from maintien.coeur.calendrier import format_periode
from maintien.connecteurs.fictif.portefeuille import Portefeuille
from maintien.connecteurs.fictif.tableaux import colonne_decimale

FICHIERS = ("baux", "locataires", "ecritures", "plans")
_MONTANTS = {"debit", "credit", "montant", "mensualite", "depot_garantie"}


def ecrire_pivot(portefeuille: Portefeuille, dossier: Path, *, sans: Collection[str] = ()) -> list[Path]:
    """UTF-8, comma, header, LF; amounts with a point and two decimals, nothing quoted. Returns the files written."""
    noms = [nom for nom in FICHIERS if nom not in sans]
    return [_ecrire_csv(getattr(portefeuille, nom), dossier / f"{nom}.csv") for nom in noms]


def ecrire_ecritures(ecritures: Any, chemin: Path) -> Path:
    """A part of the entries of a portfolio, as one file of the pivot format."""
    return _ecrire_csv(ecritures, chemin)


def ecrire_parquet(portefeuille: Portefeuille, dossier: Path) -> list[Path]:
    """The same tables in Parquet: amounts in centimes, months as numbers, delivery order kept."""
    return [_ecrire(getattr(portefeuille, nom), dossier / f"{nom}.parquet", _parquet) for nom in FICHIERS]


def _ecrire_csv(table: Any, chemin: Path) -> Path:
    return _ecrire(_en_texte(table), chemin, _csv)


def _ecrire(table: Any, chemin: Path, ecrit: Callable[[Any, Path], None]) -> Path:
    chemin.parent.mkdir(parents=True, exist_ok=True)
    ecrit(table, chemin)
    return chemin


def _csv(table: Any, chemin: Path) -> None:
    options = pyarrow.csv.WriteOptions(include_header=False, quoting_style="none", eol="\n", batch_size=65_536)
    with chemin.open("wb") as flux:
        flux.write((",".join(table.column_names) + "\n").encode("utf-8"))
        pyarrow.csv.write_csv(table, flux, options)


def _parquet(table: Any, chemin: Path) -> None:
    pyarrow.parquet.write_table(table, chemin, compression="zstd")


def _en_texte(table: Any) -> Any:
    """The table with amounts as decimals, months as text, without the order of delivery."""
    colonnes = {}
    for nom in table.column_names:
        if nom == "ordre":
            continue
        colonne = table.column(nom)
        if nom in _MONTANTS:
            colonne = pa.chunked_array([colonne_decimale(morceau) for morceau in colonne.chunks], pa.decimal128(18, 2))
        elif nom == "periode":
            colonne = _mois(colonne)
        elif pa.types.is_dictionary(colonne.type):
            colonne = pc.cast(colonne, pa.string())
        colonnes[nom] = colonne
    return pa.table(colonnes)


def _mois(colonne: Any) -> Any:
    """Months as AAAA-MM, one text a distinct month."""
    code = pc.dictionary_encode(colonne).combine_chunks()
    if isinstance(code, pa.ChunkedArray):
        code = code.unify_dictionaries().chunk(0)
    textes = pa.array([format_periode(periode) for periode in code.dictionary.to_pylist()], pa.string())
    return textes.take(code.indices)
