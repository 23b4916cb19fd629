"""Every route x method x actor x relation x level, enumerated from the URL table, against `matrice.yaml`."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django.plugin import DjangoDbBlocker
from tests import fabriques
from tests.conftest import TOUT

from maintien.apps.comptes.models import Importation
from maintien.apps.dossiers.enums import EtatDossier, NiveauDossier
from maintien.apps.dossiers.models import Dossier, PersonneNommee
from maintien.apps.organismes.enums import GenreOrganisme, Role
from maintien.apps.organismes.models import Secteur, Utilisateur
from maintien.apps.socle.portee import organisme_scope
from maintien.coeur.yaml_strict import ChargeurStrict

pytestmark = [pytest.mark.matrice, pytest.mark.django_db]

ATTENDU: Mapping[str, Any] = yaml.load(
    Path(__file__).with_name("matrice.yaml").read_text(encoding="utf-8"),
    Loader=ChargeurStrict,  # noqa: S506 - a SafeLoader that refuses a key written twice
)
METHODES = ("GET", "POST")
AUTRES_METHODES = ("PUT", "PATCH", "DELETE")
ABSENT = 2_000_000_000


def _routes(motifs: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    """Addresses of the screens; those of the API, which know other actors, are in tests/api/test_matrice.py."""
    for motif in motifs:
        if str(motif.pattern) == "api/":
            continue
        if isinstance(motif, URLResolver):
            yield from _routes(motif.url_patterns)
        else:
            yield motif


ROUTES = {str(route.name): route for route in _routes(get_resolver().url_patterns)}


@dataclass(frozen=True)
class Monde:
    """Two landlords, two sectors, three partners, one user per role; for each actor and kind, one row per relation."""

    sessions: Mapping[str, str]
    cles: Mapping[str, Mapping[str, Mapping[str, int]]]


# Organismes whose users are none of the landlord's: to them, all its rows are somebody else's.
PARTENAIRES = {
    Role.INTERVENANT: GenreOrganisme.ASSOCIATION,
    Role.COORDINATEUR: GenreOrganisme.METROPOLE,
    Role.ANALYSTE: GenreOrganisme.FEDERATION,
}
PARTOUT = {Role.RESPONSABLE, Role.ADMINISTRATEUR, Role.DPO, *PARTENAIRES}
NIVEAUX: Mapping[str, Mapping[str, Any]] = {
    "": {},
    "_suivi": {"niveau": NiveauDossier.SUIVI},
    "_clos": {"etat": EtatDossier.CLOS, "clos_le": fabriques.NUIT},
    "_protege": {"niveau": NiveauDossier.PROTEGE},
}


def _dossier(secteur: Secteur, **champs: Any) -> Dossier:
    compte = fabriques.compte(secteur=secteur)
    fabriques.situation(compte, dette_locative_centimes=450_00)
    fabriques.loyer(compte, "2026-10", fabriques.NUIT)
    fabriques.occupation(compte, fabriques.personne())
    return fabriques.dossier(fabriques.menage(compte), secteur=secteur, **champs)


def _duo(acteur: Role, utilisateur: Utilisateur, collegue: Utilisateur) -> dict[str, Utilisateur]:
    """The actor in the seat of his role, somebody else in the other."""
    return (
        {"referent": collegue, "cesf": utilisateur}
        if acteur is Role.CESF
        else {"referent": utilisateur, "cesf": collegue}
    )


def _dossiers(acteur: Role, utilisateur: Utilisateur, nord: Secteur, collegue: Utilisateur) -> dict[str, Dossier]:
    """What lies in the north sector: the actor's own, a colleague's, at each level; and one on which he is named."""
    sien, d_un_autre = _duo(acteur, utilisateur, collegue), {"referent": collegue, "cesf": collegue}
    dossiers = {f"propre{nom}": _dossier(nord, **sien, **niveau) for nom, niveau in NIVEAUX.items()}
    dossiers |= {f"collegue{nom}": _dossier(nord, **d_un_autre, **niveau) for nom, niveau in NIVEAUX.items()}
    nomme = _dossier(nord, **d_un_autre, **NIVEAUX["_protege"])
    PersonneNommee.objects.create(menage=nomme.menage, utilisateur=utilisateur, nommee_par=collegue)
    return dossiers | {"nomme": nomme}


def _construire() -> Monde:
    bailleur, autre = fabriques.organisme("MATRICE"), fabriques.organisme("MATRICE2")
    utilisateurs = {"sans_organisme": fabriques.utilisateur()}
    for role, genre in PARTENAIRES.items():
        with organisme_scope(fabriques.organisme(genre=genre)):
            utilisateurs[role] = fabriques.membre(role).utilisateur
    dossiers: dict[str, dict[str, Dossier]] = {}
    with organisme_scope(bailleur):
        nord, sud = fabriques.secteur("NORD"), fabriques.secteur("SUD")
        collegue = fabriques.utilisateur()
        for role in fabriques.roles_de(GenreOrganisme.BAILLEUR):
            utilisateurs[role] = fabriques.membre(role, None if role in PARTOUT else nord).utilisateur
        for role in Role:
            dossiers[role] = _dossiers(role, utilisateurs[role], nord, collegue)
        au_sud = _dossier(sud, referent=collegue, cesf=collegue)
        importation = Importation.objects.create(profil="pivot")
        jeton = fabriques.jeton().jeton
        propositions = {
            role: {relation: fabriques.proposition(dossier).pk for relation, dossier in siens.items()}
            for role, siens in dossiers.items()
        }
        demande = fabriques.demande_droit(au_sud.menage).pk
        proposition_sud = fabriques.proposition(au_sud).pk
        extraction = fabriques.extraction(utilisateurs[Role.RECOUVREMENT])
        un_membre = fabriques.membre(Role.RECOUVREMENT, nord)
    with organisme_scope(autre):
        # The same codes, so that only the organisme tells the two landlords apart.
        ailleurs = _dossier(fabriques.secteur("NORD"))
        proposition_ailleurs = fabriques.proposition(ailleurs).pk
        demande_ailleurs = fabriques.demande_droit(ailleurs.menage).pk
        importation_ailleurs = Importation.objects.create(profil="pivot")
        membre_ailleurs = fabriques.membre(Role.RECOUVREMENT)
        extraction_ailleurs = fabriques.extraction(fabriques.membre().utilisateur)
        jeton_ailleurs = fabriques.jeton().jeton
    communes = {
        "dossier": {"autre_secteur": au_sud.pk, "autre_bailleur": ailleurs.pk, "absent": ABSENT},
        "proposition": {
            "autre_secteur": proposition_sud,
            "autre_bailleur": proposition_ailleurs,
            "absent": ABSENT,
        },
        "jeton": {"propre": jeton.pk, "autre_bailleur": jeton_ailleurs.pk, "absent": ABSENT},
        "importation": {
            "propre": importation.pk,
            "autre_bailleur": importation_ailleurs.pk,
            "absent": ABSENT,
        },
        "extraction": {"propre": extraction.pk, "autre_bailleur": extraction_ailleurs.pk, "absent": ABSENT},
        "membre": {"propre": un_membre.pk, "autre_bailleur": membre_ailleurs.pk, "absent": ABSENT},
        "demande": {"propre": demande, "autre_bailleur": demande_ailleurs, "absent": ABSENT},
    }
    cles = {
        role: {
            "dossier": {r: d.pk for r, d in dossiers[role].items()} | communes["dossier"],
            "proposition": propositions[role] | communes["proposition"],
            "importation": communes["importation"],
            "extraction": communes["extraction"],
            "membre": communes["membre"],
            "demande": communes["demande"],
            "jeton": communes["jeton"],
        }
        for role in Role
    }
    # Whoever is nobody here tries the rows of a worker.
    cles |= dict.fromkeys(("anonyme", "sans_organisme"), cles[Role.RECOUVREMENT])
    return Monde({nom: _session(utilisateur) for nom, utilisateur in utilisateurs.items()}, cles)


def _session(utilisateur: Utilisateur) -> str:
    client = Client()
    client.force_login(utilisateur)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture(scope="module")
def monde(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Monde]:
    """Built once; every request of the module runs in one transaction, undone at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield _construire()
        transaction.set_rollback(True)


