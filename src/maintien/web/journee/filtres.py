"""Tabs and filters of the worklist: read from the address, written back into it; what is searched for is not in it."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.sessions.backends.base import SessionBase
from django.http import QueryDict

from maintien.apps.dossiers.journee import COMPTE_MAX, JOURS_MAX, MOI, Filtres, Onglet, genres_proposes, tab_counts
from maintien.apps.organismes.models import Appartenance, Secteur, Utilisateur
from maintien.apps.socle.preparees import Questions, Valeurs, lire
from maintien.web.communs.regles import nom_du_genre
from maintien.web.journee import recherches
from maintien.web.journee.presentation import Choix, Filtre, OngletLu

JOURS_SANS_ACTIVITE = (15, 30, 60, 90)
LIBELLES = {
    Onglet.A_FAIRE: "À faire",
    Onglet.EN_PAUSE: "En pause",
    Onglet.SANS_REPONSE: "Sans réponse",
    Onglet.SANS_ACTIVITE: "Sans activité",
    Onglet.SANS_REFERENT: "Sans référent",
}


def lire_onglet(demande: QueryDict) -> Onglet:
    valeur = demande.get("onglet", "")
    return Onglet(valeur) if valeur in Onglet.values else Onglet.A_FAIRE


def lire_filtres(demande: QueryDict, session: SessionBase | None = None) -> Filtres:
    """Filters from the address, and the search of the session that it names.

    A value that means nothing is as if it were not there.
    """
    numero, recherche = recherches.lire(demande, session)
    return Filtres(
        secteur=_entier(demande.get("secteur")),
        referent=_referent(demande.get("referent", "")),
        genre=recherches.propre(demande.get("genre", ""), 60),
        recherche=recherche,
        numero_recherche=numero,
        jours=_jours(demande.get("jours")),
        tout=bool(demande.get("tout")),
        page=max(_entier(demande.get("page")) or 1, 1),
    )


def is_filtree(filtres: Filtres) -> bool:
    return bool(filtres.recherche or filtres.genre or filtres.referent or filtres.secteur)


def _referent(valeur: str) -> str:
    return valeur if valeur == MOI or _entier(valeur) is not None else ""


def _jours(valeur: str | None) -> int:
    jours = _entier(valeur) or 0
    return jours if 1 <= jours <= JOURS_MAX else 30


def _entier(valeur: str | None) -> int | None:
    return int(valeur) if valeur and valeur.isascii() and valeur.isdecimal() and len(valeur) <= 9 else None


def _parametres(onglet: Onglet, filtres: Filtres, **autres: Any) -> dict[str, Any]:
    valeurs = {
        "onglet": "" if onglet == Onglet.A_FAIRE else onglet.value,
        "secteur": filtres.secteur,
        "referent": filtres.referent,
        "genre": filtres.genre,
        recherches.PARAMETRE: filtres.numero_recherche,
        "jours": filtres.jours if onglet == Onglet.SANS_ACTIVITE and filtres.jours != 30 else "",
        "tout": 1 if filtres.tout else "",
    }
    return {nom: valeur for nom, valeur in (valeurs | autres).items() if valeur}


def adresse_liste(onglet: Onglet, filtres: Filtres, **autres: Any) -> str:
    return f"?{urlencode(_parametres(onglet, filtres, **autres))}"


def onglets_lus(appartenance: Appartenance, courant: Onglet, filtres: Filtres) -> list[OngletLu]:
    """Tabs with their counts; an empty one is not shown, unless it is the one that is open."""
    return [
        OngletLu(
            libelle=f"Sans activité depuis {filtres.jours} jours" if o == Onglet.SANS_ACTIVITE else LIBELLES[o],
            nombre=nombre,
            adresse=adresse_liste(o, filtres),
            courant=o == courant,
            is_plafonne=nombre >= COMPTE_MAX,
        )
        for o, nombre in tab_counts(appartenance, filtres).items()
        if nombre or o in (courant, Onglet.A_FAIRE)
    ]


def filtres_lus(appartenance: Appartenance, onglet: Onglet, filtres: Filtres) -> list[Filtre]:
    trouves = [
        _filtre("secteur", "Secteur", "Tous les secteurs", _secteurs(appartenance), filtres.secteur),
        _filtre("referent", "Suivi par", "Tous les dossiers", _referents(filtres), filtres.referent),
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
    secteurs = [(str(pk), nom) for pk, nom in lire(_ecrire_secteurs, None, {})]
    return secteurs if len(secteurs) > 1 else []


def _ecrire_secteurs(_forme: None, _valeurs: Valeurs) -> Questions:
    return [Secteur.objects.values_list("pk", "nom")]


def _referents(filtres: Filtres) -> list[tuple[str, str]]:
    """One's own dossiers; and whoever an address names, as the page of the team does."""
    choix = [(MOI, "Mes dossiers")]
    if filtres.referent.isdecimal():
        noms = Utilisateur.objects.filter(pk=int(filtres.referent), appartenances__in=Appartenance.objects.all())
        choix += [(filtres.referent, str(utilisateur)) for utilisateur in noms]
    return choix


def _genres(appartenance: Appartenance) -> list[tuple[str, str]]:
    genres = genres_proposes(appartenance)
    return (
        sorted(((genre, nom_du_genre(genre)) for genre in genres), key=lambda choix: choix[1])
        if len(genres) > 1
        else []
    )
