"""The protected household on screen: what those named read, and that nothing of it reaches anybody else.

Marker values are planted in its name, its place, its account, its kinds of steps; the pages of whoever is not named,
messages and log included, are searched for them.
"""

import logging
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests import fabriques
from tests.web.conftest import Monde
from tests.web.pages import texte

from maintien.apps.comptes.enums import RoleOccupation
from maintien.apps.comptes.models import Compte, Personne
from maintien.apps.dossiers.enums import (
    AuteurPresume,
    EtatDossier,
    EtatRapprochement,
    MotifLevee,
    MotifRestriction,
    NiveauDossier,
    VoieContact,
)
from maintien.apps.dossiers.equipe import team_state
from maintien.apps.dossiers.journee import Filtres, Onglet, genres_proposes, tab_counts
from maintien.apps.dossiers.libelles import name_menages
from maintien.apps.dossiers.models import (
    CanalSur,
    DemandeLevee,
    Dossier,
    Fait,
    MiseSousProtection,
    PersonneNommee,
    Rapprochement,
)
from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.models import Utilisateur
from maintien.apps.socle.models import Evenement
from maintien.apps.socle.portee import organisme_scope
from maintien.web.dossiers.actes import ACTES

NUMERO, SUR = "06 12 34 56 78", "07 99 99 99 99"
AUTRES = (Role.RECOUVREMENT, Role.CONTENTIEUX, Role.RESPONSABLE)
TRACES = ("Zzmarque", "zzmarque", "Zzlieu", "zzgenre", "0612345678", NUMERO, SUR, "olence")


@pytest.fixture
def dossier(monde: Monde) -> Dossier:
    """Followed by the agent; Paul is the other tenant; a step of a kind that no other household has."""
    dossier = monde.ajouter_dossier(referent=monde.membres[Role.RECOUVREMENT].utilisateur)
    with organisme_scope(monde.organisme):
        Personne.objects.filter(nom="Martinez").update(nom="Zzmarque")
        compte = Compte.objects.get()
        Compte.objects.update(reference="ZZMARQUE9")
        paul = fabriques.personne(
            "Zzmarque", "Paul", civilite="M.", telephone="0611111111", courriel="paul@exemple.fr"
        )
        fabriques.occupation(compte, paul, RoleOccupation.COTITULAIRE)
        fabriques.proposition(dossier, genre="zzgenre", quoi="Voir Zzmarque.", canal="interne")
        name_menages()
    return dossier


def _personne(monde: Monde, prenom: str) -> Personne:
    with organisme_scope(monde.organisme):
        return Personne.objects.get(prenom=prenom, nom="Zzmarque")


def _saisie(monde: Monde, dossier: Dossier, *, nommes: list[Role], **champs: Any) -> dict[str, Any]:
    emilie, paul = _personne(monde, "Émilie"), _personne(monde, "Paul")
    return {
        "version": str(dossier.version),
        "motif": "violences",
        "depuis": "2026-11-19",
        "auteur": f"occupant-{paul.pk}",
        "nommes": [monde.membres[role].utilisateur_id for role in nommes],
        f"voie_{emilie.pk}": "telephone",
        f"valeur_{emilie.pk}": SUR,
        f"horaires_{emilie.pk}": "le matin, avant midi",
        f"voie_{paul.pk}": "aucune",
        **champs,
    }


def _adresse(dossier: Dossier, suite: str = "") -> str:
    return f"/dossiers/{dossier.pk}/{suite}"


def _ouvrir(client: Client, dossier: Dossier) -> None:
    assert client.post(_adresse(dossier, "ouvrir/"), {"finalite": "suivi"}).status_code == 302


@pytest.fixture
def protege(monde: Monde, dossier: Dossier) -> Dossier:
    """Placed by the agent, for the CESF alone: the agent is not named."""
    reponse = monde.client().post(_adresse(dossier, "attention/"), _saisie(monde, dossier, nommes=[Role.CESF]))
    assert (reponse.status_code, reponse["Location"]) == (302, "/")
    with organisme_scope(monde.organisme):
        return Dossier.objects.get(pk=dossier.pk)


