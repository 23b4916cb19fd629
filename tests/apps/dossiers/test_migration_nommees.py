"""Households protected before this version keep whoever followed them."""

from importlib import import_module

import pytest
from django.apps import apps
from tests import fabriques

from maintien.apps.dossiers.enums import NiveauDossier
from maintien.apps.dossiers.models import PersonneNommee
from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.models import Organisme


@pytest.mark.django_db
def test_le_duo_d_un_dossier_deja_protege_y_est_nomme(bailleur: Organisme) -> None:
    migration = import_module("maintien.apps.dossiers.migrations.0008_personnes_nommees")
    agent, chef = (fabriques.membre(r).utilisateur for r in (Role.RECOUVREMENT, Role.RESPONSABLE))
    suivi = fabriques.dossier(niveau=NiveauDossier.PROTEGE, referent=agent)
    seul = fabriques.dossier(niveau=NiveauDossier.PROTEGE)
    fabriques.dossier(referent=agent)

    migration.name_duos(apps, None)
    migration.name_duos(apps, None)

    nommes = set(PersonneNommee.objects.values_list("menage_id", "utilisateur_id"))
    assert nommes == {(suivi.menage_id, agent.pk), (seul.menage_id, chef.pk)}
