"""What people decided holds: a pause, a report, a refusal, a step that is done. The clock is that of the last pass."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from tests import fabriques
from tests.travaux.nuit.portefeuille import LUNDI, Foyer, appeler, en_retard, foyer, mois, nuit

from maintien.apps.comptes.enums import CodeEcriture, ModeApl
from maintien.apps.comptes.models import Bail
from maintien.apps.dossiers import actions
from maintien.apps.dossiers.enums import EtatProposition, IssueContact, MotifPause, RaisonDesaccord
from maintien.apps.dossiers.models import Dossier, Menage, MenageCompte, Pause, Proposition
from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.models import Appartenance, Organisme
from maintien.travaux.nuit import menages

MARDI = LUNDI + timedelta(days=1)


@pytest.fixture(autouse=True)
def horloge(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who works here works on the day of the last pass."""
    maintenant = timezone.now

    def now() -> datetime:
        derniere = Organisme.objects.values_list("derniere_nuit", flat=True).first()
        return datetime.combine(derniere, time(9), tzinfo=ZoneInfo("Europe/Paris")) if derniere else maintenant()

    monkeypatch.setattr(timezone, "now", now)


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


def test_un_desaccord_sur_un_signalement_ne_le_tait_pas(bailleur: Organisme) -> None:
    legal = _legal()
    nuit(bailleur)
    actions.contest_proposition(
        _agent(), legal.proposition("ORI-SIGNALEMENT"), raison=RaisonDesaccord.DEJA_PAYE, motif="Chèque en route."
    )

    nuit(bailleur, MARDI)
    nuit(bailleur, date(2026, 11, 6))

    signalement = legal.proposition("ORI-SIGNALEMENT")
    assert (signalement.reference_compte, signalement.etat) == (legal.compte.reference, EtatProposition.A_FAIRE)
    # The books showed it on 12 October, before the two months ended on 5 November: the date of the law stands.
    assert (signalement.echeance_legale, signalement.avant_le) == (date(2026, 11, 5), date(2026, 10, 29))


def test_un_signalement_refuse_autrefois_revient(bailleur: Organisme) -> None:
    """What could be refused before this version passed for a report."""
    legal = _legal()
    nuit(bailleur)
    Proposition.objects.filter(regle="ORI-SIGNALEMENT").update(etat=EtatProposition.REFUSEE, traitee_le=LUNDI)

    nuit(bailleur, MARDI)

    assert "ORI-SIGNALEMENT" in legal.a_faire()


def test_reporter_le_signalement_d_un_compte_ne_reporte_pas_l_autre(bailleur: Organisme) -> None:
    legal = _legal()
    autre = _legal()
    menage = fabriques.menage()
    MenageCompte.objects.create(menage=menage, compte=legal.compte)
    MenageCompte.objects.create(menage=menage, compte=autre.compte)
    nuit(bailleur)
    du_premier = Proposition.objects.get(regle="ORI-SIGNALEMENT", reference_compte=legal.compte.reference)
    actions.postpone_proposition(_agent(), du_premier, au=LUNDI + timedelta(days=5))

    nuit(bailleur, MARDI)

    etats = Proposition.objects.filter(regle="ORI-SIGNALEMENT").order_by("reference_compte")
    assert list(etats.values_list("reference_compte", "etat")) == [
        (legal.compte.reference, EtatProposition.REPORTEE),
        (autre.compte.reference, EtatProposition.A_FAIRE),
    ]
    actions.complete_proposition(_agent(), etats.get(etat=EtatProposition.A_FAIRE))
    nuit(bailleur, LUNDI + timedelta(days=5))
    assert list(etats.values_list("etat", flat=True)) == [EtatProposition.A_FAIRE, EtatProposition.FAITE]


def test_un_bail_fini_ou_l_aide_allait_au_locataire_ne_tait_pas_le_signalement(bailleur: Organisme) -> None:
    legal = _legal()
    # C10 reads the ended lease too and deducts no aid: two more terms, so that 900 euros are reached all the same.
    appeler(legal.compte, mois(date(2026, 6, 5), 2), payees=0)
    fabriques.bail(
        legal.compte, date_entree=date(2015, 1, 1), date_sortie=date(2020, 5, 31), apl_mode=ModeApl.LOCATAIRE
    )

    nuit(bailleur)

    assert "ORI-SIGNALEMENT" in legal.a_faire()