def test_qui_ne_se_nomme_pas_est_reconduit_sans_un_mot(monde: Monde, dossier: Dossier) -> None:
    client = monde.client()

    reponse = client.post(_adresse(dossier, "attention/"), _saisie(monde, dossier, nommes=[Role.CESF]), follow=True)

    page = texte(reponse)
    assert reponse.redirect_chain[-1][0] == "/journee/"
    assert "C’est enregistré." in page
    for trace in TRACES:
        assert trace not in reponse.content.decode()


def test_la_page_de_qui_est_nomme(monde: Monde, protege: Dossier) -> None:
    client = monde.client(Role.CESF)
    _ouvrir(client, protege)

    reponse = client.get(_adresse(protege))

    page, brut = texte(reponse), reponse.content.decode()
    assert "Attention particulière. À faire : joindre chaque personne seulement par la voie notée pour elle" in page
    cesf = monde.membres[Role.CESF].utilisateur
    assert f"Depuis le 19 novembre 2026, seules ces personnes voient ce dossier : {cesf}." in page
    assert "À ne pas faire : ni SMS, ni lien, ni courrier, ni message laissé" in page
    assert f"Par ce numéro seulement : {SUR} (le matin, avant midi). Noté le 20 novembre 2026." in page
    assert (
        "Ne rien lui dire de ce dossier, ne rien faire passer par cette personne. Ne pas contacter : aucune voie "
        "n’est notée pour cette personne." in page
    )
    for cache in (
        NUMERO,
        "emilie@exemple.fr",
        "paul@exemple.fr",
        "Tilleuls",
        "Peupliers",
        "tel:",
        "mailto:",
        "olence",
    ):
        assert cache not in brut, cache
    assert f"<title>Dossier {protege.pk}" in brut


def test_le_compte_et_le_journal_ne_montrent_ni_lieu_ni_raison(monde: Monde, protege: Dossier) -> None:
    client = monde.client(Role.CESF)
    _ouvrir(client, protege)

    for suite in ("compte/", "?onglet=journal", "?format=csv", "voies/", "nommes/", "retour/", "note/"):
        brut = client.get(_adresse(protege, suite)).content.decode()
        for cache in (NUMERO, "emilie@exemple.fr", "Tilleuls", "Peupliers", "olence", "tel:"):
            assert cache not in brut, (suite, cache)


def test_chaque_lecture_s_ecrit_avec_sa_raison(monde: Monde, protege: Dossier) -> None:
    client = monde.client(Role.CESF)
    assert client.get(_adresse(protege)).status_code == 302
    _ouvrir(client, protege)
    for suite in ("", "compte/", "?format=csv"):
        client.get(_adresse(protege, suite))

    with organisme_scope(monde.organisme):
        lues = Evenement.objects.filter(acte="dossier.lecture", objet_id=protege.pk)
        assert [(e.acteur_id, e.finalite, e.details["niveau"]) for e in lues] == [
            (monde.membres[Role.CESF].utilisateur_id, "suivi", "protege")
        ] * 3


PAGES = (
    "/journee/",
    "/journee/?tout=1",
    *(f"/journee/?onglet={o}" for o in ("en_pause", "sans_reponse", "sans_activite", "sans_referent")),
    "/journee/?genre=zzgenre",
    "/journee/?referent=moi",
)


@pytest.mark.parametrize("role", AUTRES)
def test_aucune_liste_aucun_compte_aucun_filtre(monde: Monde, protege: Dossier, role: Role) -> None:
    monde.ajouter_proposition(genre="premier_retard")
    monde.ajouter_proposition(genre="second_retard")
    client = monde.client(role)

    for adresse in PAGES:
        reponse = client.get(adresse)
        brut = reponse.content.decode().replace("?genre=zzgenre", "").replace("genre=zzgenre", "")
        for trace in TRACES:
            assert trace not in brut, (adresse, trace)
        assert f"/dossiers/{protege.pk}/" not in brut


