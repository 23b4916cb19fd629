"""A user of the organisme as the administrator reads it."""

from dataclasses import dataclass
from datetime import datetime

from maintien.apps.organismes import facteurs, invitations
from maintien.apps.organismes.models import Appartenance
from maintien.web.communs.etapes import Signe


@dataclass(frozen=True, slots=True)
class UtilisateurLu:
    pk: int
    nom: str
    courriel: str
    role: str
    secteur: str
    vu_le: datetime | None
    signe: Signe
    facteur: Signe
    is_soi: bool


def read_members(membres: list[Appartenance], moi: Appartenance) -> list[UtilisateurLu]:
    """Two queries for the whole list."""
    identifiants = [membre.utilisateur_id for membre in membres]
    proteges, attendus = facteurs.users_with_factor(identifiants), invitations.waiting(identifiants)
    return [
        UtilisateurLu(
            pk=membre.pk,
            nom=str(membre.utilisateur),
            courriel=membre.utilisateur.email,
            role=membre.get_role_display(),
            secteur=membre.secteur.nom if membre.secteur else "tous les secteurs",
            vu_le=membre.utilisateur.last_login,
            signe=_signe(membre, attendu=membre.utilisateur_id in attendus),
            facteur=_facteur(is_protege=membre.utilisateur_id in proteges),
            is_soi=membre.pk == moi.pk,
        )
        for membre in membres
    ]


def _signe(membre: Appartenance, *, attendu: bool) -> Signe:
    if not membre.actif:
        return Signe(
            "ban", f"suspendu : {membre.get_suspension_display()}" if membre.suspension else "suspendu", "ambre"
        )
    if attendu:
        return Signe("mail", "invité, lien en attente", "accent")
    if not membre.utilisateur.has_usable_password() and membre.utilisateur.last_login is None:
        return Signe("mail", "invité, lien périmé", "ambre")
    return Signe("circle-check", "actif", "vert")


def _facteur(*, is_protege: bool) -> Signe:
    if is_protege:
        return Signe("shield-lock", "second facteur", "vert")
    return Signe("alert-triangle", "sans second facteur", "ambre")
