"""Texts kept although a warning asked to read them again."""

from dataclasses import dataclass
from datetime import date
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from maintien.apps.dossiers.models import RemarqueLexique
from maintien.apps.dossiers.remarques import pseudonyme, remarques_state
from maintien.apps.organismes.middleware import RequeteOrganisme
from maintien.coeur.lexique.lexique import lexique

ACTES = {
    "note": "Note",
    "appel": "Appel",
    "visite": "Visite",
    "pause": "Pause",
    "reattribuer": "Duo",
    "confirmer": "Étape faite",
    "signaler": "Étape faite",
    "reporter": "Étape reportée",
    "refuser": "Étape refusée",
    "contester": "Désaccord",
    "protection": "Mesure de protection",
    "corriger": "Correction",
    "rapprocher": "Rapprochement",
    "reponse": "Réponse à une personne",
}


@dataclass(frozen=True, slots=True)
class LigneLue:
    jour: date
    menage: str
    ou: str
    categorie: str
    raison: str
    auteur: str


@require_GET
def textes_gardes(request: HttpRequest) -> HttpResponse:
    etat = remarques_state(cast("RequeteOrganisme", request).appartenance)
    contexte = {
        "lignes": [_ligne(remarque) for remarque in etat.lignes],
        "par_categorie": [(_categorie(cle), nombre) for cle, nombre in etat.par_categorie],
        "par_auteur": etat.par_auteur,
        "total": etat.total,
        "version": lexique().version,
    }
    return render(request, "donnees/textes_gardes.html", contexte)


def _ligne(remarque: RemarqueLexique) -> LigneLue:
    return LigneLue(
        jour=remarque.jour,
        menage=pseudonyme(remarque.menage_id),
        ou=ACTES.get(remarque.champ.partition(".")[0], "Autre"),
        categorie=_categorie(remarque.categorie),
        raison=remarque.get_raison_display(),
        auteur=str(remarque.auteur),
    )


def _categorie(cle: str) -> str:
    """A category that a later word list no longer has keeps its key."""
    connue = lexique().categories.get(cle)
    return connue.libelle if connue is not None else cle
