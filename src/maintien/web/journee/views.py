"""Ma journée."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_GET

from maintien.apps.dossiers.journee import COMPTE_MAX, MOI, Filtres, Onglet, genres_proposes, tab_counts, worklist
from maintien.apps.organismes.models import Appartenance, Secteur
from maintien.web.communs.vues import membre
from maintien.web.journee.bande import bande_de, fin_de
from maintien.web.journee.lignes import lignes_lues
from maintien.web.journee.presentation import Choix, Filtre, OngletLu

JOURS_SANS_ACTIVITE = (15, 30, 60, 90)
LIBELLES = {
    Onglet.A_FAIRE: "À faire",
    Onglet.EN_PAUSE: "En pause",
    Onglet.SANS_REPONSE: "Sans réponse",
    Onglet.SANS_ACTIVITE: "Sans activité",
    Onglet.SANS_REFERENT: "Sans référent",
}


@require_GET
def journee(request: HttpRequest) -> HttpResponse:
    appartenance = membre(request, "journee.voir")
    onglet = _onglet(request.GET.get("onglet", ""))
    filtres = lire_filtres(request.GET)
    liste = worklist(appartenance, onglet, filtres)
    suite = liste.has_suite
    contexte: dict[str, Any] = {
        "au": liste.au,
        "liste": liste,
        "lignes": lignes_lues(liste),
        "bande": bande_de(liste),
        "fin": fin_de(liste, filtres),
        "onglets": _onglets(appartenance, onglet, filtres, liste.au),
        "onglet_courant": onglet.value,
        "filtres": _filtres(appartenance, onglet, filtres),
        "recherche": filtres.recherche,
        "filtre_actif": bool(filtres.recherche or filtres.genre or filtres.referent or filtres.secteur),
        "page": filtres.page,
        "precedente": _adresse(onglet, filtres, page=filtres.page - 1) if filtres.page > 1 else "",
        "suivante": _adresse(onglet, filtres, page=filtres.page + 1) if suite and not liste.is_coupee else "",
        "suite_du_jour": liste.is_coupee and suite and bool(liste.lignes),
    }
    return render(request, "journee/journee.html", contexte)


def _onglet(valeur: str) -> Onglet:
    return Onglet(valeur) if valeur in Onglet.values else Onglet.A_FAIRE


def lire_filtres(demande: QueryDict) -> Filtres:
    """Filters from the address; a value that means nothing is as if it were not there."""
    return Filtres(
        secteur=_entier(demande.get("secteur")),
        referent=demande.get("referent", "")[:20],
        genre=demande.get("genre", "")[:60],
        recherche=demande.get("q", "").strip()[:80],
        jours=_entier(demande.get("jours")) or 30,
        tout=bool(demande.get("tout")),
        page=max(_entier(demande.get("page")) or 1, 1),
    )


def _entier(valeur: str | None) -> int | None:
    return int(valeur) if valeur and valeur.isascii() and valeur.isdecimal() and len(valeur) <= 9 else None


def _parametres(onglet: Onglet, filtres: Filtres, **autres: Any) -> dict[str, Any]:
    valeurs = {
        "onglet": "" if onglet == Onglet.A_FAIRE else onglet.value,
        "secteur": filtres.secteur,
        "referent": filtres.referent,
        "genre": filtres.genre,
        "q": filtres.recherche,
        "jours": filtres.jours if onglet == Onglet.SANS_ACTIVITE and filtres.jours != 30 else "",
        "tout": 1 if filtres.tout else "",
    }
    return {nom: valeur for nom, valeur in (valeurs | autres).items() if valeur}


def _adresse(onglet: Onglet, filtres: Filtres, **autres: Any) -> str:
    return f"?{urlencode(_parametres(onglet, filtres, **autres))}"


def _onglets(appartenance: Appartenance, courant: Onglet, filtres: Filtres, _au: object) -> list[OngletLu]:
    """Tabs with their counts; an empty one is not shown, unless it is the one that is open."""
    return [
        OngletLu(
            libelle=f"Sans activité depuis {filtres.jours} jours" if o == Onglet.SANS_ACTIVITE else LIBELLES[o],
            nombre=nombre,
            adresse=_adresse(o, filtres),
            courant=o == courant,
            is_plafonne=nombre >= COMPTE_MAX,
        )
        for o, nombre in tab_counts(appartenance, filtres).items()
        if nombre or o in (courant, Onglet.A_FAIRE)
    ]


def _filtres(appartenance: Appartenance, onglet: Onglet, filtres: Filtres) -> list[Filtre]:
    trouves = [
        _filtre("secteur", "Secteur", "Tous les secteurs", _secteurs(appartenance), filtres.secteur),
        _filtre("referent", "Suivi par", "Tous les dossiers", [(MOI, "Mes dossiers")], filtres.referent),
        _filtre("genre", "Étape proposée", "Toutes les étapes", _genres(appartenance), filtres.genre),
    ]
    if onglet == Onglet.SANS_ACTIVITE:
        choix = [Choix(str(j), f"Depuis {j} jours", j == filtres.jours) for j in JOURS_SANS_ACTIVITE]
        trouves.append(Filtre("jours", "Durée sans activité", choix))
    return [filtre for filtre in trouves if len(filtre.choix) > 1]


def _filtre(nom: str, libelle: str, tous: str, choix: list[tuple[str, str]], choisi: object) -> Filtre:
    return Filtre(nom, libelle, [Choix("", tous), *(Choix(v, texte, v == str(choisi)) for v, texte in choix)])


def _secteurs(appartenance: Appartenance) -> list[tuple[str, str]]:
    """Nothing to choose for whoever works on one sector, or where there is only one."""
    if appartenance.secteur_id is not None:
        return []
    secteurs = [(str(pk), nom) for pk, nom in Secteur.objects.values_list("pk", "nom")]
    return secteurs if len(secteurs) > 1 else []


def _genres(appartenance: Appartenance) -> list[tuple[str, str]]:
    genres = genres_proposes(appartenance)
    return [(genre, _nom_du_genre(genre)) for genre in genres] if len(genres) > 1 else []


def _nom_du_genre(genre: str) -> str:
    return genre.replace("_", " ").capitalize()
