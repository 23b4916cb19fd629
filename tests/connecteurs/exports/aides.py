"""Small readers for the tests: a text in, everything that the reader gives out."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from maintien.connecteurs.exports.enregistrements import (
    EnregistrementBail,
    EnregistrementEcriture,
    EnregistrementLocataire,
    EnregistrementPlan,
    Refus,
    Remarque,
)
from maintien.connecteurs.exports.fichiers import reconnait
from maintien.connecteurs.exports.lecture import Bilan, LectureFichier
from maintien.connecteurs.exports.profil import Profil, analyse_profil, charge_profil

ENTETE_PIVOT = (
    "reference_ecriture,reference_compte,date_comptable,date_valeur,date_exigibilite,periode,code,libelle,"
    "debit,credit,mode,reference_annulee,affectation\n"
)
ENTETE_ERP = "N° Cpte;Locataire;N° Pièce;Dt écriture;Dt valeur;Dt échéance;Mois;Code;Désignation;Montant\r\n"
TITRE_ERP = "GRAND LIVRE LOCATAIRES - EXTRACTION 05/2020 - PAGE 1\r\n"

PETIT_PROFIL = """
profil: essai
version: 1
encodage: utf-8
separateur: ";"
fichiers:
  - nom: journal
    genre: ecritures
    motif: '^journal.*[.]csv$'
    enregistrements:
      ecriture:
        reference: {colonne: piece}
        compte: {colonne: compte}
        date_comptable: {colonne: jour}
        code: {colonne: code}
        montant: {colonne: montant}
"""


@dataclass
class Lu:
    """What one file gave."""

    bilan: Bilan
    baux: list[EnregistrementBail] = field(default_factory=list)
    locataires: list[EnregistrementLocataire] = field(default_factory=list)
    ecritures: list[EnregistrementEcriture] = field(default_factory=list)
    plans: list[EnregistrementPlan] = field(default_factory=list)
    refus: list[Refus] = field(default_factory=list)
    remarques: list[Remarque] = field(default_factory=list)


def lire(chemin: Path, profil: Profil) -> Lu:
    """Read one file whole."""
    reconnu = reconnait(profil, chemin)
    lecture = LectureFichier(chemin, profil, reconnu.declare)
    lu = Lu(lecture.bilan)
    for lot in lecture.lots():
        for nom in ("baux", "locataires", "ecritures", "plans", "refus", "remarques"):
            getattr(lu, nom).extend(getattr(lot, nom))
    return lu


def compte_lignes(bilan: Bilan) -> int:
    """Sum of every way a line can be counted."""
    hors_donnees = bilan.entetes + bilan.totaux + bilan.vides + sum(bilan.ignorees.values())
    return bilan.prises + bilan.refusees + hors_donnees + sum(bilan.non_ecritures.values())


def petit_profil(ancien: str = "", nouveau: str = "") -> Profil:
    """The small profile, with one replacement."""
    assert ancien in PETIT_PROFIL
    return analyse_profil("essai.yaml", PETIT_PROFIL.replace(ancien, nouveau) if ancien else PETIT_PROFIL)


@cache
def profil_livre(nom: str) -> Profil:
    """A shipped profile, loaded once."""
    return charge_profil(nom)
