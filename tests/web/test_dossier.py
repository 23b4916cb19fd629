"""The dossier: words first, who can be reached, walls, acts, drafts, conflicts, constant number of queries."""

import re
from datetime import date, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests import fabriques
from tests.web.conftest import Monde
from tests.web.pages import texte

from maintien.apps.comptes.models import Personne
from maintien.apps.dossiers.enums import (
    CauseImpaye,
    EtatDossier,
    GenreFait,
    IssueContact,
    MotifPause,
    MurNote,
    Protection,
)
from maintien.apps.dossiers.models import Dossier, Fait, Note, Pause
from maintien.apps.organismes.enums import Role
from maintien.apps.socle.portee import organisme_scope

REQUETES = 19
NUMERO = "06 12 34 56 78"


@pytest.fixture
def dossier(monde: Monde) -> Dossier:
    return monde.ajouter_dossier()


@pytest.fixture
def client(monde: Monde) -> Client:
    return monde.client()


def _adresse(dossier: Dossier, suite: str = "") -> str:
    return f"/dossiers/{dossier.pk}/{suite}"


def _murs_coches(reponse: HttpResponse) -> list[str]:
    return re.findall(r'name="mur" value="(\w+)"[^>]*checked', " ".join(reponse.content.decode().split()))


# ---- What the page says ----


def test_la_situation_se_dit_en_mots_avant_les_chiffres(client: Client, dossier: Dossier) -> None:
    page = texte(client.get(_adresse(dossier)))

    assert "Mme Émilie Martinez Les Peupliers, Toulouse 450,00 € dus et en retard depuis le 31 octobre." in page
    assert page.index("450,00 € dus") < page.index("Loyers et charges en retard, par ancienneté")


def test_l_etape_proposee_dit_quoi_pourquoi_et_sinon(monde: Monde, client: Client, dossier: Dossier) -> None:
    monde.ajouter_proposition(dossier, sinon="un courrier part le 27 novembre 2026.", avant_le=date(2026, 11, 26))

    page = texte(client.get(_adresse(dossier)))

    assert "Prochaine étape proposée Appel · 10 min avant le jeu. 26 nov. (jeudi 26 novembre 2026)" in page
    assert "Appeler pour comprendre et proposer une solution. 450,00 € dus depuis le 31 octobre 2026." in page
    assert "Sinon : un courrier part le 27 novembre 2026." in page


def test_la_dette_par_age_est_un_dessin_et_un_tableau(client: Client, dossier: Dossier) -> None:
    reponse = client.get(_adresse(dossier))

    dette = reponse.context["dette"]
    assert len(dette.mois) == 24
    assert dette.mois[0].tranches == (450_00, 0, 0, 0, 0)
    assert "Le tableau des 24 mois" in texte(reponse)
    assert "450,00\u00a0€ aujourd’hui" in dette.resume


def test_la_dette_se_telecharge(client: Client, dossier: Dossier) -> None:
    reponse = client.get(_adresse(dossier, "?format=csv"))

    lignes = reponse.content.decode("utf-8-sig").splitlines()
    assert lignes[0] == "Au;Moins d’un mois;1 à 3 mois;3 à 6 mois;6 à 12 mois;12 mois et plus;En tout"
    assert lignes[-1] == "2026-11-20;450,00;0,00;0,00;0,00;0,00;450,00"
    assert len(lignes) == 25


# ---- Who can be reached ----


def test_le_locataire_se_joint_et_le_garant_jamais(client: Client, dossier: Dossier) -> None:
    page = texte(client.get(_adresse(dossier)))

    assert f"Mme Émilie Martinez titulaire {NUMERO} à vérifier" in page
    assert "12 rue des Tilleuls, 31100 Toulouse" in page
    assert "Garant" not in page
    assert "06 98 76 54 32" not in page


def test_un_menage_protege_ne_montre_aucune_coordonnee(monde: Monde) -> None:
    dossier = monde.ajouter_dossier(menage={"contact_restreint": True})

    for role in (Role.RECOUVREMENT, Role.CONTENTIEUX, Role.CESF, Role.RESPONSABLE):
        reponse = monde.client(role).get(_adresse(dossier))
        page = texte(reponse)
        assert "Contact à vérifier avec l’agent référent" in page
        for cache in (NUMERO, "emilie@exemple.fr", "rue des Tilleuls", "tel:", "mailto:"):
            assert cache not in page
            assert cache not in reponse.content.decode()


def test_sous_tutelle_on_s_adresse_au_tuteur(monde: Monde, client: Client) -> None:
    dossier = monde.ajouter_dossier(menage={"protection": Protection.TUTELLE, "mandataire": "UDAF 31"})

    page = texte(client.get(_adresse(dossier)))

    assert "Sous tutelle : s’adresser au tuteur." in page
    assert "UDAF 31 tuteur" in page
    assert NUMERO not in page


