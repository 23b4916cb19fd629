"""Which refused lines are really missing from the books: refused here, and under their number nowhere else."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from maintien.apps.comptes.enums import GenreFichier
from maintien.apps.comptes.models import Bail, Ecriture, Importation, LigneRefusee, Personne
from maintien.apps.plans.models import PlanApurement

_LOT = 2000
_PORTEURS: dict[GenreFichier, Any] = {
    GenreFichier.BAUX: Bail,
    GenreFichier.LOCATAIRES: Personne,
    GenreFichier.ECRITURES: Ecriture,
    GenreFichier.PLANS: PlanApurement,
}
LIGNES_MAX = 20_000
"""Beyond, a report is for a spreadsheet: its page tells the first ones."""


class LigneDeRapport(NamedTuple):
    """A refused line, and whether it is missing still. `montant_centimes`: of an entry, when it could be read."""

    fichier: str
    ligne: int
    colonne: str
    valeur: str
    motif: str
    remede: str
    genre: str
    reference: str
    montant_centimes: int | None
    manque: bool = True


@dataclass(frozen=True, slots=True)
class Manque:
    """Refused lines: those delivered right by another line or file, and those that are missing, once each.

    `montant_centimes` is the sum, debit minus credit, of the missing entries whose amount could be read, all but
    `sans_montant`; `sans_numero` have no readable number, so that nobody can tell that they came back.
    """

    reglees: int = 0
    ecritures: int = 0
    fiches: int = 0
    montant_centimes: int = 0
    sans_montant: int = 0
    sans_numero: int = 0

    @property
    def lignes(self) -> int:
        return self.ecritures + self.fiches


def refused_lines(importation: Importation) -> list[LigneDeRapport]:
    """The refused lines of an import in the order of its files, each with what became of it since."""
    refus = LigneRefusee.objects.filter(fichier__importation=importation).order_by("fichier_id", "ligne", "pk")
    champs = ("fichier__nom", "ligne", "colonne", "valeur", "motif", "remede", "fichier__genre", "reference")
    lues = [LigneDeRapport(*valeurs) for valeurs in refus.values_list(*champs, "montant_centimes")[:LIGNES_MAX]]
    connues = _known({(ligne.genre, ligne.reference) for ligne in lues if ligne.reference})
    return [ligne._replace(manque=(ligne.genre, ligne.reference) not in connues) for ligne in lues]


def what_is_missing(lignes: Iterable[LigneDeRapport]) -> Manque:
    reglees = sans_numero = 0
    manquantes: dict[tuple[str, ...], LigneDeRapport] = {}
    for ligne in lignes:
        if not ligne.manque:
            reglees += 1
            continue
        sans_numero += not ligne.reference
        # The same entry refused in two files is missing once; without a number, each line is one.
        cle = (ligne.genre, ligne.reference) if ligne.reference else ("", ligne.fichier, str(ligne.ligne))
        manquantes.setdefault(cle, ligne)
    ecritures = [ligne for ligne in manquantes.values() if ligne.genre == GenreFichier.ECRITURES]
    montants = [ligne.montant_centimes for ligne in ecritures if ligne.montant_centimes is not None]
    return Manque(
        reglees=reglees,
        ecritures=len(ecritures),
        fiches=len(manquantes) - len(ecritures),
        montant_centimes=sum(montants),
        sans_montant=len(ecritures) - len(montants),
        sans_numero=sans_numero,
    )


def _known(cherchees: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of these numbers that the books hold, with the kind of file that brings them."""
    connues: set[tuple[str, str]] = set()
    for genre, porteur in _PORTEURS.items():
        numeros = sorted(numero for un_genre, numero in cherchees if un_genre == genre)
        for debut in range(0, len(numeros), _LOT):
            trouves = porteur.objects.filter(reference__in=numeros[debut : debut + _LOT])
            connues.update((genre.value, numero) for numero in trouves.values_list("reference", flat=True))
    return connues
