"""The protected household: one way of contact a person, and its lifting by two people."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests import fabriques
from tests.apps.dossiers.conftest import AUJOURD_HUI
from tests.apps.dossiers.proteges import lever, nommes, placer

from maintien.apps.comptes.models import Compte, Personne
from maintien.apps.dossiers import attention, levees
from maintien.apps.dossiers.canaux_surs import Voie, kept_people
from maintien.apps.dossiers.enums import (
    EtatLevee,
    MotifLevee,
    NiveauDossier,
    VoieContact,
)
from maintien.apps.dossiers.erreurs import SaisieRefuseeError
from maintien.apps.dossiers.menages import protect_menages, protected_person_ids
from maintien.apps.dossiers.models import (
    CanalSur,
    DemandeLevee,
    Dossier,
    Menage,
    MiseSousProtection,
)
from maintien.apps.dossiers.permissions import can
from maintien.apps.organismes.models import Appartenance
from maintien.apps.organismes.permissions import AccesRefuseError
from maintien.apps.socle.models import Evenement
from maintien.travaux.secteurs import realign_dossiers


def test_la_voie_de_l_une_n_est_pas_celle_de_l_autre(
    mien: Dossier, agent: Appartenance, emilie: Personne, paul: Personne
) -> None:
    placer(agent, mien, voies={emilie.pk: Voie(VoieContact.TIERS, " Foyer Olympe ", "le matin")})

    assert list(CanalSur.objects.order_by("pk").values_list("personne_id", "voie", "valeur", "horaires")) == [
        (emilie.pk, "tiers", "Foyer Olympe", "le matin"),
        (paul.pk, "aucune", "", ""),
    ]


@pytest.mark.parametrize(
    ("voie", "phrase"),
    [
        (Voie(VoieContact.TELEPHONE), "Écrivez le numéro"),
        (Voie(VoieContact.COURRIEL, "  "), "Écrivez le numéro"),
        (Voie(VoieContact.TIERS, ""), "Écrivez le numéro"),
        (Voie(VoieContact.FICHIER), "restent de côté"),
        (Voie(VoieContact.TELEPHONE, "0" * 201), "dépasse 200 caractères"),
        (Voie(VoieContact.TELEPHONE, "06", "h" * 201), "dépasse 200 caractères"),
    ],
)
def test_une_voie_qui_ne_dit_rien_est_refusee(
    mien: Dossier, agent: Appartenance, emilie: Personne, voie: Voie, phrase: str
) -> None:
    placer(agent, mien)
    mien.refresh_from_db()

    with pytest.raises(SaisieRefuseeError, match=phrase):
        attention.set_voies(agent, mien, voies={emilie.pk: voie}, version=mien.version)


def test_qui_n_est_pas_nomme_ne_change_aucune_voie(
    mien: Dossier, agent: Appartenance, collegue: Appartenance, emilie: Personne
) -> None:
    placer(agent, mien)
    mien.refresh_from_db()

    with pytest.raises(AccesRefuseError):
        attention.set_voies(collegue, mien, voies={emilie.pk: Voie()}, version=mien.version)


def test_sur_un_menage_ordinaire_le_progiciel_fait_foi(mien: Dossier, agent: Appartenance, emilie: Personne) -> None:
    with pytest.raises(SaisieRefuseeError, match="celles du progiciel"):
        attention.set_voies(agent, mien, voies={emilie.pk: Voie()}, version=mien.version)


def test_une_personne_demande_une_autre_confirme(
    mien: Dossier, agent: Appartenance, cesf: Appartenance, emilie: Personne, paul: Personne, collegue: Appartenance
) -> None:
    placer(agent, mien)
    mien.refresh_from_db()

    lever(agent, cesf, mien)

    demande = DemandeLevee.objects.get()
    assert (demande.etat, demande.motif, demande.demandee_par_id, demande.decidee_par_id, demande.decidee_le) == (
        "confirmee",
        "demande",
        agent.utilisateur_id,
        cesf.utilisateur_id,
        AUJOURD_HUI,
    )
    assert (mien.niveau, nommes(mien.menage_id), MiseSousProtection.objects.get().levee_le) == (
        "suivi",
        set(),
        AUJOURD_HUI,
    )
    assert not Menage.objects.get().contact_restreint
    assert can(collegue, "dossier.voir", mien)
    actes = (
        Evenement.objects.filter(acte__startswith="protection.levee").order_by("pk").values_list("acte", "acteur_id")
    )
    assert list(actes) == [
        ("protection.levee_demandee", agent.utilisateur_id),
        ("protection.levee_confirmee", cesf.utilisateur_id),
    ]


def test_qui_demande_ne_confirme_pas(mien: Dossier, agent: Appartenance) -> None:
    placer(agent, mien)
    mien.refresh_from_db()
    levees.ask_lifting(agent, mien, motif=MotifLevee.ERREUR, version=mien.version)
    mien.refresh_from_db()

    for accord in (True, False):
        mien.refresh_from_db()
        with pytest.raises(SaisieRefuseeError, match="une autre personne y répond"):
            levees.answer_lifting(agent, mien, accord=accord, version=mien.version)

    assert DemandeLevee.objects.get().etat == EtatLevee.DEMANDEE
    assert Dossier.objects.get().niveau == NiveauDossier.PROTEGE


def test_la_base_aussi_refuse_une_seule_personne(mien: Dossier, agent: Appartenance) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        DemandeLevee.objects.create(
            menage=mien.menage,
            motif=MotifLevee.ERREUR,
            demandee_par=agent.utilisateur,
            demandee_le=AUJOURD_HUI,
            decidee_par=agent.utilisateur,
        )


def test_un_refus_se_garde_et_ne_change_rien(mien: Dossier, agent: Appartenance, cesf: Appartenance) -> None:
    placer(agent, mien)
    mien.refresh_from_db()
    levees.ask_lifting(agent, mien, motif=MotifLevee.DEMANDE, version=mien.version)
    mien.refresh_from_db()

    levees.answer_lifting(cesf, mien, accord=False, version=mien.version)

    mien.refresh_from_db()
    assert (DemandeLevee.objects.get().etat, mien.niveau) == ("refusee", "protege")
    with pytest.raises(SaisieRefuseeError, match="Aucune levée n'attend"):
        levees.answer_lifting(cesf, mien, accord=True, version=mien.version)
    mien.refresh_from_db()
    levees.ask_lifting(cesf, mien, motif=MotifLevee.DEMANDE, version=mien.version)
    assert DemandeLevee.objects.count() == 2


@pytest.mark.parametrize(("jours", "attend"), [(30, True), (31, False)])
def test_une_demande_vaut_trente_jours(
    mien: Dossier, agent: Appartenance, cesf: Appartenance, jours: int, attend: bool
) -> None:
    placer(agent, mien)
    mien.refresh_from_db()
    levees.ask_lifting(
        agent, mien, motif=MotifLevee.DEMANDE, version=mien.version, jour=AUJOURD_HUI - timedelta(days=jours)
    )
    mien.refresh_from_db()

    realign_dossiers(AUJOURD_HUI)

    assert DemandeLevee.objects.get().etat == ("demandee" if attend else "expiree")
    if not attend:
        with pytest.raises(SaisieRefuseeError, match="une demande vaut trente jours"):
            levees.answer_lifting(cesf, mien, accord=True, version=mien.version)


def test_deux_demandes_a_la_fois_non(mien: Dossier, agent: Appartenance, cesf: Appartenance) -> None:
    placer(agent, mien)
    mien.refresh_from_db()
    levees.ask_lifting(agent, mien, motif=MotifLevee.DEMANDE, version=mien.version)
    mien.refresh_from_db()

    with pytest.raises(SaisieRefuseeError, match="déjà demandée"):
        levees.ask_lifting(cesf, mien, motif=MotifLevee.DEMANDE, version=mien.version)


def test_seule_nommee_elle_designe_le_responsable_qui_repondra(
    mien: Dossier, cesf: Appartenance, chef: Appartenance, collegue: Appartenance
) -> None:
    placer(cesf, mien, nommes=[cesf.utilisateur_id])
    mien.refresh_from_db()
    demander: dict[str, Any] = {"motif": MotifLevee.DEMANDE, "version": mien.version}

    with pytest.raises(SaisieRefuseeError, match="seule personne nommée"):
        levees.ask_lifting(cesf, mien, **demander)
    for autre in (collegue, cesf):
        with pytest.raises(SaisieRefuseeError, match="Choisissez un responsable"):
            levees.ask_lifting(cesf, mien, **demander, responsable=autre.utilisateur_id)
    assert not can(chef, "dossier.voir", mien)
    mien.refresh_from_db()
    levees.ask_lifting(cesf, mien, motif=MotifLevee.DEMANDE, version=mien.version, responsable=chef.utilisateur_id)
    mien.refresh_from_db()
    chef = Appartenance.objects.get(pk=chef.pk)
    levees.answer_lifting(chef, mien, accord=True, version=mien.version)

    assert Dossier.objects.get().niveau == NiveauDossier.SUIVI


def test_qui_n_est_pas_nomme_ne_leve_rien(
    mien: Dossier, agent: Appartenance, chef: Appartenance, collegue: Appartenance
) -> None:
    placer(agent, mien)
    mien.refresh_from_db()
    levees.ask_lifting(agent, mien, motif=MotifLevee.DEMANDE, version=mien.version)
    mien.refresh_from_db()

    for membre in (chef, collegue):
        with pytest.raises(AccesRefuseError):
            levees.answer_lifting(membre, mien, accord=True, version=mien.version)
        with pytest.raises(AccesRefuseError):
            levees.ask_lifting(membre, mien, motif=MotifLevee.DEMANDE, version=mien.version)


def test_apres_la_levee_les_coordonnees_restent_de_cote(
    mien: Dossier, agent: Appartenance, cesf: Appartenance, emilie: Personne, paul: Personne
) -> None:
    placer(agent, mien, voies={emilie.pk: Voie(VoieContact.TELEPHONE, "0799999999")})
    mien.refresh_from_db()
    lever(agent, cesf, mien)

    assert protected_person_ids() == {emilie.pk, paul.pk}
    assert Menage.objects.get().lieu == ""
    attention.set_voies(agent, mien, voies={emilie.pk: Voie(VoieContact.FICHIER)}, version=mien.version)

    assert protected_person_ids() == {paul.pk}
    canal = CanalSur.objects.get(personne=emilie)
    assert (canal.voie, canal.valeur) == ("fichier", "")
    mien.refresh_from_db()
    attention.set_voies(agent, mien, voies={paul.pk: Voie(VoieContact.FICHIER)}, version=mien.version)
    assert (kept_people(), Menage.objects.get().lieu) == (set(), "Les Peupliers, Toulouse")


def test_la_levee_efface_aussi_la_marque_posee_sur_la_personne(
    mien: Dossier, agent: Appartenance, cesf: Appartenance, emilie: Personne
) -> None:
    Personne.objects.filter(pk=emilie.pk).update(contact_restreint=True)
    placer(agent, mien)
    mien.refresh_from_db()
    lever(agent, cesf, mien)

    with transaction.atomic():
        protect_menages()

    assert not Menage.objects.get().contact_restreint


def test_une_demande_trop_vieille_n_attend_plus_avant_meme_d_etre_rayee(mien: Dossier, agent: Appartenance) -> None:
    placer(agent, mien)
    mien.refresh_from_db()
    levees.ask_lifting(agent, mien, motif=MotifLevee.DEMANDE, version=mien.version, jour=date(2026, 10, 1))

    assert levees.pending(mien.menage_id, date(2026, 10, 31)) == DemandeLevee.objects.get()
    assert levees.pending(mien.menage_id, date(2026, 11, 1)) is None


def test_un_responsable_ne_se_designe_pas_lui_meme(mien: Dossier, chef: Appartenance) -> None:
    placer(chef, mien, nommes=[chef.utilisateur_id])
    mien.refresh_from_db()

    with pytest.raises(SaisieRefuseeError, match="autre que vous"):
        levees.ask_lifting(chef, mien, motif=MotifLevee.DEMANDE, version=mien.version, responsable=chef.utilisateur_id)


def test_qui_est_arrive_depuis_reste_de_cote_apres_la_levee(
    mien: Dossier, agent: Appartenance, cesf: Appartenance
) -> None:
    placer(agent, mien)
    mien.refresh_from_db()
    arrivee = fabriques.personne("Neuve", "Ana")
    fabriques.occupation(Compte.objects.get(), arrivee, bail_reference="B1")

    lever(agent, cesf, mien)

    assert CanalSur.objects.get(personne=arrivee).voie == VoieContact.AUCUNE
    assert arrivee.pk in protected_person_ids()
