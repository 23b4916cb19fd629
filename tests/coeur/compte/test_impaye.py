"""Les définitions datées de l'impayé au sens de l'APL et leurs bords : conventions C10."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from maintien.coeur.calendrier import fin_de_mois, parse_periode
from maintien.coeur.compte.ecritures import BailCompte, Ecriture
from maintien.coeur.compte.impaye import LectureDefinition, definition_en_vigueur, definitions, echeance_signalement
from maintien.coeur.compte.situation import Situation, situation

BAIL = BailCompte("B1", "C1", date(2015, 1, 1), None, "bailleur")


def _mois(texte: str, *, loyer: int = 250_00, charges: int = 0, apl: int = 50_00) -> list[Ecriture]:
    """Un mois : loyer et charges exigibles au dernier jour, APL le 25."""
    periode = parse_periode(texte)
    fin = fin_de_mois(periode)
    debut, le_25 = fin.replace(day=1), fin.replace(day=25)
    return [
        Ecriture(f"loy {texte}", "C1", debut, None, fin, periode, "LOY", debit_centimes=loyer),
        Ecriture(f"chg {texte}", "C1", debut, None, fin, periode, "CHG", debit_centimes=charges),
        Ecriture(f"apl {texte}", "C1", le_25, le_25, None, periode, "APL", credit_centimes=apl),
    ]


def _rep(jour: date, montant: int, reference: str = "rep") -> Ecriture:
    return Ecriture(reference, "C1", jour, None, jour, code="REP", debit_centimes=montant)


def _au(jour: date, *ecritures: Ecriture, bail: BailCompte = BAIL) -> Situation:
    return situation(ecritures, [bail], jour)


def test_les_definitions_se_suivent_sans_trou_ni_recouvrement() -> None:
    toutes = definitions()

    assert toutes[0].du is None
    assert toutes[-1].au is None
    for avant, apres in pairwise(toutes):
        assert avant.au is not None
        assert apres.du == avant.au + timedelta(1)
    assert all(d.reference.startswith("CCH, art. R.") and d.resume for d in toutes)


@pytest.mark.parametrize(
    ("jour", "identifiant"),
    [
        (date(2018, 1, 1), "deux_termes_hors_charges"),
        (date(2019, 8, 31), "deux_termes_hors_charges"),
        (date(2019, 9, 1), "deux_termes_charges_comprises"),
        (date(2026, 12, 31), "deux_termes_charges_comprises"),
        (date(2027, 1, 1), "montant_ou_trois_mois"),
        (date(2040, 1, 1), "montant_ou_trois_mois"),
    ],
)
def test_la_definition_en_vigueur_est_celle_du_jour(jour: date, identifiant: str) -> None:
    assert definition_en_vigueur(jour).identifiant == identifiant


def test_la_regle_de_2027_a_ses_deux_seuils() -> None:
    definition = definition_en_vigueur(date(2027, 1, 1))

    assert definition.regle is LectureDefinition.MONTANT_OU_DUREE
    assert (definition.montant_centimes, definition.duree_mois) == (450_00, 3)


@pytest.mark.parametrize(
    ("constitue", "limite"),
    [
        (date(2025, 12, 30), date(2026, 2, 28)),
        (date(2027, 4, 5), date(2027, 6, 5)),
        (date(2027, 5, 5), date(2027, 7, 5)),
        (date(2026, 12, 31), date(2027, 2, 28)),
        # Avant le premier texte connu, le plus ancien délai.
        (date(2015, 1, 31), date(2015, 3, 31)),
    ],
)
def test_le_signalement_est_du_deux_mois_apres(constitue: date, limite: date) -> None:
    assert echeance_signalement(constitue) == limite


def test_le_seuil_change_le_1er_septembre_2019_et_l_impaye_constitue_garde_sa_date() -> None:
    ecritures = [*_mois("2019-07", loyer=430_00, charges=90_00, apl=200_00), _rep(date(2019, 8, 5), 140_00)]

    assert _au(date(2019, 8, 4), *ecritures).date_impaye_apl_ancien is None
    le_31 = _au(date(2019, 8, 31), *ecritures)
    assert (le_31.apl_seuil_ancien_centimes, le_31.date_impaye_apl_ancien) == (460_00, date(2019, 8, 5))
    le_1er = _au(date(2019, 9, 1), *ecritures)
    assert (le_1er.apl_seuil_ancien_centimes, le_1er.date_impaye_apl_ancien) == (640_00, date(2019, 8, 5))


def test_le_mois_de_reference_attend_la_fin_du_mois_et_toutes_ses_lignes() -> None:
    septembre = _mois("2026-09")
    tardive = Ecriture(
        "chg2", "C1", date(2026, 9, 20), None, date(2026, 10, 5), parse_periode("2026-09"), "CHG", debit_centimes=10_00
    )

    assert not _au(date(2026, 9, 29), *septembre).apl_concerne
    assert _au(date(2026, 9, 30), *septembre).apl_concerne
    assert not _au(date(2026, 10, 4), *septembre, tardive).apl_concerne
    assert _au(date(2026, 10, 5), *septembre, tardive).apl_seuil_ancien_centimes == 2 * (250_00 + 10_00 - 50_00)


def test_un_mois_a_echoir_n_est_le_mois_de_reference_qu_a_sa_fin() -> None:
    # Loyer d'octobre exigible le 1er : le mois n'est fini que le 31.
    octobre = [replace(e, date_exigibilite=date(2026, 10, 1)) for e in _mois("2026-10")[:1]]
    ecritures = [*_mois("2026-09", loyer=300_00), *octobre, *_mois("2026-10")[2:]]

    assert _au(date(2026, 10, 30), *ecritures).apl_seuil_ancien_centimes == 2 * (300_00 - 50_00)
    assert _au(date(2026, 10, 31), *ecritures).apl_seuil_ancien_centimes == 2 * (250_00 - 50_00)


def test_l_aide_ne_compte_qu_a_partir_de_son_effet() -> None:
    # L'APL de septembre n'arrive que le 10 octobre : le seuil baisse ce jour-là et l'impayé se constitue.
    tardive = [
        replace(e, date_comptable=date(2026, 10, 10), date_valeur=date(2026, 10, 10))
        for e in _mois("2026-09", apl=150_00)[2:]
    ]
    ecritures = [*_mois("2026-08"), *_mois("2026-09")[:1], *tardive, _rep(date(2026, 9, 15), 100_00)]
    # Dette du 30 septembre : août 200, septembre 250, réparations 100.

    assert _au(date(2026, 10, 9), *ecritures).apl_seuil_ancien_centimes == 500_00
    apres = _au(date(2026, 10, 10), *ecritures)
    assert (apres.dette_locative_centimes, apres.apl_seuil_ancien_centimes) == (400_00, 200_00)
    assert apres.date_impaye_apl_ancien == date(2026, 9, 30)


def test_une_reprise_d_apl_releve_le_seuil_de_son_mois() -> None:
    reprise = Ecriture(
        "ind",
        "C1",
        date(2026, 10, 15),
        date(2026, 10, 15),
        None,
        parse_periode("2026-09"),
        "RAP",
        debit_centimes=30_00,
    )

    assert _au(date(2026, 10, 14), *_mois("2026-09"), reprise).apl_seuil_ancien_centimes == 2 * 200_00
    assert _au(date(2026, 10, 15), *_mois("2026-09"), reprise).apl_seuil_ancien_centimes == 2 * 230_00


def test_l_aide_versee_au_locataire_n_est_pas_deduite() -> None:
    obtenue = _au(date(2026, 9, 30), *_mois("2026-09"), bail=replace(BAIL, apl_mode="locataire"))

    assert (obtenue.apl_concerne, obtenue.apl_seuil_ancien_centimes) == (True, 500_00)


@pytest.mark.parametrize("apl_mode", ["bailleur", "sans"])
def test_le_mode_bailleur_ou_sans_n_est_pas_lu_le_grand_livre_decide(apl_mode: str) -> None:
    bail = replace(BAIL, apl_mode=apl_mode)

    assert _au(date(2026, 9, 30), *_mois("2026-09"), bail=bail).apl_concerne
    assert not _au(date(2026, 9, 30), *_mois("2026-09", apl=0), bail=bail).apl_concerne


def test_l_aide_d_un_mois_a_venir_ne_rend_pas_concerne() -> None:
    d_octobre = replace(_mois("2026-10")[2], date_comptable=date(2026, 9, 28), date_valeur=date(2026, 9, 28))

    assert not _au(date(2026, 10, 30), *_mois("2026-09", apl=0), d_octobre).apl_concerne
    assert _au(date(2026, 10, 31), *_mois("2026-09", apl=0), *_mois("2026-10")[:1], d_octobre).apl_concerne


def test_une_depense_d_un_centime_fait_un_seuil_de_deux_centimes() -> None:
    assert _au(date(2026, 9, 30), *_mois("2026-09", apl=249_99)).apl_seuil_ancien_centimes == 2
    assert _au(date(2026, 9, 30), *_mois("2026-09", apl=250_00)).apl_seuil_ancien_centimes is None


def test_la_regularisation_et_les_annexes_ne_sont_pas_dans_la_depense() -> None:
    periode, fin = parse_periode("2026-09"), date(2026, 9, 30)
    autres = [
        Ecriture(code, "C1", fin, None, fin, periode, code, debit_centimes=40_00)
        for code in ("ANX", "SLS", "REG", "CLE", "ASS")
    ]

    assert _au(date(2026, 9, 30), *_mois("2026-09"), *autres).apl_seuil_ancien_centimes == 2 * 200_00


def test_450_euros_ne_depassent_pas_mais_trois_mois_suffisent() -> None:
    ecritures = [*_mois("2027-01", apl=250_00), _rep(date(2027, 2, 10), 450_00)]

    assert _au(date(2027, 5, 9), *ecritures).date_impaye_apl_2027 is None
    assert _au(date(2027, 5, 10), *ecritures).date_impaye_apl_2027 == date(2027, 5, 10)


def test_trois_mois_comptes_en_fin_de_mois() -> None:
    # 30 novembre + 3 mois = 28 février.
    ecritures = [*_mois("2026-11", apl=250_00), _rep(date(2026, 11, 30), 1_00)]

    assert _au(date(2027, 2, 27), *ecritures).date_impaye_apl_legal is None
    assert _au(date(2027, 2, 28), *ecritures).date_impaye_apl_legal == date(2027, 2, 28)


def test_payer_en_cours_de_journee_n_efface_que_si_le_soir_est_a_zero() -> None:
    # Le même jour, tout est payé et un nouveau terme tombe : la dette du soir n'est pas nulle, la date reste.
    paiement = Ecriture("pai", "C1", date(2026, 9, 30), date(2026, 9, 30), code="PAI", credit_centimes=400_00)
    ecritures = [*_mois("2026-07"), *_mois("2026-08"), *_mois("2026-09"), paiement]

    obtenue = _au(date(2026, 9, 30), *ecritures)

    assert (obtenue.dette_locative_centimes, obtenue.date_impaye_apl_legal) == (200_00, date(2026, 8, 31))


def test_un_parti_n_a_ni_seuil_ni_impaye() -> None:
    parti = replace(BAIL, date_sortie=date(2026, 9, 30))
    ecritures = [*_mois("2026-07"), *_mois("2026-08")]

    la_veille = _au(date(2026, 9, 29), *ecritures, bail=parti)
    le_jour = _au(date(2026, 9, 30), *ecritures, bail=parti)

    assert (la_veille.statut, la_veille.impaye_apl_legal) == ("present", True)
    assert (le_jour.statut, le_jour.impaye_apl_legal, le_jour.apl_seuil_ancien_centimes) == ("parti", False, None)
    assert le_jour.dette_locative_centimes == 400_00
