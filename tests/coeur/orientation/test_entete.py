"""La phrase d'en-tête : des cas écrits, et les faits que les règles partagent avec elle."""

from datetime import date
from typing import Any

import pytest
from tests.coeur.orientation.outils import compte, menage
from tests.coeur.orientation.test_propositions_cas import ordinaire

from maintien.coeur.orientation.entete import FaitsEntete, faits_entete, phrase_entete
from maintien.coeur.orientation.faits import Echange, Pause, Rejet, TermeTardif
from maintien.coeur.orientation.textes import Quantite

AU = date(2026, 10, 20)


def _phrase(**champs: Any) -> str:
    ordinaires: dict[str, Any] = {"locataire": "Mme D.", "au": AU, "retard_centimes": 0}
    return ordinaire(phrase_entete(FaitsEntete(**ordinaires | champs)))


def test_la_phrase_de_l_ecran_de_reference() -> None:
    rejets = (Rejet("C1", date(2026, 9, 8), 48_000, "AM04"), Rejet("C1", date(2026, 10, 8), 48_000, "AM04"))

    phrase = _phrase(
        retard_centimes=96_000,
        a_venir_centimes=32_450,
        depuis=date(2026, 6, 5),
        is_premier_retard=True,
        sans_retard=Quantite(6, "an", "ans"),
        rejets=rejets,
        dernier_echange=Echange(date(2026, 10, 12), "appel", "rappel promis"),
    )

    assert phrase == (
        "Mme D. : 1 284,50 € dus, dont 960,00 € en retard depuis le 5 juin. Premier retard en six ans. "
        "Prélèvement rejeté deux fois (provision insuffisante). Dernier échange : appel du 12 octobre, rappel promis."
    )


@pytest.mark.parametrize(
    ("champs", "attendue"),
    [
        ({}, "Mme D. : rien n'est dû."),
        ({"avance_centimes": 1_200}, "Mme D. : rien en retard, 12,00 € d'avance."),
        ({"a_venir_centimes": 45_000}, "Mme D. : rien en retard, 450,00 € à venir."),
        # 500,00 € payés d'avance et 450,00 € appelés : la page du compte dit 500,00 €, et non 50,00 €.
        (
            {"a_venir_centimes": 45_000, "avance_centimes": 50_000},
            "Mme D. : rien en retard, 450,00 € à venir, 500,00 € d'avance.",
        ),
        # L'excédent d'APL n'est pas de l'argent que le ménage a payé d'avance.
        ({"excedent_apl_centimes": 3_000}, "Mme D. : rien en retard, 30,00 € d'APL en excédent."),
        (
            {"retard_centimes": 96_000, "depuis": date(2025, 12, 5), "mois_tardifs": 4},
            (
                "Mme D. : 960,00 € dus et en retard depuis le 5 décembre 2025. "
                "Quatre mois payés tard ou non payés en un an."
            ),
        ),
        (
            {"locataire": "", "retard_centimes": 100, "is_premier_retard": True},
            "Ménage : 1,00 € dus et en retard. Premier retard.",
        ),
        (
            {"protection": "tutelle", "mandataire": "UDAF 31"},
            "Mme D. : rien n'est dû. Tutelle : on écrit au tuteur (UDAF 31).",
        ),
        (
            {"protection": "habilitation", "mandataire": "Mme Rose D."},
            "Mme D. : rien n'est dû. Habilitation familiale : on écrit à la personne habilitée (Mme Rose D.).",
        ),
        ({"protection": "curatelle"}, "Mme D. : rien n'est dû. Curatelle : on écrit aussi au curateur."),
        ({"deces_le": date(2026, 9, 1)}, "Mme D. : rien n'est dû. Décès d'un titulaire le 1er septembre."),
        (
            {"pause": Pause(date(2026, 10, 1), date(2026, 11, 30), "aide demandée")},
            "Mme D. : rien n'est dû. En pause jusqu'au 30 novembre (aide demandée).",
        ),
        ({"pause": Pause(date(2026, 9, 1), date(2026, 10, 19), "aide demandée")}, "Mme D. : rien n'est dû."),
        (
            {"dernier_echange": Echange(date(2025, 10, 12), "visite")},
            "Mme D. : rien n'est dû. Dernier échange : visite du 12 octobre 2025.",
        ),
    ],
)
def test_phrase_entete(champs: dict[str, Any], attendue: str) -> None:
    assert _phrase(**champs) == attendue


def test_un_rejet_de_plus_de_trois_mois_n_est_plus_dit() -> None:
    rejets = (Rejet("C1", date(2026, 7, 22), 48_000, "AC04"), Rejet("C1", date(2026, 7, 23), 48_000, "AM04"))

    assert _phrase(retard_centimes=100, rejets=rejets).endswith(
        "Prélèvement rejeté une fois (provision insuffisante)."
    )


def test_l_en_tete_dit_les_memes_faits_que_les_regles() -> None:
    faits = menage(
        comptes=(
            compte(
                solde_centimes=128_450,
                dg_net_centimes=0,
                non_echu_centimes=32_450,
                dette_exigible_centimes=96_000,
                dette_locative_centimes=96_000,
                date_plus_ancien=date(2026, 6, 5),
            ),
        ),
        termes_tardifs=(TermeTardif(date(2026, 6, 5)),),
    )

    assert ordinaire(phrase_entete(faits_entete(faits, AU))) == (
        "Mme Martinez : 1 284,50 € dus, dont 960,00 € en retard depuis le 5 juin. Premier retard en six ans."
    )


def test_l_avance_d_un_compte_ne_reduit_pas_le_retard_d_un_autre() -> None:
    # 450,00 € en retard sur le logement, 200,00 € d'avance sur le parking : 450,00 € sont dus.
    faits = menage(
        comptes=(
            compte(
                "C1",
                solde_centimes=45_000,
                dette_exigible_centimes=45_000,
                dette_locative_centimes=45_000,
                date_plus_ancien=date(2026, 10, 5),
            ),
            compte("C2", solde_centimes=-20_000, avance_centimes=20_000),
        ),
        termes_tardifs=(TermeTardif(date(2026, 10, 5)),),
    )

    assert ordinaire(phrase_entete(faits_entete(faits, AU))) == (
        "Mme Martinez : 450,00 € dus et en retard depuis le 5 octobre. Premier retard en six ans."
    )
