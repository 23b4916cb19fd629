"""A death, a measure, a restricted contact: noted by whoever may, effective at once, corrected with a reason."""

from collections.abc import Callable
from datetime import date

import pytest
from django.http import Http404
from tests import fabriques

from maintien.apps.comptes.enums import RoleOccupation
from maintien.apps.comptes.models import Compte, Personne
from maintien.apps.dossiers import protections
from maintien.apps.dossiers.destinataires import destinataires
from maintien.apps.dossiers.enums import (
    Canal,
    EtatDossier,
    EtatProposition,
    GenreFait,
    MotifRestriction,
    Protection,
    SourceDeces,
)
from maintien.apps.dossiers.erreurs import ConflitError, SaisieRefuseeError
from maintien.apps.dossiers.models import Dossier, Fait, Menage, MenageCompte, Proposition
from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.models import Appartenance
from maintien.apps.socle.models import Evenement

VENDREDI = date(2026, 11, 20)
LUNDI = date(2026, 11, 23)
Acte = Callable[[Appartenance, Dossier, Personne], Dossier]


def _deces(qui: Appartenance, dossier: Dossier, personne: Personne, version: int = 1) -> Dossier:
    return protections.record_deces(
        qui, dossier, personne=personne.pk, deces_le=VENDREDI, source=SourceDeces.PROCHE, version=version
    )


def _tutelle(qui: Appartenance, dossier: Dossier, personne: Personne, version: int = 1, motif: str = "") -> Dossier:
    return protections.set_protection(
        qui,
        dossier,
        mesure=Protection.TUTELLE,
        personne=personne.pk,
        mandataire=" UDAF 31 ",
        adresse="3 rue du Pont\n31000 Toulouse",
        depuis=date(2024, 5, 2),
        motif=motif,
        version=version,
    )


def _restriction(qui: Appartenance, dossier: Dossier, personne: Personne, version: int = 1) -> Dossier:
    return protections.restrict_contact(
        qui, dossier, motif=MotifRestriction.ORDONNANCE, personne=personne.pk, version=version
    )


ACTES: dict[str, Acte] = {"deces": _deces, "protection": _tutelle, "restriction": _restriction}


@pytest.fixture
def compte(dossier: Dossier) -> Compte:
    compte = fabriques.compte("C1")
    MenageCompte.objects.create(menage=dossier.menage, compte=compte)
    fabriques.bail(compte, reference="B1", logement=fabriques.logement(residence="Les Saules", commune="Muret"))
    return compte


@pytest.fixture
def emilie(compte: Compte) -> Personne:
    personne = fabriques.personne(telephone="06 12 34 56 78", date_naissance=date(1966, 7, 5))
    fabriques.occupation(compte, personne)
    return personne


@pytest.fixture
def paul(compte: Compte) -> Personne:
    personne = fabriques.personne("Durand", "Paul", civilite="M.")
    fabriques.occupation(compte, personne, RoleOccupation.COTITULAIRE)
    return personne


def _noms(dossier: Dossier) -> list[tuple[str, str]]:
    menage = Menage.objects.get(pk=dossier.menage_id)
    return [(d.nom, d.qualite) for d in destinataires(menage).personnes]


@pytest.mark.parametrize("acte", ACTES)
def test_chaque_acte_ecrit_un_fait_une_ligne_de_journal_et_vaut_aussitot(
    acte: str, agent: Appartenance, dossier: Dossier, emilie: Personne
) -> None:
    appel = fabriques.proposition(dossier)
    loi = fabriques.proposition(dossier, genre="signaler", canal=Canal.INTERNE, imposee=True)

    ACTES[acte](agent, dossier, emilie)

    fait = Fait.objects.get()
    assert (fait.genre, fait.auteur, fait.menage, fait.dossier, fait.date) == (
        GenreFait.PROTECTION,
        agent.utilisateur,
        dossier.menage,
        dossier,
        LUNDI,
    )
    evenement = Evenement.objects.get()
    assert (evenement.acte, evenement.acteur, evenement.objet_id) == (f"menage.{acte}", agent.utilisateur, dossier.pk)
    assert (evenement.details["version"], evenement.details["donnees"]["personne"]) == (2, emilie.pk)
    assert "UDAF" not in str(evenement.details), "le journal ne garde ni nom ni texte"
    appel.refresh_from_db()
    loi.refresh_from_db()
    assert (appel.etat, loi.etat) == (EtatProposition.PERIMEE, EtatProposition.A_FAIRE)