def test_un_bail_qui_court_ou_l_aide_va_au_locataire_le_tait(bailleur: Organisme) -> None:
    legal = _legal()
    Bail.objects.filter(pk=legal.bail.pk).update(apl_mode=ModeApl.LOCATAIRE)

    nuit(bailleur)

    assert "ORI-SIGNALEMENT" not in legal.a_faire()


def test_un_remerciement_sans_reponse_ne_remercie_pas(bailleur: Organisme) -> None:
    retard = en_retard(opposition_sms=True, courriel="")
    nuit(bailleur)
    fabriques.paiement(retard.compte, MARDI)
    nuit(bailleur, MARDI + timedelta(days=1))
    remerciement = retard.proposition("ORI-A-JOUR")
    assert remerciement.canal == "appel"
    actions.attempt_proposition(
        _agent(), remerciement, issue=IssueContact.SANS_REPONSE, jour=MARDI + timedelta(days=1)
    )

    bilan = nuit(bailleur, MARDI + timedelta(days=4))

    assert bilan.dossiers_clos == 0
    assert retard.a_faire() == ["ORI-A-JOUR"]


def test_apres_un_mauvais_numero_un_autre_canal_est_propose(bailleur: Organisme) -> None:
    retard = en_retard()
    nuit(bailleur)
    etape = retard.proposition()
    assert etape.canal == "appel"
    actions.record_appel(_agent(), retard.dossier, issue=IssueContact.MAUVAIS_NUMERO, jour=LUNDI)
    actions.attempt_proposition(_agent(), etape, issue=IssueContact.MAUVAIS_NUMERO, jour=LUNDI)
    assert retard.a_faire() == []

    nuit(bailleur, MARDI)

    revenue = retard.proposition()
    assert (revenue.pk, revenue.canal) == (etape.pk, "courriel")
    assert revenue.quoi.startswith("Envoyer un courriel à Mme Martinez")


def test_un_numero_corrige_rouvre_le_telephone(bailleur: Organisme) -> None:
    retard = en_retard()
    nuit(bailleur)
    actions.record_appel(_agent(), retard.dossier, issue=IssueContact.MAUVAIS_NUMERO, jour=LUNDI)
    nuit(bailleur, MARDI)
    assert retard.proposition().canal == "courriel"
    retard.personne.telephone = "06 39 98 00 02"
    retard.personne.save()

    nuit(bailleur, MARDI + timedelta(days=1))

    assert retard.proposition().canal == "appel"


def test_une_protection_entree_pendant_la_passe_est_deja_respectee(
    bailleur: Organisme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The facts of a block are read outside any transaction: a person may restrict a household just after."""
    retard = en_retard()
    lire = menages.read_menages

    def lire_puis_restreindre(*arguments: object, **nommes: object) -> object:
        lus = lire(*arguments, **nommes)  # type: ignore[arg-type]
        Menage.objects.filter(pk=retard.menage.pk).update(contact_restreint=True)
        return lus

    monkeypatch.setattr(menages, "read_menages", lire_puis_restreindre)

    nuit(bailleur)

    assert retard.proposition().canal == "interne"
    assert "agent référent" in retard.proposition().quoi


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


def test_un_traitement_limite_ne_laisse_que_ce_que_la_loi_impose(bailleur: Organisme) -> None:
    retard, legal = en_retard(), _legal()
    nuit(bailleur)
    assert retard.a_faire()
    imposees = set(
        Proposition.objects.filter(dossier__menage=legal.menage, imposee=True).values_list("regle", flat=True)
    )
    assert imposees
    Menage.objects.update(traitement_limite_le=LUNDI)

    nuit(bailleur, MARDI)

    assert retard.a_faire() == []
    assert set(legal.a_faire()) == imposees

    Menage.objects.update(traitement_limite_le=None)
    nuit(bailleur, MARDI + timedelta(days=1))

    assert retard.a_faire()
