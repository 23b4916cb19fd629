"""What people decided holds: a pause, a report, a refusal, a step that is done."""

from datetime import date, timedelta

from tests import fabriques
from tests.travaux.nuit.portefeuille import LUNDI, Foyer, appeler, en_retard, foyer, mois, nuit

from maintien.apps.comptes.enums import CodeEcriture
from maintien.apps.dossiers import actions
from maintien.apps.dossiers.enums import EtatProposition, IssueContact, MotifPause
from maintien.apps.dossiers.models import Dossier, Pause, Proposition
from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.models import Appartenance, Organisme

MARDI = LUNDI + timedelta(days=1)


def _agent() -> Appartenance:
    return Appartenance.objects.get(role=Role.RECOUVREMENT)


def _rejet(habite: Foyer, jour: date) -> None:
    """A debit of the term that the bank sends back three days later."""
    paiement = fabriques.paiement(habite.compte, jour - timedelta(days=3))
    fabriques.ecriture(
        habite.compte,
        CodeEcriture.REJET,
        jour,
        debit=450_00,
        reference_annulee=paiement.reference,
        libelle="REJET PRELEVEMENT AM04",
    )


def _etats(habite: Foyer) -> list[tuple[str, str]]:
    propositions = Proposition.objects.filter(dossier__menage=habite.menage).order_by("pk")
    return list(propositions.values_list("regle", "etat"))


def _legal() -> Foyer:
    """Three terms unpaid with aid: legal arrears since 5 September, to be reported by 5 November."""
    habite = foyer("Faure")
    appeler(habite.compte, mois(date(2026, 8, 5), 3), payees=0)
    for numero in (7, 8, 9):
        fabriques.ecriture(
            habite.compte, CodeEcriture.APL, date(2026, numero, 25), credit=250_00, periode=f"2026-{numero:02d}"
        )
    return habite


def test_pendant_une_pause_rien_n_est_propose(bailleur: Organisme) -> None:
    retard = en_retard()
    nuit(bailleur)
    dossier = retard.dossier
    actions.open_pause(
        _agent(), dossier, motif=MotifPause.AIDE, du=LUNDI, au=LUNDI + timedelta(days=20), version=dossier.version
    )

    nuit(bailleur, MARDI)

    assert retard.a_faire() == []


def test_apres_la_pause_la_proposition_revient(bailleur: Organisme) -> None:
    retard = en_retard()
    nuit(bailleur)
    dossier = retard.dossier
    fin = LUNDI + timedelta(days=2)
    actions.open_pause(_agent(), dossier, motif=MotifPause.AIDE, du=LUNDI, au=fin, version=dossier.version)

    nuit(bailleur, fin)
    assert retard.a_faire() == []
    nuit(bailleur, fin + timedelta(days=1))

    assert _etats(retard) == [("ORI-PREMIER", EtatProposition.A_FAIRE)]


def test_une_pause_posee_hors_de_l_ecran_perime_ce_qui_etait_propose(bailleur: Organisme) -> None:
    retard = en_retard()
    nuit(bailleur)
    Pause.objects.create(dossier=retard.dossier, motif=MotifPause.DEUIL, du=LUNDI, au=LUNDI + timedelta(days=9))

    nuit(bailleur, MARDI)

    assert _etats(retard) == [("ORI-PREMIER", EtatProposition.PERIMEE)]


def test_en_pause_il_reste_ce_que_la_loi_impose(bailleur: Organisme) -> None:
    legal = _legal()
    nuit(bailleur)
    assert sorted(legal.a_faire()) == ["ORI-CROISSANTE", "ORI-SIGNALEMENT"]
    dossier = legal.dossier
    actions.open_pause(
        _agent(), dossier, motif=MotifPause.AIDE, du=LUNDI, au=LUNDI + timedelta(days=20), version=dossier.version
    )

    nuit(bailleur, MARDI)

    assert legal.a_faire() == ["ORI-SIGNALEMENT"]
    assert legal.proposition().imposee is True


def test_une_proposition_reportee_revient_au_jour_dit(bailleur: Organisme) -> None:
    retard = en_retard()
    nuit(bailleur)
    reportee = actions.postpone_proposition(_agent(), retard.proposition(), au=LUNDI + timedelta(days=3))

    nuit(bailleur, MARDI)
    assert retard.a_faire() == []
    nuit(bailleur, LUNDI + timedelta(days=3))

    revenue = retard.proposition()
    assert (revenue.pk, revenue.etat, revenue.reportee_au, revenue.traitee_le) == (
        reportee.pk,
        EtatProposition.A_FAIRE,
        None,
        None,
    )


