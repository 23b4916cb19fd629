# ruff: noqa: PLC0415 - Django first
"""The pages of `journee` in one process, against the bare SQL of their rows; prints one JSON line."""

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

CHAUFFE = 20

# What a page shows of its rows, in one statement: top 50 of the filtered sort, then the sums of each household.
_NUE = """
select p.id, p.genre, p.quoi, p.canal, p.avant_le, p.imposee, p.minutes, p.motifs, p.sinon, p.regle, p.version_regle,
       d.id, d.niveau, m.id, m.libelle, m.lieu, m.contact_restreint,
       (select sum(s.dette_exigible_centimes) from dossiers_menagecompte c
        join comptes_situationcompte s on s.compte_id = c.compte_id where c.menage_id = m.id),
       (select min(s.date_plus_ancien) from dossiers_menagecompte c
        join comptes_situationcompte s on s.compte_id = c.compte_id where c.menage_id = m.id)
from dossiers_proposition p
join dossiers_dossier d on d.id = p.dossier_id
join dossiers_menage m on m.id = d.menage_id
where p.organisme_id = {organisme} and p.etat = 'a_faire' and d.etat = 'ouvert'{filtre}
order by {tri} limit 50
"""


def modele(fichier: str) -> dict[str, Any]:
    from bench.outillage.dossiers import lire_modele

    Path(fichier).write_text(json.dumps(lire_modele()), encoding="utf-8")
    return {"secondes": 0.0}


def verser(baux: str, fichier: str) -> dict[str, Any]:
    from bench.outillage.dossiers import charger_journee

    depart = time.perf_counter()
    nombres = charger_journee(int(baux), json.loads(Path(fichier).read_text(encoding="utf-8")))
    return {"secondes": time.perf_counter() - depart, **nombres}


def pages(fois: str) -> dict[str, Any]:
    from maintien.apps.organismes.enums import Role
    from maintien.apps.organismes.models import Appartenance, Organisme
    from maintien.apps.socle.portee import organisme_scope

    organisme = Organisme.objects.get(code="DEMO")
    with organisme_scope(organisme):
        membres = Appartenance.objects.select_related("utilisateur")
        responsable = membres.get(role=Role.RESPONSABLE)
        agent = membres.filter(role=Role.RECOUVREMENT, utilisateur__email="agent1@bench.example").get()
    secteur, moi = agent.secteur_id, agent.utilisateur_id
    cas = (
        ("tout le bailleur", responsable, "", "", "p.rang, p.id"),
        ("un secteur", responsable, f"&secteur={secteur}", f" and d.secteur_id = {secteur}", "p.rang, p.id"),
        ("un référent", agent, "&referent=moi", f" and d.referent_id = {moi}", "p.rang + 0, p.id"),
    )
    # The bare queries have the same scope as the page: PostgreSQL gives nothing without one.
    with organisme_scope(organisme):
        mesures = [
            _mesurer(nom, membre.utilisateur, f"/journee/?tout=1{suite}", _nue(organisme.pk, filtre, tri), int(fois))
            for nom, membre, suite, filtre, tri in cas
        ]
    return {"secondes": 0.0, "cas": mesures}


def _nue(organisme: int, filtre: str, tri: str) -> str:
    return _NUE.format(organisme=organisme, filtre=filtre, tri=tri)


def _mesurer(nom: str, utilisateur: Any, adresse: str, nue: str, fois: int) -> dict[str, Any]:
    """Pages and bare queries by turns, so that both see the same machine."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(utilisateur)

    def page() -> Any:
        reponse = client.get(adresse)
        if reponse.status_code != 200:
            raise RuntimeError(f"{adresse} a répondu {reponse.status_code}")
        return reponse

    connection.ensure_connection()
    brute = connection.connection.cursor()

    def requete_nue() -> Any:
        return brute.execute(nue).fetchall()

    for _ in range(CHAUFFE):
        reponse, lignes = page(), requete_nue()
    with CaptureQueriesContext(connection) as capture:
        page()
    # Read now: the next request empties the log.
    sql = [requete["sql"] for requete in capture.captured_queries]
    durees = [(*_duree(page), _duree(requete_nue)[0], _rejouer(brute, sql)) for _ in range(fois)]
    pages, processeur, nues, rejouees = (list(colonne) for colonne in zip(*durees, strict=True))
    return {
        "nom": nom,
        "adresse": adresse,
        "postes_ms": _postes(page, min(fois, 50)),
        "session": client.cookies["sessionid"].value,
        "octets": len(reponse.content),
        "lignes": len(lignes),
        "requetes": len(sql),
        "pages_ms": pages,
        "pages_cpu_ms": processeur,
        "nues_ms": nues,
        "sql_ms": statistics.median(rejouees),
    }


# What the view calls, and the words for it.
_POSTES = {
    "worklist": "lire les lignes",
    "onglets_lus": "compter les onglets",
    "filtres_lus": "lire les filtres",
    "lignes_lues": "mettre en mots",
    "menages": "écrire les lignes",
    "render": "gabarits du cadre",
}


def _postes(page: Callable[[], Any], fois: int) -> dict[str, float]:
    """Median milliseconds of each part of the view; what is left is Django's: session, user, membership."""
    from maintien.web.journee import views

    durees: dict[str, list[float]] = {nom: [] for nom in (*_POSTES, "page")}
    vraies = {nom: getattr(views, nom) for nom in _POSTES}

    def chronometrer(nom: str) -> Callable[..., Any]:
        def appeler(*arguments: Any, **nommes: Any) -> Any:
            depart = time.perf_counter()
            rendu = vraies[nom](*arguments, **nommes)
            durees[nom].append((time.perf_counter() - depart) * 1000)
            return rendu

        return appeler

    try:
        for nom in _POSTES:
            setattr(views, nom, chronometrer(nom))
        for _ in range(fois):
            durees["page"].append(_duree(page)[0])
    finally:
        for nom, vraie in vraies.items():
            setattr(views, nom, vraie)
    postes = {libelle: statistics.median(durees[nom]) for nom, libelle in _POSTES.items()}
    return postes | {"Django, session, droits": statistics.median(durees["page"]) - sum(postes.values())}


def _rejouer(brute: Any, requetes: list[str]) -> float:
    """The reads of a page, through the driver alone: what the database itself asks for."""
    depart = time.perf_counter()
    for requete in requetes:
        if requete.startswith("SELECT"):
            brute.execute(requete).fetchall()
    return (time.perf_counter() - depart) * 1000


def _duree(faire: Callable[[], Any]) -> tuple[float, float]:
    """Milliseconds of the clock and of this process."""
    depart, processeur = time.perf_counter(), time.process_time()
    faire()
    return (time.perf_counter() - depart) * 1000, (time.process_time() - processeur) * 1000


if __name__ == "__main__":
    django.setup()
    mesures = {"modele": modele, "verser": verser, "pages": pages}
    print(json.dumps(mesures[sys.argv[1]](*sys.argv[2:])), flush=True)
