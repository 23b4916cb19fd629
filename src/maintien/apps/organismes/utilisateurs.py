"""What an administrator does to the accounts of the organisme. Each act is in the journal; none is on oneself.

All of it runs in the scope of the organisme. The link of an invitation goes to the person by e-mail, never to the
screen of the administrator, who could otherwise become anybody.
"""

import unicodedata
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models

from maintien.apps.organismes import facteurs, invitations, sessions
from maintien.apps.organismes.enums import MotifReouverture, MotifRetablissement, MotifSuspension, Role
from maintien.apps.organismes.habilitations import table
from maintien.apps.organismes.models import Appartenance, IdentiteExterne, Organisme, Secteur, Utilisateur
from maintien.apps.organismes.selectors import works_elsewhere
from maintien.apps.socle import journal
from maintien.apps.socle.portee import current_organisme_id
from maintien.coeur.textes import texte_visible

GERER = "utilisateur.gerer"
MINUTES_PAR_JOUR = 120
"""What a worker gives to the worklist each day when nobody says."""


class CompteRefuseError(ValueError):
    """What was asked of an account cannot be done; the message says what to do."""


@dataclass(frozen=True)
class Invitation:
    """A membership, and the path of the page where its user chooses a password; empty when they have one already."""

    appartenance: Appartenance
    chemin: str


def invite(
    courriel: str,
    role: str,
    secteur: Secteur | None,
    *,
    prenom: str = "",
    nom: str = "",
    minutes: int = MINUTES_PAR_JOUR,
    acteur: Appartenance | None = None,
) -> Invitation:
    """A user of the organisme in scope, new or already known elsewhere; `minutes`: length of the worklist."""
    adresse = courriel.strip().lower()
    try:
        validate_email(adresse)
    except ValidationError:
        raise CompteRefuseError(f"« {courriel} » n'est pas une adresse électronique.") from None
    _check_role(role)
    check_fields(Utilisateur(email=adresse, first_name=prenom, last_name=nom))
    with journal.atomic():
        utilisateur = Utilisateur.objects.filter(email=adresse).first()
        if utilisateur is None:
            utilisateur = Utilisateur.objects.create_user(
                adresse, None, first_name=texte_visible(prenom), last_name=texte_visible(nom)
            )
        if Appartenance.objects.filter(utilisateur=utilisateur).exists():
            raise CompteRefuseError(f"{adresse} a déjà un rôle dans cet organisme.")
        appartenance = Appartenance.objects.create(
            utilisateur=utilisateur, role=role, secteur=secteur, minutes_par_jour=minutes
        )
        _record("utilisateur.inviter", appartenance, acteur, role=role)
        return Invitation(appartenance, link_for(utilisateur))


def link_for(utilisateur: Utilisateur) -> str:
    return "" if utilisateur.has_usable_password() else invitations.create_link(utilisateur)


def change_role(acteur: Appartenance, membre: Appartenance, role: str, secteur: Secteur | None) -> bool:
    """Another role or sector; sessions are ended: nobody goes on with former rights. False: nothing to change."""
    _not_oneself(acteur, membre)
    _check_role(role)
    with journal.atomic():
        membre = _locked(membre)
        if (membre.role, membre.secteur_id) == (role, secteur.pk if secteur else None):
            return False
        if role != Role.ADMINISTRATEUR:
            _not_last_administrator(membre)
        avant = {"avant": membre.role, "secteur_avant": membre.secteur_id}
        membre.role, membre.secteur = role, secteur
        membre.save(update_fields=["role", "secteur"])
        sessions.end_sessions(membre.utilisateur)
        _record("utilisateur.changer_role", membre, acteur, **avant, role=role, secteur=membre.secteur_id)
    return True


def suspend(acteur: Appartenance, membre: Appartenance, motif: MotifSuspension) -> None:
    """From now on this organisme is closed to the person, on every device."""
    _not_oneself(acteur, membre)
    with journal.atomic():
        membre = _locked(membre)
        if not membre.actif:
            return
        _not_last_administrator(membre)
        membre.suspend(motif)
        sessions.end_sessions(membre.utilisateur)
        _record("utilisateur.suspendre", membre, acteur, raison=motif.value)


def reactivate(acteur: Appartenance, membre: Appartenance, motif: MotifReouverture) -> None:
    _not_oneself(acteur, membre)
    with journal.atomic():
        membre = _locked(membre)
        if membre.actif:
            return
        membre.reactivate()
        _record("utilisateur.reactiver", membre, acteur, raison=motif.value)