def test_une_proposition_reportee_qui_n_a_plus_lieu_d_etre_est_perimee_a_son_jour(bailleur: Organisme) -> None:
    retard = en_retard()
    nuit(bailleur)
    actions.postpone_proposition(_agent(), retard.proposition(), au=LUNDI + timedelta(days=3))
    fabriques.paiement(retard.compte, MARDI)

    nuit(bailleur, MARDI + timedelta(days=1))
    assert ("ORI-PREMIER", EtatProposition.REPORTEE) in _etats(retard)
    nuit(bailleur, LUNDI + timedelta(days=3))

    assert ("ORI-PREMIER", EtatProposition.PERIMEE) in _etats(retard)


def test_une_proposition_refusee_ne_revient_pas_tant_que_les_faits_sont_les_memes(bailleur: Organisme) -> None:
    retard = en_retard()
    nuit(bailleur)
    actions.refuse_proposition(_agent(), retard.proposition(), motif="Il a payé par chèque, en route.")

    nuit(bailleur, MARDI)
    nuit(bailleur, LUNDI + timedelta(days=15))

    assert _etats(retard) == [("ORI-PREMIER", EtatProposition.REFUSEE)]


def test_des_faits_nouveaux_font_une_proposition_nouvelle(bailleur: Organisme) -> None:
    retard = en_retard()
    nuit(bailleur)
    actions.refuse_proposition(_agent(), retard.proposition(), motif="Il a payé par chèque, en route.")
    _rejet(retard, LUNDI + timedelta(days=2))

    nuit(bailleur, LUNDI + timedelta(days=2))

    assert retard.a_faire() == ["ORI-REJET"]


def test_une_etape_faite_se_tait_sept_jours_puis_revient(bailleur: Organisme) -> None:
    retard = en_retard()
    nuit(bailleur)
    actions.record_appel(
        _agent(), retard.dossier, issue=IssueContact.RAPPEL_PROMIS, jour=LUNDI, rappel_le=LUNDI + timedelta(days=2)
    )
    actions.complete_proposition(_agent(), retard.proposition())

    nuit(bailleur, LUNDI + timedelta(days=6))
    assert retard.a_faire() == []
    nuit(bailleur, LUNDI + timedelta(days=7))

    proposition = retard.proposition("ORI-PREMIER")
    textes = [motif["texte"] for motif in proposition.motifs]
    assert "Dernier échange\u00a0: appel le 12 octobre 2026, rappel promis." in textes


def test_une_fois_remercie_le_dossier_se_clot(bailleur: Organisme) -> None:
    retard = en_retard()
    nuit(bailleur)
    fabriques.paiement(retard.compte, MARDI)
    nuit(bailleur, MARDI + timedelta(days=1))
    actions.complete_proposition(_agent(), retard.proposition("ORI-A-JOUR"))

    bilan = nuit(bailleur, MARDI + timedelta(days=2))

    clos = Dossier.objects.get(menage=retard.menage)
    assert (bilan.dossiers_clos, clos.etat) == (1, "clos")
    assert clos.motif_cloture == "Plus rien n’est en retard, et le ménage a été remercié le 14 octobre 2026."


def test_un_signalement_fait_ne_se_refait_pas_dans_un_nouveau_dossier(bailleur: Organisme) -> None:
    legal = _legal()
    nuit(bailleur)
    actions.complete_proposition(_agent(), legal.proposition("ORI-SIGNALEMENT"))

    nuit(bailleur, LUNDI + timedelta(days=40))

    assert "ORI-SIGNALEMENT" not in legal.a_faire()


def test_constate_le_garde_la_premiere_passe_qui_l_a_montre(bailleur: Organisme) -> None:
    legal = _legal()
    nuit(bailleur)
    premiere = legal.situation

    nuit(bailleur, MARDI)

    assert (premiere.date_impaye_apl_legal, premiere.constate_le) == (date(2026, 9, 5), LUNDI)
    assert legal.situation.constate_le == LUNDI


def test_constate_le_repart_quand_l_impaye_s_est_eteint(bailleur: Organisme) -> None:
    legal = _legal()
    nuit(bailleur)
    fabriques.paiement(legal.compte, MARDI, 600_00)
    nuit(bailleur, MARDI)
    assert (legal.situation.impaye_apl_legal, legal.situation.constate_le) == (False, None)
    appeler(legal.compte, mois(date(2026, 11, 5), 2), payees=0)

    nuit(bailleur, date(2026, 12, 7))

    # The tenant owes two terms of 450 € without aid for 400 € of threshold: constituted again on 5 November.
    assert legal.situation.impaye_apl_legal is True
    assert legal.situation.constate_le == date(2026, 12, 7)
