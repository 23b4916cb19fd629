"""The protected household as nights, imports, deaths, new leases and rapprochements go by."""

from datetime import date

import pytest
from django.db import transaction
from tests import fabriques
from tests.apps.dossiers.conftest import AUJOURD_HUI
from tests.apps.dossiers.proteges import lever, nommes, placer

from maintien.apps.comptes.enums import RoleOccupation
from maintien.apps.comptes.models import Compte, Personne
from maintien.apps.dossiers import attention
from maintien.apps.dossiers.canaux_surs import Voie
from maintien.apps.dossiers.decisions import (
    Changement,
    Cloture,
    Ouverture,
    change_dossiers,
    close_dossiers,
    open_dossiers,
)
from maintien.apps.dossiers.enums import (
    AuteurPresume,
    EtatDossier,
    EtatRapprochement,
    NiveauDossier,
    SourceDeces,
    VoieContact,
)
from maintien.apps.dossiers.erreurs import SaisieRefuseeError
from maintien.apps.dossiers.menages import attach_menages, protect_menages
from maintien.apps.dossiers.models import (
    CanalSur,
    Dossier,
    Menage,
    MenageCompte,
    MiseSousProtection,
    Rapprochement,
)
from maintien.apps.dossiers.nominations import name_all
from maintien.apps.dossiers.permissions import can, visible, visible_comptes
from maintien.apps.dossiers.protections import record_deces
from maintien.apps.dossiers.reunions import REUNIR, SEPARER, decide_join
from maintien.apps.organismes.models import Appartenance, Secteur


def test_la_nuit_n_abaisse_pas_le_niveau(mien: Dossier, agent: Appartenance) -> None:
    placer(agent, mien)

    with transaction.atomic():
        change_dossiers([Changement(mien.pk, "DOS-SUIVI", "Plan en cours.", niveau="suivi")], AUJOURD_HUI)

    assert Dossier.objects.get().niveau == NiveauDossier.PROTEGE


def test_clos_puis_rouvert_avec_un_autre_duo_il_reste_cache(
    mien: Dossier, agent: Appartenance, cesf: Appartenance, collegue: Appartenance
) -> None:
    placer(agent, mien)
    with transaction.atomic():
        close_dossiers([Cloture(mien.pk, "DOS-SOLDE", "Soldé.")], AUJOURD_HUI)
        open_dossiers([Ouverture(mien.menage_id, None, "DOS-OUVRIR", "Retard.")], AUJOURD_HUI)
    neuf = Dossier.objects.get(etat=EtatDossier.OUVERT)
    Dossier.objects.filter(pk=neuf.pk).update(referent=collegue.utilisateur)
    neuf.refresh_from_db()

    assert (neuf.niveau, can(collegue, "dossier.voir", neuf), can(cesf, "dossier.voir", neuf)) == (
        "protege",
        False,
        True,
    )


def test_un_deces_ne_leve_rien(mien: Dossier, agent: Appartenance, paul: Personne) -> None:
    placer(agent, mien, auteur_presume=AuteurPresume.OCCUPANT, personne_en_cause=paul.pk)
    mien.refresh_from_db()

    record_deces(
        agent, mien, personne=paul.pk, deces_le=date(2026, 11, 22), source=SourceDeces.ACTE, version=mien.version
    )

    mien.refresh_from_db()
    assert (mien.niveau, mien.menage.contact_restreint) == ("protege", True)


def _nouveau_bail(personne: Personne, nord: Secteur, role: RoleOccupation = RoleOccupation.TITULAIRE) -> Menage:
    compte = fabriques.compte("C2", secteur=nord)
    fabriques.bail(
        compte, reference="B2", date_entree=date(2026, 11, 1), logement=fabriques.logement(residence="Refuge")
    )
    fabriques.occupation(compte, personne, role, bail_reference="B2")
    with transaction.atomic():
        attach_menages()
        protect_menages()
    return Menage.objects.get(rattachements__compte=compte)


def test_partie_seule_dans_un_autre_logement_elle_reste_protegee(
    mien: Dossier,
    agent: Appartenance,
    cesf: Appartenance,
    collegue: Appartenance,
    emilie: Personne,
    paul: Personne,
    nord: Secteur,
) -> None:
    placer(
        agent,
        mien,
        auteur_presume=AuteurPresume.OCCUPANT,
        personne_en_cause=paul.pk,
        voies={emilie.pk: Voie(VoieContact.TIERS, "Foyer Olympe")},
    )

    autre = _nouveau_bail(emilie, nord)

    assert autre.pk != mien.menage_id
    assert (autre.contact_restreint, autre.lieu) == (True, "")
    assert nommes(autre.pk) == {agent.utilisateur_id, cesf.utilisateur_id}
    assert CanalSur.objects.get(menage=autre).valeur == "Foyer Olympe"
    agent = Appartenance.objects.get(pk=agent.pk)
    comptes = Compte.objects.order_by("reference")
    assert [c.reference for c in visible_comptes(comptes, agent, "dossier.voir")] == ["C1", "C2"]
    assert list(visible_comptes(comptes, collegue, "dossier.voir")) == []
    with transaction.atomic():
        open_dossiers([Ouverture(autre.pk, nord.pk, "DOS-OUVRIR", "Retard.")], AUJOURD_HUI)
    name_all()
    ouvert = Dossier.objects.get(menage=autre)
    assert (ouvert.niveau, can(collegue, "dossier.voir", ouvert), can(cesf, "dossier.voir", ouvert)) == (
        "protege",
        False,
        True,
    )


