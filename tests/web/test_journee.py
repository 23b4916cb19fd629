"""Ma journée: what a row says, the strip, tabs, filters, acts with and without script, constant number of queries."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests import fabriques
from tests.web.conftest import Monde
from tests.web.pages import texte

from maintien.apps.dossiers.enums import Canal, EtatProposition, GenreFait, MotifPause
from maintien.apps.dossiers.models import Fait, Note, Pause, Proposition
from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.secteurs import fold
from maintien.apps.socle.portee import organisme_scope

JOURNEE = "/journee/"
REQUETES = 11


def test_une_ligne_dit_qui_pourquoi_combien_comment_et_avant_quand(monde: Monde) -> None:
    monde.ajouter_proposition(
        avant_le=date(2026, 11, 26),
        sinon="un courrier part le 27 novembre 2026.",
        motifs=[{"texte": "Prélèvement rejeté le 5 novembre (provision)."}, {"texte": "Jamais en retard avant."}],
    )

    page = texte(monde.client().get(JOURNEE))

    for attendu in (
        "Mme Émilie Martinez",
        "Les Peupliers, Toulouse",
        "Prélèvement rejeté le 5 novembre (provision).",
        "Jamais en retard avant.",
        "Appeler pour comprendre et proposer une solution.",
        "450,00 €",
        "depuis 2 semaines (samedi 31 octobre 2026)",
        "Appel",
        "jeu. 26 nov.",
        "10 min",
        "Sinon : un courrier part le 27 novembre 2026.",
        "premier_retard, version 2026-11",
    ):
        assert attendu in page, attendu


HOSTILE = """<b onclick="x()">'&{0}{nom}%s</b>"""
ECHAPPE = "&lt;b onclick=&quot;x()&quot;&gt;&#x27;&amp;{0}{nom}%s&lt;/b&gt;"


def test_rien_de_ce_qui_vient_d_ailleurs_n_est_du_html(monde: Monde) -> None:
    """Whatever a landlord's file or a rule holds: name, place, reasons, what to do, otherwise, rule, in both lines."""
    dossier = monde.ajouter_dossier(HOSTILE, menage={"lieu": HOSTILE})
    champs = {
        "quoi": HOSTILE,
        "sinon": HOSTILE,
        "regle": HOSTILE,
        "version_regle": HOSTILE,
        "motifs": [{"texte": HOSTILE}, {"texte": HOSTILE}],
    }
    monde.ajouter_proposition(dossier, **champs)
    monde.ajouter_proposition(dossier, genre="signalement", imposee=True, **champs)

    page = monde.client().get(JOURNEE).content.decode()

    # Title, name, place, the sentence in sight (two on the first line), two reasons, otherwise, rule and version.
    assert page.count(ECHAPPE) == 10 + 9
    assert "<b onclick" not in page
    assert HOSTILE not in page


def test_la_bande_compte_les_menages_et_les_minutes(monde: Monde) -> None:
    for minutes in (10, 30, 15):
        monde.ajouter_proposition(minutes=minutes)

    assert "3 ménages à joindre 55 min sur 120 0 sur 3 faits" in texte(monde.client().get(JOURNEE))


def test_une_echeance_imposee_proche_se_voit_avec_un_mot(monde: Monde) -> None:
    monde.ajouter_proposition(imposee=True, echeance_legale=fabriques.NUIT + timedelta(days=3))

    page = texte(monde.client().get(JOURNEE))

    assert "1 échéance légale cette semaine" in page
    assert "délai légal" in page


def test_la_liste_s_arrete_aux_minutes_du_jour_et_le_dit(monde: Monde) -> None:
    for _ in range(14):
        monde.ajouter_proposition(minutes=10)
    client = monde.client()

    coupee, entiere = client.get(JOURNEE), client.get(f"{JOURNEE}?tout=1")

    assert len(coupee.context["lignes"]) == 12
    assert "La liste s’arrête à vos 120 minutes du jour." in texte(coupee)
    assert len(entiere.context["lignes"]) == 14


def test_un_onglet_vide_ne_se_montre_pas(monde: Monde) -> None:
    proposition = monde.ajouter_proposition()
    with organisme_scope(monde.organisme):
        dossier = proposition.dossier
        Pause.objects.create(dossier=dossier, motif=MotifPause.AIDE, du=fabriques.NUIT, au=date(2026, 12, 1))

    libelles = [onglet.libelle for onglet in monde.client().get(JOURNEE).context["onglets"]]

    assert libelles == ["À faire", "En pause", "Sans activité depuis 30 jours", "Sans référent"]