def test_le_temoin_le_voit_dans_les_memes_listes(monde: Monde, protege: Dossier) -> None:
    monde.ajouter_proposition(genre="premier_retard")

    page = monde.client(Role.CESF).get("/journee/?tout=1").content.decode()

    assert "Zzmarque" in page
    assert 'value="zzgenre"' in page


@pytest.mark.parametrize("mot", ["zzmarque", "zzmarque9", "emilie", "paul", "peupliers", "toulouse", "0612345678"])
def test_aucune_recherche_ne_le_trouve(monde: Monde, protege: Dossier, mot: str) -> None:
    for role in AUTRES:
        client = monde.client(role)
        reponse = client.post("/journee/", {"q": mot, "tout": "1"}, follow=True)
        assert f"/dossiers/{protege.pk}/" not in reponse.content.decode()
        assert "Mme Émilie" not in texte(reponse)


def test_les_nombres_des_onglets_sont_ceux_d_un_monde_sans_lui(monde: Monde, dossier: Dossier) -> None:
    monde.ajouter_proposition(genre="premier_retard")
    monde.client().post(_adresse(dossier, "attention/"), _saisie(monde, dossier, nommes=[Role.CESF]))

    with organisme_scope(monde.organisme):
        membre = monde.membres[Role.CONTENTIEUX]
        nombres = tab_counts(membre, Filtres())
        assert (nombres[Onglet.A_FAIRE], nombres[Onglet.SANS_REFERENT]) == (1, 1)
        assert genres_proposes(membre) == ["premier_retard"]
        assert tab_counts(monde.membres[Role.CESF], Filtres())[Onglet.A_FAIRE] == 2


def test_l_equipe_ne_le_compte_pas(monde: Monde, protege: Dossier) -> None:
    monde.ajouter_dossier(referent=monde.membres[Role.CONTENTIEUX].utilisateur)
    with organisme_scope(monde.organisme):
        total = team_state(monde.membres[Role.RESPONSABLE]).total
    assert (total.dossiers, total.dette_exigible_centimes, total.a_faire) == (1, 450_00, 0)
    assert "Zzmarque" not in monde.client(Role.RESPONSABLE).get("/equipe/").content.decode()


def test_toutes_les_adresses_repondent_comme_pour_un_dossier_absent(monde: Monde, protege: Dossier) -> None:
    with organisme_scope(monde.organisme):
        etape = protege.propositions.get().pk
    suites = ("", "ouvrir/", "compte/", "?format=csv", "?onglet=journal", *(f"{cle}/" for cle in ACTES))
    assert len(suites) == 21
    for role in AUTRES:
        client = monde.client(role)
        for suite in suites:
            cache, absent = client.get(_adresse(protege, suite)), client.get(f"/dossiers/2000000000/{suite}")
            assert (cache.status_code, cache.content) == (404, absent.content), (role, suite)
        for decision in ("faire", "reporter", "refuser"):
            cache = client.get(f"/propositions/{etape}/{decision}/")
            absent = client.get(f"/propositions/2000000000/{decision}/")
            assert (cache.status_code, cache.content) == (404, absent.content), decision


def test_une_page_deja_ouverte_n_ecrit_plus_et_ne_dit_rien(monde: Monde, dossier: Dossier) -> None:
    client = monde.client()
    client.post(_adresse(dossier, "note/"), {"brouillon": "1", "texte": "Zzmarque a appelé."})
    monde.client(Role.CESF).post(_adresse(dossier, "ouvrir/"), {"finalite": "reprise"})
    monde.client().post(_adresse(dossier, "attention/"), _saisie(monde, dossier, nommes=[Role.CESF]))

    for suite in ("note/", "pause/", "cause/"):
        reponse = client.post(_adresse(dossier, suite), {"texte": "Zzmarque", "version": "1"})
        assert reponse.status_code == 404
        assert "Zzmarque" not in reponse.content.decode()