def renew_link(acteur: Appartenance, membre: Appartenance) -> str:
    """Another link for somebody who has not chosen a password yet; the former one is void."""
    _not_oneself(acteur, membre)
    if membre.utilisateur.has_usable_password():
        raise CompteRefuseError(
            "Cette personne a déjà choisi son mot de passe : « Mot de passe oublié », à la connexion, lui suffit."
        )
    if not membre.actif:
        raise CompteRefuseError("Ce compte est suspendu : réactivez-le d’abord.")
    with journal.atomic():
        chemin = invitations.create_link(membre.utilisateur)
        _record("utilisateur.renvoyer_lien", membre, acteur)
    return chemin


def reset(acteur: Appartenance | None, membre: Appartenance, motif: MotifRetablissement) -> str:
    """Somebody who has lost everything begins again: no password, no factor, no session, a new link; returns its path.

    Without an actor, it is the operator of the machine, by the command line.
    """
    if acteur is not None:
        _not_oneself(acteur, membre)
        if works_elsewhere(membre.utilisateur, membre.organisme_id):
            raise CompteRefuseError(
                "Ce compte ouvre aussi un autre organisme : seul l’exploitant du site peut le rétablir, par "
                "« maintien utilisateurs retablir »."
            )
    if not membre.actif:
        raise CompteRefuseError("Ce compte est suspendu : réactivez-le d’abord.")
    utilisateur = membre.utilisateur
    with journal.atomic():
        retires = facteurs.remove_all(utilisateur)
        IdentiteExterne.objects.filter(utilisateur=utilisateur).delete()
        utilisateur.set_unusable_password()
        utilisateur.save(update_fields=["password"])
        fermees = sessions.end_sessions(utilisateur)
        chemin = invitations.create_link(utilisateur)
        _record("utilisateur.retablir", membre, acteur, raison=motif.value, facteurs=retires, sessions=fermees)
    return chemin


def is_last_administrator(membre: Appartenance) -> bool:
    """Whether nobody could give an account back any more."""
    if membre.role != Role.ADMINISTRATEUR or not membre.actif:
        return False
    return not Appartenance.objects.filter(role=Role.ADMINISTRATEUR, actif=True).exclude(pk=membre.pk).exists()


def check_fields(saisi: models.Model) -> None:
    """What was typed fits its columns: SQLite would keep any length, PostgreSQL fails on it."""
    textes = {c.name: c for c in saisi._meta.concrete_fields if isinstance(c, models.CharField)}  # noqa: SLF001
    textes.pop("password", None)
    for nom, champ in textes.items():
        if any(unicodedata.category(c) in {"Cc", "Cs"} for c in getattr(saisi, nom)):
            raise CompteRefuseError(f"« {champ.verbose_name} » : un caractère de contrôle ne convient pas.")
    autres = {c.name for c in saisi._meta.concrete_fields} - textes.keys()  # noqa: SLF001
    try:
        saisi.full_clean(exclude=autres, validate_unique=False, validate_constraints=False)
    except ValidationError as erreur:
        nom, messages = next(iter(erreur.message_dict.items()))
        raise CompteRefuseError(f"« {textes[nom].verbose_name} » : {messages[0]}") from erreur


def open_roles(organisme: Organisme) -> list[Role]:
    """Roles that a person may be given in an organisme of this kind."""
    return [role for role in Role if organisme.genre in table().organismes[role]]


def _check_role(role: str) -> None:
    ouverts = open_roles(Organisme.objects.get(pk=current_organisme_id()))
    if role not in ouverts:
        raise CompteRefuseError(f"Le rôle « {role} » n'existe pas ici : choisir parmi {', '.join(ouverts)}.")


def _locked(membre: Appartenance) -> Appartenance:
    return Appartenance.objects.select_for_update().select_related("utilisateur").get(pk=membre.pk)


def _not_oneself(acteur: Appartenance, membre: Appartenance) -> None:
    if acteur.utilisateur_id == membre.utilisateur_id:
        raise CompteRefuseError("On ne change pas son propre accès : demandez à un autre administrateur.")


def _not_last_administrator(membre: Appartenance) -> None:
    if is_last_administrator(membre):
        raise CompteRefuseError("C’est le dernier administrateur de l’organisme : nommez-en d’abord un autre.")


def _record(acte: str, membre: Appartenance, acteur: Appartenance | None, **details: Any) -> None:
    auteur = acteur.utilisateur if acteur is not None else None
    journal.record(acte, membre, acteur=auteur, utilisateur=membre.utilisateur_id, **details)
