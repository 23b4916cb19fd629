"""A proposed step is done, put off or not agreed, once, by one person."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from tests import fabriques

from maintien.apps.dossiers import actions
from maintien.apps.dossiers.enums import EtatProposition, GenreFait
from maintien.apps.dossiers.erreurs import DejaTraiteeError, SaisieRefuseeError
from maintien.apps.dossiers.models import Dossier, Fait, Proposition
from maintien.apps.organismes.models import Appartenance, Organisme
from maintien.apps.socle.models import Evenement


@pytest.fixture
def proposition(dossier: Dossier) -> Proposition:
    return fabriques.proposition(dossier)


def test_faite(agent: Appartenance, proposition: Proposition) -> None:
    actions.complete_proposition(agent, proposition)

    relue = Proposition.objects.get()
    assert (relue.etat, relue.traitee_par, relue.traitee_le) == (
        EtatProposition.FAITE,
        agent.utilisateur,
        date(2026, 11, 20),
    )
    fait = Fait.objects.get()
    assert (fait.genre, fait.donnees["etat"]) == (GenreFait.PROPOSITION, "faite")
    evenement = Evenement.objects.get()
    assert (evenement.acte, evenement.objet_id) == ("proposition.faite", proposition.pk)
    assert evenement.details == {"genre": "premier_retard", "regle": "premier_retard"}


def test_reportee(agent: Appartenance, proposition: Proposition) -> None:
    actions.postpone_proposition(agent, proposition, au=date(2026, 11, 27), motif="Paie le 26")

    relue = Proposition.objects.get()
    assert (relue.etat, relue.reportee_au, relue.motif_refus) == (
        EtatProposition.REPORTEE,
        date(2026, 11, 27),
        "Paie le 26",
    )


@pytest.mark.parametrize(
    ("au", "phrase"),
    [(date(2026, 11, 20), "après le 20 novembre 2026"), (date(2027, 1, 22), "deux mois au plus")],
)
def test_un_report_a_ses_bornes(au: date, phrase: str, agent: Appartenance, proposition: Proposition) -> None:
    with pytest.raises(SaisieRefuseeError, match=phrase):
        actions.postpone_proposition(agent, proposition, au=au)
    assert Proposition.objects.get().etat == EtatProposition.A_FAIRE


def test_ce_que_la_loi_date_ne_se_reporte_pas_au_dela(agent: Appartenance, dossier: Dossier) -> None:
    legale = fabriques.proposition(dossier, imposee=True, avant_le=date(2026, 11, 30))

    with pytest.raises(SaisieRefuseeError, match="avant le 30 novembre 2026"):
        actions.postpone_proposition(agent, legale, au=date(2026, 12, 1))
    actions.postpone_proposition(agent, legale, au=date(2026, 11, 30))


def test_un_refus_dit_pourquoi(agent: Appartenance, proposition: Proposition) -> None:
    with pytest.raises(SaisieRefuseeError, match="pourquoi"):
        actions.refuse_proposition(agent, proposition, motif="  ")
    with pytest.raises(SaisieRefuseeError, match="dépasse"):
        actions.refuse_proposition(agent, proposition, motif="a" * 1001)

    actions.refuse_proposition(agent, proposition, motif="Le locataire est hospitalisé.")
    assert Proposition.objects.get().motif_refus == "Le locataire est hospitalisé."


def test_le_second_apprend_que_c_est_deja_fait(
    agent: Appartenance, cesf: Appartenance, proposition: Proposition
) -> None:
    lue_par_la_cesf = Proposition.objects.get()
    actions.complete_proposition(agent, proposition)

    with pytest.raises(DejaTraiteeError, match="faite par Ali Benali"):
        actions.refuse_proposition(cesf, lue_par_la_cesf, motif="Non")
    assert Proposition.objects.get().etat == EtatProposition.FAITE
    assert Fait.objects.count() == Evenement.objects.count() == 1


def test_hors_du_secteur_rien_n_est_decide(agent: Appartenance, bailleur: Organisme) -> None:
    ailleurs = fabriques.proposition(fabriques.dossier(secteur=fabriques.secteur("SUD")))

    with pytest.raises(Http404):
        actions.complete_proposition(agent, ailleurs)
    assert Proposition.objects.get().etat == EtatProposition.A_FAIRE


def test_une_seule_etape_d_un_genre_est_a_faire(dossier: Dossier, proposition: Proposition) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        fabriques.proposition(dossier)
    Proposition.objects.update(etat=EtatProposition.FAITE)
    fabriques.proposition(dossier)
