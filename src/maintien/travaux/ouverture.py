"""A landlord's first day: the organisme, its sectors, its users and the link by which each chooses a password."""

import re
from collections.abc import Iterable

from maintien.apps.organismes.enums import CritereSecteur, GenreOrganisme, Role
from maintien.apps.organismes.models import Organisme, RattachementSecteur, Secteur
from maintien.apps.organismes.secteurs import fold
from maintien.apps.organismes.utilisateurs import MINUTES_PAR_JOUR, CompteRefuseError, Invitation, check_fields, invite
from maintien.apps.socle import journal
from maintien.apps.socle.portee import organisme_scope
from maintien.coeur.textes import texte_visible
from maintien.travaux.secteurs import align_secteurs

_FORME_CODE = re.compile(r"[A-Z0-9][A-Z0-9_-]{0,19}")


# What was asked cannot be created as it stands; the message says what to change.
OuvertureRefuseeError = CompteRefuseError


def find_organisme(code: str) -> Organisme:
    organisme = Organisme.objects.filter(code=code).first()
    if organisme is None:
        connus = ", ".join(Organisme.objects.values_list("code", flat=True)) or "aucun"
        raise OuvertureRefuseeError(f"L'organisme {code} n'existe pas (organismes connus : {connus}).")
    return organisme


def create_organisme(code: str, nom: str, genre: str, administrateur: str) -> Invitation:
    """A new organisme and its first administrator, all or nothing."""
    if not _FORME_CODE.fullmatch(code):
        raise OuvertureRefuseeError(
            f"Le code « {code} » ne convient pas : de 1 à 20 lettres capitales sans accent, chiffres, tirets."
        )
    nom = texte_visible(nom)
    if not nom.strip():
        raise OuvertureRefuseeError("Le nom de l'organisme est vide.")
    if genre not in GenreOrganisme.values:
        raise OuvertureRefuseeError(f"Le genre « {genre} » n'existe pas : choisir parmi {_choix(GenreOrganisme)}.")
    check_fields(Organisme(code=code, nom=nom.strip(), genre=genre))
    with journal.atomic():
        organisme, nouveau = Organisme.objects.get_or_create(code=code, defaults={"nom": nom.strip(), "genre": genre})
        if not nouveau:
            raise OuvertureRefuseeError(f"Le code {code} est déjà celui de « {organisme.nom} » : en choisir un autre.")
        with organisme_scope(organisme):
            journal.record("organisme.creer", organisme, code=code)
            return invite(administrateur, Role.ADMINISTRATEUR, None)


def create_secteur(organisme: Organisme, code: str, nom: str, rattachements: Iterable[tuple[str, str]]) -> Secteur:
    """A sector and the homes that belong to it; homes already imported move there at once."""
    demandes = [(critere, valeur.strip()) for critere, valeur in rattachements]
    for critere, valeur in demandes:
        if critere not in CritereSecteur.values or not valeur:
            raise OuvertureRefuseeError(
                f"Le rattachement « {critere}={valeur} » ne convient pas : écrire par exemple commune=Givors "
                f"(critères : {_choix(CritereSecteur)})."
            )
    code, nom = code.strip(), nom.strip()
    for saisi in (
        Secteur(code=code, nom=nom),
        *(RattachementSecteur(critere=critere, valeur=valeur) for critere, valeur in demandes),
    ):
        check_fields(saisi)
    with journal.atomic(), organisme_scope(organisme):
        if Secteur.objects.filter(code=code).exists():
            raise OuvertureRefuseeError(f"Le secteur {code} existe déjà chez {organisme.code}.")
        secteur = Secteur.objects.create(code=code, nom=texte_visible(nom))
        pris = {
            (rattachement.critere, fold(rattachement.valeur)): rattachement.secteur.code
            for rattachement in RattachementSecteur.objects.select_related("secteur")
        }
        for critere, valeur in demandes:
            autre = pris.get((critere, fold(valeur)))
            if autre is not None:
                raise OuvertureRefuseeError(f"« {critere}={valeur} » est déjà rattaché au secteur {autre}.")
            RattachementSecteur.objects.create(secteur=secteur, critere=critere, valeur=valeur)
        align_secteurs()
        journal.record("secteur.creer", secteur, code=code, rattachements=len(demandes))
    return secteur


def invite_utilisateur(
    organisme: Organisme,
    courriel: str,
    role: str,
    code_secteur: str = "",
    *,
    prenom: str = "",
    nom: str = "",
    minutes: int = MINUTES_PAR_JOUR,
) -> Invitation:
    """A user of the organisme, with one role, on one sector or on all of them; `minutes`: length of the worklist."""
    if role not in Role.values:
        raise OuvertureRefuseeError(f"Le rôle « {role} » n'existe pas : choisir parmi {_choix(Role)}.")
    with journal.atomic(), organisme_scope(organisme):
        secteur = None
        if code_secteur:
            secteur = Secteur.objects.filter(code=code_secteur).first()
            if secteur is None:
                connus = ", ".join(Secteur.objects.values_list("code", flat=True)) or "aucun"
                raise OuvertureRefuseeError(f"Le secteur {code_secteur} n'existe pas (secteurs connus : {connus}).")
        return invite(courriel, role, secteur, prenom=prenom, nom=nom, minutes=minutes)


def _choix(choix: type[GenreOrganisme] | type[Role] | type[CritereSecteur]) -> str:
    return ", ".join(choix.values)
