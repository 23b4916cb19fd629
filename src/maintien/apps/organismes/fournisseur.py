"""Login by an identity provider: only somebody already invited, found by a verified address once, then by subject."""

import logging
from functools import cache
from typing import Any

from django.conf import settings
from django.db import IntegrityError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import get_random_string

from maintien.apps.organismes import facteurs
from maintien.apps.organismes.enums import MotifSuspension, Role
from maintien.apps.organismes.models import Appartenance, IdentiteExterne, Organisme, Secteur, Utilisateur
from maintien.apps.organismes.selectors import memberships_of
from maintien.apps.organismes.sessions import end_sessions
from maintien.apps.organismes.traces import record_for
from maintien.apps.organismes.utilisateurs import is_last_administrator, open_roles
from maintien.apps.socle import journal
from maintien.apps.socle.portee import organisme_scope
from maintien.connecteurs.oidc.client import Identite
from maintien.connecteurs.oidc.client import logout_address as address_at_provider
from maintien.connecteurs.oidc.correspondance import SUSPENDRE, Correspondance, Regle, read_correspondance
from maintien.connecteurs.oidc.reglages import OidcError, ReglagesOidc

_journal = logging.getLogger("maintien.fournisseur")


def reglages_oidc() -> ReglagesOidc | None:
    reglages: ReglagesOidc | None = settings.MAINTIEN_OIDC
    return reglages


@cache
def _lire(chemin: str, texte: str) -> Correspondance:
    return read_correspondance(chemin, texte, Role.values)


def correspondance() -> Correspondance:
    """The rules of the landlord; none when no file is named."""
    reglages = reglages_oidc()
    if reglages is None or reglages.correspondance is None:
        return Correspondance()
    return _lire(reglages.correspondance.name, reglages.correspondance.read_text(encoding="utf-8"))


def find_user(identite: Identite) -> Utilisateur:
    """The user whom this identity is, linked now if it is the first time; `OidcError` when there is none."""
    liee = IdentiteExterne.objects.filter(emetteur=identite.emetteur, sujet=identite.sujet).first()
    utilisateur = Utilisateur.objects.get(pk=liee.utilisateur_id) if liee else _link(identite)
    if not utilisateur.is_active:
        raise OidcError("le compte est fermé")
    return utilisateur


def _link(identite: Identite) -> Utilisateur:
    adresse = str(identite.revendications.get("email") or "").strip().lower()
    verifiee = identite.revendications.get("email_verified")
    reglages = reglages_oidc()
    # A claim that says no is believed whatever the settings; its absence, only when they say so.
    if not adresse or verifiee is False or (verifiee is not True and not (reglages and reglages.is_courriel_verifie)):
        raise OidcError("le fournisseur ne donne pas d'adresse vérifiée")
    utilisateur = Utilisateur.objects.filter(email=adresse).first()
    if utilisateur is None or not memberships_of(utilisateur):
        raise OidcError("personne n'est invité à cette adresse")
    try:
        with journal.atomic():
            IdentiteExterne.objects.create(utilisateur=utilisateur, emetteur=identite.emetteur, sujet=identite.sujet)
    except IntegrityError:
        raise OidcError("cette adresse est déjà liée à une autre identité du même fournisseur") from None
    record_for(utilisateur, "utilisateur.lier_identite")
    return utilisateur


def vouches_for_second_factor(identite: Identite) -> bool:
    """Whether the settings take this level of the provider for a second factor."""
    reglages = reglages_oidc()
    admis = set(reglages.acr_second_facteur) if reglages else set()
    return bool(admis & {identite.acr, *(f"amr:{methode}" for methode in identite.amr)} - {""})


def apply_rules(utilisateur: Utilisateur, identite: Identite) -> None:
    """Role and sector in each organisme that the rules name and where the person is invited; nothing is created."""
    regles = correspondance()
    for organisme in Organisme.objects.filter(code__in=regles.organismes()):
        with journal.atomic(), organisme_scope(organisme):
            appartenance = Appartenance.objects.select_for_update().filter(utilisateur=utilisateur, actif=True).first()
            if appartenance is None:
                continue
            regle = regles.choose(organisme.code, identite.revendications)
            if regle is not None:
                _apply(appartenance, regle)
            elif regles.sans_regle == SUSPENDRE:
                _suspend(appartenance)


def _apply(appartenance: Appartenance, regle: Regle) -> None:
    secteur = Secteur.objects.filter(code=regle.secteur).first() if regle.secteur else None
    if regle.secteur and secteur is None:
        raise OidcError(f"la correspondance nomme un secteur inconnu : {regle.secteur}")
    if regle.role not in open_roles(appartenance.organisme):
        raise OidcError(f"la correspondance nomme un rôle qui n'existe pas dans cet organisme : {regle.role}")
    secteur_id = secteur.pk if secteur else None
    if (appartenance.role, appartenance.secteur_id) == (regle.role, secteur_id):
        return
    if regle.role != Role.ADMINISTRATEUR and _keeps_last_administrator(appartenance):
        return
    details = {"avant": appartenance.role, "secteur_avant": appartenance.secteur_id}
    appartenance.role, appartenance.secteur = regle.role, secteur
    appartenance.save(update_fields=["role", "secteur"])
    _record("utilisateur.role_par_fournisseur", appartenance, **details, role=regle.role, secteur=secteur_id)


def _keeps_last_administrator(appartenance: Appartenance) -> bool:
    """A file of rules never leaves an organisme without anybody who could repair it."""
    if not is_last_administrator(appartenance):
        return False
    _journal.warning("Correspondance : l'appartenance %s reste, dernier administrateur.", appartenance.pk)
    return True


def _suspend(appartenance: Appartenance) -> None:
    if _keeps_last_administrator(appartenance):
        return
    appartenance.suspend(MotifSuspension.SANS_GROUPE)
    _record("utilisateur.suspendre", appartenance, raison=MotifSuspension.SANS_GROUPE.value)


def _record(acte: str, appartenance: Appartenance, **details: Any) -> None:
    # Rights have changed: what was open with the former ones is not any more.
    end_sessions(appartenance.utilisateur)
    journal.record(acte, appartenance, utilisateur=appartenance.utilisateur_id, **details)


def remember(request: HttpRequest, utilisateur: Utilisateur, identite: Identite) -> None:
    """What logout will need, and whether the provider stands for the second factor of this very user."""
    request.session[facteurs.CLE_FOURNISSEUR] = {
        "utilisateur": utilisateur.pk,
        "second_facteur": vouches_for_second_factor(identite),
        "jeton": identite.jeton,
        "sortie": identite.adresse_de_sortie,
    }


def logout_address(request: HttpRequest) -> str:
    """Where logging out goes on, so that the session of the provider is closed too; empty for a login by password."""
    identite = request.session.get(facteurs.CLE_FOURNISSEUR) or {}
    if not identite or identite.get("utilisateur") != request.user.pk:
        return ""
    retour = request.build_absolute_uri(reverse("account_login"))
    return address_at_provider(identite.get("sortie", ""), identite.get("jeton", ""), retour, get_random_string(32))
