"""What is decided about a step, as the person sees it: the law and the house, answers and attempts, the timeline."""

from datetime import date, timedelta
from typing import Any

import pytest
from tests import fabriques
from tests.web.conftest import Monde
from tests.web.pages import texte

from maintien.apps.dossiers.enums import Canal, EtatProposition, GenreFait
from maintien.apps.dossiers.models import Fait, Proposition
from maintien.apps.socle.portee import organisme_scope

JOURNEE = "/journee/"
AUJOURD_HUI = fabriques.NUIT
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/journee/"}


def _signalement(monde: Monde, **champs: Any) -> Proposition:
    """Constituted on 5 October 2026: to be reported by 5 December, the house aims at 27 November."""
    ordinaire = {
        "genre": "impaye_legal",
        "regle": "ORI-SIGNALEMENT",
        "quoi": "Signaler l’impayé du compte C1 à la CAF ou à la MSA.",
        "canal": Canal.INTERNE,
        "imposee": True,
        "reference_compte": "C1",
        "avant_le": date(2026, 11, 27),
        "echeance_legale": date(2026, 12, 5),
        "motifs": [
            {"texte": "Constitué le 5 octobre.", "valeurs": {"jour": {"genre": "date", "valeur": "2026-10-05"}}}
        ],
    }
    return monde.ajouter_proposition(**{**ordinaire, **champs})


def _decider(monde: Monde, proposition: Proposition, decision: str, *, htmx: bool = False, **saisie: str) -> Any:
    champs = {f"p{proposition.pk}-{nom}": valeur for nom, valeur in saisie.items()}
    adresse = f"/propositions/{proposition.pk}/{decision}/"
    if htmx:
        return monde.client().post(adresse, champs, headers=HTMX)
    return monde.client().post(adresse, champs, follow=True)


def _relue(monde: Monde) -> Proposition:
    with organisme_scope(monde.organisme):
        return Proposition.objects.get()


# ---- The days of a step ----


def test_la_date_de_la_loi_et_celle_de_la_maison_se_lisent_toutes_deux(monde: Monde) -> None:
    etape = _signalement(monde)

    for adresse in (JOURNEE, f"/dossiers/{etape.dossier_id}/"):
        page = texte(monde.client().get(adresse))
        assert "délai légal sam. 5 déc. (samedi 5 décembre 2026) avant le ven. 27 nov." in page


def test_un_delai_que_la_maison_fixe_n_est_jamais_dit_legal(monde: Monde) -> None:
    etape = _signalement(monde, echeance_legale=None, avant_le=AUJOURD_HUI - timedelta(days=3))

    for adresse in (JOURNEE, f"/dossiers/{etape.dossier_id}/"):
        reponse = monde.client().get(adresse)
        page = texte(reponse)
        assert "dépassé depuis 3 jours" in page
        assert "délai légal" not in page
        assert "échéance légale cette semaine" not in page
        assert "echeance-ambre" in reponse.content.decode()
        assert "echeance-rouge" not in reponse.content.decode()


def test_un_delai_legal_depasse_se_dit_en_rouge_et_en_mots(monde: Monde) -> None:
    etape = _signalement(monde, echeance_legale=AUJOURD_HUI - timedelta(days=1))

    for adresse in (JOURNEE, f"/dossiers/{etape.dossier_id}/"):
        reponse = monde.client().get(adresse)
        assert "délai légal jeu. 19 nov. (jeudi 19 novembre 2026) dépassé depuis 1 jour" in texte(reponse)
        assert "echeance-rouge" in reponse.content.decode()


@pytest.mark.parametrize(("jours", "rouge"), [(7, True), (8, False)])
def test_un_delai_legal_est_rouge_une_semaine_avant(jours: int, rouge: bool, monde: Monde) -> None:
    _signalement(monde, echeance_legale=AUJOURD_HUI + timedelta(days=jours))

    assert ("echeance-rouge" in monde.client().get(JOURNEE).content.decode()) is rouge


# ---- What the law imposes ----


def test_un_signalement_se_note_a_sa_date(monde: Monde) -> None:
    etape = _signalement(monde)

    formulaire = texte(monde.client().get(f"/propositions/{etape.pk}/faire/"))
    futur = _decider(monde, etape, "faire", jour="2026-11-21", texte="")
    reponse = _decider(monde, etape, "faire", jour="2026-11-17", texte="Récépissé 4512.")

    assert "Signalé le" in formulaire
    assert futur.status_code == 422
    assert "Le 21 novembre 2026 est à venir" in texte(futur)
    assert "c’est noté, à la date du 17 novembre 2026." in texte(reponse)
    relue = _relue(monde)
    assert (relue.etat, relue.realisee_le, relue.traitee_le) == (
        EtatProposition.FAITE,
        date(2026, 11, 17),
        AUJOURD_HUI,
    )