def test_les_dossiers_precedents_et_les_voisins_se_taisent(monde: Monde, protege: Dossier) -> None:
    voisin = monde.ajouter_dossier(referent=monde.membres[Role.RECOUVREMENT].utilisateur)
    with organisme_scope(monde.organisme):
        un, autre = sorted((protege.menage_id, voisin.menage_id))
        Rapprochement.objects.create(un_id=un, autre_id=autre, etat=EtatRapprochement.A_DECIDER)
        fabriques.dossier(
            protege.menage, niveau=NiveauDossier.PROTEGE, etat=EtatDossier.CLOS, clos_le=date(2026, 1, 5)
        )

    brut = monde.client().get(_adresse(voisin)).content.decode()

    assert "Zzmarque" not in brut
    assert "ZZMARQUE9" not in brut


def test_le_journal_de_la_machine_ne_dit_rien(
    monde: Monde, dossier: Dossier, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        monde.client().post(_adresse(dossier, "attention/"), _saisie(monde, dossier, nommes=[Role.CESF]))
        monde.client().get(_adresse(dossier))

    for trace in ("Zzmarque", SUR, "olence", "violences"):
        assert trace not in "\n".join(r.getMessage() for r in caplog.records if not r.name.startswith("django.db")), (
            trace
        )


def test_aucun_courriel_ne_part(monde: Monde, protege: Dossier, mailoutbox: list[object]) -> None:
    client = monde.client(Role.CESF)
    _ouvrir(client, protege)
    client.post(_adresse(protege, "retour/"), {"motif": "demande", "version": "3"})

    assert mailoutbox == []


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"nommes": []}, "Nommez au moins une personne."),
        ({"motif": ""}, "Choisissez une réponse de la liste."),
        ({"nommes": ["999999"]}, "Choisissez dans la liste."),
        ({"auteur": "occupant-999999"}, "Choisissez une réponse de la liste."),
    ],
)
def test_une_saisie_incomplete_se_corrige(monde: Monde, dossier: Dossier, champs: dict[str, Any], phrase: str) -> None:
    reponse = monde.client().post(_adresse(dossier, "attention/"), _saisie(monde, dossier, nommes=[]) | champs)

    assert reponse.status_code == 422
    assert phrase in texte(reponse)
    with organisme_scope(monde.organisme):
        assert MiseSousProtection.objects.count() == 0


def test_le_duo_est_propose(monde: Monde, dossier: Dossier) -> None:
    agent = monde.membres[Role.RECOUVREMENT].utilisateur_id

    brut = monde.client().get(_adresse(dossier, "attention/")).content.decode()

    coches = [morceau for morceau in brut.split("<input") if 'name="nommes"' in morceau and "checked" in morceau]
    assert [f'value="{agent}"' in morceau for morceau in coches] == [True]
    assert "Les coordonnées du progiciel" not in texte(monde.client().get(_adresse(dossier, "attention/")))


