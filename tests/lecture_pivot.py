"""Reads the pivot samples into the values of the core, for tests only: the product's reader is `connecteurs`."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from maintien.coeur.calendrier import parse_jour, parse_periode
from maintien.coeur.compte.ecritures import BailCompte, Ecriture
from maintien.coeur.montants import parse_montant


def _lignes(chemin: Path) -> Iterator[dict[str, str]]:
    with chemin.open(encoding="utf-8", newline="") as fichier:
        yield from csv.DictReader(fichier)


def _jour(texte: str) -> date | None:
    return parse_jour(texte) if texte else None


def lire_baux(chemin: Path) -> dict[str, list[BailCompte]]:
    """Leases by account."""
    baux: dict[str, list[BailCompte]] = defaultdict(list)
    for ligne in _lignes(chemin):
        bail = BailCompte(
            reference=ligne["reference_bail"],
            compte=ligne["reference_compte"],
            date_entree=parse_jour(ligne["date_entree"]),
            date_sortie=_jour(ligne["date_sortie"]),
            apl_mode=ligne["apl_mode"],
        )
        baux[bail.compte].append(bail)
    return baux


def lire_ecritures(chemin: Path) -> dict[str, list[Ecriture]]:
    """Entries by account, in the order of the file."""
    ecritures: dict[str, list[Ecriture]] = defaultdict(list)
    for ligne in _lignes(chemin):
        ecriture = Ecriture(
            reference=ligne["reference_ecriture"],
            compte=ligne["reference_compte"],
            date_comptable=parse_jour(ligne["date_comptable"]),
            date_valeur=_jour(ligne["date_valeur"]),
            date_exigibilite=_jour(ligne["date_exigibilite"]),
            periode=parse_periode(ligne["periode"]) if ligne["periode"] else None,
            code=ligne["code"],
            libelle=ligne["libelle"],
            debit_centimes=parse_montant(ligne["debit"] or "0"),
            credit_centimes=parse_montant(ligne["credit"] or "0"),
            mode=ligne["mode"],
            reference_annulee=ligne["reference_annulee"],
            affectation=ligne["affectation"],
        )
        ecritures[ecriture.compte].append(ecriture)
    return ecritures
