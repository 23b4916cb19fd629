"""Le classement : des points écrits à la main, des ex æquo tranchés, une coupe aux minutes."""

from dataclasses import dataclass
from datetime import date

import pytest
from tests.coeur.orientation.outils import compte, menage

from maintien.coeur.orientation.classement import (
    Classement,
    classer,
    decouper,
    evaluer,
    points_d_aide,
    points_de_comportement,
    points_de_retard,
)
from maintien.coeur.orientation.faits import TermeTardif
from maintien.coeur.orientation.registre import Constat
from maintien.coeur.orientation.regles import Poids

AU = date(2026, 10, 12)


@dataclass(frozen=True)
class Fiche:
    """Une proposition réduite à ce que le classement en lit."""

    menage: str
    palier: int = 1
    points: int = 100
    avant_le: date = AU
    plus_ancien: date | None = None
    minutes: int = 10
    genre: str = "premier_retard"
    compte: str = ""
    minutes_loi: int = 0

    @property
    def classement(self) -> Classement:
        """Les composantes du rang."""
        return Classement(self.palier, self.points, 0, 0, 0, self.plus_ancien)


def _dette(mois_centiemes: int | None, plus_ancien: date) -> dict[str, object]:
    return {
        "dette_locative_centimes": 450_00,
        "terme_moyen_net_centimes": 450_00,
        "mois_de_dette_centiemes": mois_centiemes,
        "date_plus_ancien": plus_ancien,
    }


