"""Users from a file: read whole, checked whole, written whole or not at all; the same file twice changes nothing."""

import csv
import io
from collections import Counter
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.models import Appartenance, Organisme, Secteur, Utilisateur
from maintien.apps.organismes.utilisateurs import CompteRefuseError, Invitation, check_fields, invite, open_roles
from maintien.apps.socle import journal
from maintien.apps.socle.portee import organisme_scope
from maintien.coeur.textes import texte_visible

COLONNES = ("courriel", "role", "prenom", "nom", "secteur")
OBLIGATOIRES = ("courriel", "role")
OCTETS_MAXIMUM = 1024 * 1024
LIGNES_MAXIMUM = 5_000
_LONGUEUR_MAXIMALE = 254


@dataclass(frozen=True, slots=True)
class ErreurLigne:
    """What is wrong, where: line of the file (the header is 1), column, and what to write."""

    ligne: int
    colonne: str
    message: str

    def __str__(self) -> str:
        lieu = f"ligne {self.ligne}, colonne {self.colonne}" if self.colonne else f"ligne {self.ligne}"
        return f"{lieu} : {self.message}"


class FichierUtilisateursError(ValueError):
    """The file is refused as a whole; nothing was written."""

    def __init__(self, erreurs: list[ErreurLigne]) -> None:
        super().__init__(" ; ".join(str(erreur) for erreur in erreurs[:3]))
        self.erreurs = erreurs


@dataclass(frozen=True, slots=True)
class LigneUtilisateur:
    ligne: int
    courriel: str
    role: str
    prenom: str
    nom: str
    secteur: str


@dataclass(frozen=True, slots=True)
class Bilan:
    """`invitations` are the new memberships; `deja` were there, with the same role and sector."""

    invitations: list[Invitation]
    deja: int


def import_users(
    organisme: Organisme, contenu: bytes, *, acteur: Appartenance | None = None, a_blanc: bool = False
) -> Bilan:
    """Make the users of the file; with `a_blanc`, say what would be made and make nothing."""
    lignes = read_file(contenu)
    with journal.atomic(), organisme_scope(organisme):
        secteurs = {secteur.code: secteur for secteur in Secteur.objects.all()}
        nouvelles, deja = _compare(lignes, secteurs, open_roles(organisme))
        invitations = [_invite(ligne, secteurs, acteur) for ligne in nouvelles]
        if a_blanc:
            transaction.set_rollback(True)
    return Bilan(invitations, deja)


def read_file(contenu: bytes) -> list[LigneUtilisateur]:
    """The lines, all of them right by themselves; else every error at once."""
    if len(contenu) > OCTETS_MAXIMUM:
        raise _whole("le fichier dépasse 1 Mo ; découpez-le.")
    try:
        texte = contenu.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _whole("le fichier n’est pas en UTF-8 ; enregistrez-le en « CSV UTF-8 ».") from None
    if "\0" in texte:
        raise _whole("ce n’est pas un fichier de texte ; enregistrez-le en « CSV UTF-8 ».")
    entete = texte.split("\n", 1)[0]
    separateur = ";" if entete.count(";") > entete.count(",") else ","
    try:
        rangees = list(csv.reader(io.StringIO(texte, newline=""), delimiter=separateur, strict=True))
    except csv.Error:
        raise _whole("un guillemet n’est pas fermé, ou n’est pas doublé à l’intérieur d’un champ.") from None
    if not rangees or len(rangees) > LIGNES_MAXIMUM + 1:
        raise _whole(f"le fichier est vide, ou dépasse {LIGNES_MAXIMUM} lignes.")
    colonnes = _columns(rangees[0])
    numerotees = [(n, rangee) for n, rangee in enumerate(rangees[1:], 2) if any(case.strip() for case in rangee)]
    lignes, erreurs = [], []
    for numero, rangee in numerotees:
        if len(rangee) != len(colonnes):
            erreurs.append(ErreurLigne(numero, "", f"{len(colonnes)} colonnes attendues, {len(rangee)} trouvées."))
            continue
        champs = {nom: texte_visible(case).strip() for nom, case in zip(colonnes, rangee, strict=True)}
        ligne = LigneUtilisateur(numero, *(champs.get(nom, "") for nom in COLONNES))
        lignes.append(ligne)
        erreurs += _check(ligne)
    erreurs += _twice(lignes)
    if erreurs:
        raise FichierUtilisateursError(sorted(erreurs, key=lambda e: (e.ligne, e.colonne)))
    return lignes