def test_le_bail_que_prend_seul_qui_est_a_tenir_a_l_ecart_reste_ordinaire(
    mien: Dossier, agent: Appartenance, paul: Personne, nord: Secteur
) -> None:
    placer(agent, mien, auteur_presume=AuteurPresume.OCCUPANT, personne_en_cause=paul.pk)

    assert not _nouveau_bail(paul, nord).contact_restreint


def test_se_porter_garant_ailleurs_n_y_cache_personne(
    mien: Dossier, agent: Appartenance, emilie: Personne, nord: Secteur
) -> None:
    placer(agent, mien)

    autre = _nouveau_bail(emilie, nord, RoleOccupation.CAUTION)

    assert not MiseSousProtection.objects.filter(menage=autre).exists()


def test_le_bail_deja_pris_ailleurs_est_couvert_aussitot(
    mien: Dossier, agent: Appartenance, collegue: Appartenance, emilie: Personne, nord: Secteur
) -> None:
    autre = _nouveau_bail(emilie, nord)
    suivi = fabriques.dossier(autre, secteur=nord, referent=collegue.utilisateur)

    placer(agent, mien)

    suivi.refresh_from_db()
    assert suivi.niveau == NiveauDossier.PROTEGE
    assert list(visible(Dossier.objects.filter(pk=suivi.pk), collegue, "dossier.voir")) == []
    assert can(agent, "dossier.voir", suivi)


def test_ce_qui_se_decide_de_l_un_vaut_pour_l_autre(
    mien: Dossier, agent: Appartenance, cesf: Appartenance, emilie: Personne, nord: Secteur
) -> None:
    placer(agent, mien)
    autre = _nouveau_bail(emilie, nord)
    mien.refresh_from_db()
    attention.set_named(agent, mien, nommes=[agent.utilisateur_id, cesf.utilisateur_id], version=mien.version)
    mien.refresh_from_db()

    lever(agent, cesf, mien)

    assert not MiseSousProtection.objects.filter(levee_le=None).exists()
    assert (nommes(autre.pk), Menage.objects.filter(contact_restreint=True).count()) == (set(), 0)


def test_le_panneau_des_rapprochements_ne_reunit_pas_un_menage_protege(
    mien: Dossier, agent: Appartenance, emilie: Personne, nord: Secteur
) -> None:
    autre = _nouveau_bail(emilie, nord)
    fabriques.dossier(autre, secteur=nord, referent=agent.utilisateur)
    placer(agent, mien)
    paire = Rapprochement.objects.get()
    mien.refresh_from_db()
    agent = Appartenance.objects.get(pk=agent.pk)

    with pytest.raises(SaisieRefuseeError, match="ne se réunissent pas ici"):
        decide_join(agent, mien, rapprochement=paire.pk, choix=REUNIR, motif="Dit.", version=mien.version)


def test_separer_ne_decouvre_rien(
    mien: Dossier, agent: Appartenance, cesf: Appartenance, collegue: Appartenance, emilie: Personne, nord: Secteur
) -> None:
    autre = _nouveau_bail(emilie, nord)
    fabriques.dossier(autre, secteur=nord, referent=agent.utilisateur)
    paire = Rapprochement.objects.get()
    decide_join(agent, mien, rapprochement=paire.pk, choix=REUNIR, motif="Dit.", version=mien.version)
    placer(agent, mien)
    mien.refresh_from_db()

    decide_join(agent, mien, rapprochement=paire.pk, choix=SEPARER, motif="Erreur.", version=mien.version)

    rendu = MenageCompte.objects.get(compte__reference="C2").menage
    assert rendu.pk == autre.pk
    assert (rendu.contact_restreint, rendu.lieu) == (True, "")
    assert nommes(rendu.pk) == {agent.utilisateur_id, cesf.utilisateur_id}
    assert list(visible_comptes(Compte.objects.all(), collegue, "dossier.voir")) == []
    assert Rapprochement.objects.get().etat == EtatRapprochement.DISTINCTS


def test_un_import_ne_fond_pas_un_menage_protege_dans_un_autre(
    mien: Dossier, agent: Appartenance, emilie: Personne, paul: Personne, nord: Secteur
) -> None:
    placer(agent, mien, auteur_presume=AuteurPresume.OCCUPANT, personne_en_cause=paul.pk)
    autre = _nouveau_bail(emilie, nord)
    fabriques.occupation(Compte.objects.get(reference="C2"), paul, bail_reference="B2")
    fabriques.dossier(autre, secteur=nord, niveau=NiveauDossier.PROTEGE)

    with transaction.atomic():
        attach_menages()

    assert MiseSousProtection.objects.filter(levee_le=None).count() == 2
    assert Menage.objects.count() == 2