@pytest.mark.parametrize(
    ("mois_centiemes", "plus_ancien", "attendus"),
    [
        # (ancienneté, pleine à 90 jours, + mois de dette, pleins à 3) / 2
        (100, date(2026, 10, 5), (7 * 100 // 90 + 33) // 2),
        (300, date(2026, 7, 14), 100),
        (900, date(2020, 1, 1), 100),
        (None, date(2026, 8, 28), 50),
    ],
)
def test_points_de_retard(mois_centiemes: int | None, plus_ancien: date, attendus: int) -> None:
    faits = menage(comptes=(compte(**_dette(mois_centiemes, plus_ancien)),))

    assert points_de_retard(faits, AU) == attendus


def test_sans_dette_aucun_point_de_retard_ni_de_comportement() -> None:
    faits = menage(comptes=(compte(),), termes_tardifs=(TermeTardif(date(2026, 2, 5), date(2026, 4, 1)),))

    assert points_de_retard(faits, AU) == 0
    assert points_de_comportement(faits, AU) == 0


def _tardifs(nombre: int) -> tuple[TermeTardif, ...]:
    mois = [date(2025, 10, 5), *(date(2026, m, 5) for m in range(1, 10)), date(2025, 12, 5), date(2025, 11, 5)]
    return tuple(TermeTardif(jour, date(jour.year, jour.month, 25)) for jour in mois[:nombre])


@pytest.mark.parametrize(("tardifs", "points"), [(0, 100), (3, 75), (6, 50), (12, 0)])
def test_qui_payait_toujours_a_l_heure_passe_devant(tardifs: int, points: int) -> None:
    faits = menage(
        comptes=(compte(**_dette(100, date(2026, 10, 5))),),
        termes_tardifs=(*_tardifs(tardifs), TermeTardif(date(2026, 10, 5))),
    )

    assert points_de_comportement(faits, AU) == points


def test_une_hausse_d_un_terme_en_deux_mois_vaut_cinquante() -> None:
    faits = menage(
        comptes=(compte(**_dette(200, date(2026, 10, 5))),),
        termes_tardifs=(*_tardifs(12), TermeTardif(date(2026, 10, 5))),
        dettes_passees=((date(2026, 7, 31), 100_00), (date(2026, 9, 30), 550_00)),
    )

    assert points_de_comportement(faits, AU) == 50


@pytest.mark.parametrize(
    ("jour", "points"),
    [
        (None, 0),
        (date(2026, 10, 1), 100),
        (date(2026, 10, 19), 100),
        (date(2026, 10, 20), 99),
        (date(2026, 12, 10), 2),
        (date(2026, 12, 11), 0),
    ],
)
def test_points_d_aide(jour: date | None, points: int) -> None:
    assert points_d_aide(jour, AU) == points


def test_les_poids_de_la_regle_font_les_points() -> None:
    faits = menage(
        comptes=(compte(**_dette(300, date(2026, 7, 14))),), termes_tardifs=(TermeTardif(date(2026, 7, 14)),)
    )
    constat = Constat(jour_utile=date(2026, 10, 15))

    rang = evaluer(faits, constat, Poids(socle=6, retard=1, comportement=4, aide=3), AU, is_pressant=False)

    # 6 x 100 + 1 x 100 (trois mois) + 4 x 100 (jamais en retard avant) + 3 x 100 (échéance dans trois jours)
    assert (rang.palier, rang.points) == (1, 1400)


def test_l_ordre_palier_points_date_limite_anciennete_menage() -> None:
    loi = Fiche("z", palier=0, points=1)
    haut = Fiche("y", points=200)
    tot = Fiche("x", avant_le=date(2026, 10, 13))
    ancien = Fiche("w", avant_le=date(2026, 10, 14), plus_ancien=date(2026, 1, 5))
    recent = Fiche("v", avant_le=date(2026, 10, 14), plus_ancien=date(2026, 2, 5))
    sans_date = Fiche("t", avant_le=date(2026, 10, 14))
    jumeau = Fiche("u", avant_le=date(2026, 10, 14))

    assert classer([jumeau, sans_date, recent, ancien, tot, haut, loi]) == [
        loi,
        haut,
        tot,
        ancien,
        recent,
        sans_date,
        jumeau,
    ]


def test_la_coupe_s_arrete_au_premier_qui_ne_tient_pas() -> None:
    longue, courte = Fiche("b", minutes=60), Fiche("c", minutes=5)

    assert decouper([Fiche("a", minutes=50), longue, courte], 60) == ([Fiche("a", minutes=50)], [longue, courte])


def test_la_premiere_est_toujours_du_jour_et_ce_que_la_loi_presse_aussi() -> None:
    loi, autre = Fiche("b", palier=0, minutes=20, minutes_loi=20), Fiche("c", palier=0, minutes=50, minutes_loi=50)

    assert decouper([Fiche("a", minutes=90)], 60) == ([Fiche("a", minutes=90)], [])
    # 70 minutes de loi pour 30 : tout reste, et les ménages gardent leurs 15 minutes (10, mais pas 10 + 10).
    assert decouper([loi, autre, Fiche("d"), Fiche("e")], 30) == ([loi, autre, Fiche("d")], [Fiche("e")])


def _loi(nom: str, **champs: int) -> Fiche:
    return Fiche(nom, minutes=20, minutes_loi=20, **champs)


def test_six_signalements_qui_ne_pressent_pas_laissent_la_moitie_du_jour_aux_menages() -> None:
    signalements = [_loi(f"s{n}") for n in range(6)]
    menages = [Fiche(f"m{n}") for n in range(8)]

    jour, plus_tard = decouper([*signalements, *menages], 120)

    # 120 minutes : 3 x 20 pour la loi, 6 x 10 pour les ménages.
    assert jour == [*signalements[:3], *menages[:6]]
    assert plus_tard == [*signalements[3:], *menages[6:]]


def test_quand_peu_de_menages_attendent_la_loi_prend_le_reste() -> None:
    signalements = [_loi(f"s{n}") for n in range(6)]

    # 120 - 10 pour le seul ménage : cinq signalements.
    assert decouper([*signalements, Fiche("m")], 120) == ([*signalements[:5], Fiche("m")], [signalements[5]])


def test_ce_que_la_loi_presse_reste_et_les_menages_aussi() -> None:
    presses = [_loi(f"s{n}", palier=0) for n in range(6)]
    menages = [Fiche(f"m{n}") for n in range(8)]

    # 120 minutes pressées sur 120 : la journée déborde, et les ménages gardent 60 minutes.
    assert decouper([*presses, *menages], 120) == ([*presses, *menages[:6]], menages[6:])


def test_un_signalement_qui_ne_tient_pas_ne_fait_pas_attendre_le_menage_qui_suit() -> None:
    menages = [Fiche(f"m{n}") for n in range(3)]
    liste = [menages[0], _loi("s0"), _loi("s1"), menages[1], menages[2]]

    # 50 minutes, 25 aux ménages : 10 + 20 + (15 réservées) ; le second signalement attend, 10 puis 10 tiennent.
    assert decouper(liste, 50) == ([menages[0], _loi("s0"), menages[1], menages[2]], [_loi("s1")])


def test_un_menage_a_signaler_et_a_joindre_compte_pour_ses_deux_parts() -> None:
    """Les étapes d'un ménage sur une ligne : 20 minutes de signalement, 10 d'appel."""
    mixtes = [Fiche(f"m{n}", minutes=30, minutes_loi=20) for n in range(6)]
    presses = [Fiche(f"p{n}", palier=0, minutes=30, minutes_loi=20) for n in range(4)]
    autres = [Fiche(f"a{n}") for n in range(4)]

    # Quatre lignes font 120 minutes, dont 40 aux ménages : la cinquième et la sixième les mènent à leur moitié.
    assert decouper([*mixtes, *autres], 120) == ([*mixtes], [*autres])
    # Ce qui presse prend 120 minutes, dont 40 aux ménages : deux appels encore pour leur moitié.
    assert decouper([*presses, *autres], 120) == ([*presses, *autres[:2]], autres[2:])


def test_ce_qui_est_deja_fait_du_jour_compte() -> None:
    signalements = [_loi(f"s{n}") for n in range(3)]
    menages = [Fiche(f"m{n}") for n in range(8)]

    # Une heure de signalements faite sur deux : l'heure qui reste est toute aux ménages.
    assert decouper([*signalements, *menages], 60, faites_loi=60)[0] == menages[:6]
    # Une heure de ménages faite sur deux : l'heure qui reste se partage au rang.
    assert decouper([*signalements, *menages], 60, faites_menages=60)[0] == signalements
