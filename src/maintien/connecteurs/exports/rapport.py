"""The report a person keeps: a CSV that a spreadsheet opens without running anything."""

import csv
from collections.abc import Iterable, Sequence
from typing import IO

# The full-width signs too: some spreadsheets read them as the plain ones.
_DANGEREUX = frozenset("=+-@\uff1d\uff0b\uff0d\uff20")
_COUPE = frozenset("\t\r\n")
COLONNES = ("fichier", "ligne", "colonne", "valeur", "motif", "remede")


def neutralise(texte: str) -> str:
    """A text that a spreadsheet will not take for a formula."""
    for caractere in texte:
        if caractere in _DANGEREUX or caractere in _COUPE:
            return "'" + texte
        # What a person does not see, a spreadsheet may skip: spaces of every width, marks without width.
        if caractere.isprintable() and not caractere.isspace():
            return texte
    return texte


def ecrit_rapport(flux: IO[str], lignes: Iterable[Sequence[object]], colonnes: Sequence[str] = COLONNES) -> None:
    """Write rows; semicolon and byte order mark, because French spreadsheets open that without a question."""
    flux.write("\ufeff")
    ecrivain = csv.writer(flux, delimiter=";", lineterminator="\r\n")
    ecrivain.writerow(colonnes)
    for ligne in lignes:
        ecrivain.writerow([neutralise(valeur) if isinstance(valeur, str) else valeur for valeur in ligne])