@pytest.mark.parametrize("acte", ACTES)
def test_chaque_acte_est_refuse_hors_de_ses_droits(acte: str, dossier: Dossier, emilie: Personne) -> None:
    du_sud = fabriques.membre(Role.RECOUVREMENT, fabriques.secteur("SUD"))
    for membre in (du_sud, fabriques.membre(Role.ADMINISTRATEUR)):
        with pytest.raises(Http404):
            ACTES[acte](membre, dossier, emilie)
    assert not Fait.objects.exists()


@pytest.mark.parametrize("acte", ACTES)
def test_une_caution_ou_un_etranger_n_est_pas_du_menage(
    acte: str, agent: Appartenance, dossier: Dossier, compte: Compte
) -> None:
    caution, etranger = fabriques.personne("Garant", "Jorge"), fabriques.personne("Noël", "Zoé")
    fabriques.occupation(compte, caution, RoleOccupation.CAUTION)
    for personne in (caution, etranger):
        with pytest.raises(SaisieRefuseeError, match="une personne de ce ménage"):
            ACTES[acte](agent, dossier, personne)
    assert Dossier.objects.get().version == 1, "rien n'est écrit"


@pytest.mark.parametrize("acte", ACTES)
def test_le_second_est_prevenu(acte: str, agent: Appartenance, dossier: Dossier, emilie: Personne) -> None:
    ACTES[acte](agent, dossier, emilie)

    with pytest.raises(ConflitError, match="Votre saisie est gardée") as conflit:
        _tutelle(agent, dossier, emilie)
    dit = {"deces": "décès noté", "protection": "mesure de protection notée", "restriction": "contact restreint posé"}
    assert conflit.value.changements == (f"{dit[acte]} par Ali Benali",)


def test_un_deces_se_note_meme_sur_un_dossier_clos(agent: Appartenance, dossier: Dossier, emilie: Personne) -> None:
    Dossier.objects.update(etat=EtatDossier.CLOS, clos_le=VENDREDI)

    _deces(agent, dossier, emilie)

    emilie.refresh_from_db()
    assert emilie.deces_le == VENDREDI


def test_apres_un_deces_rien_ne_s_adresse_a_la_personne(
    agent: Appartenance, dossier: Dossier, emilie: Personne, paul: Personne
) -> None:
    _deces(agent, dossier, emilie)

    assert _noms(dossier) == [("M. Paul Durand", "locataire")]
    assert Menage.objects.get().deces_le == VENDREDI
    assert Fait.objects.get().donnees == {
        "objet": "deces",
        "personne": emilie.pk,
        "deces_le": "2026-11-20",
        "selon": "proche",
    }


def test_un_deces_vaut_dans_chaque_menage_de_la_personne(
    agent: Appartenance, dossier: Dossier, emilie: Personne
) -> None:
    autre = fabriques.compte("C2")
    fabriques.occupation(autre, emilie)
    second = fabriques.dossier(fabriques.menage(autre), secteur=dossier.secteur)
    appel = fabriques.proposition(second)

    _deces(agent, dossier, emilie)

    appel.refresh_from_db()
    assert appel.etat == EtatProposition.PERIMEE
    assert set(Menage.objects.values_list("deces_le", flat=True)) == {VENDREDI}


@pytest.mark.parametrize(
    ("jour", "phrase"),
    [(date(2026, 11, 24), "24 novembre 2026 est à venir"), (date(1966, 7, 4), "précéder la naissance")],
)
def test_un_deces_impossible_est_refuse(
    jour: date, phrase: str, agent: Appartenance, dossier: Dossier, emilie: Personne
) -> None:
    with pytest.raises(SaisieRefuseeError, match=phrase) as refus:
        protections.record_deces(agent, dossier, personne=emilie.pk, deces_le=jour, source=SourceDeces.ACTE, version=1)
    assert refus.value.champ == "deces_le"
    assert Dossier.objects.get().version == 1


def test_un_deces_note_deux_fois_se_dit(agent: Appartenance, dossier: Dossier, emilie: Personne) -> None:
    _deces(agent, dossier, emilie)

    with pytest.raises(SaisieRefuseeError, match="déjà noté, au 20 novembre 2026"):
        _deces(agent, dossier, emilie, version=2)