def test_a_une_personne_decedee_on_n_ecrit_pas(monde: Monde, client: Client, dossier: Dossier) -> None:
    with organisme_scope(monde.organisme):
        Personne.objects.filter(nom="Martinez").update(deces_le=date(2026, 9, 1))

    page = texte(client.get(_adresse(dossier)))

    assert "Personne décédée : ne pas écrire à son nom." in page
    assert NUMERO not in page


def test_une_coordonnee_illisible_n_est_pas_un_lien(monde: Monde, client: Client, dossier: Dossier) -> None:
    with organisme_scope(monde.organisme):
        Personne.objects.filter(nom="Martinez").update(telephone="06 12 34", courriel="emilie.exemple.fr")

    reponse = client.get(_adresse(dossier))

    assert "06 12 34 à corriger" in texte(reponse)
    assert b"tel:" not in reponse.content
    assert b"mailto:" not in reponse.content


def test_le_dernier_appel_dit_si_le_numero_repond(monde: Monde, client: Client, dossier: Dossier) -> None:
    with organisme_scope(monde.organisme):
        Fait.objects.create(
            menage=dossier.menage,
            dossier=dossier,
            genre=GenreFait.APPEL,
            issue=IssueContact.MAUVAIS_NUMERO,
            date=fabriques.NUIT,
        )

    assert f"{NUMERO} numéro à vérifier" in texte(client.get(_adresse(dossier)))


# ---- Acts, without script ----


def test_noter_un_appel(monde: Monde, client: Client, dossier: Dossier) -> None:
    saisie = {"issue": "rappel_promis", "rappel_le": "2026-11-27", "jour": "2026-11-20", "texte": "Attend sa paie."}

    reponse = client.post(_adresse(dossier, "appel/"), saisie, follow=True)

    page = texte(reponse)
    assert reponse.redirect_chain == [(_adresse(dossier), 302)]
    assert "L’appel est noté." in page
    assert "Dernier échange : appel du 20 novembre, rappel promis." in page
    assert "Appel : rappel promis le 27 novembre 2026" in page
    assert "Attend sa paie." in page


def test_noter_une_visite(client: Client, dossier: Dossier) -> None:
    saisie = {"issue": "avis_de_passage", "jour": "2026-11-19", "texte": ""}

    assert "La visite est notée." in texte(client.post(_adresse(dossier, "visite/"), saisie, follow=True))


def test_dire_la_cause(monde: Monde, client: Client, dossier: Dossier) -> None:
    saisie = {"cause": "ponctuelle", "source": "locataire", "jour_connu": "2026-11-18", "version": "1"}

    page = texte(client.post(_adresse(dossier, "cause/"), saisie, follow=True))

    assert "ponctuelle, selon le locataire, 18 novembre 2026" in page
    with organisme_scope(monde.organisme):
        assert Dossier.objects.get().cause == CauseImpaye.PONCTUELLE


def test_poser_puis_lever_une_pause(monde: Monde, client: Client, dossier: Dossier) -> None:
    saisie = {"motif": "aide", "du": "2026-11-20", "au": "2026-12-04", "version": "1", "precision": ""}

    posee = texte(client.post(_adresse(dossier, "pause/"), saisie, follow=True))
    with organisme_scope(monde.organisme):
        pause = Pause.objects.get()
    levee = texte(client.post(_adresse(dossier, "pause/"), {"lever": pause.pk, "version": "2"}, follow=True))

    assert "En pause jusqu’au 4 décembre 2026" in posee
    assert "rien n’est proposé jusqu’au 4 décembre 2026." in posee
    assert "La pause est levée." in levee


def test_lever_la_pause_d_un_autre_dossier_est_introuvable(monde: Monde, client: Client, dossier: Dossier) -> None:
    autre = monde.ajouter_dossier()
    with organisme_scope(monde.organisme):
        pause = Pause.objects.create(
            dossier=autre, motif=MotifPause.AIDE, du=fabriques.NUIT, au=fabriques.NUIT + timedelta(days=9)
        )

    reponse = client.post(_adresse(dossier, "pause/"), {"lever": pause.pk, "version": "1"})

    assert reponse.status_code == 404
    with organisme_scope(monde.organisme):
        assert Pause.objects.get().levee_le is None


def test_changer_le_duo(monde: Monde, client: Client, dossier: Dossier) -> None:
    cesf = monde.membres[Role.CESF].utilisateur
    saisie = {"referent": "", "cesf": str(cesf.pk), "motif": "", "version": "1"}

    reponse = client.post(_adresse(dossier, "reattribuer/"), saisie, follow=True)

    assert f"CESF {cesf}" in texte(reponse)


