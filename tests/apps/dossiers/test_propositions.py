"""A proposed step is done, tried, put off or not agreed, once, by one person; today is Monday 23 November 2026."""

from datetime import date
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.http import Http404
from tests import fabriques

from maintien.apps.dossiers import actions
from maintien.apps.dossiers.enums import EtatProposition, GenreFait, IssueContact, RaisonDesaccord
from maintien.apps.dossiers.erreurs import DejaTraiteeError, SaisieRefuseeError
from maintien.apps.dossiers.models import Dossier, Fait, Proposition
from maintien.apps.dossiers.propositions import is_postponable
from maintien.apps.organismes.models import Appartenance, Organisme
from maintien.apps.socle.models import Evenement


@pytest.fixture
def proposition(dossier: Dossier) -> Proposition:
    return fabriques.proposition(dossier)


LUNDI = date(2026, 11, 23)


@pytest.fixture
def signalement(dossier: Dossier) -> Proposition:
    """Arrears constituted on 5 October 2026, to be reported by 5 December; the house aims at 28 November."""
    return fabriques.proposition(
        dossier,
        genre="impaye_legal",
        canal="interne",
        imposee=True,
        reference_compte="C1",
        avant_le=date(2026, 11, 27),
        echeance_legale=date(2026, 12, 5),
        motifs=[
            {"texte": "Constitué le 5 octobre 2026.", "valeurs": {"jour": {"genre": "date", "valeur": "2026-10-05"}}}
        ],
    )


def test_faite_le_jour_ou_on_le_fait_et_non_celui_de_la_derniere_nuit(
    agent: Appartenance, proposition: Proposition
) -> None:
    actions.complete_proposition(agent, proposition)

    relue = Proposition.objects.get()
    assert (relue.etat, relue.traitee_par, relue.traitee_le, relue.realisee_le) == (
        EtatProposition.FAITE,
        agent.utilisateur,
        LUNDI,
        LUNDI,
    )
    fait = Fait.objects.get()
    assert (fait.genre, fait.donnees["etat"], fait.date) == (GenreFait.PROPOSITION, "faite", LUNDI)
    evenement = Evenement.objects.get()
    assert (evenement.acte, evenement.objet_id) == ("proposition.faite", proposition.pk)
    assert evenement.details == {"genre": "premier_retard", "regle": "premier_retard"}


def test_reportee(agent: Appartenance, proposition: Proposition) -> None:
    actions.postpone_proposition(agent, proposition, au=date(2026, 11, 27), motif="Paie le 26")

    relue = Proposition.objects.get()
    assert (relue.etat, relue.reportee_au, relue.motif_refus) == (
        EtatProposition.REPORTEE,
        date(2026, 11, 27),
        "Paie le 26",
    )
    # The row forgets the reason when the step comes back; the timeline does not.
    donnees = Fait.objects.get().donnees
    assert (donnees["motif"], donnees["au"]) == ("Paie le 26", "2026-11-27")


@pytest.mark.parametrize(
    ("au", "phrase"),
    [(LUNDI, "après le 23 novembre 2026"), (date(2027, 1, 25), "deux mois au plus")],
)
def test_un_report_a_ses_bornes(au: date, phrase: str, agent: Appartenance, proposition: Proposition) -> None:
    with pytest.raises(SaisieRefuseeError, match=phrase):
        actions.postpone_proposition(agent, proposition, au=au)
    assert Proposition.objects.get().etat == EtatProposition.A_FAIRE


def test_ce_que_la_loi_date_ne_se_reporte_pas_au_dela_mais_l_objectif_de_la_maison_si(
    agent: Appartenance, signalement: Proposition
) -> None:
    with pytest.raises(SaisieRefuseeError, match="au plus tard le 5 décembre 2026"):
        actions.postpone_proposition(agent, signalement, au=date(2026, 12, 6))
    actions.postpone_proposition(agent, signalement, au=date(2026, 12, 5))


def test_un_delai_que_seule_la_maison_fixe_n_empeche_pas_de_reporter(
    agent: Appartenance, signalement: Proposition
) -> None:
    Proposition.objects.update(echeance_legale=None)
    signalement.refresh_from_db()

    actions.postpone_proposition(agent, signalement, au=date(2026, 12, 20))

    assert Proposition.objects.get().reportee_au == date(2026, 12, 20)


