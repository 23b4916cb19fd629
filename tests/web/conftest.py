"""A landlord with a few households, made in scope and left before any request: pages enter the scope by themselves."""

from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from tests import fabriques

from maintien.apps.comptes.enums import RoleOccupation
from maintien.apps.comptes.models import Compte
from maintien.apps.dossiers.models import Dossier, Menage, Proposition
from maintien.apps.organismes.enums import GenreOrganisme, Role
from maintien.apps.organismes.models import Appartenance, Organisme, Secteur
from maintien.apps.socle.portee import organisme_scope


@pytest.fixture(autouse=True)
def horloge(monkeypatch: pytest.MonkeyPatch) -> None:
    """Friday 20 November 2026, nine in the morning, the day of the last pass: what is late is late by so many days."""
    instant = datetime.combine(fabriques.NUIT, time(9), tzinfo=ZoneInfo("Europe/Paris"))
    monkeypatch.setattr(timezone, "now", lambda: instant)


@dataclass
class Monde:
    """One landlord, one sector, one member a role; `menage` and `dossier` add to it."""

    organisme: Organisme
    nord: Secteur
    membres: dict[Role, Appartenance]

    def client(self, role: Role = Role.RECOUVREMENT) -> Client:
        client = Client()
        client.force_login(self.membres[role].utilisateur)
        return client

    def ajouter_menage(self, nom: str = "Mme Émilie Martinez", **champs: Any) -> tuple[Menage, Compte]:
        """A household in debt of 450 euros since 31 October, one tenant with a telephone, one guarantor."""
        with organisme_scope(self.organisme):
            compte = fabriques.compte(secteur=self.nord)
            logement = fabriques.logement(secteur=self.nord, voie="12 rue des Tilleuls")
            fabriques.bail(compte, logement=logement)
            fabriques.loyer(compte, "2026-10", date(2026, 10, 31))
            fabriques.situation(
                compte,
                dette_locative_centimes=450_00,
                dette_exigible_centimes=450_00,
                solde_centimes=450_00,
                tranche_lt1_centimes=450_00,
                date_plus_ancien=date(2026, 10, 31),
            )
            tenant = fabriques.personne(telephone="06 12 34 56 78", courriel="emilie@exemple.fr")
            fabriques.occupation(compte, tenant)
            garant = fabriques.personne("Garant", "Paul", telephone="0698765432")
            fabriques.occupation(compte, garant, RoleOccupation.CAUTION)
            return fabriques.menage(compte, libelle=nom, **champs), compte

    def ajouter_dossier(self, nom: str = "Mme Émilie Martinez", **champs: Any) -> Dossier:
        menage, _ = self.ajouter_menage(nom, **champs.pop("menage", {}))
        with organisme_scope(self.organisme):
            return fabriques.dossier(menage, secteur=self.nord, **champs)

    def ajouter_proposition(self, dossier: Dossier | None = None, **champs: Any) -> Proposition:
        dossier = dossier or self.ajouter_dossier()
        with organisme_scope(self.organisme):
            return fabriques.proposition(dossier, **champs)


def construire_monde() -> Monde:
    organisme = fabriques.organisme("DEMO", nom="Habitat du Val")
    with organisme_scope(organisme):
        nord = fabriques.secteur("NORD", nom="Nord")
        membres = {role: fabriques.membre(role) for role in fabriques.roles_de(GenreOrganisme.BAILLEUR)}
    return Monde(organisme, nord, membres)


@pytest.fixture
def monde(db: None, settings: Settings, tmp_path: Path) -> Monde:
    settings.MAINTIEN_DONNEES = tmp_path
    return construire_monde()