def test_l_onglet_en_pause_dit_pourquoi_et_jusqu_a_quand(monde: Monde) -> None:
    dossier = monde.ajouter_dossier()
    with organisme_scope(monde.organisme):
        Pause.objects.create(dossier=dossier, motif=MotifPause.AIDE, du=fabriques.NUIT, au=date(2026, 12, 1))

    page = texte(monde.client().get(f"{JOURNEE}?onglet=en_pause"))

    assert "En pause jusqu’au 1er décembre 2026 : aide demandée" in page


def test_une_liste_vide_dit_ce_qu_elle_veut_dire(monde: Monde) -> None:
    client = monde.client()

    assert "Aucune étape n’est proposée à cette date." in texte(client.get(JOURNEE))
    assert "Aucun ménage ne correspond" in texte(client.post(JOURNEE, {"q": "introuvable"}, follow=True))


@pytest.mark.parametrize(
    "demande",
    [
        "?secteur=x",
        "?secteur=9999999999999999999999",
        "?page=-3",
        "?page=99999999999",
        "?onglet=nul",
        "?jours=abc",
        "?referent=99999999999999999999",
        "?referent=²",
        "?referent=٣",
        "?recherche=ffffffff",
        "?genre=%00",
    ],
)
def test_une_adresse_mal_ecrite_ne_casse_rien(monde: Monde, demande: str) -> None:
    assert monde.client().get(JOURNEE + demande).status_code == 200


def test_la_recherche_et_le_filtre_par_etape(monde: Monde) -> None:
    monde.ajouter_proposition(genre="rejet_prelevement")
    autre = monde.ajouter_proposition(monde.ajouter_dossier("M. Kébé", menage={"recherche": "m kebe"}))
    client = monde.client()

    assert _noms(client.post(JOURNEE, {"q": "Kébé"}, follow=True)) == ["M. Kébé"]
    assert [ligne.cle for ligne in client.get(f"{JOURNEE}?genre=premier_retard").context["lignes"]] == [str(autre.pk)]


def _noms(reponse: Any) -> list[str]:
    return [ligne.nom for ligne in reponse.context["lignes"]]


def _chercher(client: Client, texte_cherche: str, **autres: str) -> str:
    return str(client.post(JOURNEE, {"q": texte_cherche, **autres})["Location"])


def test_ce_qui_est_cherche_n_est_dans_aucune_adresse(monde: Monde) -> None:
    monde.ajouter_proposition(monde.ajouter_dossier("M. Kébé", menage={"recherche": "m kebe"}))
    client = monde.client()

    adresse = _chercher(client, " Kébé ", onglet="sans_referent", secteur=str(monde.nord.pk))
    page = client.get(adresse)

    numero = next(iter(client.session["recherches"]))
    assert adresse == f"/journee/?onglet=sans_referent&secteur={monde.nord.pk}&recherche={numero}"
    assert _noms(page) == ["M. Kébé"]
    assert 'value="Kébé"' in page.content.decode()
    adresses = re.findall(r'(?:href|action|hx-[a-z]+)="([^"]*)"', page.content.decode())
    assert [a for a in adresses if "b%C3%A9" in a or "Kébé" in a] == []
    assert any(f"recherche={numero}" in a for a in adresses)


def test_revenir_en_arriere_montre_la_liste_d_alors(monde: Monde) -> None:
    for nom in ("Kébé", "Durand"):
        monde.ajouter_proposition(monde.ajouter_dossier(nom, menage={"recherche": fold(nom)}))
    client = monde.client()

    premiere, seconde = _chercher(client, "Kébé"), _chercher(client, "Durand")

    assert _noms(client.get(premiere)) == ["Kébé"]
    assert _noms(client.get(seconde)) == ["Durand"]
    assert _noms(client.get(JOURNEE)) == ["Kébé", "Durand"]
    assert _chercher(client, "Kébé") == premiere
    assert _chercher(client, "Kébé\0") == premiere
    assert _chercher(client, "  ") == f"{JOURNEE}?"


def test_les_recherches_gardees_sont_bornees_et_celles_d_un_autre_ne_se_lisent_pas(monde: Monde) -> None:
    monde.ajouter_proposition(monde.ajouter_dossier("M. Kébé", menage={"recherche": "m kebe"}))
    client = monde.client()
    adresse = _chercher(client, "introuvable")

    assert _noms(monde.client(Role.RESPONSABLE).get(adresse)) == ["M. Kébé"]
    for rang in range(20):
        _chercher(client, f"mot{rang}")
    assert len(client.session["recherches"]) == 20
    assert _noms(client.get(adresse)) == ["M. Kébé"]


def test_la_recherche_demande_son_jeton(monde: Monde) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(monde.membres[Role.RECOUVREMENT].utilisateur)

    assert client.post(JOURNEE, {"q": "Kébé"}).status_code == 403
    assert 'name="csrfmiddlewaretoken"' in client.get(JOURNEE).content.decode()