def test_un_desaccord_laisse_l_etape_et_le_dit(monde: Monde) -> None:
    etape = _signalement(monde)
    assert "Désaccord" in texte(monde.client().get(JOURNEE))

    formulaire = texte(monde.client().get(f"/propositions/{etape.pk}/refuser/"))
    reponse = _decider(monde, etape, "refuser", htmx=True, raison="deja_paye", motif="Chèque remis le 19.")

    assert "l’étape reste à faire" in formulaire
    assert "La loi demande cette étape : elle reste à faire." in texte(reponse)
    # The row answers in its place: nothing was taken out of the list.
    assert f'id="ligne-{etape.pk}"' in reponse.content.decode()
    assert _relue(monde).etat == EtatProposition.A_FAIRE
    fil = texte(monde.client().get(f"/dossiers/{etape.dossier_id}/?onglet=journal"))
    assert "du compte C1 contestée : désaccord noté, elle reste à faire" in fil
    assert "Le ménage a déjà payé : Chèque remis le 19." in fil


def test_une_autre_raison_demande_des_mots(monde: Monde) -> None:
    reponse = _decider(monde, _signalement(monde), "refuser", raison="autre", motif="")

    assert reponse.status_code == 422
    assert "Dites en quelques mots pourquoi." in texte(reponse)


@pytest.mark.parametrize(("jours", "visible"), [(1, True), (0, False), (-2, False)])
def test_aucun_bouton_qui_serait_refuse(jours: int, visible: bool, monde: Monde) -> None:
    etape = _signalement(monde, echeance_legale=AUJOURD_HUI + timedelta(days=jours))

    for adresse in (JOURNEE, f"/dossiers/{etape.dossier_id}/"):
        page = monde.client().get(adresse).content.decode()
        assert (f"/propositions/{etape.pk}/reporter/" in page) is visible
        assert f"/propositions/{etape.pk}/faire/" in page


def test_le_formulaire_de_report_ne_propose_rien_apres_la_loi(monde: Monde) -> None:
    etape = _signalement(monde, echeance_legale=AUJOURD_HUI + timedelta(days=2))

    page = monde.client().get(f"/propositions/{etape.pk}/reporter/").content.decode()

    assert 'max="2026-11-22"' in page
    assert 'value="2026-11-22"' in page


def test_chaque_etape_du_dossier_a_ses_boutons(monde: Monde) -> None:
    """A report in front does not take away the call that helps the household, nor the report of another account."""
    premiere = _signalement(monde)
    seconde = _signalement(monde, dossier=premiere.dossier, reference_compte="C2")
    appel = monde.ajouter_proposition(premiere.dossier)

    page = monde.client().get(f"/dossiers/{premiere.dossier_id}/").content.decode()

    for etape in (premiere, seconde, appel):
        for decision in ("faire", "reporter", "refuser"):
            assert f"/propositions/{etape.pk}/{decision}/" in page


# ---- Answers and attempts ----


def _appel(**champs: str) -> dict[str, str]:
    return {"issue": "joint", "jour": "2026-11-20", "texte": "", "rappel_le": "", **champs}


@pytest.mark.parametrize(
    ("saisie", "dit", "etat", "revient"),
    [
        ({"issue": "joint"}, "c’est noté.", EtatProposition.FAITE, None),
        (
            {"issue": "sans_reponse"},
            "c’est noté ; l’étape revient le 23 novembre 2026.",
            EtatProposition.REPORTEE,
            date(2026, 11, 23),
        ),
        (
            {"issue": "rappel_promis", "rappel_le": "2026-11-26"},
            "c’est noté ; l’étape revient le 26 novembre 2026.",
            EtatProposition.REPORTEE,
            date(2026, 11, 26),
        ),
        (
            {"issue": "rappel_promis", "rappel_le": "2026-11-20"},
            "c’est noté ; l’étape reste à faire aujourd’hui.",
            EtatProposition.A_FAIRE,
            None,
        ),
        (
            {"issue": "mauvais_numero"},
            "c’est noté ; la passe de cette nuit proposera un autre canal.",
            EtatProposition.REPORTEE,
            date(2026, 11, 20),
        ),
    ],
)
def test_seule_une_reponse_fait_l_etape(
    saisie: dict[str, str], dit: str, etat: str, revient: date | None, monde: Monde
) -> None:
    etape = monde.ajouter_proposition()

    reponse = _decider(monde, etape, "faire", **_appel(**saisie))

    assert dit in texte(reponse)
    relue = _relue(monde)
    assert (relue.etat, relue.reportee_au) == (etat, revient)
    with organisme_scope(monde.organisme):
        assert Fait.objects.filter(genre=GenreFait.APPEL, issue=saisie["issue"]).count() == 1


def test_un_courrier_n_attend_pas_de_reponse(monde: Monde) -> None:
    _decider(monde, monde.ajouter_proposition(canal=Canal.COURRIER), "faire", texte="")

    assert _relue(monde).etat == EtatProposition.FAITE


# ---- The reasons are read again ----


def test_le_fil_garde_la_raison_d_un_report_et_d_un_refus(monde: Monde) -> None:
    reportee, refusee = monde.ajouter_proposition(), monde.ajouter_proposition()
    _decider(monde, reportee, "reporter", au="2026-11-25", motif="Salaire le 24.")
    _decider(monde, refusee, "refuser", motif="Déjà vu à l’agence.")

    fil = texte(monde.client().get(f"/dossiers/{reportee.dossier_id}/?onglet=journal"))
    assert "reportée au 25 novembre 2026" in fil
    assert "Salaire le 24." in fil
    fil = texte(monde.client().get(f"/dossiers/{refusee.dossier_id}/?onglet=journal"))
    assert "écartée : pas d’accord" in fil
    assert "Déjà vu à l’agence." in fil