def test_de_la_mise_sous_protection_a_la_levee(monde: Monde, dossier: Dossier) -> None:
    agent, sociale = monde.client(), monde.client(Role.CESF)
    agent.post(_adresse(dossier, "attention/"), _saisie(monde, dossier, nommes=[Role.RECOUVREMENT, Role.CESF]))
    for client in (agent, sociale):
        _ouvrir(client, dossier)

    def version() -> str:
        with organisme_scope(monde.organisme):
            return str(Dossier.objects.get(pk=dossier.pk).version)

    demande = agent.post(_adresse(dossier, "retour/"), {"motif": "risque_passe", "version": version()}, follow=True)
    assert "C’est demandé : une autre personne y répondra." in texte(demande)
    seule = agent.post(_adresse(dossier, "accord/"), {"reponse": "accord", "version": version()})
    assert seule.status_code == 422
    assert "Vous avez demandé cette levée : une autre personne y répond." in texte(seule)
    accord = sociale.post(_adresse(dossier, "accord/"), {"reponse": "accord", "version": version()}, follow=True)

    assert "Votre réponse est enregistrée." in texte(accord)
    collegue = monde.client(Role.CONTENTIEUX)
    collegue.post(_adresse(dossier, "ouvrir/"), {"finalite": "reprise"})
    reponse = collegue.get(_adresse(dossier))
    page = texte(reponse)
    assert "Voie à confirmer avec la personne : ses coordonnées ne sont pas montrées." in page
    for cache in (
        NUMERO,
        SUR,
        "emilie@exemple.fr",
        "Tilleuls",
        "Peupliers",
        "olence",
        "Attention particulière",
        "rotection",
    ):
        assert cache not in page.replace("Décès, protection, contact restreint", "").replace(
            "Placer sous protection", ""
        ), cache
    with organisme_scope(monde.organisme):
        assert DemandeLevee.objects.get().etat == "confirmee"
        assert CanalSur.objects.filter(valeur=SUR).count() == 1
        assert Fait.objects.filter(donnees__objet="attention").count() == 3


def test_la_voie_dite_bonne_rend_les_coordonnees_de_cette_personne_seule(monde: Monde, dossier: Dossier) -> None:
    emilie, paul = _personne(monde, "Émilie"), _personne(monde, "Paul")
    with organisme_scope(monde.organisme):
        for qui, voie in ((emilie, "fichier"), (paul, "aucune")):
            CanalSur.objects.create(menage=dossier.menage, personne=qui, voie=voie, saisi_le=date(2026, 11, 20))

    brut = monde.client().get(_adresse(dossier)).content.decode()

    assert "tel:+33612345678" in brut
    assert "0611111111" not in brut
    assert "+33611111111" not in brut


def test_un_contact_restreint_ne_dit_sa_raison_qu_a_qui_est_nomme(monde: Monde, dossier: Dossier) -> None:
    emilie = _personne(monde, "Émilie")
    reponse = monde.client().post(
        _adresse(dossier, "restreindre/"), {"personne": emilie.pk, "motif": "ordonnance", "version": "1"}, follow=True
    )
    assert "rdonnance" not in texte(reponse)
    with organisme_scope(monde.organisme):
        Dossier.objects.update(niveau=NiveauDossier.PROTEGE)
        PersonneNommee.objects.create(
            menage=dossier.menage, utilisateur=Utilisateur.objects.get(pk=dossier.referent_id)
        )
    client = monde.client()
    _ouvrir(client, dossier)

    assert "Ordonnance de protection" in texte(client.get(_adresse(dossier, "?onglet=journal")))


def test_aucun_libelle_du_produit_ne_dit_violence() -> None:
    mots = [libelle for e in (AuteurPresume, MotifLevee, MotifRestriction, VoieContact) for libelle in e.labels]
    for acte in ACTES.values():
        mots += [acte.cle, acte.libelle, acte.titre, acte.bouton, acte.merci]
    assert [mot for mot in mots if "violen" in mot.lower() or "agress" in mot.lower()] == []
    # Addresses stay in the history of a browser.
    assert [cle for cle in ACTES if cle in {"proteger", "violences", "danger", "menaces"}] == []


@pytest.mark.parametrize("role", [*AUTRES, Role.CESF])
def test_aucune_liste_exportee_ne_l_emporte_meme_pour_qui_est_nomme(
    monde: Monde, protege: Dossier, role: Role
) -> None:
    monde.ajouter_proposition(monde.ajouter_dossier("Mme Témoin"))

    reponse = monde.client(role).post(
        f"{reverse('journee_exporter')}?tout=1", {"finalite": "reunion", "format": "csv"}
    )

    contenu = reponse.content.decode("utf-8-sig")
    assert (reponse.status_code, "Mme Témoin" in contenu) == (200, True)
    for trace in TRACES:
        assert trace not in contenu