def test_une_saisie_refusee_garde_ce_qui_etait_ecrit(client: Client, dossier: Dossier) -> None:
    saisie = {"motif": "autre", "precision": "", "du": "2026-11-20", "au": "2026-11-01", "version": "1"}

    reponse = client.post(_adresse(dossier, "pause/"), saisie)

    assert reponse.status_code == 422
    assert "La pause finit avant de commencer." in texte(reponse)
    assert b'value="2026-11-01"' in reponse.content


def test_un_dossier_change_entre_temps_se_dit_et_rien_n_est_perdu(
    monde: Monde, client: Client, dossier: Dossier
) -> None:
    autre = monde.client(Role.CESF)
    autre.post(
        _adresse(dossier, "cause/"),
        {"cause": "durable", "source": "agent", "jour_connu": "2026-11-18", "version": "1"},
    )
    saisie = {"motif": "autre", "precision": "Vacances", "du": "2026-11-20", "au": "2026-12-04", "version": "1"}

    conflit = client.post(_adresse(dossier, "pause/"), saisie)
    reprise = client.post(_adresse(dossier, "pause/"), saisie | {"version": "2"})

    assert conflit.status_code == 409
    assert "cause « durable » notée" in texte(conflit)
    assert b'value="Vacances"' in conflit.content
    assert b'name="version" value="2"' in conflit.content
    assert reprise.status_code == 302


def test_un_dossier_clos_ne_montre_que_ce_qui_s_y_note_encore(monde: Monde, client: Client) -> None:
    dossier = monde.ajouter_dossier(
        etat=EtatDossier.CLOS, clos_le=date(2026, 11, 19), motif_cloture="Tout est à jour."
    )

    reponse = client.get(_adresse(dossier))

    assert "Un appel reçu, une visite ou une note s’y notent encore" in texte(reponse)
    for permis in (b"/appel/", b"/visite/", b"/note/"):
        assert permis in reponse.content
    for refuse in (b"/pause/", b"/cause/", b"/reattribuer/"):
        assert refuse not in reponse.content


def test_les_dossiers_precedents_se_relisent(monde: Monde, client: Client, dossier: Dossier) -> None:
    with organisme_scope(monde.organisme):
        ancien = fabriques.dossier(
            dossier.menage,
            secteur=monde.nord,
            ouvert_le=date(2024, 2, 5),
            etat=EtatDossier.CLOS,
            clos_le=date(2024, 5, 2),
            motif_cloture="Tout est à jour.",
        )

    page = client.get(_adresse(dossier))

    assert "Dossiers précédents Du 5 février 2024 au 2 mai 2024 Tout est à jour." in texte(page)
    assert f'href="/dossiers/{ancien.pk}/"' in page.content.decode()
    assert "Autres dossiers du ménage Du 6 octobre 2026, ouvert" in texte(client.get(_adresse(ancien)))


def test_le_motif_d_un_changement_de_duo_se_lit_dans_le_journal(
    monde: Monde, client: Client, dossier: Dossier
) -> None:
    client.post(_adresse(dossier, "reattribuer/"), {"referent": "", "cesf": "", "motif": "Congés", "version": "1"})

    assert "Réattribution" in texte(client.get(_adresse(dossier)))
    assert "Congés" in texte(client.get(_adresse(dossier, "?onglet=journal")))


def test_le_menu_mene_a_mon_compte_et_de_la_au_mot_de_passe(client: Client, dossier: Dossier) -> None:
    assert b'href="/compte/"' in client.get(_adresse(dossier)).content
    assert b'href="/compte/mot-de-passe/changer/"' in client.get("/compte/").content


# ---- Notes: drafts and the social wall ----


def test_le_brouillon_d_une_note_reste_sur_le_serveur_jusqu_a_l_enregistrement(
    client: Client, dossier: Dossier
) -> None:
    adresse = _adresse(dossier, "note/")

    client.post(adresse, {"brouillon": "1", "texte": "Début de note"})
    repris = client.get(adresse)
    client.post(adresse, {"texte": "Début de note, finie."})
    apres = client.get(adresse)

    assert "Début de note</textarea>" in repris.content.decode().replace("\n", "")
    assert "texte" not in apres.context["saisie"]["form"].initial


