"""Ma journée."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from maintien.apps.dossiers.journee import Filtres, Onglet, worklist
from maintien.apps.organismes.models import Appartenance
from maintien.apps.organismes.permissions import has_permission
from maintien.apps.organismes.selectors import books_notice
from maintien.web.communs.vues import membre
from maintien.web.journee import recherches
from maintien.web.journee.bande import bande_de, fin_de
from maintien.web.journee.filtres import adresse_liste, filtres_lus, is_filtree, lire_filtres, lire_onglet, onglets_lus
from maintien.web.journee.lignes import lignes_lues
from maintien.web.journee.rendu import menages


@require_http_methods(["GET", "POST"])
def journee(request: HttpRequest) -> HttpResponse:
    appartenance = membre(request, "journee.voir")
    if request.method == "POST":
        return _filtrer(request)
    onglet, filtres = lire_onglet(request.GET), lire_filtres(request.GET, request.session)
    liste = worklist(appartenance, onglet, filtres)
    lignes = lignes_lues(liste)
    page, suite = filtres.page, liste.has_suite
    contexte: dict[str, Any] = {
        "au": liste.au,
        "livres": books_notice(appartenance.organisme),
        "liste": liste,
        "lignes": lignes,
        "menages": menages(lignes, liste.au),
        "bande": bande_de(liste),
        "fin": fin_de(liste, filtres),
        "onglets": onglets_lus(appartenance, onglet, filtres),
        "onglet_courant": onglet.value,
        "filtres": filtres_lus(appartenance, onglet, filtres),
        "recherche": filtres.recherche,
        "filtre_actif": is_filtree(filtres),
        "sans_filtre": f"{reverse('journee')}{adresse_liste(onglet, Filtres())}",
        "page": page,
        "exporter": _exporter(appartenance, onglet, filtres) if liste.lignes else "",
        "precedente": adresse_liste(onglet, filtres, page=page - 1) if page > 1 else "",
        "suivante": adresse_liste(onglet, filtres, page=page + 1) if suite and not liste.is_coupee else "",
        "suite_du_jour": liste.is_coupee and suite and bool(liste.lignes),
    }
    return render(request, "journee/journee.html", contexte)


def _exporter(appartenance: Appartenance, onglet: Onglet, filtres: Filtres) -> str:
    """The address that exports this very list, for whoever may."""
    if not has_permission(appartenance, "extraction.demander"):
        return ""
    return f"{reverse('journee_exporter')}{adresse_liste(onglet, filtres)}"


def _filtrer(request: HttpRequest) -> HttpResponse:
    """What was typed goes to the session, the rest to the address: then a page that can be read again."""
    onglet, filtres = lire_onglet(request.POST), lire_filtres(request.POST)
    numero = recherches.retenir(request.session, request.POST.get("q", ""))
    adresse = adresse_liste(onglet, replace(filtres, numero_recherche=numero))
    return HttpResponseRedirect(f"{reverse('journee')}{adresse}")
