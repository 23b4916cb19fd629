"""Two households that share a tenant: joined by a person, kept apart, or given back what was theirs."""

from datetime import date

import pytest
from django.http import Http404
from tests import fabriques

from maintien.apps.comptes.enums import RoleOccupation
from maintien.apps.comptes.models import Compte, Occupation
from maintien.apps.dossiers.enums import EtatDossier, EtatProposition, GenreFait, MotifPause, NiveauDossier
from maintien.apps.dossiers.erreurs import ConflitError, SaisieRefuseeError
from maintien.apps.dossiers.libelles import name_menages
from maintien.apps.dossiers.menages import attach_menages
from maintien.apps.dossiers.models import (
    Dossier,
    Fait,
    Menage,
    MenageCompte,
    Note,
    Pause,
    Proposition,
    Rapprochement,
)
from maintien.apps.dossiers.reunions import DISTINGUER, REUNIR, REVOIR, SEPARER, decide_join
from maintien.apps.dossiers.voisins import voisins
from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.models import Appartenance, Secteur
from maintien.apps.socle.models import Evenement

VENDREDI = date(2026, 11, 20)


@pytest.fixture
def paire(nord: Secteur) -> Rapprochement:
    """Émilie and Paul hold C1 together, Émilie alone holds C2: two households, each with its open dossier."""
    emilie, paul = fabriques.personne(), fabriques.personne("Durand", "Paul", civilite="M.")
    for reference, personnes in (("C1", (emilie, paul)), ("C2", (emilie,))):
        compte = fabriques.compte(reference, secteur=nord)
        fabriques.bail(compte, reference=f"B{reference}")
        for personne in personnes:
            fabriques.occupation(compte, personne, RoleOccupation.TITULAIRE, bail_reference=f"B{reference}")
    attach_menages()
    name_menages()
    for menage in Menage.objects.order_by("pk"):
        fabriques.dossier(menage, secteur=nord)
    return Rapprochement.objects.get()


@pytest.fixture
def mien(paire: Rapprochement) -> Dossier:
    return Dossier.objects.get(menage__rattachements__compte__reference="C1")


@pytest.fixture
def autre(paire: Rapprochement) -> Dossier:
    return Dossier.objects.get(menage__rattachements__compte__reference="C2")


def _dire(agent: Appartenance, dossier: Dossier, choix: str) -> Rapprochement:
    dossier.refresh_from_db()
    paire = Rapprochement.objects.get()
    return decide_join(
        agent, dossier, rapprochement=paire.pk, choix=choix, motif="Dit au téléphone.", version=dossier.version
    )


def _comptes(menage_id: int) -> list[str]:
    liens = MenageCompte.objects.filter(menage_id=menage_id).order_by("compte__reference")
    return list(liens.values_list("compte__reference", flat=True))


def _etat() -> dict[str, list[tuple[object, ...]]]:
    """What a join may move, as values."""
    return {
        "comptes": list(MenageCompte.objects.order_by("compte").values_list("compte_id", "menage_id")),
        "dossiers": list(
            Dossier.objects.order_by("pk").values_list("pk", "menage_id", "etat", "clos_le", "motif_cloture")
        ),
        "pauses": list(Pause.objects.order_by("pk").values_list("pk", "dossier_id", "levee_le")),
        "notes": list(Note.objects.order_by("pk").values_list("pk", "dossier_id")),
        "legales": list(
            Proposition.objects.filter(imposee=True).order_by("pk").values_list("pk", "dossier_id", "etat")
        ),
        "faits": list(
            Fait.objects.exclude(genre=GenreFait.RAPPROCHEMENT).order_by("pk").values_list("pk", "menage_id")
        ),
        "menages": list(Menage.objects.order_by("pk").values_list("pk", "libelle")),
    }


def _garnir(mien: Dossier, autre: Dossier, agent: Appartenance) -> None:
    """A step to the household and a report to the CAF on each side; a pause, a note and a call on the other one."""
    for dossier, compte in ((mien, "C1"), (autre, "C2")):
        fabriques.proposition(dossier)
        fabriques.proposition(dossier, genre="impaye_legal", imposee=True, reference_compte=compte)
    Pause.objects.create(dossier=autre, motif=MotifPause.DROITS, du=VENDREDI, au=date(2026, 12, 20))
    Note.objects.create(dossier=autre, auteur=agent.utilisateur, texte="Une note.")
    Fait.objects.create(menage=autre.menage, dossier=autre, genre=GenreFait.APPEL, date=VENDREDI)
    Dossier.objects.filter(pk=autre.pk).update(niveau=NiveauDossier.SUIVI)


