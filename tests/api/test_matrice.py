"""Every address of the API x actor x relation x level, enumerated from the URL table, against `matrice.yaml`."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django.plugin import DjangoDbBlocker
from tests.api.conftest import Monde, construire_monde

from maintien.coeur.yaml_strict import ChargeurStrict

pytestmark = [pytest.mark.matrice, pytest.mark.django_db]

ATTENDU: Mapping[str, Any] = yaml.load(
    Path(__file__).with_name("matrice.yaml").read_text(encoding="utf-8"),
    Loader=ChargeurStrict,  # noqa: S506 - a SafeLoader that refuses a key written twice
)
AUTRES_METHODES = ("POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
NI_LISIBLES_NI_DITS = ("protege", "protege_clos", "restreint", "une_personne", "ancien", "ailleurs", "absent")


def _routes(motifs: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for motif in motifs:
        if isinstance(motif, URLResolver):
            yield from _routes(motif.url_patterns)
        else:
            yield motif


def _de_l_api() -> list[str]:
    [racine] = [m for m in get_resolver().url_patterns if str(m.pattern) == "api/"]
    assert isinstance(racine, URLResolver)
    return [str(route.name) for route in _routes(racine.url_patterns)]


def _reponses(nom: str, acteur: str) -> list[int]:
    route = ATTENDU["routes"][nom]
    reponses = [int(v) for v in str(ATTENDU["politiques"][route["GET"]][acteur]).split()]
    return reponses * len(ATTENDU["relations"][route["objet"]]) if len(reponses) == 1 else reponses


@pytest.fixture(scope="module")
def lu(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Monde]:
    """Built once, undone at the end of the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield construire_monde()
        transaction.set_rollback(True)


def _adresse(monde: Monde, nom: str, relation: str) -> str:
    objet = ATTENDU["routes"][nom]["objet"]
    cle = {"compte": monde.comptes, "dossier": monde.dossiers}.get(objet, {}).get(relation)
    return reverse(f"api-v1:{nom}", args=[] if cle is None else [cle])


def test_la_table_connait_toutes_les_adresses_et_elles_seules() -> None:
    assert sorted(_de_l_api()) == sorted(ATTENDU["routes"])


def test_aucune_case_ne_manque_et_aucune_politique_ne_sert_a_rien() -> None:
    for nom, route in ATTENDU["routes"].items():
        assert set(ATTENDU["politiques"][route["GET"]]) == set(ATTENDU["acteurs"]), nom
        for acteur in ATTENDU["acteurs"]:
            assert len(_reponses(nom, acteur)) == len(ATTENDU["relations"][route["objet"]]), (nom, acteur)
    assert {route["GET"] for route in ATTENDU["routes"].values()} == set(ATTENDU["politiques"])


def test_protege_etranger_et_absent_ne_se_distinguent_pas() -> None:
    for nom, route in ATTENDU["routes"].items():
        relations = ATTENDU["relations"][route["objet"]]
        for acteur in ATTENDU["acteurs"]:
            reponses = dict(zip(relations, _reponses(nom, acteur), strict=True))
            assert len({reponses[r] for r in NI_LISIBLES_NI_DITS if r in reponses}) <= 1, (nom, acteur)


@pytest.mark.parametrize("nom", ATTENDU["routes"])
def test_chaque_case_repond_comme_la_table_le_dit(
    nom: str, lu: Monde, record_property: Callable[[str, object], None]
) -> None:
    relations = ATTENDU["relations"][ATTENDU["routes"][nom]["objet"]]
    obtenu, attendu = {}, {}
    for acteur in ATTENDU["acteurs"]:
        for relation, statut in zip(relations, _reponses(nom, acteur), strict=True):
            reponse = lu.get(acteur, _adresse(lu, nom, relation))
            obtenu[acteur, relation], attendu[acteur, relation] = reponse.status_code, statut
            # Whatever the answer: JSON, kept nowhere, no cookie, nothing for another site to read.
            assert reponse["Content-Type"].partition(";")[0] in {"application/json", "application/problem+json"}
            assert reponse["Cache-Control"] == "no-store"
            assert not reponse.cookies
            assert not any(nom.lower().startswith("access-control") for nom in reponse.headers)
            assert "MARQUE" not in reponse.content.decode().upper(), (acteur, relation)
    record_property("cellules", len(attendu))
    assert obtenu == attendu


@pytest.mark.parametrize("nom", ATTENDU["routes"])
@pytest.mark.parametrize("acteur", ["sans_jeton", "session", "client"])
def test_les_autres_methodes_sont_refusees(nom: str, acteur: str, lu: Monde) -> None:
    relation = "ordinaire" if ATTENDU["routes"][nom]["objet"] != "aucun" else "seule"
    adresse = _adresse(lu, nom, relation)

    statuts = {methode: lu.get(acteur, adresse, methode).status_code for methode in AUTRES_METHODES}

    assert set(statuts.values()) == ({404} if nom == "api-root" else {405}), statuts


def test_tous_les_refus_de_jeton_sont_le_meme(lu: Monde) -> None:
    refuses = ("sans_jeton", "session", "mal_forme", "inconnu", "mauvais_secret", "expire", "revoque")
    reponses = [lu.get(acteur, "/api/v1/situations") for acteur in refuses]

    assert len({(r.status_code, r.content, tuple(sorted(r.headers.items()))) for r in reponses}) == 1
    assert reponses[0].json() == {
        "type": "about:blank",
        "title": "Jeton refusé",
        "status": 401,
        "detail": "Le jeton manque, n’est pas connu, a expiré ou a été révoqué.",
    }


def test_absent_etranger_et_protege_ont_la_meme_reponse(lu: Monde) -> None:
    for nom, cles in (("situation", lu.comptes), ("dossier", lu.dossiers)):
        reponses = [lu.get("client", reverse(f"api-v1:{nom}", args=[cles[r]])) for r in NI_LISIBLES_NI_DITS]
        assert len({(r.status_code, r.content, tuple(sorted(r.headers.items()))) for r in reponses}) == 1
