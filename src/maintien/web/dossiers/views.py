"""The dossier: overview and journal."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from maintien.apps.comptes.selectors import debt_history
from maintien.apps.dossiers.selectors import DetailDossier, dossier_detail
from maintien.apps.organismes.middleware import RequeteOrganisme
from maintien.web.dossiers.dette import dette_csv, dette_lue
from maintien.web.dossiers.vue import ENSEMBLE, JOURNAL, vue_du_dossier

FIL_COURT = 6


@require_GET
def dossier(request: HttpRequest, pk: int) -> HttpResponse:
    detail = dossier_detail(cast("RequeteOrganisme", request).appartenance, pk)
    if request.GET.get("format") == "csv":
        return _csv(detail)
    if request.GET.get("onglet") == JOURNAL:
        vue = vue_du_dossier(detail, JOURNAL)
        return render(request, "dossiers/journal.html", {"vue": vue, "entrees": vue.fil})
    return page_ensemble(request, detail)


def page_ensemble(
    request: HttpRequest, detail: DetailDossier, saisie: dict[str, object] | None = None, statut: int = 200
) -> HttpResponse:
    """The overview, with a form open in it when one is asked for without script."""
    vue = vue_du_dossier(detail, ENSEMBLE)
    histoire = debt_history([compte.compte.pk for compte in detail.comptes], detail.au)
    contexte = {
        "vue": vue,
        "dette": dette_lue(histoire, [entree.fait for entree in detail.fil]),
        "entrees": vue.fil[:FIL_COURT],
        "suite": len(vue.fil) > FIL_COURT,
        "saisie": saisie,
    }
    return render(request, "dossiers/ensemble.html", contexte, status=statut)


def _csv(detail: DetailDossier) -> HttpResponse:
    histoire = debt_history([compte.compte.pk for compte in detail.comptes], detail.au)
    reponse = HttpResponse(dette_csv(histoire), content_type="text/csv; charset=utf-8")
    reponse["Content-Disposition"] = f'attachment; filename="dette-dossier-{detail.dossier.pk}.csv"'
    return reponse