def test_apres_une_decision_la_liste_cherchee_reste_cherchee(monde: Monde) -> None:
    trouve = monde.ajouter_proposition(
        monde.ajouter_dossier("M. Kébé", menage={"recherche": "m kebe"}), canal=Canal.COURRIER
    )
    monde.ajouter_proposition()
    client = monde.client()
    adresse = _chercher(client, "kébé")

    reponse = client.post(
        f"/propositions/{trouve.pk}/faire/",
        {f"p{trouve.pk}-texte": ""},
        headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{adresse}"},
    )

    assert "Aucun ménage ne correspond" in texte(reponse)


def test_une_seconde_etape_est_une_ligne_courte_du_meme_menage(monde: Monde) -> None:
    premiere = monde.ajouter_proposition(minutes=10)
    seconde = monde.ajouter_proposition(
        premiere.dossier,
        genre="signalement",
        quoi="Signaler l’impayé à la CAF.",
        canal=Canal.INTERNE,
        minutes=15,
        imposee=True,
        avant_le=fabriques.NUIT + timedelta(days=3),
        echeance_legale=fabriques.NUIT + timedelta(days=3),
    )

    reponse = monde.client().get(JOURNEE)

    page = texte(reponse)
    assert "1 ménage à joindre 25 min sur 120 1 échéance légale cette semaine 0 sur 1 fait" in page
    assert [(ligne.cle, [s.cle for s in ligne.suites]) for ligne in reponse.context["lignes"]] == [
        (str(premiere.pk), [str(seconde.pk)])
    ]
    assert "même ménage Les Peupliers, Toulouse Signaler l’impayé à la CAF." in page
    assert "lun. 23 nov." in page
    for etape in (premiere, seconde):
        assert f'id="ligne-{etape.pk}"' in reponse.content.decode()
        assert f'id="panneau-{etape.pk}"' in reponse.content.decode()
        assert f'href="/propositions/{etape.pk}/faire/"' in reponse.content.decode()


def test_la_premiere_etape_faite_la_seconde_reste(monde: Monde) -> None:
    premiere = monde.ajouter_proposition(canal=Canal.COURRIER, minutes=10)
    monde.ajouter_proposition(premiere.dossier, genre="signalement", minutes=15, imposee=True)

    reponse = monde.client().post(
        f"/propositions/{premiere.pk}/faire/",
        {f"p{premiere.pk}-texte": ""},
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/journee/"},
    )

    assert "1 ménage à joindre 25 min sur 120 0 sur 1 fait" in texte(reponse)


