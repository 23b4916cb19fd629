"""What people do on a dossier: permission, input, fact, journal; the second writer is told and nothing is lost."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.http import Http404
from tests import fabriques

from maintien.apps.dossiers import actions
from maintien.apps.dossiers.enums import (
    CauseImpaye,
    EtatDossier,
    EtatProposition,
    GenreFait,
    IssueContact,
    MotifPause,
    MurNote,
    SourceCause,
)
from maintien.apps.dossiers.erreurs import ConflitError, SaisieRefuseeError
from maintien.apps.dossiers.models import Dossier, Fait, Note, Pause
from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.models import Appartenance, Organisme
from maintien.apps.socle.models import Evenement
from maintien.apps.socle.portee import organisme_scope

JEUDI = date(2026, 11, 19)
VENDREDI = date(2026, 11, 20)
LUNDI = date(2026, 11, 23)


def _cause(qui: Appartenance, dossier: Dossier, version: int, cause: CauseImpaye = CauseImpaye.DURABLE) -> Dossier:
    source = SourceCause.LOCATAIRE
    return actions.set_cause(qui, dossier, cause=cause, source=source, jour=VENDREDI, version=version)


def _pause(qui: Appartenance, dossier: Dossier, version: int, **champs: Any) -> Pause:
    ordinaire = {"motif": MotifPause.PROMESSE, "du": VENDREDI, "au": date(2026, 12, 4)}
    return actions.open_pause(qui, dossier, version=version, **{**ordinaire, **champs})


ACTES: dict[str, Callable[[Appartenance, Dossier], object]] = {
    "appel": lambda qui, d: actions.record_appel(qui, d, issue=IssueContact.JOINT, jour=VENDREDI),
    "visite": lambda qui, d: actions.record_visite(qui, d, issue=IssueContact.AVIS_DE_PASSAGE, jour=VENDREDI),
    "note": lambda qui, d: actions.add_note(qui, d, texte="Rappeler lundi.", mur=MurNote.COMMUN),
    "cause": lambda qui, d: _cause(qui, d, d.version),
    "pause": lambda qui, d: _pause(qui, d, d.version),
    "reattribution": lambda qui, d: actions.reassign(qui, d, referent=None, cesf=None, version=d.version),
}


@pytest.mark.parametrize("acte", ACTES)
def test_chaque_acte_ecrit_un_fait_et_une_ligne_de_journal(acte: str, agent: Appartenance, dossier: Dossier) -> None:
    ACTES[acte](agent, dossier)

    fait = Fait.objects.get()
    assert (fait.genre, fait.auteur, fait.menage, fait.dossier) == (acte, agent.utilisateur, dossier.menage, dossier)
    evenement = Evenement.objects.get()
    assert (evenement.acte, evenement.acteur) == (f"dossier.{acte}", agent.utilisateur)
    assert (evenement.objet_type, evenement.objet_id) == ("dossiers.dossier", dossier.pk)


@pytest.mark.parametrize("acte", ACTES)
def test_chaque_acte_est_refuse_hors_du_secteur_et_n_ecrit_rien(acte: str, agent: Appartenance) -> None:
    ailleurs = fabriques.dossier(secteur=fabriques.secteur("SUD"))

    with pytest.raises(Http404):
        ACTES[acte](agent, ailleurs)
    assert not Fait.objects.exists()
    assert not Evenement.objects.exists()
    ailleurs.refresh_from_db()
    assert ailleurs.version == 1


@pytest.mark.parametrize("acte", ACTES)
def test_chaque_acte_est_refuse_a_l_administrateur(acte: str, dossier: Dossier) -> None:
    with pytest.raises(Http404):
        ACTES[acte](fabriques.membre(Role.ADMINISTRATEUR), dossier)


@pytest.mark.parametrize("acte", ACTES)
def test_chaque_acte_est_refuse_au_membre_d_un_autre_bailleur(
    acte: str, dossier: Dossier, autre_bailleur: Organisme
) -> None:
    with organisme_scope(autre_bailleur):
        etranger = fabriques.membre(Role.RESPONSABLE)

    with pytest.raises(Http404):
        ACTES[acte](etranger, dossier)


@pytest.mark.parametrize("acte", ["cause", "pause", "reattribution"])
def test_un_dossier_clos_ne_se_modifie_plus(acte: str, agent: Appartenance, dossier: Dossier) -> None:
    Dossier.objects.update(etat=EtatDossier.CLOS, clos_le=VENDREDI)

    with pytest.raises(SaisieRefuseeError, match="clos"):
        ACTES[acte](agent, dossier)
    assert not Fait.objects.exists()


def test_un_appel_sans_reponse_compte_le_silence_depuis_le_premier(agent: Appartenance, dossier: Dossier) -> None:
    for jour in (JEUDI, VENDREDI):
        actions.record_appel(agent, dossier, issue=IssueContact.SANS_REPONSE, jour=jour)

    dossier.refresh_from_db()
    assert (dossier.sans_reponse_depuis, dossier.derniere_activite_le) == (JEUDI, VENDREDI)

    actions.record_visite(agent, dossier, issue=IssueContact.JOINT, jour=LUNDI)
    dossier.refresh_from_db()
    assert dossier.sans_reponse_depuis is None


def test_un_appel_note_apres_coup_prend_sa_place_dans_le_temps(agent: Appartenance, dossier: Dossier) -> None:
    actions.record_appel(agent, dossier, issue=IssueContact.SANS_REPONSE, jour=VENDREDI)
    actions.record_appel(agent, dossier, issue=IssueContact.JOINT, jour=JEUDI)

    dossier.refresh_from_db()
    assert dossier.sans_reponse_depuis == VENDREDI
    assert dossier.derniere_activite_le == VENDREDI


def test_un_appel_ne_gene_personne(agent: Appartenance, dossier: Dossier) -> None:
    """A call noted while a colleague fills a form is no conflict for the colleague."""
    actions.record_appel(agent, dossier, issue=IssueContact.JOINT, jour=VENDREDI)

    assert _cause(agent, dossier, version=1).version == 2


def test_ce_qui_a_ete_dit_devient_une_note_derriere_son_mur(cesf: Appartenance, dossier: Dossier) -> None:
    fait = actions.record_appel(
        cesf, dossier, issue=IssueContact.JOINT, jour=VENDREDI, texte=" Séparation en cours. ", mur=MurNote.SOCIAL
    )

    note = Note.objects.get()
    assert (note.texte, note.mur, fait.donnees) == ("Séparation en cours.", MurNote.SOCIAL, {"note": note.pk})
    assert "Séparation" not in str(list(Evenement.objects.values()))


def test_un_rappel_promis_a_son_jour(agent: Appartenance, dossier: Dossier) -> None:
    with pytest.raises(SaisieRefuseeError, match="rappel promis") as refus:
        actions.record_appel(agent, dossier, issue=IssueContact.RAPPEL_PROMIS, jour=VENDREDI)
    assert refus.value.champ == "rappel_le"
    with pytest.raises(SaisieRefuseeError, match="précéder"):
        actions.record_appel(agent, dossier, issue=IssueContact.RAPPEL_PROMIS, jour=VENDREDI, rappel_le=JEUDI)

    fait = actions.record_appel(
        agent, dossier, issue=IssueContact.RAPPEL_PROMIS, jour=VENDREDI, rappel_le=date(2026, 11, 27)
    )
    assert fait.donnees == {"rappel_le": "2026-11-27"}


def test_un_echange_a_venir_est_refuse(agent: Appartenance, dossier: Dossier) -> None:
    with pytest.raises(SaisieRefuseeError, match="24 novembre 2026 est à venir"):
        actions.record_appel(agent, dossier, issue=IssueContact.JOINT, jour=date(2026, 11, 24))
    assert not Fait.objects.exists()


@pytest.mark.parametrize(("texte", "phrase"), [("   ", "vide"), ("a" * 10_001, "dépasse 10000")])
def test_une_note_vide_ou_trop_longue_est_refusee(
    texte: str, phrase: str, agent: Appartenance, dossier: Dossier
) -> None:
    with pytest.raises(SaisieRefuseeError, match=phrase):
        actions.add_note(agent, dossier, texte=texte)


def test_le_mur_social_est_ferme_au_recouvrement_et_au_responsable(
    agent: Appartenance, cesf: Appartenance, dossier: Dossier
) -> None:
    for qui in (agent, fabriques.membre(Role.RESPONSABLE)):
        with pytest.raises(Http404):
            actions.add_note(qui, dossier, texte="Budget serré.", mur=MurNote.SOCIAL)
        with pytest.raises(Http404):
            actions.record_appel(
                qui, dossier, issue=IssueContact.JOINT, jour=VENDREDI, texte="Budget.", mur=MurNote.SOCIAL
            )
    assert not Note.objects.exists()
    assert not Fait.objects.exists()

    actions.add_note(cesf, dossier, texte="Budget serré.", mur=MurNote.SOCIAL)
    assert Note.objects.get().auteur == cesf.utilisateur


def test_qui_peut_ecrire_derriere_le_mur_dit_toujours_de_quel_cote(cesf: Appartenance, dossier: Dossier) -> None:
    with pytest.raises(SaisieRefuseeError, match="Dites qui lira") as refus:
        actions.add_note(cesf, dossier, texte="Budget serré.")
    assert refus.value.champ == "mur"
    with pytest.raises(SaisieRefuseeError, match="Dites qui lira"):
        actions.record_appel(cesf, dossier, issue=IssueContact.JOINT, jour=VENDREDI, texte="Budget serré.")
    assert not Note.objects.exists()
    assert not Fait.objects.exists()

    actions.record_appel(cesf, dossier, issue=IssueContact.JOINT, jour=VENDREDI)
    assert Fait.objects.count() == 1, "sans texte, rien à cacher"


def test_la_cause_a_sa_date_et_sa_source(agent: Appartenance, dossier: Dossier) -> None:
    _cause(agent, dossier, version=1)

    relu = Dossier.objects.get()
    assert (relu.cause, relu.cause_le, relu.cause_source) == (CauseImpaye.DURABLE, VENDREDI, SourceCause.LOCATAIRE)
    assert relu.version == 2
    evenement = Evenement.objects.get()
    assert evenement.details["donnees"]["avant"] == CauseImpaye.INCONNUE
    assert evenement.details["version"] == 2


def test_le_second_est_prevenu_avec_la_difference(agent: Appartenance, cesf: Appartenance, dossier: Dossier) -> None:
    lu_par_la_cesf = Dossier.objects.get()
    _cause(agent, dossier, version=1)
    _pause(agent, dossier, version=2)

    with pytest.raises(ConflitError) as conflit:
        _cause(cesf, lu_par_la_cesf, version=1, cause=CauseImpaye.LITIGE)

    assert conflit.value.changements == (
        "cause « durable » notée par Ali Benali",
        "pause « paiement promis » posée jusqu'au 4 décembre 2026 par Ali Benali",
    )
    assert conflit.value.version == 3
    assert "Votre saisie est gardée" in str(conflit.value)
    assert Dossier.objects.get().cause == CauseImpaye.DURABLE
    assert Fait.objects.count() == 2

    # Told, the second person decides: the same input with the version just shown.
    _cause(cesf, lu_par_la_cesf, version=conflit.value.version, cause=CauseImpaye.LITIGE)
    assert Dossier.objects.get().cause == CauseImpaye.LITIGE


def test_une_pause_met_de_cote_ce_qui_n_est_pas_impose(agent: Appartenance, dossier: Dossier) -> None:
    douce = fabriques.proposition(dossier, genre="premier_retard")
    legale = fabriques.proposition(dossier, genre="signalement_caf", imposee=True)

    pause = _pause(agent, dossier, version=1)

    douce.refresh_from_db()
    legale.refresh_from_db()
    assert (douce.etat, douce.reportee_au) == (EtatProposition.REPORTEE, date(2026, 12, 5))
    assert legale.etat == EtatProposition.A_FAIRE
    assert (pause.posee_par, pause.motif) == (agent.utilisateur, MotifPause.PROMESSE)


def test_une_pause_a_venir_ne_met_rien_de_cote(agent: Appartenance, dossier: Dossier) -> None:
    proposition = fabriques.proposition(dossier)

    _pause(agent, dossier, version=1, du=date(2026, 11, 30))

    proposition.refresh_from_db()
    assert proposition.etat == EtatProposition.A_FAIRE


@pytest.mark.parametrize(
    ("champs", "phrase", "champ"),
    [
        ({"au": JEUDI}, "avant de commencer", "au"),
        ({"au": date(2027, 6, 1)}, "six mois au plus", "au"),
        ({"motif": MotifPause.AUTRE, "precision": " "}, "Précisez", "precision"),
        ({"du": date(9999, 12, 1), "au": date(9999, 12, 31)}, "à plus d'un an d'ici", "du"),
        ({"du": date(2027, 11, 22), "au": date(2027, 11, 30)}, "22 novembre 2027, à plus d'un an", "du"),
        ({"du": date(2024, 11, 20)}, "à plus d'un an d'ici", "du"),
    ],
)
def test_une_pause_mal_saisie_est_refusee(
    champs: dict[str, Any], phrase: str, champ: str, agent: Appartenance, dossier: Dossier
) -> None:
    with pytest.raises(SaisieRefuseeError, match=phrase) as refus:
        _pause(agent, dossier, version=1, **champs)
    assert refus.value.champ == champ
    assert not Pause.objects.exists()


def test_deux_pauses_ne_se_chevauchent_pas_et_le_refus_n_ecrit_rien(agent: Appartenance, dossier: Dossier) -> None:
    _pause(agent, dossier, version=1)

    with pytest.raises(SaisieRefuseeError, match="court déjà jusqu'au 4 décembre 2026"):
        _pause(agent, dossier, version=2, du=date(2026, 12, 4), au=date(2026, 12, 8))
    assert Pause.objects.count() == 1
    assert Dossier.objects.get().version == 2


def test_lever_une_pause_rend_la_main_a_la_nuit(agent: Appartenance, dossier: Dossier) -> None:
    proposition = fabriques.proposition(dossier)
    deja_reportee = fabriques.proposition(
        dossier, genre="plan_du", etat=EtatProposition.REPORTEE, reportee_au=date(2026, 12, 20)
    )
    pause = _pause(agent, dossier, version=1)

    actions.close_pause(agent, pause, jour=LUNDI, version=2)

    proposition.refresh_from_db()
    deja_reportee.refresh_from_db()
    assert (proposition.etat, proposition.reportee_au) == (EtatProposition.REPORTEE, LUNDI)
    assert deja_reportee.reportee_au == date(2026, 12, 20)
    assert Pause.objects.get().levee_le == LUNDI
    with pytest.raises(SaisieRefuseeError, match="déjà finie"):
        actions.close_pause(agent, pause, jour=LUNDI, version=3)


def test_reattribuer_demande_le_bon_role_et_le_bon_secteur(
    agent: Appartenance, cesf: Appartenance, dossier: Dossier
) -> None:
    du_sud = fabriques.membre(Role.RECOUVREMENT, fabriques.secteur("SUD"))
    parti = fabriques.membre(Role.CONTENTIEUX, dossier.secteur, actif=False)
    for champ, referent, travailleur in (
        ("referent", du_sud.utilisateur, None),
        ("referent", cesf.utilisateur, None),
        ("referent", parti.utilisateur, None),
        ("cesf", None, agent.utilisateur),
    ):
        with pytest.raises(SaisieRefuseeError, match="ne peut pas suivre ce dossier") as refus:
            actions.reassign(agent, dossier, referent=referent, cesf=travailleur, version=1)
        assert refus.value.champ == champ

    partout = fabriques.membre(Role.CONTENTIEUX)
    actions.reassign(agent, dossier, referent=partout.utilisateur, cesf=cesf.utilisateur, version=1, motif="Congés")

    relu = Dossier.objects.get()
    assert (relu.referent, relu.cesf) == (partout.utilisateur, cesf.utilisateur)
    evenement = Evenement.objects.get()
    assert evenement.details["donnees"]["avant_referent"] == agent.utilisateur_id
    assert Fait.objects.get().donnees["motif"] == "Congés"
    assert "Congés" not in f"{evenement.motif} {evenement.details}", "le journal ne garde aucun texte saisi"


def test_un_acte_d_une_personne_est_une_activite(agent: Appartenance, dossier: Dossier) -> None:
    actions.add_note(agent, dossier, texte="Vu au hall.")

    dossier.refresh_from_db()
    assert dossier.derniere_activite_le == LUNDI
    assert Fait.objects.get(genre=GenreFait.NOTE).source == "agent"