def test_reunir_garde_ouvert_le_dossier_d_ou_l_on_decide_et_ne_perd_rien(
    mien: Dossier, autre: Dossier, agent: Appartenance
) -> None:
    _garnir(mien, autre, agent)
    cede = autre.menage_id

    _dire(agent, mien, REUNIR)

    mien.refresh_from_db()
    autre.refresh_from_db()
    assert _comptes(mien.menage_id) == ["C1", "C2"]
    assert (mien.etat, mien.niveau, autre.etat, autre.menage_id) == ("ouvert", "suivi", "clos", mien.menage_id)
    assert autre.motif_cloture == f"Réuni au dossier {mien.pk} : c'est le même ménage."
    assert Pause.objects.get().dossier == mien
    assert Note.objects.get().dossier == autre
    assert Fait.objects.get(genre=GenreFait.APPEL).menage_id == mien.menage_id
    # What the law asks follows its account; of the two calls, one is left.
    legales = Proposition.objects.filter(imposee=True, etat=EtatProposition.A_FAIRE)
    assert sorted(legales.values_list("dossier_id", "reference_compte")) == [(mien.pk, "C1"), (mien.pk, "C2")]
    contacts = Proposition.objects.filter(imposee=False).values_list("dossier_id", "etat")
    assert sorted(contacts) == sorted([(mien.pk, "a_faire"), (autre.pk, "perimee")])
    assert Menage.objects.filter(pk=cede).exists()
    ligne = Evenement.objects.get(acte="menage.rapprochement")
    assert (ligne.acteur, ligne.details["donnees"]["choix"]) == (agent.utilisateur, "reunir")
    assert "téléphone" not in str(ligne.details)


def test_separer_rend_tout_ce_qui_avait_ete_deplace(mien: Dossier, autre: Dossier, agent: Appartenance) -> None:
    _garnir(mien, autre, agent)
    avant = _etat()
    _dire(agent, mien, REUNIR)
    assert _etat() != avant

    paire = _dire(agent, mien, SEPARER)

    assert _etat() == avant
    assert (paire.etat, paire.garde, paire.deplaces) == ("distincts", None, {})
    assert not Proposition.objects.filter(imposee=False, etat=EtatProposition.A_FAIRE).exists()


def test_d_un_dossier_clos_celui_qui_est_ouvert_le_reste(mien: Dossier, autre: Dossier, agent: Appartenance) -> None:
    Dossier.objects.filter(pk=mien.pk).update(etat=EtatDossier.CLOS, clos_le=VENDREDI)
    avant = _etat()

    _dire(agent, mien, REUNIR)

    mien.refresh_from_db()
    autre.refresh_from_db()
    assert (mien.menage_id, mien.etat, autre.etat) == (autre.menage_id, "clos", "ouvert")
    assert _comptes(autre.menage_id) == ["C1", "C2"]

    _dire(agent, mien, SEPARER)

    assert _etat() == avant


def test_distinguer_puis_remettre_a_decider(mien: Dossier, agent: Appartenance) -> None:
    avant = _etat()

    assert _dire(agent, mien, DISTINGUER).etat == "distincts"
    assert _dire(agent, mien, REVOIR).etat == "a_decider"

    assert _etat() == avant
    assert Fait.objects.filter(genre=GenreFait.RAPPROCHEMENT).count() == 2


@pytest.mark.parametrize(("distingues", "attendus"), [(True, ["C1"]), (False, ["C1", "C2"])])
def test_aucun_fichier_ne_reunit_ce_qu_une_personne_a_distingue(
    mien: Dossier, autre: Dossier, agent: Appartenance, distingues: bool, attendus: list[str]
) -> None:
    """Paul leaves the lease of the file: the same person holds both accounts, and a machine would join them."""
    if distingues:
        _dire(agent, mien, DISTINGUER)
    autre.delete()
    Occupation.objects.filter(personne__nom="Durand").delete()

    attach_menages()

    assert _comptes(mien.menage_id) == attendus