def test_un_brouillon_n_est_pas_une_note_et_ne_se_voit_pas_d_un_autre(
    monde: Monde, client: Client, dossier: Dossier
) -> None:
    client.post(_adresse(dossier, "note/"), {"brouillon": "1", "texte": "Rien que pour moi"})

    autre = monde.client(Role.CONTENTIEUX).get(_adresse(dossier, "note/"))

    assert "Rien que pour moi" not in autre.content.decode()
    with organisme_scope(monde.organisme):
        assert not Note.objects.exists()


def test_une_note_sociale_ne_se_lit_que_du_travail_social(monde: Monde, dossier: Dossier) -> None:
    monde.client(Role.CESF).post(_adresse(dossier, "note/"), {"texte": "Budget très tendu.", "mur": "social"})

    for role, lit in ((Role.CESF, True), (Role.RECOUVREMENT, False), (Role.RESPONSABLE, False)):
        for suite in ("", "?onglet=journal"):
            page = texte(monde.client(role).get(_adresse(dossier, suite)))
            assert ("Budget très tendu." in page) is lit, (role, suite)
            assert ("travail social" in page) is lit, (role, suite)


@pytest.mark.parametrize(
    ("suite", "saisie"),
    [("note/", {"texte": "Budget."}), ("appel/", {"issue": "joint", "jour": "2026-11-20", "texte": "Budget."})],
)
def test_qui_peut_ecrire_derriere_le_mur_choisit_toujours(
    suite: str, saisie: dict[str, str], monde: Monde, dossier: Dossier
) -> None:
    """No silent default: a forgotten box would open the note to everybody."""
    client = monde.client(Role.CESF)

    assert _murs_coches(client.get(_adresse(dossier, suite))) == []
    oubli = client.post(_adresse(dossier, suite), saisie)
    choisi = client.post(_adresse(dossier, suite), saisie | {"mur": "commun"})

    assert oubli.status_code == 422
    assert "Dites qui lira cette note." in texte(oubli)
    assert choisi.status_code == 302
    with organisme_scope(monde.organisme):
        assert Note.objects.get().mur == MurNote.COMMUN


def test_un_appel_sans_texte_n_a_pas_de_mur(monde: Monde, dossier: Dossier) -> None:
    saisie = {"issue": "sans_reponse", "jour": "2026-11-20", "texte": ""}

    assert monde.client(Role.CESF).post(_adresse(dossier, "appel/"), saisie).status_code == 302


@pytest.mark.parametrize(("garde", "propose"), [("", "social"), ("commun", "commun"), ("social", "social")])
def test_le_brouillon_garde_son_mur(garde: str, propose: str, monde: Monde, dossier: Dossier) -> None:
    client = monde.client(Role.CESF)

    client.post(_adresse(dossier, "note/"), {"brouillon": "1", "texte": "Budget", "mur": garde})

    assert _murs_coches(client.get(_adresse(dossier, "note/"))) == [propose]


def test_le_mur_social_ne_se_propose_qu_a_qui_peut_y_ecrire(monde: Monde, client: Client, dossier: Dossier) -> None:
    assert "travail social seulement" not in texte(client.get(_adresse(dossier, "note/"))).lower()
    assert "travail social seulement" in texte(monde.client(Role.CESF).get(_adresse(dossier, "note/"))).lower()


# ---- In place, with script ----


def test_avec_script_le_formulaire_est_un_morceau_de_page(client: Client, dossier: Dossier) -> None:
    reponse = client.get(_adresse(dossier, "appel/"), headers={"HX-Request": "true"})

    page = reponse.content.decode()
    assert "<html" not in page
    assert 'id="saisie-contenu"' in page


def test_avec_script_une_erreur_revient_dans_le_panneau(client: Client, dossier: Dossier) -> None:
    reponse = client.post(_adresse(dossier, "note/"), {"texte": ""}, headers={"HX-Request": "true"})

    assert reponse.status_code == 422
    assert reponse["HX-Retarget"] == "#saisie"
    assert reponse["HX-Reselect"] == "#saisie-contenu"
    assert "Écrivez quelques mots." in texte(reponse)


# ---- Cost ----


def test_le_nombre_de_requetes_ne_depend_pas_de_l_histoire_du_menage(
    monde: Monde, client: Client, dossier: Dossier, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    auteur = monde.membres[Role.RECOUVREMENT].utilisateur
    for nombre in (5, 45):
        with organisme_scope(monde.organisme):
            for _ in range(nombre):
                note = Note.objects.create(dossier=dossier, auteur=auteur, texte="Note")
                Fait.objects.create(
                    menage=dossier.menage,
                    dossier=dossier,
                    genre=GenreFait.NOTE,
                    date=fabriques.NUIT,
                    auteur=auteur,
                    donnees={"note": note.pk},
                )
        client.get(_adresse(dossier))
        with django_assert_num_queries(REQUETES):
            client.get(_adresse(dossier))