@pytest.mark.parametrize("echeance", [LUNDI, date(2026, 11, 20)])
def test_le_jour_de_l_echeance_legale_rien_ne_se_reporte_plus(
    echeance: date, agent: Appartenance, signalement: Proposition
) -> None:
    Proposition.objects.update(echeance_legale=echeance)
    signalement.refresh_from_db()

    assert is_postponable(signalement, LUNDI) is False
    with pytest.raises(SaisieRefuseeError, match="ne se reporte plus"):
        actions.postpone_proposition(agent, signalement, au=date(2026, 11, 24))


# ---- What the law imposes ----


def test_ce_que_la_loi_impose_ne_se_refuse_pas(agent: Appartenance, signalement: Proposition) -> None:
    with pytest.raises(SaisieRefuseeError, match="La loi impose cette étape"):
        actions.refuse_proposition(agent, signalement, motif="Déjà payé.")

    assert Proposition.objects.get().etat == EtatProposition.A_FAIRE


def test_un_desaccord_se_note_et_l_etape_reste(agent: Appartenance, signalement: Proposition) -> None:
    actions.contest_proposition(agent, signalement, raison=RaisonDesaccord.DEJA_PAYE, motif="Chèque du 20.")

    assert Proposition.objects.get().etat == EtatProposition.A_FAIRE
    fait = Fait.objects.get()
    assert fait.date == LUNDI
    assert fait.donnees == {
        "proposition": signalement.pk,
        "genre_proposition": "impaye_legal",
        "compte": "C1",
        "etat": "contestee",
        "raison": "deja_paye",
        "motif": "Chèque du 20.",
    }
    # The journal outlives the erasure of a person: no free text there.
    evenement = Evenement.objects.get()
    assert evenement.acte == "proposition.contestee"
    assert "Chèque" not in f"{evenement.motif}{evenement.details}"


def test_une_autre_raison_se_dit(agent: Appartenance, signalement: Proposition) -> None:
    with pytest.raises(SaisieRefuseeError, match="pourquoi"):
        actions.contest_proposition(agent, signalement, raison=RaisonDesaccord.AUTRE, motif=" ")
    assert not Fait.objects.exists()


def test_un_signalement_porte_sa_date(agent: Appartenance, signalement: Proposition) -> None:
    with pytest.raises(SaisieRefuseeError, match="est à venir"):
        actions.complete_proposition(agent, signalement, realisee_le=date(2026, 11, 24))
    with pytest.raises(SaisieRefuseeError, match="constitué que depuis le 5 octobre 2026"):
        actions.complete_proposition(agent, signalement, realisee_le=date(2026, 10, 4))

    actions.complete_proposition(agent, signalement, realisee_le=date(2026, 11, 19))

    relue = Proposition.objects.get()
    assert (relue.realisee_le, relue.traitee_le) == (date(2026, 11, 19), LUNDI)
    assert Fait.objects.get().date == date(2026, 11, 19)


# ---- A call, a visit ----


def _attempt(agent: Appartenance, proposition: Proposition, issue: IssueContact, **champs: date) -> Proposition:
    actions.attempt_proposition(agent, proposition, issue=issue, **{"jour": LUNDI, **champs})
    return Proposition.objects.get()


def test_une_reponse_fait_l_etape_au_jour_de_l_echange(agent: Appartenance, proposition: Proposition) -> None:
    relue = _attempt(agent, proposition, IssueContact.JOINT, jour=date(2026, 11, 20))

    assert (relue.etat, relue.realisee_le, relue.traitee_le) == (EtatProposition.FAITE, date(2026, 11, 20), LUNDI)


@pytest.mark.parametrize(
    "issue", [IssueContact.SANS_REPONSE, IssueContact.MESSAGE_LAISSE, IssueContact.AVIS_DE_PASSAGE]
)
def test_sans_reponse_l_etape_revient_apres_le_delai_de_sa_regle(
    issue: IssueContact, agent: Appartenance, dossier: Dossier
) -> None:
    etape = fabriques.proposition(dossier, classement={"relance_jours": 5})

    relue = _attempt(agent, etape, issue)

    assert (relue.etat, relue.reportee_au, relue.realisee_le) == (
        EtatProposition.REPORTEE,
        date(2026, 11, 28),
        None,
    )
    assert Fait.objects.get().donnees["essai"] == issue


