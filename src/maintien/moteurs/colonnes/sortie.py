"""The situation file of C11, in CSV to the byte or in Parquet, written whole or not at all."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from maintien.moteurs.colonnes.schemas import COLONNES_EN_CENTIEMES, SCHEMA_SITUATION
from maintien.moteurs.colonnes.tableaux import un_bloc

_LIGNES_PAR_MORCEAU = 50_000
_A_PROTEGER = re.compile('[",\r\n]').pattern
_DECIMAL = pa.decimal128(19, 2)


def changer_echelle(colonne: Any, genre: Any) -> Any:
    """The same integers read as decimals of another scale: 128450 with two decimals is 1284.50."""
    return pa.Array.from_buffers(genre, len(colonne), colonne.buffers(), colonne.null_count, colonne.offset)


def _decimale(colonne: Any) -> Any:
    return changer_echelle(colonne.cast(pa.decimal128(19, 0)), _DECIMAL)


def ecrire_situations(table: Any, chemin: Path) -> None:
    """Write situations (SCHEMA_SITUATION) to a file: Parquet if its name ends so, else the CSV of C11."""
    ecrire = _ecrire_parquet if chemin.suffix == ".parquet" else _ecrire_csv
    if chemin.exists() and not chemin.is_file():
        with chemin.open("wb") as flux:
            ecrire(table, flux)
    else:
        _remplacer(chemin, lambda flux: ecrire(table, flux))


def _remplacer(chemin: Path, ecrire: Callable[[IO[bytes]], None]) -> None:
    provisoire = chemin.with_name(f".{chemin.name}.{os.getpid()}.tmp")
    try:
        with provisoire.open("wb") as flux:
            ecrire(flux)
            flux.flush()
            os.fsync(flux.fileno())
        provisoire.replace(chemin)
    finally:
        provisoire.unlink(missing_ok=True)


def _ecrire_parquet(table: Any, flux: IO[bytes]) -> None:
    colonnes = {
        nom: _decimale(un_bloc(table.column(nom))) if nom in COLONNES_EN_CENTIEMES else table.column(nom)
        for nom in table.column_names
    }
    pyarrow.parquet.write_table(pa.table(colonnes), flux, compression="zstd")


def _ecrire_csv(table: Any, flux: IO[bytes]) -> None:
    flux.write((",".join(SCHEMA_SITUATION.names) + "\n").encode("utf-8"))
    for morceau in _morceaux(table):
        textes = [_en_texte(champ, un_bloc(morceau.column(champ.name))) for champ in SCHEMA_SITUATION]
        jointes = pc.binary_join_element_wise(*textes, ",", null_handling="replace", null_replacement="")
        flux.write("\n".join([*jointes.to_pylist(), ""]).encode("utf-8"))


def _morceaux(table: Any) -> Iterator[Any]:
    for debut in range(0, len(table), _LIGNES_PAR_MORCEAU):
        yield table.slice(debut, _LIGNES_PAR_MORCEAU)


def _en_texte(champ: Any, colonne: Any) -> Any:
    if champ.name in COLONNES_EN_CENTIEMES:
        return _decimale(colonne).cast(pa.string())
    if pa.types.is_boolean(champ.type):
        return colonne.cast(pa.int8()).cast(pa.string())
    if not pa.types.is_string(champ.type):
        return colonne.cast(pa.string())
    a_proteger = pc.match_substring_regex(colonne, _A_PROTEGER)
    if not pc.any(a_proteger).as_py():
        return colonne
    doubles = pc.replace_substring(colonne, '"', '""')
    return pc.if_else(a_proteger, pc.binary_join_element_wise('"', doubles, '"', ""), colonne)
