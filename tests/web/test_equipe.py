"""The page of the responsable: counts by sector and referent, each thing to do a door to its list."""

from datetime import date

from pytest_django import DjangoAssertNumQueries
from tests import fabriques
from tests.web.conftest import Monde
from tests.web.pages import texte

from maintien.apps.dossiers.equipe import team_state
from maintien.apps.dossiers.models import Dossier
from maintien.apps.organismes.enums import Role
from maintien.apps.socle.portee import organisme_scope

ADRESSE = "/equipe/"
REQUETES = 8


def _remplir(monde: Monde) -> None:
    """North: two dossiers of one referent (a late step), one of nobody; a former one, closed."""
    referent = monde.membres[Role.RECOUVREMENT].utilisateur
    monde.ajouter_proposition(monde.ajouter_dossier(referent=referent), avant_le=date(2026, 11, 18))
    double = monde.ajouter_dossier(referent=referent)
    monde.ajouter_proposition(double, avant_le=date(2026, 11, 24))
    monde.ajouter_proposition(double, genre="retards_repetes", avant_le=date(2026, 11, 25))
    monde.ajouter_dossier()
    with organisme_scope(monde.organisme):
        fabriques.dossier(double.menage, etat="clos", clos_le=date(2026, 11, 2))


def test_les_chiffres_de_l_equipe(monde: Monde) -> None:
    _remplir(monde)

    with organisme_scope(monde.organisme):
        etat = team_state(monde.membres[Role.RESPONSABLE])

    [nord] = etat.secteurs
    assert [
        (str(c.referent or ""), c.dossiers, c.dette_exigible_centimes, c.a_faire, c.en_retard) for c in nord.charges
    ] == [
        ("", 1, 450_00, 0, 0),
        (str(monde.membres[Role.RECOUVREMENT].utilisateur), 2, 900_00, 2, 1),
    ]
    assert (etat.total.dossiers, etat.total.dette_exigible_centimes, etat.sans_referent) == (3, 1_350_00, 1)


def test_le_responsable_arrive_sur_l_equipe_et_va_aux_listes(monde: Monde) -> None:
    _remplir(monde)
    client = monde.client(Role.RESPONSABLE)

    reponse = client.get("/", follow=True)

    page = texte(reponse)
    assert reponse.redirect_chain == [(ADRESSE, 302)]
    assert "3 dossiers ouverts, 1 350,00 € dus et échus. 2 ménages ont une étape à faire, dont 1 en retard." in page
    assert "1 dossier n’a pas de référent." in page
    referent = monde.membres[Role.RECOUVREMENT].utilisateur
    liste = f"/journee/?secteur={monde.nord.pk}&amp;referent={referent.pk}&amp;tout=1"
    assert liste in reponse.content.decode()
    suivie = client.get(liste.replace("&amp;", "&"))
    assert len(suivie.context["lignes"]) == 2
    assert f'<option value="{referent.pk}" selected>' in " ".join(suivie.content.decode().split())


def test_sans_dossier_la_page_le_dit(monde: Monde) -> None:
    assert "Aucun dossier ouvert" in texte(monde.client(Role.RESPONSABLE).get(ADRESSE))


def test_un_autre_bailleur_n_y_compte_pas(monde: Monde) -> None:
    _remplir(monde)
    with organisme_scope(fabriques.organisme("AUTRE")):
        fabriques.dossier(fabriques.menage(fabriques.compte()))

    assert "3 dossiers ouverts" in texte(monde.client(Role.RESPONSABLE).get(ADRESSE))


def test_le_nombre_de_requetes_est_constant(monde: Monde, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    client = monde.client(Role.RESPONSABLE)
    for _ in range(3):
        _remplir(monde)
        client.get(ADRESSE)
        with django_assert_num_queries(REQUETES):
            client.get(ADRESSE)
    with organisme_scope(monde.organisme):
        assert Dossier.objects.count() == 12
