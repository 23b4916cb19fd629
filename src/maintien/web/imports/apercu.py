"""« Ce que le profil a compris »: the first ten lines of each file as read, before anything is written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from maintien.apps.comptes.enums import GenreFichier
from maintien.coeur.calendrier import format_jour
from maintien.connecteurs.exports.enregistrements import Refus
from maintien.connecteurs.exports.erreurs import ExportError
from maintien.connecteurs.exports.fichiers import reconnait
from maintien.connecteurs.exports.lecture import LectureFichier
from maintien.connecteurs.exports.profil import Profil
from maintien.web.communs.typographie import euros, octets

LIGNES = 10

COLONNES: dict[str, tuple[tuple[str, str], ...]] = {
    "baux": (
        ("reference", "Bail"),
        ("compte", "Compte"),
        ("residence", "Résidence"),
        ("commune", "Commune"),
        ("type_logement", "Type"),
        ("date_entree", "Entrée"),
        ("date_sortie", "Sortie"),
        ("mode_paiement", "Paiement"),
        ("apl_mode", "APL"),
    ),
    "locataires": (
        ("reference", "Personne"),
        ("compte", "Compte"),
        ("role", "Rôle"),
        ("civilite", "Civilité"),
        ("nom", "Nom"),
        ("prenom", "Prénom"),
        ("date_naissance", "Né le"),
    ),
    "ecritures": (
        ("reference", "Écriture"),
        ("compte", "Compte"),
        ("date_comptable", "Inscrite le"),
        ("date_exigibilite", "À payer le"),
        ("periode", "Mois"),
        ("code", "Code"),
        ("libelle", "Libellé"),
        ("debit_centimes", "Débit"),
        ("credit_centimes", "Crédit"),
    ),
    "plans": (
        ("reference", "Plan"),
        ("compte", "Compte"),
        ("date_signature", "Signé le"),
        ("montant_centimes", "Montant"),
        ("nombre_echeances", "Échéances"),
        ("mensualite_centimes", "Mensualité"),
        ("premiere_echeance", "Première échéance"),
    ),
}


class Cellule(NamedTuple):
    texte: str
    is_nombre: bool


@dataclass(frozen=True, slots=True)
class TableLue:
    genre: str
    titres: tuple[Cellule, ...]
    lignes: tuple[tuple[Cellule, ...], ...]


@dataclass(frozen=True, slots=True)
class ApercuFichier:
    """One file: what it is taken for and its first lines, or the sentence that refuses it."""

    nom: str
    taille: str
    sorte: str = ""
    tables: list[TableLue] = field(default_factory=list)
    refus: list[Refus] = field(default_factory=list)
    erreur: str = ""


def apercevoir(profil: Profil, chemins: Sequence[Path]) -> list[ApercuFichier]:
    return [_fichier(profil, chemin) for chemin in chemins]


def _fichier(profil: Profil, chemin: Path) -> ApercuFichier:
    try:
        taille = octets(chemin.stat().st_size)
    except OSError:
        return ApercuFichier(chemin.name, "", erreur="Ce fichier n’est plus là : choisissez-le de nouveau.")
    try:
        reconnu = reconnait(profil, chemin, chemin.name)
        lecture = LectureFichier(chemin, profil, reconnu.declare, nom=chemin.name)
        lot = next(lecture.lots(), None)
    except ExportError as erreur:
        return ApercuFichier(chemin.name, taille, erreur=str(erreur))
    if lot is None:
        return ApercuFichier(chemin.name, taille, reconnu.declare.nom, erreur="Ce fichier est vide.")
    tables = list(_tables(lot.baux, lot.locataires, lot.ecritures, lot.plans))
    return ApercuFichier(chemin.name, taille, reconnu.declare.nom, tables, lot.refus[:LIGNES])


def _tables(*enregistrements: Sequence[Any]) -> Iterator[TableLue]:
    for (genre, colonnes), lus in zip(COLONNES.items(), enregistrements, strict=True):
        if lus:
            titres = tuple(Cellule(titre, _is_nombre(nom)) for nom, titre in colonnes)
            yield TableLue(GenreFichier(genre).label, titres, tuple(_ligne(colonnes, lu) for lu in lus[:LIGNES]))


def _ligne(colonnes: Sequence[tuple[str, str]], lu: object) -> tuple[Cellule, ...]:
    return tuple(Cellule(_texte(nom, getattr(lu, nom)), _is_nombre(nom)) for nom, _ in colonnes)


def _is_nombre(nom: str) -> bool:
    return nom.endswith("_centimes") or nom.startswith("nombre_")


def _texte(nom: str, valeur: object) -> str:
    if valeur is None:
        return ""
    if isinstance(valeur, date):
        return format_jour(valeur)
    if nom.endswith("_centimes") and isinstance(valeur, int):
        return euros(valeur) if valeur else ""
    return str(valeur)
