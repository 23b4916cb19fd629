"""The report a person keeps: a CSV that a spreadsheet opens without running anything."""

import csv
from collections.abc import Iterable, Sequence
from typing import IO

_DANGEREUX = ("=", "+", "-", "@", "\t", "\r", "\n")
COLONNES = ("fichier", "ligne", "colonne", "valeur", "motif", "remede")


def neutralise(texte: str) -> str:
    """A text that a spreadsheet will not take for a formula."""
    return "'" + texte if texte.lstrip(" \u00a0").startswith(_DANGEREUX) else texte


def ecrit_rapport(flux: IO[str], lignes: Iterable[Sequence[object]], colonnes: Sequence[str] = COLONNES) -> None:
    """Write rows; semicolon and byte order mark, because French spreadsheets open that without a question."""
    flux.write("\ufeff")
    ecrivain = csv.writer(flux, delimiter=";", lineterminator="\r\n")
    ecrivain.writerow(colonnes)
    for ligne in lignes:
        ecrivain.writerow([neutralise(valeur) if isinstance(valeur, str) else valeur for valeur in ligne])