def test_un_deces_note_par_erreur_se_corrige_avec_sa_raison(
    agent: Appartenance, dossier: Dossier, emilie: Personne
) -> None:
    _deces(agent, dossier, emilie)
    succession = fabriques.proposition(dossier, canal=Canal.COURRIER)
    with pytest.raises(SaisieRefuseeError, match="pourquoi vous corrigez") as refus:
        protections.cancel_deces(agent, dossier, personne=emilie.pk, motif="  ", version=2)
    assert refus.value.champ == "motif"

    protections.cancel_deces(agent, dossier, personne=emilie.pk, motif="Homonyme", version=2)

    assert _noms(dossier) == [("Mme Émilie Martinez", "locataire")]
    assert Menage.objects.get().deces_le is None
    succession.refresh_from_db()
    assert succession.etat == EtatProposition.PERIMEE, "on n'écrit plus à la succession d'une vivante"
    assert Fait.objects.latest("pk").donnees["motif"] == "Homonyme"
    correction = Evenement.objects.latest("pk")
    assert correction.acte == "menage.correction"
    assert "Homonyme" not in f"{correction.motif} {correction.details}"
    with pytest.raises(SaisieRefuseeError, match="Aucun décès"):
        protections.cancel_deces(agent, dossier, personne=emilie.pk, motif="Encore", version=3)


def test_sous_tutelle_on_ecrit_au_tuteur(agent: Appartenance, dossier: Dossier, emilie: Personne) -> None:
    _tutelle(agent, dossier, emilie)

    menage = Menage.objects.get()
    assert _noms(dossier) == [("UDAF 31", "tuteur")]
    assert destinataires(menage).personnes[0].adresse == "3 rue du Pont\n31000 Toulouse"
    assert (menage.personne_protegee, menage.protection_depuis) == (emilie, date(2024, 5, 2))


def test_remplacer_une_mesure_demande_sa_raison(agent: Appartenance, dossier: Dossier, emilie: Personne) -> None:
    _tutelle(agent, dossier, emilie)
    with pytest.raises(SaisieRefuseeError, match="pourquoi vous corrigez"):
        _tutelle(agent, dossier, emilie, version=2)

    protections.set_protection(
        agent,
        dossier,
        mesure=Protection.CURATELLE,
        personne=emilie.pk,
        mandataire="M. Lacour",
        motif="Jugement de mainlevée partielle",
        version=2,
    )

    assert _noms(dossier) == [("Mme Émilie Martinez", "locataire"), ("M. Lacour", "curateur")]
    fait = Fait.objects.latest("pk")
    assert (fait.donnees["avant"], fait.donnees["motif"]) == ("tutelle", "Jugement de mainlevée partielle")


def test_la_fin_d_une_mesure_rend_la_personne_a_elle_meme(
    agent: Appartenance, dossier: Dossier, emilie: Personne
) -> None:
    _tutelle(agent, dossier, emilie)

    protections.end_protection(agent, dossier, motif="Mainlevée", version=2)

    menage = Menage.objects.get()
    assert _noms(dossier) == [("Mme Émilie Martinez", "locataire")]
    assert (menage.mandataire, menage.mandataire_adresse, menage.personne_protegee) == ("", "", None)
    with pytest.raises(SaisieRefuseeError, match="Aucune mesure"):
        protections.end_protection(agent, dossier, motif="Mainlevée", version=3)


def test_un_contact_restreint_tait_le_lieu_dans_tous_les_menages_de_la_personne(
    agent: Appartenance, dossier: Dossier, emilie: Personne
) -> None:
    autre = fabriques.compte("C2")
    fabriques.occupation(autre, emilie)
    fabriques.menage(autre)

    _restriction(agent, dossier, emilie)

    for menage in Menage.objects.all():
        assert menage.contact_restreint
        assert menage.lieu == ""
        assert "muret" not in menage.recherche
        assert "martinez" in menage.recherche
    emilie.refresh_from_db()
    assert emilie.contact_restreint
    with pytest.raises(SaisieRefuseeError, match="déjà restreint"):
        _restriction(agent, dossier, emilie, version=2)


def test_rien_ne_leve_un_contact_restreint(agent: Appartenance, dossier: Dossier, emilie: Personne) -> None:
    _restriction(agent, dossier, emilie)
    _tutelle(agent, dossier, emilie, version=2)

    protections.end_protection(agent, dossier, motif="Mainlevée", version=3)

    assert Menage.objects.get().contact_restreint
    assert not Proposition.objects.exists()