def test_sans_delai_dans_la_regle_l_etape_revient_trois_jours_apres(
    agent: Appartenance, proposition: Proposition
) -> None:
    assert _attempt(agent, proposition, IssueContact.SANS_REPONSE).reportee_au == date(2026, 11, 26)


def test_un_essai_note_tard_laisse_l_etape_sous_les_yeux(agent: Appartenance, proposition: Proposition) -> None:
    # Called on Wednesday 18th, three days: due again since Saturday.
    assert _attempt(agent, proposition, IssueContact.SANS_REPONSE, jour=date(2026, 11, 18)).etat == "a_faire"


def test_l_etape_revient_le_jour_du_rappel_promis(agent: Appartenance, proposition: Proposition) -> None:
    relue = _attempt(agent, proposition, IssueContact.RAPPEL_PROMIS, rappel_le=date(2026, 12, 1))

    assert (relue.etat, relue.reportee_au) == (EtatProposition.REPORTEE, date(2026, 12, 1))


def test_un_rappel_promis_pour_le_jour_meme_laisse_l_etape_a_faire(
    agent: Appartenance, proposition: Proposition
) -> None:
    assert _attempt(agent, proposition, IssueContact.RAPPEL_PROMIS, rappel_le=LUNDI).etat == EtatProposition.A_FAIRE


def test_un_rappel_promis_a_un_jour_et_sous_deux_mois(agent: Appartenance, proposition: Proposition) -> None:
    with pytest.raises(SaisieRefuseeError, match="jour du rappel promis"):
        _attempt(agent, proposition, IssueContact.RAPPEL_PROMIS)
    with pytest.raises(SaisieRefuseeError, match="sous deux mois"):
        _attempt(agent, proposition, IssueContact.RAPPEL_PROMIS, rappel_le=date(2027, 1, 25))


def test_un_mauvais_numero_attend_la_passe_qui_choisit_un_autre_canal(
    agent: Appartenance, proposition: Proposition
) -> None:
    relue = _attempt(agent, proposition, IssueContact.MAUVAIS_NUMERO)

    assert (relue.etat, relue.reportee_au) == (EtatProposition.REPORTEE, LUNDI)


def test_un_essai_ne_repousse_pas_au_dela_de_la_loi(agent: Appartenance, dossier: Dossier) -> None:
    etape = fabriques.proposition(dossier, imposee=True, echeance_legale=date(2026, 11, 25))

    assert _attempt(agent, etape, IssueContact.SANS_REPONSE).reportee_au == date(2026, 11, 25)


def test_un_refus_dit_pourquoi(agent: Appartenance, proposition: Proposition) -> None:
    with pytest.raises(SaisieRefuseeError, match="pourquoi"):
        actions.refuse_proposition(agent, proposition, motif="  ")
    with pytest.raises(SaisieRefuseeError, match="dépasse"):
        actions.refuse_proposition(agent, proposition, motif="a" * 1001)

    actions.refuse_proposition(agent, proposition, motif="Le locataire est hospitalisé.")
    assert Proposition.objects.get().motif_refus == "Le locataire est hospitalisé."
    assert Fait.objects.get().donnees["motif"] == "Le locataire est hospitalisé."


