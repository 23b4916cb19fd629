"""Three landlords with the same codes of sectors; in each row, words that must never come out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from tests import fabriques

from maintien.apps.comptes.models import Compte
from maintien.apps.dossiers.enums import EtatDossier, NiveauDossier
from maintien.apps.dossiers.models import Dossier, Menage
from maintien.apps.organismes.enums import MotifRevocation, PorteeApi, Role
from maintien.apps.organismes.jetons import revoke_jeton
from maintien.apps.organismes.models import JetonApi, Organisme, Secteur, Utilisateur
from maintien.apps.socle.portee import organisme_scope

ABSENT = 2_000_000_000
SUIVI: Mapping[str, Any] = {"niveau": NiveauDossier.SUIVI}
CLOS: Mapping[str, Any] = {"etat": EtatDossier.CLOS, "clos_le": fabriques.NUIT}
PROTEGE: Mapping[str, Any] = {"niveau": NiveauDossier.PROTEGE}


@dataclass
class Monde:
    """`jetons`: the text of the header of each actor; `comptes` and `dossiers`: one key per relation."""

    organisme: Organisme
    agent: Utilisateur
    jetons: dict[str, str] = field(default_factory=dict)
    comptes: dict[str, str] = field(default_factory=dict)
    dossiers: dict[str, int] = field(default_factory=dict)

    def get(self, acteur: str, adresse: str, methode: str = "GET") -> HttpResponse:
        client = Client(raise_request_exception=False)
        if acteur == "session":
            client.force_login(self.agent)
        entetes = {"Authorization": f"Bearer {self.jetons[acteur]}"} if acteur in self.jetons else {}
        return client.generic(methode, adresse, headers=entetes)


def marque(nom: str) -> str:
    return f"MARQUE-{nom}".upper()


def ajouter(nom: str, secteur: Secteur, *, prefixe: str = "C", **menage: Any) -> tuple[Compte, Menage]:
    """An account in debt and its household, marked in every field that holds words."""
    compte = fabriques.compte(f"{prefixe}-{nom}", secteur=secteur)
    fabriques.situation(compte, dette_locative_centimes=450_00, solde_centimes=450_00, modifiee_le=fabriques.NUIT)
    fabriques.bail(compte, logement=fabriques.logement(secteur=secteur, voie=marque(nom), residence=marque(nom)))
    personne = fabriques.personne(marque(nom), marque(nom), telephone=marque(nom), courriel=marque(nom))
    fabriques.occupation(compte, personne)
    return compte, fabriques.menage(compte, libelle=marque(nom), lieu=marque(nom), recherche=marque(nom), **menage)


def _rows(monde: Monde, nord: Secteur, sud: Secteur) -> None:
    plans: tuple[tuple[str, Secteur, Mapping[str, Any]], ...] = (
        ("ordinaire", nord, {}),
        ("suivi", nord, SUIVI),
        ("clos", nord, CLOS),
        ("protege", nord, PROTEGE),
        ("protege_clos", nord, {**PROTEGE, **CLOS}),
        ("restreint", nord, {}),
        ("une_personne", nord, {}),
        ("ancien", nord, CLOS),
        ("sud", sud, {}),
    )
    for nom, secteur, champs in plans:
        compte, menage = ajouter(nom, secteur, contact_restreint=nom == "restreint")
        dossier = fabriques.dossier(menage, secteur=secteur, motif_cloture=marque(nom), **champs)
        monde.comptes[nom], monde.dossiers[nom] = compte.reference, dossier.pk
        if nom == "ancien":
            fabriques.dossier(menage, secteur=secteur, **PROTEGE)
        if nom == "une_personne":
            fabriques.occupation(compte, fabriques.personne(contact_restreint=True))
    monde.comptes["sans_dossier"] = ajouter("sans_dossier", nord)[0].reference


def _tokens(monde: Monde, nord: Secteur) -> None:
    bon = fabriques.jeton()
    expire, revoque = fabriques.jeton(), fabriques.jeton()
    JetonApi.objects.filter(pk=expire.jeton.pk).update(expire_le=timezone.localdate() - timedelta(days=1))
    revoke_jeton(revoque.jeton, MotifRevocation.PERDU)
    monde.jetons |= {
        "mal_forme": "abc",
        "inconnu": f"mnt_{'0' * 12}_{'0' * 64}",
        "mauvais_secret": f"mnt_{bon.jeton.prefixe}_{'0' * 64}",
        "expire": expire.texte,
        "revoque": revoque.texte,
        "client": bon.texte,
        "client_nord": fabriques.jeton(secteur=nord).texte,
        "situations_seules": fabriques.jeton(PorteeApi.SITUATIONS_LIRE).texte,
        "dossiers_seuls": fabriques.jeton(PorteeApi.DOSSIERS_LIRE).texte,
    }


def construire_monde() -> Monde:
    organisme = fabriques.organisme("API")
    with organisme_scope(organisme):
        nord, sud = fabriques.secteur("NORD"), fabriques.secteur("SUD")
        monde = Monde(organisme, fabriques.membre(Role.RESPONSABLE).utilisateur)
        _rows(monde, nord, sud)
        _tokens(monde, nord)
    with organisme_scope(fabriques.organisme("API2")):
        compte, menage = ajouter("ailleurs", fabriques.secteur("NORD"), prefixe="AILLEURS")
        monde.comptes |= {"ailleurs": compte.reference, "absent": "C-nulle-part"}
        monde.dossiers |= {"ailleurs": fabriques.dossier(menage).pk, "absent": ABSENT}
    with organisme_scope(fabriques.organisme("API3")):
        monde.jetons["client_d_ailleurs"] = fabriques.jeton().texte
    return monde


@pytest.fixture
def monde(db: None) -> Monde:
    return construire_monde()


def dossier_of(monde: Monde, nom: str) -> Dossier:
    with organisme_scope(monde.organisme):
        return Dossier.objects.get(pk=monde.dossiers[nom])
