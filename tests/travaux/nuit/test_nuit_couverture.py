"""Nights that the books do not cover: nobody is called for money that may have been paid."""

from datetime import date

from tests import fabriques
from tests.travaux.nuit.portefeuille import LOYER, Foyer, a_l_heure, appeler, en_retard, etat, foyer, mois

from maintien.apps.comptes.enums import CodeEcriture
from maintien.apps.comptes.models import SituationCompte
from maintien.apps.dossiers.models import Dossier, Proposition
from maintien.apps.organismes.models import Organisme
from maintien.apps.organismes.selectors import books_notice
from maintien.travaux.nuit import run
from maintien.travaux.nuit.bilan import Bilan

PHRASE = (
    "Les écritures datent du 31 octobre 2026\u00a0: importez la suite. "
    "D’ici là, rien n’est proposé sur les jours suivants."
)


def _nuit(organisme: Organisme, au: date) -> Bilan:
    return Bilan.from_json(run(organisme, au).resultat["dernier"])


def _livres_du_31_octobre() -> None:
    """Someone pays on 31 October; nothing is booked after, except calls made in advance."""
    temoin = foyer("Temoin")
    appeler(temoin.compte, [date(2026, 10, 31)])


def test_un_terme_echu_apres_les_livres_n_est_pas_un_retard(bailleur: Organisme) -> None:
    a_jour = a_l_heure()
    appeler(a_jour.compte, [date(2026, 11, 5)], payees=0)
    _livres_du_31_octobre()

    bilan = _nuit(bailleur, date(2026, 11, 25))

    assert (bilan.dossiers_ouverts, bilan.propositions_nouvelles) == (0, 0)
    assert (bilan.livres_au, bilan.livres) == ("2026-10-31", PHRASE)
    assert bilan.sentences()[0] == PHRASE
    # The situation itself stays that of the night (conventions, C7).
    assert a_jour.situation.dette_exigible_centimes == LOYER
    assert SituationCompte.objects.values_list("au", flat=True).distinct().get() == date(2026, 11, 25)
    bailleur.refresh_from_db()
    assert books_notice(bailleur) == PHRASE


def test_un_retard_que_les_livres_montrent_se_propose_encore(bailleur: Organisme) -> None:
    retard = en_retard()
    _livres_du_31_octobre()

    bilan = _nuit(bailleur, date(2026, 11, 25))

    assert bilan.dossiers_ouverts == 1
    proposition = retard.proposition()
    assert proposition.regle == "ORI-PREMIER"
    assert proposition.motifs[0]["texte"].endswith("450,00\u00a0€ depuis le 5 octobre 2026.")
    assert proposition.avant_le >= date(2026, 11, 25)
    assert retard.dossier.ouvert_le == date(2026, 11, 25)


def test_la_suite_importee_la_nuit_reprend(bailleur: Organisme) -> None:
    habite = a_l_heure()
    appeler(habite.compte, [date(2026, 11, 5)], payees=0)
    _livres_du_31_octobre()
    _nuit(bailleur, date(2026, 11, 25))
    appeler(foyer("Autre").compte, [date(2026, 11, 24)])

    bilan = _nuit(bailleur, date(2026, 11, 26))

    assert bilan.livres == ""
    assert habite.a_faire() == ["ORI-PREMIER"]
    bailleur.refresh_from_db()
    assert books_notice(bailleur) == ""


def test_de_nuit_en_nuit_sans_livres_rien_ne_change(bailleur: Organisme) -> None:
    en_retard()
    _livres_du_31_octobre()
    _nuit(bailleur, date(2026, 11, 10))
    avant = list(Proposition.objects.values("pk", "etat", "avant_le", "motifs", "quoi"))

    for jour in range(11, 30):
        bilan = _nuit(bailleur, date(2026, 11, jour))
        assert (bilan.propositions_nouvelles, bilan.propositions_perimees, bilan.dossiers_ouverts) == (0, 0, 0)

    assert list(Proposition.objects.values("pk", "etat", "avant_le", "motifs", "quoi")) == avant


