"""The account: months, payments and what they extinguished, every line, the balance in words."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from maintien.apps.comptes.selectors import ledger
from maintien.apps.dossiers.selectors import CompteDetail, DetailDossier, dossier_detail
from maintien.apps.organismes.middleware import RequeteOrganisme
from maintien.apps.organismes.permissions import AccesRefuseError
from maintien.web.dossiers.livre import lire_livre
from maintien.web.dossiers.vue import COMPTE, vue_du_dossier

VUES = ("mois", "versements", "ecritures")


@require_GET
def compte(request: HttpRequest, pk: int) -> HttpResponse:
    detail = dossier_detail(cast("RequeteOrganisme", request).appartenance, pk)
    choisi = _choisir(detail, request.GET.get("compte", ""))
    livre = ledger(choisi.compte, detail.au)
    demandee = request.GET.get("vue", "")
    contexte = {
        "vue": vue_du_dossier(detail, COMPTE),
        "livre": lire_livre(livre),
        "choisi": choisi,
        "comptes": detail.comptes,
        "vue_compte": demandee if demandee in VUES else "mois",
        "mois_ouvert": request.GET.get("mois", ""),
        "versement_ouvert": request.GET.get("versement", ""),
        "explication": livre.phrases if request.GET.get("expliquer") else None,
    }
    return render(request, "dossiers/compte.html", contexte)


def _choisir(detail: DetailDossier, reference: str) -> CompteDetail:
    """The account asked for, else the one that owes most: where the question of the page is."""
    if reference:
        demande = next((c for c in detail.comptes if c.compte.reference == reference), None)
    else:
        demande = max(detail.comptes, key=_dette, default=None)
    if demande is None:
        raise AccesRefuseError("dossier.voir")
    return demande


def _dette(compte: CompteDetail) -> int:
    return compte.situation.dette_exigible_centimes if compte.situation is not None else 0