def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_lignes(
    monde: Monde, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = monde.client(Role.RESPONSABLE)
    adresse = f"{JOURNEE}?tout=1"
    for _ in range(5):
        monde.ajouter_proposition()
    client.get(adresse)
    with django_assert_num_queries(REQUETES):
        assert len(client.get(adresse).context["lignes"]) == 5

    for _ in range(45):
        etape = monde.ajouter_proposition()
        monde.ajouter_proposition(etape.dossier, genre="signalement", imposee=True)
    with django_assert_num_queries(REQUETES):
        assert len(client.get(adresse).context["lignes"]) == 50


# ---- Done, put off, not agreed ----


def test_fait_sans_script_note_l_appel_et_revient_a_la_liste(monde: Monde) -> None:
    proposition = monde.ajouter_proposition()
    client = monde.client()
    champs = {f"p{proposition.pk}-{nom}": valeur for nom, valeur in _appel().items()}

    reponse = client.post(f"/propositions/{proposition.pk}/faire/", champs, follow=True)

    assert reponse.redirect_chain == [(JOURNEE, 302)]
    assert "Mme Émilie Martinez : c’est noté." in texte(reponse)
    with organisme_scope(monde.organisme):
        assert Proposition.objects.get().etat == EtatProposition.FAITE
        assert list(Fait.objects.order_by("pk").values_list("genre", "issue")) == [
            (GenreFait.PROPOSITION, ""),
            (GenreFait.APPEL, "joint"),
        ]
        assert Note.objects.get().texte == "Paiera vendredi."


def _appel() -> dict[str, str]:
    return {"issue": "joint", "jour": "2026-11-20", "texte": "Paiera vendredi.", "rappel_le": ""}


def test_un_appel_sans_issue_n_est_ni_note_ni_fait(monde: Monde) -> None:
    proposition = monde.ajouter_proposition()

    reponse = monde.client().post(f"/propositions/{proposition.pk}/faire/", {f"p{proposition.pk}-jour": "2026-11-20"})

    assert reponse.status_code == 422
    assert "Choisissez une réponse de la liste." in texte(reponse)
    with organisme_scope(monde.organisme):
        assert Proposition.objects.get().etat == EtatProposition.A_FAIRE
        assert not Fait.objects.exists()


def test_un_appel_refuse_par_l_action_laisse_l_etape_a_faire(monde: Monde) -> None:
    proposition = monde.ajouter_proposition()
    saisie = _appel() | {"issue": "rappel_promis"}
    champs = {f"p{proposition.pk}-{nom}": valeur for nom, valeur in saisie.items()}

    reponse = monde.client().post(f"/propositions/{proposition.pk}/faire/", champs)

    assert reponse.status_code == 422
    assert "Indiquez le jour du rappel promis." in texte(reponse)
    with organisme_scope(monde.organisme):
        assert Proposition.objects.get().etat == EtatProposition.A_FAIRE


def test_avec_script_la_ligne_part_et_la_bande_suit(monde: Monde) -> None:
    premiere, _ = monde.ajouter_proposition(canal=Canal.COURRIER), monde.ajouter_proposition()

    reponse = monde.client().post(
        f"/propositions/{premiere.pk}/faire/",
        {f"p{premiere.pk}-texte": ""},
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/journee/"},
    )

    page = reponse.content.decode()
    assert reponse.status_code == 200
    assert f"ligne-{premiere.pk}" not in page
    assert page.count('hx-swap-oob="true"') == 4
    assert "1 ménage à joindre 20 min sur 120 1 sur 2 faits" in texte(reponse)


def test_la_derniere_ligne_faite_dit_la_fin(monde: Monde) -> None:
    proposition = monde.ajouter_proposition(canal=Canal.COURRIER)

    reponse = monde.client().post(
        f"/propositions/{proposition.pk}/faire/",
        {f"p{proposition.pk}-texte": ""},
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/journee/"},
    )

    assert "Tout est fait pour aujourd’hui 1 étape traitée, 10 min." in texte(reponse)


def test_reporter_demande_un_jour_a_venir(monde: Monde) -> None:
    proposition = monde.ajouter_proposition()
    client, adresse = monde.client(), f"/propositions/{proposition.pk}/reporter/"

    refus = client.post(adresse, {f"p{proposition.pk}-au": "2026-11-20"})
    report = client.post(
        adresse, {f"p{proposition.pk}-au": "2026-11-25", f"p{proposition.pk}-motif": "rentrée d'argent"}
    )

    assert refus.status_code == 422
    assert "Choisissez un jour après le 20 novembre 2026." in texte(refus)
    assert report.status_code == 302
    with organisme_scope(monde.organisme):
        assert Proposition.objects.get().reportee_au == date(2026, 11, 25)


def test_pas_d_accord_garde_la_raison(monde: Monde) -> None:
    proposition = monde.ajouter_proposition()
    client, adresse = monde.client(), f"/propositions/{proposition.pk}/refuser/"

    assert client.post(adresse, {f"p{proposition.pk}-motif": " "}).status_code == 422
    client.post(adresse, {f"p{proposition.pk}-motif": "Déjà payé au guichet."})

    with organisme_scope(monde.organisme):
        proposition = Proposition.objects.get()
        assert (proposition.etat, proposition.motif_refus) == (EtatProposition.REFUSEE, "Déjà payé au guichet.")


def test_une_etape_deja_traitee_le_dit_sans_rien_changer(monde: Monde) -> None:
    proposition = monde.ajouter_proposition(etat=EtatProposition.FAITE)

    reponse = monde.client().post(
        f"/propositions/{proposition.pk}/refuser/", {f"p{proposition.pk}-motif": "Trop tard."}, follow=True
    )

    assert "Cette étape n’est plus à faire" in texte(reponse)
    with organisme_scope(monde.organisme):
        assert Proposition.objects.get().motif_refus == ""


def test_depuis_le_dossier_on_revient_au_dossier(monde: Monde) -> None:
    proposition = monde.ajouter_proposition(canal=Canal.COURRIER)

    reponse = monde.client().post(f"/propositions/{proposition.pk}/faire/", {"depuis": "dossier"})

    assert reponse["Location"] == f"/dossiers/{proposition.dossier_id}/"


@pytest.mark.parametrize(
    ("jours", "attendue"),
    [(5, "Les écritures datent du 15 novembre 2026 : importez la suite."), (4, ""), (0, "")],
)
def test_des_ecritures_arretees_se_disent_en_haut_de_la_journee(monde: Monde, jours: int, attendue: str) -> None:
    monde.organisme.livres_au = fabriques.NUIT - timedelta(days=jours)
    monde.organisme.save(update_fields=["livres_au"])

    page = texte(monde.client().get(JOURNEE))

    assert (attendue in page) if attendue else ("Les écritures datent" not in page)
