"""Ce que les livres couvrent d'une nuit, et ce que la nuit regarde alors."""

from datetime import date

import pytest
from tests.coeur.orientation.outils import compte, menage, regles_livrees

from maintien.coeur.orientation.couverture import couverture, delais_couverture
from maintien.coeur.orientation.faits import DossierOuvert
from maintien.coeur.orientation.propositions import propositions


@pytest.mark.parametrize(
    ("livres_au", "au", "faits_au"),
    [
        (date(2026, 10, 31), date(2026, 10, 31), date(2026, 10, 31)),
        (date(2026, 10, 31), date(2026, 11, 4), date(2026, 11, 4)),
        (date(2026, 10, 31), date(2026, 11, 5), date(2026, 11, 4)),
        (date(2026, 10, 31), date(2026, 11, 25), date(2026, 11, 4)),
        (date(2026, 12, 31), date(2026, 11, 25), date(2026, 11, 25)),
        (None, date(2026, 11, 25), None),
    ],
)
def test_les_faits_sont_ceux_des_quatre_jours_qui_suivent_le_dernier_paiement(
    livres_au: date | None, au: date, faits_au: date | None
) -> None:
    couvre = couverture(livres_au, au)

    assert couvre.faits_au == faits_au
    assert couvre.is_a_jour is (faits_au == au)


def test_la_phrase_dit_de_quand_sont_les_ecritures() -> None:
    assert couverture(date(2026, 10, 31), date(2026, 11, 25)).phrase() == (
        "Les écritures datent du 31 octobre 2026\u00a0: importez la suite. "
        "D’ici là, rien n’est proposé sur les jours suivants."
    )
    assert couverture(date(2026, 10, 31), date(2026, 11, 4)).phrase() == ""


def test_le_delai_est_plus_court_que_toute_franchise_et_que_la_marge_de_l_apl() -> None:
    # Sinon un terme échu le jour du dernier paiement serait dit en retard sans que les livres aient un jour de plus.
    regles = regles_livrees().toutes()
    marges = [r.parametres[nom] for r in regles for nom in ("franchise_jours", "marge_jours") if nom in r.parametres]

    assert max(delai.jours for delai in delais_couverture()) < min(marges)


def test_on_ne_dit_pas_a_jour_un_compte_dont_un_terme_est_echu_depuis_les_livres() -> None:
    faits = menage(comptes=(compte(),), dossier=DossierOuvert(date(2026, 9, 12)), exigible_depuis_centimes=450_00)

    assert propositions(faits, regles_livrees(), date(2026, 11, 4)) == []
