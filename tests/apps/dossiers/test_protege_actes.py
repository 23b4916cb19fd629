"""The protected household: who places it, what happens at once, who knows of it.

Scenarios of rooms that do not exist yet (campaigns, API, purge) come with their own issue. The ways of contact and the
lifting are in test_protege_levee.py, what else happens to a household in test_protege_suites.py, pages in
tests/web/test_protege_pages.py, imports in tests/travaux/imports/test_protege_imports.py.
"""

from datetime import date
from typing import Any

import pytest
from django.http import Http404
from tests import fabriques
from tests.apps.dossiers.conftest import AUJOURD_HUI
from tests.apps.dossiers.proteges import nommes, placer

from maintien.apps.comptes.models import Compte, Personne
from maintien.apps.dossiers import attention
from maintien.apps.dossiers.actions import reassign
from maintien.apps.dossiers.canaux_surs import Voie
from maintien.apps.dossiers.enums import (
    AuteurPresume,
    EtatDossier,
    EtatProposition,
    NiveauDossier,
)
from maintien.apps.dossiers.erreurs import ConflitError, SaisieRefuseeError
from maintien.apps.dossiers.models import (
    CanalSur,
    Dossier,
    Fait,
    Menage,
    MiseSousProtection,
    Proposition,
)
from maintien.apps.dossiers.nominations import name_all
from maintien.apps.dossiers.permissions import can
from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.models import Appartenance
from maintien.apps.organismes.permissions import AccesRefuseError
from maintien.apps.socle.models import Evenement
from maintien.travaux.secteurs import realign_dossiers


def test_placer_agit_en_une_fois(
    mien: Dossier, agent: Appartenance, cesf: Appartenance, emilie: Personne, paul: Personne
) -> None:
    ancien = fabriques.dossier(mien.menage, etat=EtatDossier.CLOS, clos_le=date(2026, 1, 5))
    appel = fabriques.proposition(mien, quoi="Appeler Mme Martinez aux Peupliers.")

    placer(agent, mien, auteur_presume=AuteurPresume.OCCUPANT, personne_en_cause=paul.pk)

    assert set(Dossier.objects.values_list("pk", "niveau")) == {(mien.pk, "protege"), (ancien.pk, "protege")}
    menage = Menage.objects.get()
    assert (menage.contact_restreint, menage.lieu) == (True, "")
    assert menage.recherche == "mme emilie martinez m. paul durand c1"
    assert Proposition.objects.get(pk=appel.pk).etat == EtatProposition.PERIMEE
    assert nommes(menage.pk) == {agent.utilisateur_id, cesf.utilisateur_id}
    assert set(CanalSur.objects.values_list("personne_id", "voie", "valeur")) == {
        (emilie.pk, "aucune", ""),
        (paul.pk, "aucune", ""),
    }
    mise = MiseSousProtection.objects.get()
    assert (mise.motif, mise.auteur_presume, mise.personne_en_cause_id, mise.posee_par_id) == (
        "violences",
        "occupant",
        paul.pk,
        agent.utilisateur_id,
    )


def test_ni_le_journal_ni_le_fil_ne_disent_pourquoi(mien: Dossier, agent: Appartenance, paul: Personne) -> None:
    placer(agent, mien, auteur_presume=AuteurPresume.OCCUPANT, personne_en_cause=paul.pk)

    ligne = Evenement.objects.get(acte="protection.placer")
    assert ligne.details == {
        "version": 3,
        "menage": mien.menage_id,
        "donnees": {"menages": [mien.menage_id], "nommes": sorted([mien.referent_id, mien.cesf_id])},
    }
    assert ligne.motif == ""
    assert Fait.objects.get(genre="protection").donnees == {"objet": "attention", "acte": "protection.placer"}


def test_l_auteur_de_l_acte_n_est_nomme_que_s_il_le_choisit(
    mien: Dossier, agent: Appartenance, cesf: Appartenance
) -> None:
    placer(agent, mien, nommes=[cesf.utilisateur_id])

    assert not can(agent, "dossier.voir", mien)
    assert can(cesf, "dossier.voir", mien)


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"nommes": []}, "Nommez au moins une personne"),
        ({"nommes": [999_999]}, "ne peut pas être nommée"),
        ({"depuis": date(2026, 11, 24)}, "est à venir"),
        ({"auteur_presume": AuteurPresume.OCCUPANT}, "Choisissez une personne de ce ménage"),
        ({"auteur_presume": AuteurPresume.OCCUPANT, "personne_en_cause": 999_999}, "Choisissez une personne de ce"),
        ({"voies": {999_999: Voie()}}, "Choisissez une personne de ce ménage"),
    ],
)
def test_ce_qui_ne_se_garde_pas_ne_change_rien(
    mien: Dossier, agent: Appartenance, champs: dict[str, Any], phrase: str
) -> None:
    with pytest.raises(SaisieRefuseeError, match=phrase):
        placer(agent, mien, **champs)

    mien.refresh_from_db()
    assert (mien.niveau, MiseSousProtection.objects.count(), CanalSur.objects.count()) == ("ordinaire", 0, 0)


@pytest.mark.parametrize("role", [Role.GARDIEN, Role.COMITE, Role.ADMINISTRATEUR, Role.DPO])
def test_qui_ne_lit_pas_les_dossiers_proteges_ne_peut_y_etre_nomme(
    mien: Dossier, agent: Appartenance, role: Role
) -> None:
    autre = fabriques.membre(role)

    with pytest.raises(SaisieRefuseeError, match="ne peut pas être nommée"):
        placer(agent, mien, nommes=[autre.utilisateur_id])
    with pytest.raises(Http404):
        placer(autre, mien)