def _whole(message: str) -> FichierUtilisateursError:
    return FichierUtilisateursError([ErreurLigne(1, "", message)])


def _columns(entete: list[str]) -> list[str]:
    colonnes = [case.strip().lower() for case in entete]
    manquent = [nom for nom in OBLIGATOIRES if nom not in colonnes]
    inconnues = [nom for nom in colonnes if nom not in COLONNES]
    if manquent:
        raise _whole(f"la colonne « {manquent[0]} » manque ; colonnes connues : {', '.join(COLONNES)}.")
    if inconnues:
        raise _whole(f"la colonne « {inconnues[0][:40]} » est inconnue ; colonnes connues : {', '.join(COLONNES)}.")
    if len(set(colonnes)) != len(colonnes):
        raise _whole("une colonne est donnée deux fois.")
    return colonnes


def _check(ligne: LigneUtilisateur) -> list[ErreurLigne]:
    erreurs = []
    try:
        validate_email(ligne.courriel[: _LONGUEUR_MAXIMALE + 1])
    except ValidationError:
        erreurs.append(ErreurLigne(ligne.ligne, "courriel", f"« {ligne.courriel[:60]} » n’est pas une adresse."))
    if ligne.role not in Role.values:
        choix = ", ".join(Role.values)
        erreurs.append(
            ErreurLigne(ligne.ligne, "role", f"« {ligne.role[:40]} » n’existe pas ; choisir parmi {choix}.")
        )
    try:
        check_fields(Utilisateur(email="a@b.example", first_name=ligne.prenom, last_name=ligne.nom))
    except CompteRefuseError as refus:
        erreurs.append(ErreurLigne(ligne.ligne, "nom", str(refus)))
    return erreurs


def _twice(lignes: list[LigneUtilisateur]) -> list[ErreurLigne]:
    fois = Counter(ligne.courriel.lower() for ligne in lignes)
    return [
        ErreurLigne(ligne.ligne, "courriel", "cette adresse est plusieurs fois dans le fichier.")
        for ligne in lignes
        if fois[ligne.courriel.lower()] > 1
    ]


def _compare(
    lignes: list[LigneUtilisateur], secteurs: dict[str, Secteur], ouverts: list[Role]
) -> tuple[list[LigneUtilisateur], int]:
    """What is new, and how many are there already; a difference is an error, since a role changes on its own page."""
    connus = {
        membre.utilisateur.email: (membre.role, membre.secteur.code if membre.secteur else "")
        for membre in Appartenance.objects.select_related("utilisateur", "secteur")
    }
    nouvelles, erreurs = [], []
    for ligne in lignes:
        connu = connus.get(ligne.courriel.lower())
        if ligne.secteur and ligne.secteur not in secteurs:
            existants = ", ".join(sorted(secteurs)) or "aucun"
            message = f"le secteur « {ligne.secteur[:20]} » n’existe pas (connus : {existants})."
            erreurs.append(ErreurLigne(ligne.ligne, "secteur", message))
        elif ligne.role not in ouverts:
            message = f"« {ligne.role} » n’existe pas dans cet organisme ; choisir parmi {', '.join(ouverts)}."
            erreurs.append(ErreurLigne(ligne.ligne, "role", message))
        elif connu is None:
            nouvelles.append(ligne)
        elif connu != (ligne.role, ligne.secteur):
            message = f"a déjà le rôle {connu[0]}, {connu[1] or 'tous secteurs'} ; un rôle se change sur la fiche."
            erreurs.append(ErreurLigne(ligne.ligne, "role" if connu[0] != ligne.role else "secteur", message))
    if erreurs:
        raise FichierUtilisateursError(erreurs)
    return nouvelles, len(lignes) - len(nouvelles)


def _invite(ligne: LigneUtilisateur, secteurs: dict[str, Secteur], acteur: Appartenance | None) -> Invitation:
    secteur = secteurs.get(ligne.secteur)
    return invite(ligne.courriel, ligne.role, secteur, prenom=ligne.prenom, nom=ligne.nom, acteur=acteur)
