"""Ma journée."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from maintien.apps.dossiers.journee import worklist
from maintien.apps.organismes.selectors import books_notice
from maintien.web.communs.vues import membre
from maintien.web.journee.bande import bande_de, fin_de
from maintien.web.journee.filtres import adresse_liste, filtres_lus, is_filtree, lire_filtres, lire_onglet, onglets_lus
from maintien.web.journee.lignes import lignes_lues


@require_GET
def journee(request: HttpRequest) -> HttpResponse:
    appartenance = membre(request, "journee.voir")
    onglet, filtres = lire_onglet(request.GET), lire_filtres(request.GET)
    liste = worklist(appartenance, onglet, filtres)
    page, suite = filtres.page, liste.has_suite
    contexte: dict[str, Any] = {
        "au": liste.au,
        "livres": books_notice(appartenance.organisme),
        "liste": liste,
        "lignes": lignes_lues(liste),
        "bande": bande_de(liste),
        "fin": fin_de(liste, filtres),
        "onglets": onglets_lus(appartenance, onglet, filtres),
        "onglet_courant": onglet.value,
        "filtres": filtres_lus(appartenance, onglet, filtres),
        "recherche": filtres.recherche,
        "filtre_actif": is_filtree(filtres),
        "page": page,
        "precedente": adresse_liste(onglet, filtres, page=page - 1) if page > 1 else "",
        "suivante": adresse_liste(onglet, filtres, page=page + 1) if suite and not liste.is_coupee else "",
        "suite_du_jour": liste.is_coupee and suite and bool(liste.lignes),
    }
    return render(request, "journee/journee.html", contexte)