def _client(monde: Monde, acteur: str) -> Client:
    """A new browser each time, with the session that the actor opened once."""
    client = Client()
    if acteur != "anonyme":
        client.cookies[settings.SESSION_COOKIE_NAME] = monde.sessions[acteur]
    return client


def _adresse(nom: str, cle: int | None) -> str:
    arguments = ATTENDU["routes"][nom].get("arguments", [])
    return reverse(nom, args=[cle] if cle is not None else arguments)


def _lire(reponse: HttpResponse) -> int | str:
    """The answer in the words of the table."""
    if reponse.status_code != 302:
        return reponse.status_code
    adresse = reponse["Location"].split("?")[0]
    pages = {
        reverse("account_login"): "connexion",
        reverse("accueil"): "accueil",
        reverse("journee"): "journee",
        reverse("equipe"): "equipe",
        reverse("imports"): "imports",
        reverse("mon_compte"): "compte",
        reverse("habilitations"): "habilitations",
        reverse("jetons"): "jetons",
        reverse("account_reset_password_done"): "envoye",
    }
    if re.fullmatch(r"/dossiers/[0-9]+/ouvrir/", adresse):
        return "finalite"
    if re.fullmatch(r"/dossiers/[0-9]+/", adresse):
        return "dossier"
    return pages.get(adresse, "ailleurs")