def test_un_dossier_ne_se_dit_pas_regle_sur_des_jours_inconnus(bailleur: Organisme) -> None:
    retard = en_retard()
    _nuit(bailleur, date(2026, 9, 9))
    run(bailleur, date(2026, 10, 12), livres_au=date(2026, 10, 12))
    fabriques.paiement(retard.compte, date(2026, 10, 31), LOYER)
    appeler(retard.compte, [date(2026, 11, 5)], payees=0)

    _nuit(bailleur, date(2026, 11, 25))

    assert retard.a_faire() == []
    assert Dossier.objects.get().etat == "ouvert"


def test_l_apl_de_novembre_ne_manque_pas_quand_les_livres_s_arretent_en_octobre(bailleur: Organisme) -> None:
    aide = a_l_heure()
    for rang, jour in enumerate(mois(date(2026, 5, 25), 6)):
        fabriques.ecriture(aide.compte, CodeEcriture.APL, jour, credit=100_00, periode=f"2026-{5 + rang:02d}")
    _livres_du_31_octobre()

    assert _nuit(bailleur, date(2026, 11, 30)).dossiers_ouverts == 0
    assert _nuit(bailleur, date(2026, 12, 20)).dossiers_ouverts == 0


def test_le_bailleur_peut_dire_jusqu_ou_vont_ses_livres(bailleur: Organisme) -> None:
    retard = en_retard()

    run(bailleur, date(2026, 10, 12), livres_au=date(2026, 10, 12))

    assert retard.a_faire() == ["ORI-PREMIER"]


def test_sans_aucun_paiement_rien_ne_se_propose_et_c_est_dit(bailleur: Organisme) -> None:
    appeler(foyer("Seul").compte, [date(2026, 10, 5)], payees=0)

    bilan = _nuit(bailleur, date(2026, 10, 12))

    assert bilan.dossiers_ouverts == 0
    assert bilan.livres.startswith("Aucun paiement n’est enregistré")


def test_une_seconde_passe_sur_des_livres_arretes_ne_change_rien(bailleur: Organisme) -> None:
    en_retard()
    _livres_du_31_octobre()
    _nuit(bailleur, date(2026, 11, 25))
    avant = etat()

    assert _nuit(bailleur, date(2026, 11, 25)).has_changes is False
    assert etat() == avant


def _avec_aide(premiere: date) -> Foyer:
    """Two terms of 450 €, 250 € of aid each, none paid: 400 € the day of the second, which is the threshold."""
    aide = foyer("Faure")
    appeler(aide.compte, mois(premiere, 2), payees=0)
    for droit in mois(premiere.replace(day=25, month=premiere.month - 1), 2):
        fabriques.ecriture(aide.compte, CodeEcriture.APL, droit, credit=250_00, periode=f"{droit:%Y-%m}")
    return aide


def test_un_impaye_constitue_apres_les_livres_n_est_pas_constate(bailleur: Organisme) -> None:
    aide = _avec_aide(date(2026, 10, 5))
    _livres_du_31_octobre()

    bilan = _nuit(bailleur, date(2026, 11, 25))

    assert aide.situation.date_impaye_apl_legal == date(2026, 11, 5)
    assert (bilan.impayes_constitues, aide.situation.constate_le) == (0, None)
    assert "ORI-SIGNALEMENT" not in aide.a_faire()

    appeler(foyer("Autre").compte, [date(2026, 11, 24)])
    bilan = _nuit(bailleur, date(2026, 11, 26))

    assert (bilan.impayes_constitues, aide.situation.constate_le) == (1, date(2026, 11, 26))
    assert "ORI-SIGNALEMENT" in aide.a_faire()


def test_un_signalement_du_demeure_et_dit_de_quand_sont_les_ecritures(bailleur: Organisme) -> None:
    aide = _avec_aide(date(2026, 9, 5))
    _livres_du_31_octobre()

    _nuit(bailleur, date(2026, 11, 25))

    assert aide.situation.date_impaye_apl_legal == date(2026, 10, 5)
    signalement = aide.proposition("ORI-SIGNALEMENT")
    assert signalement.motifs[-1]["texte"] == "Les écritures datent du 31 octobre 2026."
    # Two months after 5 October, seven days before: 28 November, a Saturday, hence the Friday.
    assert signalement.avant_le == date(2026, 11, 27)
