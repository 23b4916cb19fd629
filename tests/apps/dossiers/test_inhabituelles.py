"""Unusual readings of a week, each with its reason in words."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests import fabriques

from maintien.apps.dossiers import inhabituelles
from maintien.apps.dossiers.inhabituelles import lectures_inhabituelles
from maintien.apps.dossiers.models import Dossier
from maintien.apps.organismes.models import Organisme, Utilisateur
from maintien.apps.socle import journal
from maintien.apps.socle.enums import Finalite
from maintien.apps.socle.portee import organisme_scope

PARIS = ZoneInfo("Europe/Paris")
MERCREDI = date(2026, 11, 18)
Lire = Callable[..., None]


@pytest.fixture
def agent(bailleur: Organisme) -> Utilisateur:
    return fabriques.utilisateur(last_name="Dûpont", first_name="Paul")


@pytest.fixture
def lire(monkeypatch: pytest.MonkeyPatch, agent: Utilisateur) -> Lire:
    """Read a dossier, on Wednesday 18 November 2026 at ten unless said."""

    def faire(dossier: Dossier, jour: int = 18, heure: int = 10, minute: int = 0, **precisions: bool) -> None:
        instant = datetime(2026, 11, jour, heure, minute, tzinfo=PARIS)
        monkeypatch.setattr(timezone, "now", lambda: instant)
        journal.record_lecture(dossier, Finalite.SUIVI, acteur=agent, **precisions)

    return faire


def _raisons() -> list[tuple[str, ...]]:
    return [trouvee.raisons for trouvee in lectures_inhabituelles(MERCREDI)]


def test_une_lecture_ordinaire_ne_se_montre_pas(lire: Lire) -> None:
    lire(fabriques.dossier())

    assert _raisons() == []


def test_hors_de_son_portefeuille(lire: Lire, agent: Utilisateur) -> None:
    dossier = fabriques.dossier()
    lire(dossier, heure=10, hors_portefeuille=True)
    lire(dossier, heure=11, hors_portefeuille=True)

    [trouvee] = lectures_inhabituelles(MERCREDI)

    assert trouvee.raisons == ("dossier hors de son portefeuille (2 lectures)",)
    assert (trouvee.acteur_id, trouvee.menage_id, trouvee.nombre) == (agent.pk, dossier.menage_id, 2)
    assert (trouvee.premiere.astimezone(PARIS).hour, trouvee.derniere.astimezone(PARIS).hour) == (10, 11)
    assert trouvee.finalites == ("suivi",)


@pytest.mark.parametrize(
    ("jour", "heure", "minute", "vue"),
    [(18, 6, 59, True), (18, 7, 0, False), (18, 19, 59, False), (18, 20, 0, True), (21, 10, 0, True)],
)
def test_la_nuit_ou_en_fin_de_semaine(lire: Lire, jour: int, heure: int, minute: int, vue: bool) -> None:
    lire(fabriques.dossier(), jour=jour, heure=heure, minute=minute)

    assert _raisons() == ([("lu la nuit ou en fin de semaine (1 fois)",)] if vue else [])


def test_le_meme_nom_que_qui_lit(lire: Lire) -> None:
    compte = fabriques.compte()
    fabriques.occupation(compte, fabriques.personne("DUPONT", "Anne"))
    lire(fabriques.dossier(fabriques.menage(compte)))

    assert _raisons() == [("une personne du ménage porte le nom de qui l'a lu",)]


def test_quatre_fois_sans_acte(lire: Lire, agent: Utilisateur) -> None:
    vu, suivi, trois = fabriques.dossier(), fabriques.dossier(), fabriques.dossier()
    for heure in (9, 10, 11, 12):
        lire(vu, heure=heure)
        lire(suivi, heure=heure)
    for heure in (9, 10, 11):
        lire(trois, heure=heure)
    journal.record("dossier.appel", suivi, acteur=agent)

    [trouvee] = lectures_inhabituelles(MERCREDI)

    assert trouvee.menage_id == vu.menage_id
    assert trouvee.raisons == ("lu 4 fois dans la semaine sans aucun acte",)


def test_beaucoup_en_peu_de_temps(lire: Lire) -> None:
    """Thirty households in an hour; the thirty-first, at the sixtieth minute, is out of the window."""
    dossiers = [fabriques.dossier() for _ in range(31)]
    for rang, dossier in enumerate(dossiers[:30]):
        lire(dossier, minute=rang)
    assert _raisons() == [("30 ménages lus en moins de 60 minutes",)] * 30

    lire(dossiers[30], heure=11, minute=0)
    assert len(_raisons()) == 30


def test_vingt_neuf_menages_ou_trente_fois_le_meme_ne_sont_pas_une_rafale(lire: Lire, agent: Utilisateur) -> None:
    dossiers = [fabriques.dossier() for _ in range(29)]
    for rang, dossier in enumerate(dossiers):
        lire(dossier, minute=rang)
    lire(dossiers[0], minute=40)

    assert _raisons() == []


def test_la_semaine_va_du_lundi_au_dimanche(lire: Lire) -> None:
    dossier = fabriques.dossier()
    lire(dossier, jour=15, heure=23, hors_portefeuille=True)
    lire(dossier, jour=16, heure=8, hors_portefeuille=True)
    lire(dossier, jour=22, heure=23, minute=59, hors_portefeuille=True)
    lire(dossier, jour=23, heure=8, hors_portefeuille=True)

    [trouvee] = lectures_inhabituelles(MERCREDI)
    assert trouvee.nombre == 2


def test_plusieurs_raisons_passent_devant(lire: Lire) -> None:
    un, deux = fabriques.dossier(), fabriques.dossier()
    lire(un, hors_portefeuille=True)
    lire(deux, heure=22, hors_portefeuille=True)

    assert [len(raisons) for raisons in _raisons()] == [2, 1]


def test_les_lectures_d_un_autre_organisme_n_y_sont_pas(lire: Lire, autre_bailleur: Organisme) -> None:
    with organisme_scope(autre_bailleur):
        lire(fabriques.dossier(), hors_portefeuille=True)

    assert _raisons() == []


def test_le_nombre_de_requetes_est_constant(lire: Lire, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(2):
        for _ in range(3):
            lire(fabriques.dossier(), hors_portefeuille=True)
        with django_assert_num_queries(4):
            lectures_inhabituelles(MERCREDI)


def test_une_regle_inconnue_arrete(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inhabituelles.yaml, "safe_load", lambda _: {"regles": [{"genre": "intuition"}]})

    with pytest.raises(ValueError, match="intuition"):
        inhabituelles.rules.__wrapped__()