_ECRITURE = re.compile(r'\s*(INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)
# The session and the password belong to the person, and the login itself writes in them.
_DE_LA_PERSONNE = {"django_session", "organismes_utilisateur", "organismes_sessionouverte"}


@contextmanager
def _ecritures() -> Iterator[list[str]]:
    """Each statement that writes, before any rollback hides it: « UPDATE dossiers_dossier »."""
    vues: list[str] = []

    def noter(execute: Any, sql: str, *suite: Any) -> Any:
        trouve = _ECRITURE.match(sql)
        if trouve and trouve[2] not in _DE_LA_PERSONNE:
            vues.append(f"{trouve[1].upper()} {trouve[2]}")
        return execute(sql, *suite)

    with connection.execute_wrapper(noter):
        yield vues


def _cases() -> list[tuple[str, str]]:
    return [(nom, methode) for nom in ATTENDU["routes"] for methode in METHODES]


def _cases_parcourues() -> list[tuple[str, str]]:
    """All of them with --tout, else the first of each policy: an address that changes of policy is seen either way."""
    cases = _cases()
    if TOUT:
        return cases
    par_politique = {ATTENDU["routes"][nom][methode]: (nom, methode) for nom, methode in reversed(cases)}
    return [case for case in cases if case in set(par_politique.values())]


def _reponses(route: Mapping[str, str], methode: str, acteur: str) -> list[int | str]:
    """One answer per relation; a value that stands alone is the answer for all of them."""
    valeur = str(ATTENDU["politiques"][route[methode]][acteur])
    reponses: list[int | str] = [int(v) if v.isdecimal() else v for v in valeur.split()]
    return reponses * len(ATTENDU["relations"][route["objet"]]) if len(reponses) == 1 else reponses


def test_chaque_adresse_a_un_nom_unique() -> None:
    noms = [route.name for route in _routes(get_resolver().url_patterns)]

    assert None not in noms
    assert len(noms) == len(set(noms))


def test_la_table_connait_toutes_les_adresses_et_elles_seules() -> None:
    assert set(ATTENDU["routes"]) == set(ROUTES)


def test_la_table_connait_tous_les_roles() -> None:
    assert ATTENDU["acteurs"] == ["anonyme", "sans_organisme", *Role.values]


@pytest.mark.parametrize(("nom", "methode"), _cases())
def test_aucune_case_ne_manque(nom: str, methode: str) -> None:
    route = ATTENDU["routes"][nom]
    politique = ATTENDU["politiques"][route[methode]]
    relations = ATTENDU["relations"][route["objet"]]

    assert set(politique) == set(ATTENDU["acteurs"])
    for acteur in ATTENDU["acteurs"]:
        assert len(_reponses(route, methode, acteur)) == len(relations), acteur


def test_aucune_politique_ne_sert_a_rien() -> None:
    servies = {route[methode] for route in ATTENDU["routes"].values() for methode in METHODES}

    assert servies == set(ATTENDU["politiques"])


def test_etranger_et_absent_ne_se_distinguent_pas() -> None:
    for nom, route in ATTENDU["routes"].items():
        relations = ATTENDU["relations"][route["objet"]]
        if "absent" not in relations:
            continue
        for methode in METHODES:
            for acteur in ATTENDU["acteurs"]:
                reponses = dict(zip(relations, _reponses(route, methode, acteur), strict=True))
                assert reponses["autre_bailleur"] == reponses["absent"], (nom, methode, acteur)


@pytest.mark.parametrize("nom", [n for n, r in ATTENDU["routes"].items() if r["objet"] != "aucun"])
def test_etranger_et_absent_donnent_la_meme_page(nom: str, monde: Monde) -> None:
    """To the letter, headers included: neither a word nor a length tells a row of another landlord from none."""
    pages, route = [], ATTENDU["routes"][nom]
    # The head of service, or whoever else reaches these pages.
    acteurs = ("responsable", "dpo", "administrateur")
    methode, acteur = next((m, a) for a in acteurs for m in METHODES if 404 in _reponses(route, m, a))
    for relation in ("autre_bailleur", "absent"):
        cle = monde.cles[acteur][route["objet"]][relation]
        reponse = _client(monde, acteur).generic(methode, _adresse(nom, cle))
        # The form of the way out has its own mark each time.
        corps = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", reponse.content.decode())
        entetes = {nom: valeur for nom, valeur in reponse.headers.items() if nom != "Expires"}
        pages.append((reponse.status_code, entetes, corps))

    assert pages[0][0] == 404
    assert pages[0] == pages[1]


@pytest.mark.parametrize(("nom", "methode"), _cases_parcourues())
def test_chaque_case_repond_comme_la_table_le_dit(
    nom: str, methode: str, monde: Monde, record_property: Callable[[str, object], None]
) -> None:
    route = ATTENDU["routes"][nom]
    relations = ATTENDU["relations"][route["objet"]]
    obtenu, attendu = {}, {}
    for acteur in ATTENDU["acteurs"]:
        for relation, reponse in zip(relations, _reponses(route, methode, acteur), strict=True):
            cle = None if route["objet"] == "aucun" else monde.cles[acteur][route["objet"]][relation]
            client = _client(monde, acteur)
            with transaction.atomic(), _ecritures() as ecrites:
                obtenu[acteur, relation] = _lire(client.generic(methode, _adresse(nom, cle)))
                transaction.set_rollback(True)
            attendu[acteur, relation] = reponse
            # Refused, or empty: it leaves no trace in anything of a landlord.
            assert ecrites == [], (acteur, relation)
    record_property("cellules", len(attendu))
    assert obtenu == attendu


# allauth serves its own forms to PUT as to POST; they concern the person alone.
@pytest.mark.parametrize("nom", [nom for nom in ATTENDU["routes"] if not nom.startswith(("account_", "mfa_"))])
def test_les_autres_methodes_ne_font_rien(nom: str, monde: Monde) -> None:
    route = ATTENDU["routes"][nom]
    cle = None if route["objet"] == "aucun" else monde.cles["responsable"][route["objet"]]["propre"]
    client = _client(monde, "responsable")

    statuts = {methode: client.generic(methode, _adresse(nom, cle)).status_code for methode in AUTRES_METHODES}

    assert set(statuts.values()) == {405}, statuts


def test_un_acte_permis_s_ecrit_et_se_voit(monde: Monde) -> None:
    """The witness of the table: what it takes for « nothing is written » does see a note, and a change of row."""
    adresse = reverse("dossier_note", args=[monde.cles["recouvrement"]["dossier"]["propre"]])
    client = _client(monde, "recouvrement")

    with transaction.atomic(), _ecritures() as ecrites:
        assert client.post(adresse, {"texte": "Paiera vendredi."}).status_code in {200, 302}
        transaction.set_rollback(True)

    assert {"INSERT INTO dossiers_note", "UPDATE dossiers_dossier"} <= set(ecrites)
