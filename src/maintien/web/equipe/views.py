"""Where the dossiers stand, by sector and by referent: each count of things to do is the door of its list."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from maintien.apps.dossiers.equipe import EQUIPE, Charge, ChargeSecteur, EtatEquipe, team_state
from maintien.apps.dossiers.journee import Onglet
from maintien.apps.organismes.selectors import books_notice
from maintien.web.communs.typographie import euros, pluriel
from maintien.web.communs.vues import membre


@dataclass(frozen=True, slots=True)
class LigneEquipe:
    """One row: who, the figures, and the list that the figures to do lead to."""

    nom: str
    charge: Charge
    adresse: str
    sans_referent: str = ""


@dataclass(frozen=True, slots=True)
class SecteurLu:
    nom: str
    total: LigneEquipe
    lignes: tuple[LigneEquipe, ...]


@require_GET
def equipe(request: HttpRequest) -> HttpResponse:
    appartenance = membre(request, EQUIPE)
    etat = team_state(appartenance)
    contexte = {
        "au": etat.au,
        "livres": books_notice(appartenance.organisme),
        "etat": etat,
        "phrase": _phrase(etat),
        "secteurs": [_secteur(un) for un in etat.secteurs],
        "a_faire": _liste(tout=1),
        "sans_referent": _liste(onglet=Onglet.SANS_REFERENT.value),
    }
    return render(request, "equipe/equipe.html", contexte)


def _phrase(etat: EtatEquipe) -> str:
    total = etat.total
    if not total.dossiers:
        return "Aucun dossier n’est ouvert."
    ouverts = pluriel(total.dossiers, "dossier ouvert,dossiers ouverts")
    retard = f", dont {total.en_retard} en retard" if total.en_retard else ""
    a_faire = pluriel(total.a_faire, "ménage a une étape à faire,ménages ont une étape à faire")
    return f"{ouverts}, {euros(total.dette_exigible_centimes)} dus et échus. {a_faire}{retard}."


def _secteur(un: ChargeSecteur) -> SecteurLu:
    # What has no sector has no filter of its own: its rows say the figures only.
    secteur = un.secteur.pk if un.secteur else None
    lignes = tuple(_ligne(charge, secteur) for charge in un.charges)
    adresse = _liste(secteur=secteur, tout=1) if secteur else ""
    nom = un.secteur.nom if un.secteur else "Sans secteur"
    return SecteurLu(nom, LigneEquipe("Tout le secteur", un.total, adresse), lignes)


def _ligne(charge: Charge, secteur: int | None) -> LigneEquipe:
    if charge.referent is None:
        adresse = _liste(onglet=Onglet.SANS_REFERENT.value, secteur=secteur) if secteur else ""
        return LigneEquipe("Sans référent", charge, "", adresse)
    adresse = _liste(secteur=secteur, referent=charge.referent.pk, tout=1) if secteur else ""
    return LigneEquipe(str(charge.referent), charge, adresse)


def _liste(**parametres: Any) -> str:
    choisis = {nom: valeur for nom, valeur in parametres.items() if valeur}
    return f"{reverse('journee')}?{urlencode(choisis)}"
