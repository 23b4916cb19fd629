"""Deposits: the list, one deposit, its progress, its refused lines."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from maintien.apps.comptes.models import Importation
from maintien.apps.organismes.permissions import get_or_404, has_permission
from maintien.travaux.demandes import LANCER, request_nuit
from maintien.travaux.imports.manque import refused_lines
from maintien.web.communs.vues import A_CORRIGER, membre
from maintien.web.imports.presentation import import_lu
from maintien.web.imports.rapport import rapport_lu

PAR_PAGE = 25
VOIR = "import.voir"


@require_GET
def imports(request: HttpRequest) -> HttpResponse:
    appartenance = membre(request, VOIR)
    recents = Importation.objects.select_related("demandee_par", "execution").prefetch_related("fichiers")
    page = Paginator(recents.order_by("-pk"), PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "page": page,
        "imports": [import_lu(importation) for importation in page],
        "peut_deposer": has_permission(appartenance, "import.deposer"),
    }
    return render(request, "imports/liste.html", contexte)


def _importation(request: HttpRequest, pk: int) -> Importation:
    appartenance = membre(request, VOIR)
    importations = Importation.objects.select_related("demandee_par", "execution").prefetch_related("fichiers")
    return get_or_404(importations, appartenance, VOIR, pk=pk)


@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _rapport(request, _importation(request, pk))


def _rapport(request: HttpRequest, importation: Importation, statut: int = 200) -> HttpResponse:
    lu = import_lu(importation)
    rapport = None
    if not lu.is_en_cours:
        rapport = rapport_lu(membre(request, VOIR), importation, lu, refused_lines(importation))
    return render(request, "imports/detail.html", {"lu": lu, "rapport": rapport}, status=statut)


@require_POST
def nuit(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the pass of today, from the report of an import."""
    appartenance = membre(request, LANCER)
    importation = _importation(request, pk)
    if request.POST.get("jour") != timezone.localdate().isoformat():
        messages.warning(request, "Cette page datait d’un autre jour : demandez de nouveau la passe.")
        return _rapport(request, importation, A_CORRIGER)
    if request_nuit(appartenance, timezone.localdate()):
        messages.success(request, "La passe de nuit est demandée : les listes suivront dès qu’elle aura fini.")
    else:
        messages.info(request, "La passe de nuit est déjà en route.")
    return redirect("import_detail", importation.pk)


@require_GET
def progression(request: HttpRequest, pk: int) -> HttpResponse:
    """The piece of page that htmx asks for every second while the import runs; the last answer reloads the page."""
    lu = import_lu(_importation(request, pk))
    reponse = render(request, "imports/_progression.html", {"lu": lu, "oob": True})
    if not lu.is_en_cours:
        reponse["HX-Refresh"] = "true"
    return reponse