def test_le_collegue_d_un_autre_secteur_ne_place_rien(mien: Dossier) -> None:
    ailleurs = fabriques.membre(Role.RECOUVREMENT, fabriques.secteur("SUD"))

    with pytest.raises(AccesRefuseError):
        placer(ailleurs, mien)


def test_deux_fois_ne_se_peut(mien: Dossier, agent: Appartenance) -> None:
    placer(agent, mien)

    with pytest.raises(SaisieRefuseeError, match="déjà sous protection"):
        placer(agent, mien)


def test_qui_ecrivait_pendant_ce_temps_est_prevenu_en_mots_neutres(
    mien: Dossier, agent: Appartenance, cesf: Appartenance
) -> None:
    avant = mien.version
    placer(agent, mien)
    mien.refresh_from_db()

    with pytest.raises(ConflitError) as conflit:
        attention.set_named(cesf, mien, nommes=[cesf.utilisateur_id], version=avant)

    assert conflit.value.changements == ("conditions de contact revues par Ali Benali",)


def test_un_dossier_que_la_regle_protegeait_recoit_sa_raison(mien: Dossier, agent: Appartenance) -> None:
    Dossier.objects.update(niveau=NiveauDossier.PROTEGE)
    name_all()

    placer(agent, mien)

    assert MiseSousProtection.objects.count() == 1


def test_on_ajoute_et_on_retire_mais_quelqu_un_reste(
    mien: Dossier, agent: Appartenance, cesf: Appartenance, collegue: Appartenance
) -> None:
    placer(agent, mien)
    mien.refresh_from_db()

    attention.set_named(agent, mien, nommes=[cesf.utilisateur_id, collegue.utilisateur_id], version=mien.version)

    assert nommes(mien.menage_id) == {cesf.utilisateur_id, collegue.utilisateur_id}
    assert Evenement.objects.get(acte="protection.nommes").details["donnees"] == {
        "entres": [collegue.utilisateur_id],
        "sortis": [agent.utilisateur_id],
    }
    mien.refresh_from_db()
    with pytest.raises(SaisieRefuseeError, match="Nommez au moins une personne"):
        attention.set_named(cesf, mien, nommes=[], version=mien.version)


def test_qui_n_est_pas_nomme_ne_nomme_personne(
    mien: Dossier, agent: Appartenance, collegue: Appartenance, chef: Appartenance
) -> None:
    placer(agent, mien)
    mien.refresh_from_db()

    for membre in (collegue, chef):
        with pytest.raises(AccesRefuseError):
            attention.set_named(membre, mien, nommes=[membre.utilisateur_id], version=mien.version)


def test_sur_un_dossier_ordinaire_il_n_y_a_personne_a_nommer(mien: Dossier, agent: Appartenance) -> None:
    with pytest.raises(SaisieRefuseeError, match="n'est pas sous protection"):
        attention.set_named(agent, mien, nommes=[agent.utilisateur_id], version=mien.version)


def test_changer_le_duo_n_est_donne_a_personne(
    mien: Dossier, agent: Appartenance, collegue: Appartenance, chef: Appartenance
) -> None:
    placer(agent, mien, nommes=[agent.utilisateur_id, chef.utilisateur_id])
    mien.refresh_from_db()

    for membre in (agent, chef, collegue):
        with pytest.raises(AccesRefuseError):
            reassign(membre, mien, referent=collegue.utilisateur, cesf=None, version=mien.version)


def test_prendre_un_siege_ne_donne_rien_a_voir(
    mien: Dossier, agent: Appartenance, cesf: Appartenance, collegue: Appartenance
) -> None:
    placer(agent, mien)
    Dossier.objects.update(referent=collegue.utilisateur)
    mien.refresh_from_db()

    name_all()

    assert not can(collegue, "dossier.voir", mien)
    assert nommes(mien.menage_id) == {agent.utilisateur_id, cesf.utilisateur_id}


@pytest.mark.parametrize("depart", [{"actif": False}, {"role": Role.GARDIEN}])
def test_le_dernier_qui_part_laisse_la_place_aux_responsables(
    mien: Dossier, agent: Appartenance, collegue: Appartenance, chef: Appartenance, depart: dict[str, Any]
) -> None:
    placer(agent, mien, nommes=[agent.utilisateur_id])
    Appartenance.objects.filter(pk=agent.pk).update(**depart)
    Dossier.objects.update(referent=collegue.utilisateur)

    realign_dossiers(AUJOURD_HUI)
    realign_dossiers(AUJOURD_HUI)

    assert nommes(mien.menage_id) == {agent.utilisateur_id, chef.utilisateur_id}
    assert not can(collegue, "dossier.voir", Dossier.objects.get())
    assert Evenement.objects.filter(acte="protection.nommer").count() == 1


def test_le_changement_de_secteur_ne_change_pas_qui_sait(
    mien: Dossier, agent: Appartenance, cesf: Appartenance, compte: Compte
) -> None:
    placer(agent, mien)
    sud = fabriques.secteur("SUD")
    voisin = fabriques.membre(Role.RECOUVREMENT, sud)
    Compte.objects.update(secteur=sud)

    realign_dossiers(AUJOURD_HUI)

    mien = Dossier.objects.get()
    assert (mien.secteur_id, mien.referent_id, mien.cesf_id) == (sud.pk, None, None)
    assert (can(agent, "dossier.voir", mien), can(voisin, "dossier.voir", mien)) == (True, False)