def test_le_second_apprend_que_c_est_deja_fait(
    agent: Appartenance, cesf: Appartenance, proposition: Proposition
) -> None:
    lue_par_la_cesf = Proposition.objects.get()
    actions.complete_proposition(agent, proposition)

    with pytest.raises(DejaTraiteeError, match=r"Ali Benali l'a faite le 23 novembre 2026\. Rien"):
        actions.refuse_proposition(cesf, lue_par_la_cesf, motif="Non")
    assert Proposition.objects.get().etat == EtatProposition.FAITE
    assert Fait.objects.count() == Evenement.objects.count() == 1


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"etat": "faite", "traitee_le": LUNDI}, "elle a été faite le 23 novembre 2026"),
        ({"etat": "faite"}, "elle a été faite"),
        ({"etat": "reportee", "reportee_au": date(2026, 12, 1)}, "elle a été reportée au 1er décembre 2026"),
        ({"etat": "refusee"}, "elle a été écartée"),
        ({"etat": "perimee"}, "les faits ont changé, elle n'a plus lieu d'être"),
    ],
)
def test_ce_qu_une_etape_est_devenue_se_dit_en_francais(
    champs: dict[str, object], phrase: str, agent: Appartenance, dossier: Dossier
) -> None:
    etape = fabriques.proposition(dossier, **champs)

    with pytest.raises(DejaTraiteeError) as refus:
        actions.complete_proposition(agent, etape)
    assert str(refus.value) == f"Cette étape n'est plus à faire : {phrase}. Rien n'a été changé."


@pytest.mark.parametrize(
    ("etat", "phrase"),
    [
        ("reportee", "Ali Benali l'a reportée au 1er décembre 2026"),
        ("refusee", "Ali Benali n'était pas d'accord et l'a écartée"),
    ],
)
def test_et_qui_l_a_traitee(etat: str, phrase: str, agent: Appartenance, dossier: Dossier) -> None:
    etape = fabriques.proposition(
        dossier, etat=etat, traitee_par=agent.utilisateur, traitee_le=LUNDI, reportee_au=date(2026, 12, 1)
    )

    with pytest.raises(DejaTraiteeError, match=phrase):
        actions.complete_proposition(agent, etape)


def test_un_desaccord_sur_une_etape_deja_faite_l_apprend(agent: Appartenance, signalement: Proposition) -> None:
    lue = Proposition.objects.get()
    actions.complete_proposition(agent, signalement)

    with pytest.raises(DejaTraiteeError):
        actions.contest_proposition(agent, lue, raison=RaisonDesaccord.CHIFFRES)


def test_hors_du_secteur_rien_n_est_decide(agent: Appartenance, bailleur: Organisme) -> None:
    ailleurs = fabriques.proposition(fabriques.dossier(secteur=fabriques.secteur("SUD")))

    with pytest.raises(Http404):
        actions.complete_proposition(agent, ailleurs)
    assert Proposition.objects.get().etat == EtatProposition.A_FAIRE


def test_une_seule_etape_d_un_genre_est_a_faire(dossier: Dossier, proposition: Proposition) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        fabriques.proposition(dossier)
    Proposition.objects.update(etat=EtatProposition.FAITE)
    fabriques.proposition(dossier)


def test_deux_comptes_ont_chacun_leur_signalement(dossier: Dossier, signalement: Proposition) -> None:
    autre = fabriques.proposition(dossier, genre="impaye_legal", imposee=True, reference_compte="C2")

    assert autre.pk != signalement.pk
    with pytest.raises(IntegrityError), transaction.atomic():
        fabriques.proposition(dossier, genre="impaye_legal", imposee=True, reference_compte="C1")


def test_la_migration_lit_le_compte_et_l_echeance_dans_les_raisons(dossier: Dossier) -> None:
    def reasons(constate: str) -> list[dict[str, object]]:
        valeurs = {"compte": "C7", "signalement": "2026-12-05", "constate": constate}
        return [{"texte": "Constitué.", "valeurs": {nom: {"valeur": valeur} for nom, valeur in valeurs.items()}}]

    temps = fabriques.proposition(dossier, genre="impaye_legal", imposee=True, motifs=reasons("2026-10-06"))
    tard = fabriques.proposition(fabriques.dossier(), genre="impaye_legal", imposee=True, motifs=reasons("2026-12-06"))
    sans = fabriques.proposition(fabriques.dossier(), genre="impaye_legal", imposee=True, motifs=[])

    migration = import_module("maintien.apps.dossiers.migrations.0003_proposition_compte_echeance_legale")
    migration.read_reasons(apps, None)

    relues = Proposition.objects.in_bulk()
    assert [(relues[p.pk].reference_compte, relues[p.pk].echeance_legale) for p in (temps, tard, sans)] == [
        ("C7", date(2026, 12, 5)),
        ("C7", None),
        ("", None),
    ]
