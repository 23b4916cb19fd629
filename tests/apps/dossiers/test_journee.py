"""The worklist: whose, in what order, how much of it, and at what cost in queries."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests import fabriques

from maintien.apps.dossiers.enums import EtatDossier, EtatProposition, MotifPause
from maintien.apps.dossiers.journee import Filtres, Liste, Onglet, genres_proposes, tab_counts, worklist
from maintien.apps.dossiers.models import Dossier, Pause
from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.models import Appartenance, Organisme, Secteur
from maintien.apps.socle.portee import organisme_scope

VENDREDI = date(2026, 11, 20)
TOUT = Filtres(tout=True)


def _dossiers(liste: Liste) -> list[Dossier]:
    trouves = Dossier.objects.in_bulk([ligne.dossier.pk for ligne in liste.lignes])
    return [trouves[ligne.dossier.pk] for ligne in liste.lignes]


def _dossier(secteur: Secteur | None, rang: int = 0, minutes: int = 10, **champs: object) -> Dossier:
    """A household of one account in debt, its dossier, and one step to do."""
    compte = fabriques.compte()
    fabriques.situation(
        compte, dette_locative_centimes=450_00, dette_exigible_centimes=460_00, date_plus_ancien=VENDREDI
    )
    dossier = fabriques.dossier(fabriques.menage(compte), secteur=secteur, **champs)
    if rang:
        fabriques.proposition(dossier, rang=rang, minutes=minutes)
    return dossier


def test_les_meilleurs_rangs_d_abord_et_une_ligne_par_menage(agent: Appartenance, nord: Secteur) -> None:
    second, premier = _dossier(nord, rang=20), _dossier(nord, rang=10)
    fabriques.proposition(premier, genre="plan_du", rang=15)
    fabriques.proposition(second, genre="plan_du", rang=5)

    liste = worklist(agent, Onglet.A_FAIRE, TOUT)

    assert [(ligne.dossier.pk, ligne.proposition.rang) for ligne in liste.lignes if ligne.proposition] == [
        (second.pk, 5),
        (premier.pk, 10),
    ]
    assert liste.au == VENDREDI


def _genres(liste: Liste) -> list[list[str]]:
    return [[etape.genre for etape in ligne.etapes] for ligne in liste.lignes]


def test_un_menage_n_a_qu_une_ligne_et_elle_porte_ce_que_la_loi_impose(agent: Appartenance, nord: Secteur) -> None:
    double = _dossier(nord, rang=1, minutes=10)
    fabriques.proposition(double, genre="signalement", rang=2, imposee=True, minutes=15)
    fabriques.proposition(double, genre="plan_du", rang=3, minutes=20)
    legale = _dossier(nord)
    fabriques.proposition(legale, genre="signalement", rang=4, imposee=True, minutes=15)
    fabriques.proposition(legale, genre="plan_du", rang=5, minutes=20)

    liste = worklist(agent, Onglet.A_FAIRE, TOUT)

    assert _dossiers(liste) == [double, legale]
    assert _genres(liste) == [["premier_retard", "signalement"], ["signalement", "plan_du"]]
    assert [ligne.minutes for ligne in liste.lignes] == [25, 35]
    assert liste.minutes_prevues == 60
    assert tab_counts(agent, Filtres())[Onglet.A_FAIRE] == 2


def test_a_rang_egal_un_menage_n_a_encore_qu_une_ligne(agent: Appartenance, nord: Secteur) -> None:
    dossier = _dossier(nord, rang=1)
    fabriques.proposition(dossier, genre="signalement", rang=1, imposee=True)

    assert _genres(worklist(agent, Onglet.A_FAIRE, TOUT)) == [["premier_retard", "signalement"]]


def test_la_coupe_compte_toutes_les_minutes_du_menage(agent: Appartenance, nord: Secteur) -> None:
    """10 + 15 minutes, then 10: the second household does not fit in 30."""
    agent.minutes_par_jour = 30
    premier = _dossier(nord, rang=1, minutes=10)
    fabriques.proposition(premier, genre="signalement", rang=5, imposee=True, minutes=15)
    _dossier(nord, rang=2, minutes=10)

    liste = worklist(agent, Onglet.A_FAIRE, Filtres())

    assert _dossiers(liste) == [premier]
    assert (liste.minutes_prevues, liste.has_suite) == (25, True)


def test_ce_que_la_loi_presse_garde_le_menage_meme_en_seconde_ligne(agent: Appartenance, nord: Secteur) -> None:
    agent.minutes_par_jour = 0
    presse = _dossier(nord, rang=1)
    fabriques.proposition(presse, genre="signalement", rang=2, imposee=True, classement={"palier": 0})
    _dossier(nord, rang=3)

    assert _dossiers(worklist(agent, Onglet.A_FAIRE, Filtres())) == [presse]


def test_le_filtre_par_genre_met_cette_etape_devant_et_garde_les_autres(agent: Appartenance, nord: Secteur) -> None:
    dossier = _dossier(nord, rang=1)
    fabriques.proposition(dossier, genre="signalement", rang=2, imposee=True)

    assert _genres(worklist(agent, Onglet.A_FAIRE, Filtres(genre="signalement", tout=True))) == [
        ["signalement", "premier_retard"]
    ]


def test_deux_pauses_en_cours_ne_font_qu_une_ligne(agent: Appartenance, nord: Secteur) -> None:
    dossier, autre = _dossier(nord), _dossier(nord)
    for quel, au in ((dossier, VENDREDI), (dossier, date(2026, 12, 20)), (autre, date(2026, 12, 1))):
        Pause.objects.create(dossier=quel, motif=MotifPause.AIDE, du=VENDREDI, au=au)

    liste = worklist(agent, Onglet.EN_PAUSE, Filtres())

    assert [(ligne.dossier.pk, ligne.pause and ligne.pause.au) for ligne in liste.lignes] == [
        (autre.pk, date(2026, 12, 1)),
        (dossier.pk, date(2026, 12, 20)),
    ]
    assert tab_counts(agent, Filtres())[Onglet.EN_PAUSE] == 2


def test_un_menage_n_est_fait_que_lorsqu_il_n_y_reste_rien(agent: Appartenance, nord: Secteur) -> None:
    """Two steps of one household done: one household. One step done of two: none yet, and its minutes count."""
    etat = {"etat": EtatProposition.FAITE, "traitee_par": agent.utilisateur, "traitee_le": VENDREDI}
    fini = _dossier(nord)
    for genre in ("premier_retard", "signalement"):
        fabriques.proposition(fini, genre=genre, minutes=10, **etat)
    a_moitie = _dossier(nord, rang=1, minutes=10)
    fabriques.proposition(a_moitie, genre="signalement", minutes=15, **etat)

    liste = worklist(agent, Onglet.A_FAIRE, Filtres())

    assert (liste.nb_faits, liste.nb_etapes, liste.minutes_faites, liste.minutes_prevues) == (1, 3, 35, 45)
    assert _dossiers(liste) == [a_moitie]


def _appele_puis(agent: Appartenance, nord: Secteur, *, rang: int, palier: int = 1) -> Dossier:
    """Called today, with a report to the CAF left of 20 minutes."""
    appele = _dossier(nord)
    fabriques.proposition(
        appele, minutes=10, etat=EtatProposition.FAITE, traitee_par=agent.utilisateur, traitee_le=VENDREDI
    )
    fabriques.proposition(
        appele, genre="signalement", rang=rang, minutes=20, imposee=True, classement={"palier": palier}
    )
    return appele


def test_l_etape_legale_d_un_menage_appele_aujourd_hui_reste_sous_la_liste(agent: Appartenance, nord: Secteur) -> None:
    """40 minutes a day, 10 spent: 30 are left, two households of 15 take them; the report comes below, not nowhere."""
    agent.minutes_par_jour = 40
    legale = _appele_puis(agent, nord, rang=90)
    autres = [_dossier(nord, rang=rang, minutes=15) for rang in (1, 2, 3)]

    liste = worklist(agent, Onglet.A_FAIRE, Filtres())

    assert _dossiers(liste) == [*autres[:2], legale]
    assert (liste.minutes_prevues, liste.has_suite) == (60, True)


def test_elle_y_reste_la_journee_finie_et_nulle_part_deux_fois(agent: Appartenance, nord: Secteur) -> None:
    agent.minutes_par_jour = 10
    second, premier = _appele_puis(agent, nord, rang=91), _appele_puis(agent, nord, rang=90)
    presse = _appele_puis(agent, nord, rang=1, palier=0)

    liste = worklist(agent, Onglet.A_FAIRE, Filtres())

    assert _dossiers(liste) == [presse, premier, second]
    assert not liste.has_suite


def test_ce_qu_un_collegue_a_appele_et_ce_que_la_loi_n_impose_pas_gardent_leur_rang(
    agent: Appartenance, nord: Secteur
) -> None:
    agent.minutes_par_jour = 10
    collegue = fabriques.membre(Role.RECOUVREMENT, nord)
    _appele_puis(collegue, nord, rang=90)
    libre = _appele_puis(agent, nord, rang=91)
    libre.propositions.filter(genre="signalement").update(imposee=False)

    assert _dossiers(worklist(agent, Onglet.A_FAIRE, Filtres())) == []


def test_ce_qui_est_date_du_calendrier_compte_aussi(agent: Appartenance, nord: Secteur) -> None:
    """The night of today has not run: the list is that of a former day, the act is of today."""
    fabriques.proposition(
        _dossier(nord),
        minutes=20,
        etat=EtatProposition.FAITE,
        traitee_par=agent.utilisateur,
        traitee_le=timezone.localdate(),
    )

    assert worklist(agent, Onglet.A_FAIRE, Filtres()).minutes_faites == 20


def test_ce_que_la_loi_presse_reste_meme_la_journee_finie(agent: Appartenance, nord: Secteur) -> None:
    agent.minutes_par_jour = 0
    presse = _dossier(nord)
    fabriques.proposition(presse, rang=1, classement={"palier": 0})
    fabriques.proposition(_dossier(nord), rang=2, classement={"palier": 1})

    assert _dossiers(worklist(agent, Onglet.A_FAIRE, Filtres())) == [presse]


def test_les_chiffres_sont_la_somme_des_comptes_du_menage(agent: Appartenance, nord: Secteur) -> None:
    logement, parking = fabriques.compte(), fabriques.compte()
    fabriques.situation(logement, dette_locative_centimes=450_00, date_plus_ancien=date(2026, 8, 31))
    fabriques.situation(parking, dette_locative_centimes=40_00, date_plus_ancien=date(2026, 7, 31))
    fabriques.proposition(fabriques.dossier(fabriques.menage(logement, parking), secteur=nord))

    [ligne] = worklist(agent, Onglet.A_FAIRE, TOUT).lignes

    assert (ligne.dette_locative_centimes, ligne.date_plus_ancien) == (490_00, date(2026, 7, 31))


def test_la_liste_s_arrete_aux_minutes_de_la_journee(agent: Appartenance, nord: Secteur) -> None:
    agent.minutes_par_jour = 30
    dossiers = [_dossier(nord, rang=rang, minutes=12) for rang in (1, 2, 3)]

    liste = worklist(agent, Onglet.A_FAIRE, Filtres())

    assert _dossiers(liste) == dossiers[:2]
    assert (liste.is_coupee, liste.has_suite, liste.minutes_prevues) == (True, True, 24)
    assert _dossiers(worklist(agent, Onglet.A_FAIRE, TOUT)) == dossiers


def test_une_etape_plus_longue_que_la_journee_est_montree_seule(agent: Appartenance, nord: Secteur) -> None:
    agent.minutes_par_jour = 20
    longue = _dossier(nord, rang=1, minutes=60)
    _dossier(nord, rang=2, minutes=5)

    assert _dossiers(worklist(agent, Onglet.A_FAIRE, Filtres())) == [longue]


def test_ce_qui_est_fait_compte_dans_la_journee(agent: Appartenance, nord: Secteur) -> None:
    agent.minutes_par_jour = 30
    faite = _dossier(nord)
    etat = {"traitee_par": agent.utilisateur, "traitee_le": VENDREDI}
    fabriques.proposition(faite, minutes=20, etat=EtatProposition.FAITE, **etat)
    fabriques.proposition(faite, minutes=50, etat=EtatProposition.REFUSEE, **etat)
    fabriques.proposition(faite, minutes=50, etat=EtatProposition.FAITE, **{**etat, "traitee_le": date(2026, 11, 19)})
    reste = _dossier(nord, rang=1, minutes=10)
    _dossier(nord, rang=2, minutes=10)

    liste = worklist(agent, Onglet.A_FAIRE, Filtres())

    assert _dossiers(liste) == [reste]
    assert (liste.nb_faits, liste.nb_etapes, liste.minutes_faites, liste.minutes_prevues) == (1, 2, 20, 30)


def test_la_journee_finie_est_vide_et_le_dit(agent: Appartenance, nord: Secteur) -> None:
    agent.minutes_par_jour = 20
    faite = _dossier(nord)
    fabriques.proposition(
        faite, minutes=20, etat=EtatProposition.FAITE, traitee_par=agent.utilisateur, traitee_le=VENDREDI
    )
    _dossier(nord, rang=1)

    liste = worklist(agent, Onglet.A_FAIRE, Filtres())

    assert (liste.lignes, liste.has_suite) == ((), True)


def test_chacun_voit_son_secteur_le_responsable_tout_l_administrateur_rien(agent: Appartenance, nord: Secteur) -> None:
    du_nord = _dossier(nord, rang=1)
    du_sud = _dossier(fabriques.secteur("SUD"), rang=2)
    de_nulle_part = _dossier(None, rang=3)

    def vus(membre: Appartenance) -> list[Dossier]:
        return _dossiers(worklist(membre, Onglet.A_FAIRE, TOUT))

    assert vus(agent) == [du_nord]
    assert vus(fabriques.membre(Role.RESPONSABLE)) == [du_nord, du_sud, de_nulle_part]
    assert vus(fabriques.membre(Role.ADMINISTRATEUR)) == []
    assert tab_counts(fabriques.membre(Role.ADMINISTRATEUR), Filtres()) == dict.fromkeys(Onglet, 0)


def test_un_autre_bailleur_ne_se_melange_pas(agent: Appartenance, nord: Secteur, autre_bailleur: Organisme) -> None:
    with organisme_scope(autre_bailleur):
        _dossier(fabriques.secteur("NORD"), rang=1)
    le_mien = _dossier(nord, rang=2)

    assert _dossiers(worklist(fabriques.membre(Role.RESPONSABLE), Onglet.A_FAIRE, TOUT)) == [le_mien]


def test_le_filtre_moi_suit_le_role(agent: Appartenance, cesf: Appartenance, nord: Secteur) -> None:
    a_moi = _dossier(nord, rang=1, referent=agent.utilisateur)
    au_duo = _dossier(nord, rang=2, cesf=cesf.utilisateur)
    a_personne = _dossier(nord, rang=3)

    def vus(membre: Appartenance, referent: str) -> list[Dossier]:
        return _dossiers(worklist(membre, Onglet.A_FAIRE, Filtres(referent=referent, tout=True)))

    assert vus(agent, "moi") == [a_moi]
    assert vus(cesf, "moi") == [au_duo]
    assert vus(cesf, str(agent.utilisateur_id)) == [a_moi]
    assert vus(cesf, "") == [a_moi, au_duo, a_personne]


def test_le_filtre_par_genre_montre_l_etape_de_ce_genre(agent: Appartenance, nord: Secteur) -> None:
    dossier = _dossier(nord, rang=1)
    fabriques.proposition(dossier, genre="plan_du", rang=9)
    _dossier(nord, rang=2)

    [ligne] = worklist(agent, Onglet.A_FAIRE, Filtres(genre="plan_du", tout=True)).lignes

    assert ligne.proposition is not None
    assert (ligne.dossier.pk, ligne.proposition.genre) == (dossier.pk, "plan_du")
    assert genres_proposes(agent) == ["plan_du", "premier_retard"]
    assert genres_proposes(fabriques.membre(Role.ADMINISTRATEUR)) == []


def test_le_filtre_par_secteur_ne_sort_pas_de_ses_droits(agent: Appartenance, nord: Secteur) -> None:
    sud = fabriques.secteur("SUD")
    _dossier(sud, rang=1)
    du_nord = _dossier(nord, rang=2)

    assert _dossiers(worklist(agent, Onglet.A_FAIRE, Filtres(secteur=sud.pk, tout=True))) == []
    assert _dossiers(worklist(agent, Onglet.A_FAIRE, Filtres(secteur=nord.pk, tout=True))) == [du_nord]


def test_on_cherche_par_mots_sans_accents_et_au_dela_des_minutes(agent: Appartenance, nord: Secteur) -> None:
    agent.minutes_par_jour = 0
    trouve = _dossier(nord, rang=1)
    trouve.menage.recherche = "mme emilie martinez c00000101 les peupliers toulouse"
    trouve.menage.save()
    _dossier(nord, rang=2)

    for mots in ("Émilie", "MARTINEZ toulouse", "c00000101", "peup mart"):
        assert _dossiers(worklist(agent, Onglet.A_FAIRE, Filtres(recherche=mots))) == [trouve]
    assert _dossiers(worklist(agent, Onglet.A_FAIRE, Filtres(recherche="émilie muret"))) == []
    assert _dossiers(worklist(agent, Onglet.SANS_REFERENT, Filtres(recherche="Émilie"))) == [trouve]


def test_onglet_en_pause(agent: Appartenance, nord: Secteur) -> None:
    finit_tard, finit_tot, levee, finie, a_venir = (_dossier(nord) for _ in range(5))
    for dossier, du, au, levee_le in (
        (finit_tard, VENDREDI, date(2026, 12, 20), None),
        (finit_tot, date(2026, 11, 1), VENDREDI, None),
        (levee, date(2026, 11, 1), date(2026, 12, 20), date(2026, 11, 10)),
        (finie, date(2026, 10, 1), date(2026, 11, 19), None),
        (a_venir, date(2026, 11, 21), date(2026, 12, 20), None),
    ):
        Pause.objects.create(dossier=dossier, motif=MotifPause.AIDE, du=du, au=au, levee_le=levee_le)

    liste = worklist(agent, Onglet.EN_PAUSE, Filtres())

    assert _dossiers(liste) == [finit_tot, finit_tard]
    assert [ligne.pause.au for ligne in liste.lignes if ligne.pause] == [VENDREDI, date(2026, 12, 20)]


def test_onglet_sans_reponse(agent: Appartenance, nord: Secteur) -> None:
    recent = _dossier(nord, sans_reponse_depuis=date(2026, 11, 10))
    ancien = _dossier(nord, sans_reponse_depuis=date(2026, 10, 10))
    _dossier(nord)

    assert _dossiers(worklist(agent, Onglet.SANS_REPONSE, Filtres())) == [ancien, recent]


def test_onglet_sans_activite(agent: Appartenance, nord: Secteur) -> None:
    jamais = _dossier(nord, ouvert_le=date(2026, 10, 1), derniere_activite_le=None)
    muet = _dossier(nord, derniere_activite_le=date(2026, 10, 21))
    _dossier(nord, derniere_activite_le=date(2026, 10, 22))
    _dossier(nord, ouvert_le=date(2026, 11, 1), derniere_activite_le=None)

    assert _dossiers(worklist(agent, Onglet.SANS_ACTIVITE, Filtres(jours=30))) == [jamais, muet]
    assert len(_dossiers(worklist(agent, Onglet.SANS_ACTIVITE, Filtres(jours=10)))) == 4


def test_onglet_sans_referent_et_sa_premiere_etape(agent: Appartenance, nord: Secteur) -> None:
    seul = _dossier(nord, rang=7)
    fabriques.proposition(seul, genre="plan_du", rang=3)
    _dossier(nord, referent=agent.utilisateur)

    [ligne] = worklist(agent, Onglet.SANS_REFERENT, Filtres()).lignes

    assert ligne.dossier.pk == seul.pk
    assert ligne.proposition is not None
    assert ligne.proposition.rang == 3


def test_un_dossier_clos_n_est_dans_aucune_liste(agent: Appartenance, nord: Secteur) -> None:
    clos = _dossier(nord, rang=1, sans_reponse_depuis=VENDREDI, derniere_activite_le=None)
    Dossier.objects.filter(pk=clos.pk).update(etat=EtatDossier.CLOS, clos_le=VENDREDI)

    assert [len(worklist(agent, onglet, Filtres(tout=True, jours=0)).lignes) for onglet in Onglet] == [0] * 5
    assert tab_counts(agent, Filtres(jours=0)) == dict.fromkeys(Onglet, 0)


def test_les_onglets_comptent_leurs_lignes(agent: Appartenance, nord: Secteur) -> None:
    _dossier(nord, rang=1, referent=agent.utilisateur)
    _dossier(nord, sans_reponse_depuis=VENDREDI)

    assert tab_counts(agent, Filtres()) == {
        Onglet.A_FAIRE: 1,
        Onglet.EN_PAUSE: 0,
        Onglet.SANS_REPONSE: 1,
        Onglet.SANS_ACTIVITE: 2,
        Onglet.SANS_REFERENT: 1,
    }


def test_les_pages_se_suivent(agent: Appartenance, nord: Secteur) -> None:
    dossiers = [_dossier(nord, rang=rang) for rang in range(1, 53)]

    premiere = worklist(agent, Onglet.A_FAIRE, Filtres(tout=True))
    seconde = worklist(agent, Onglet.A_FAIRE, Filtres(tout=True, page=2))
    sans_referent = worklist(agent, Onglet.SANS_REFERENT, Filtres(page=2))

    assert (_dossiers(premiere), premiere.has_suite) == (dossiers[:50], True)
    assert (_dossiers(seconde), seconde.has_suite) == (dossiers[50:], False)
    assert (_dossiers(sans_referent), sans_referent.has_suite) == (dossiers[50:], False)


def _lire(liste: Liste) -> None:
    """What a page reads of each row."""
    for ligne in liste.lignes:
        _ = (
            ligne.dossier.libelle,
            ligne.pause and ligne.pause.posee_par,
            ligne.minutes,
        )


@pytest.mark.parametrize("onglet", Onglet)
@pytest.mark.parametrize("filtres", [TOUT, Filtres(recherche="peupliers", tout=True)], ids=["tout", "recherche"])
def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_lignes(
    onglet: Onglet,
    filtres: Filtres,
    agent: Appartenance,
    nord: Secteur,
    django_assert_num_queries: Callable[[int], CaptureQueriesContext],
) -> None:
    def ajouter(nombre: int) -> None:
        for rang in range(1, nombre + 1):
            dossier = _dossier(
                nord, rang=rang, sans_reponse_depuis=date(2026, 9, 1), derniere_activite_le=date(2026, 9, 1)
            )
            fabriques.proposition(dossier, genre="signalement", rang=rang, imposee=True)
            dossier.menage.recherche = "les peupliers"
            dossier.menage.save()
            Pause.objects.create(dossier=dossier, motif=MotifPause.AIDE, du=VENDREDI, au=VENDREDI)

    assert agent.organisme  # read by the middleware before any view
    attendu = 5 if onglet == Onglet.EN_PAUSE else 4
    ajouter(5)
    with django_assert_num_queries(attendu):
        liste = worklist(agent, onglet, filtres)
        _lire(liste)
    assert len(liste.lignes) == 5

    ajouter(45)
    with django_assert_num_queries(attendu):
        liste = worklist(agent, onglet, filtres)
        _lire(liste)
    assert len(liste.lignes) == 50


def test_le_premier_tri_se_lit_dans_un_index(agent: Appartenance, nord: Secteur) -> None:
    """A filtered sort over the whole stock must not sort it: the order comes from the partial index."""
    if connection.vendor != "sqlite":
        pytest.skip("le plan d'une table vide n'a pas de sens sur PostgreSQL")
    with CaptureQueriesContext(connection) as requetes:
        worklist(agent, Onglet.A_FAIRE, TOUT)
    sql = next(r["sql"] for r in requetes.captured_queries if "ORDER BY" in r["sql"])

    with connection.cursor() as curseur:
        curseur.execute(f"EXPLAIN QUERY PLAN {sql}")
        plan = " ".join(ligne[3] for ligne in curseur.fetchall())
    assert "proposition_rang" in plan
    assert "TEMP B-TREE" not in plan
