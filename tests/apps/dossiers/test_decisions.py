"""What the night decides about dossiers: once each, told, and never a protection lifted."""

from datetime import date

import pytest
from tests import fabriques

from maintien.apps.dossiers import actions
from maintien.apps.dossiers.decisions import (
    Changement,
    Cloture,
    Ouverture,
    change_dossiers,
    close_dossiers,
    open_dossiers,
)
from maintien.apps.dossiers.enums import (
    CauseImpaye,
    EtatDossier,
    EtatProposition,
    GenreFait,
    NiveauDossier,
    SourceCause,
)
from maintien.apps.dossiers.erreurs import ConflitError
from maintien.apps.dossiers.models import Dossier, Fait, Menage, Proposition
from maintien.apps.organismes.models import Appartenance, Organisme, Secteur
from maintien.apps.socle import journal
from maintien.apps.socle.models import Evenement

NUIT = date(2026, 11, 20)


@pytest.fixture
def menage(bailleur: Organisme) -> Menage:
    return fabriques.menage()


def _ouverture(menage: Menage, secteur: Secteur | None = None, **champs: str) -> Ouverture:
    return Ouverture(menage.pk, secteur.pk if secteur else None, "DOS-OUVRIR-RETARD", "450,00 € en retard.", **champs)


def test_ouvrir_laisse_un_fait_et_une_ligne_de_journal(menage: Menage, nord: Secteur) -> None:
    [dossier] = open_dossiers([_ouverture(menage, nord)], NUIT)

    relu = Dossier.objects.get()
    assert (relu.pk, relu.secteur, relu.ouvert_le, relu.derniere_activite_le) == (dossier.pk, nord, NUIT, NUIT)
    assert (relu.regle_ouverture, relu.cause, relu.cause_le) == ("DOS-OUVRIR-RETARD", CauseImpaye.INCONNUE, None)
    fait = Fait.objects.get()
    assert (fait.genre, fait.source, fait.donnees["motif"]) == (GenreFait.OUVERTURE, "nuit", "450,00 € en retard.")
    evenement = Evenement.objects.get()
    assert (evenement.acte, evenement.acteur, evenement.objet_id) == ("dossier.ouverture", None, dossier.pk)
    assert evenement.details == {"regle": "DOS-OUVRIR-RETARD", "version": 1}


def test_ouvrir_deux_fois_n_ouvre_qu_un_dossier(menage: Menage) -> None:
    open_dossiers([_ouverture(menage), _ouverture(menage)], NUIT)

    assert open_dossiers([_ouverture(menage)], NUIT) == []
    assert Dossier.objects.count() == Fait.objects.count() == Evenement.objects.count() == 1


def test_une_cause_calculee_porte_sa_date_et_sa_source(menage: Menage) -> None:
    open_dossiers([_ouverture(menage, cause=CauseImpaye.TECHNIQUE)], NUIT)

    relu = Dossier.objects.get()
    assert (relu.cause, relu.cause_le, relu.cause_source) == (CauseImpaye.TECHNIQUE, NUIT, SourceCause.CALCUL)


def test_la_protection_passe_d_un_dossier_au_suivant(menage: Menage) -> None:
    ancien = fabriques.dossier(menage, niveau=NiveauDossier.PROTEGE)
    close_dossiers([Cloture(ancien.pk, "DOS-CLORE", "Plus rien n'est dû.")], NUIT)

    open_dossiers([_ouverture(menage)], date(2026, 12, 10))

    assert Dossier.objects.get(etat=EtatDossier.OUVERT).niveau == NiveauDossier.PROTEGE
    assert Dossier.objects.get(etat=EtatDossier.CLOS).niveau == NiveauDossier.PROTEGE