def test_une_decision_survit_a_la_reunion_que_fait_la_machine(
    mien: Dossier, autre: Dossier, agent: Appartenance
) -> None:
    """C1 is not the household of C2; then C3, of the same tenant, takes C2 in: C1 is not its household either."""
    _dire(agent, mien, DISTINGUER)
    absorbe = autre.menage_id
    autre.delete()
    emilie = Occupation.objects.get(compte__reference="C2").personne
    compte = fabriques.compte("C3", secteur=mien.secteur)
    fabriques.bail(compte, reference="BC3")
    fabriques.occupation(compte, emilie, bail_reference="BC3")
    prend = fabriques.dossier(fabriques.menage(compte), secteur=mien.secteur)

    attach_menages()

    assert _comptes(prend.menage_id) == ["C2", "C3"]
    assert not Menage.objects.filter(pk=absorbe).exists()
    paire = Rapprochement.objects.get()
    assert {paire.un_id, paire.autre_id, paire.etat} == {mien.menage_id, prend.menage_id, "distincts"}


def test_une_paire_n_est_dite_qu_une_fois(mien: Dossier) -> None:
    attach_menages()

    assert Rapprochement.objects.count() == 1
    assert Evenement.objects.filter(acte="menage.a_rapprocher").count() == 1


def test_qui_ne_voit_pas_l_autre_secteur_ne_sait_rien_et_ne_decide_pas(
    mien: Dossier, autre: Dossier, agent: Appartenance
) -> None:
    sud = fabriques.secteur("SUD")
    Compte.objects.filter(rattachement__menage=autre.menage).update(secteur=sud)

    assert voisins(agent, mien) == ()
    with pytest.raises(Http404):
        _dire(agent, mien, REUNIR)
    responsable = fabriques.membre(Role.RESPONSABLE)
    [voisin] = voisins(responsable, mien)
    assert (voisin.comptes, voisin.communs) == (("C2",), ("Mme Émilie Martinez",))


def test_la_paire_d_un_autre_menage_est_introuvable(paire: Rapprochement, nord: Secteur, agent: Appartenance) -> None:
    etranger = fabriques.dossier(fabriques.menage(fabriques.compte("C9", secteur=nord)), secteur=nord)

    with pytest.raises(Http404):
        _dire(agent, etranger, REUNIR)


def test_un_contact_restreint_n_est_nomme_a_personne(mien: Dossier, autre: Dossier, agent: Appartenance) -> None:
    Menage.objects.filter(pk=autre.menage_id).update(contact_restreint=True)

    assert voisins(agent, mien) == ()
    with pytest.raises(SaisieRefuseeError, match="restreint"):
        _dire(agent, mien, REUNIR)


def test_deux_mesures_differentes_ne_se_reunissent_pas(mien: Dossier, autre: Dossier, agent: Appartenance) -> None:
    Menage.objects.filter(pk=mien.menage_id).update(protection="tutelle", mandataire="UDAF 31")
    Menage.objects.filter(pk=autre.menage_id).update(protection="curatelle", mandataire="M. Faure")

    with pytest.raises(SaisieRefuseeError, match="mesure de protection"):
        _dire(agent, mien, REUNIR)
    assert _comptes(mien.menage_id) == ["C1"]


def test_une_mesure_suit_et_ne_se_leve_pas(mien: Dossier, autre: Dossier, agent: Appartenance) -> None:
    Menage.objects.filter(pk=autre.menage_id).update(protection="tutelle", mandataire="UDAF 31")
    appel = fabriques.proposition(mien)

    _dire(agent, mien, REUNIR)
    appel.refresh_from_db()
    assert appel.etat == EtatProposition.PERIMEE
    assert Menage.objects.get(pk=mien.menage_id).mandataire == "UDAF 31"
    _dire(agent, mien, SEPARER)

    assert set(Menage.objects.values_list("protection", flat=True)) == {"tutelle"}


def test_le_second_est_prevenu(mien: Dossier, agent: Appartenance) -> None:
    paire = Rapprochement.objects.get()
    decide_join(agent, mien, rapprochement=paire.pk, choix=DISTINGUER, motif="Oui.", version=mien.version)

    with pytest.raises(ConflitError, match="ménages rapprochés ou distingués"):
        decide_join(agent, mien, rapprochement=paire.pk, choix=REVOIR, motif="Non.", version=1)
    with pytest.raises(SaisieRefuseeError, match="vient de décider"):
        _dire(agent, mien, DISTINGUER)


def test_decider_demande_sa_raison(mien: Dossier, agent: Appartenance) -> None:
    paire = Rapprochement.objects.get()

    with pytest.raises(SaisieRefuseeError, match="quelques mots"):
        decide_join(agent, mien, rapprochement=paire.pk, choix=DISTINGUER, motif=" ", version=mien.version)