def test_clore_ote_ce_qui_etait_propose_et_garde_le_reste(menage: Menage) -> None:
    dossier = fabriques.dossier(menage)
    fabriques.proposition(dossier)
    fabriques.proposition(dossier, genre="plan_du", etat=EtatProposition.REPORTEE, reportee_au=date(2026, 12, 1))
    fabriques.proposition(dossier, genre="rejet", etat=EtatProposition.FAITE)

    assert close_dossiers([Cloture(dossier.pk, "DOS-CLORE", "Plus rien n'est dû.")], NUIT) == 1

    relu = Dossier.objects.get()
    assert (relu.etat, relu.clos_le, relu.motif_cloture, relu.version) == (
        EtatDossier.CLOS,
        NUIT,
        "Plus rien n'est dû.",
        2,
    )
    assert sorted(Proposition.objects.values_list("etat", flat=True)) == ["faite", "perimee", "perimee"]
    assert close_dossiers([Cloture(dossier.pk, "DOS-CLORE", "Encore.")], NUIT) == 0
    assert Fait.objects.count() == 1


def test_changer_de_niveau_et_de_cause_en_un_seul_fait(menage: Menage) -> None:
    dossier = fabriques.dossier(menage)
    changements = [
        Changement(dossier.pk, "DOS-SUIVI", "Trois mois proches.", niveau=NiveauDossier.SUIVI),
        Changement(dossier.pk, "DOS-CAUSE", "Rejet technique.", cause=CauseImpaye.TECHNIQUE),
    ]

    assert change_dossiers(changements, NUIT) == 1

    relu = Dossier.objects.get()
    assert (relu.niveau, relu.cause, relu.version) == (NiveauDossier.SUIVI, CauseImpaye.TECHNIQUE, 2)
    assert Fait.objects.get().donnees["motif"] == "Trois mois proches. Rejet technique."
    assert change_dossiers(changements, NUIT) == 0
    assert Dossier.objects.get().version == 2


def test_une_protection_et_la_parole_d_une_personne_restent(menage: Menage) -> None:
    dossier = fabriques.dossier(
        menage, niveau=NiveauDossier.PROTEGE, cause=CauseImpaye.LITIGE, cause_source=SourceCause.LOCATAIRE
    )
    changement = Changement(dossier.pk, "DOS", "Calcul.", niveau=NiveauDossier.ORDINAIRE, cause=CauseImpaye.TECHNIQUE)

    assert change_dossiers([changement], NUIT) == 0
    relu = Dossier.objects.get()
    assert (relu.niveau, relu.cause) == (NiveauDossier.PROTEGE, CauseImpaye.LITIGE)


def test_un_dossier_clos_ne_change_plus(menage: Menage) -> None:
    dossier = fabriques.dossier(menage, etat=EtatDossier.CLOS, clos_le=NUIT)

    assert change_dossiers([Changement(dossier.pk, "DOS", "", niveau=NiveauDossier.SUIVI)], NUIT) == 0


def test_une_personne_apprend_ce_que_la_nuit_a_change(menage: Menage, agent: Appartenance, nord: Secteur) -> None:
    dossier = fabriques.dossier(menage, secteur=nord)
    change_dossiers([Changement(dossier.pk, "DOS-SUIVI", "", niveau=NiveauDossier.SUIVI)], NUIT)

    with pytest.raises(ConflitError, match="mis à jour par la passe de nuit"):
        actions.set_cause(agent, dossier, cause=CauseImpaye.LITIGE, source=SourceCause.AGENT, jour=NUIT, version=1)


def test_un_lot_coute_un_nombre_de_requetes_constant(
    bailleur: Organisme, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    journal.record("essai")  # the head of the chain is made once and for all
    for nombre in (3, 40):
        ouvertures = [_ouverture(fabriques.menage()) for _ in range(nombre)]
        with django_assert_num_queries(7):
            dossiers = open_dossiers(ouvertures, NUIT)
        with django_assert_num_queries(7):
            close_dossiers([Cloture(d.pk, "DOS-CLORE", "Soldé.") for d in dossiers], NUIT)
