"""Exports: ask with a purpose, decide for somebody else, take once, read the register."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maintien.apps.comptes.models import Importation
from maintien.apps.dossiers.exportables import listed_menages
from maintien.apps.dossiers.journee import Filtres, Onglet
from maintien.apps.organismes import extractions as actions
from maintien.apps.organismes.extractions import APPROUVER, DEMANDER, REGISTRE, Demande, ExtractionRefuseeError
from maintien.apps.organismes.models import Appartenance
from maintien.apps.organismes.permissions import AccesRefuseError, get_or_404, has_permission
from maintien.apps.socle.enums import Finalite, FormatExtraction, GenreExtraction
from maintien.apps.socle.models import Extraction
from maintien.travaux.imports.bilan import refused_rows
from maintien.web.communs.vues import A_CORRIGER, membre
from maintien.web.extractions.forms import APPROUVER as OUI
from maintien.web.extractions.forms import DecisionForm, ExportForm
from maintien.web.extractions.presentation import extraction_lue
from maintien.web.extractions.remise import remettre
from maintien.web.journee.filtres import LIBELLES, adresse_liste, lire_filtres, lire_onglet

PAR_PAGE = 50
MIENNES = 30


@require_http_methods(["GET", "POST"])
def exporter_journee(request: HttpRequest) -> HttpResponse:
    appartenance = membre(request, "journee.voir")
    membre(request, DEMANDER)
    onglet, filtres = lire_onglet(request.GET), lire_filtres(request.GET, request.session)
    menages = listed_menages(appartenance, onglet, filtres, actions.MENAGES_MAX + 1)
    budget = actions.budget(appartenance)
    contexte = {
        "titre": "Exporter la liste",
        "retour": "journee",
        "quoi": f"Liste « {LIBELLES[onglet]} » telle que vous la voyez",
        "nombre": len(menages),
        "unite": "ménage,ménages",
        "budget": budget,
        "depasse": len(menages) > budget.reste,
        "adresse_retour": adresse_liste(onglet, filtres),
    }
    form = ExportForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return _dialog(request, form, contexte)
    demande = Demande(
        genre=GenreExtraction.JOURNEE,
        format=FormatExtraction(form.cleaned_data["format"]),
        finalite=Finalite(form.cleaned_data["finalite"]),
        menages=menages,
        filtres=_without_words(onglet, filtres),
    )
    return _request(request, appartenance, form, contexte, demande)


@require_http_methods(["GET", "POST"])
def exporter_refus(request: HttpRequest, pk: int) -> HttpResponse:
    appartenance = membre(request, "import.voir")
    membre(request, DEMANDER)
    importation = get_or_404(Importation.objects.all(), appartenance, "import.voir", pk=pk)
    nombre = len(refused_rows(importation))
    contexte = {
        "titre": f"Exporter les refus de l’import n° {pk}",
        "retour": "import_detail",
        "retour_pk": pk,
        "quoi": "Chaque ligne refusée : fichier, ligne, colonne, valeur, motif et remède",
        "nombre": nombre,
        "unite": "ligne,lignes",
    }
    form = ExportForm(
        request.POST or None,
        initial={"finalite": Finalite.QUALITE},
        formats=[FormatExtraction.CSV, FormatExtraction.XLSX],
    )
    if request.method == "GET" or not form.is_valid():
        return _dialog(request, form, contexte)
    demande = Demande(
        genre=GenreExtraction.REFUS_IMPORT,
        format=FormatExtraction(form.cleaned_data["format"]),
        finalite=Finalite(form.cleaned_data["finalite"]),
        nombre=nombre,
        objet_id=importation.pk,
        filtres={"import": importation.pk},
    )
    return _request(request, appartenance, form, contexte, demande)


def _without_words(onglet: Onglet, filtres: Filtres) -> dict[str, Any]:
    """What the register keeps of the filters: never what was searched for, which is a name."""
    dits = {
        "onglet": onglet.value,
        "secteur": filtres.secteur,
        "referent": filtres.referent,
        "genre": filtres.genre,
        "recherche": "oui" if filtres.recherche else "",
    }
    return {nom: valeur for nom, valeur in dits.items() if valeur}


def _dialog(request: HttpRequest, form: ExportForm, contexte: dict[str, Any], erreur: str = "") -> HttpResponse:
    statut = A_CORRIGER if request.method == "POST" else 200
    return render(request, "extractions/exporter.html", {**contexte, "form": form, "erreur": erreur}, status=statut)


def _request(
    request: HttpRequest, appartenance: Appartenance, form: ExportForm, contexte: dict[str, Any], demande: Demande
) -> HttpResponse:
    try:
        extraction = actions.request_extraction(appartenance, demande)
    except ExtractionRefuseeError as refus:
        return _dialog(request, form, contexte, str(refus))
    return remettre(request, appartenance, extraction)


@require_GET
def extractions(request: HttpRequest) -> HttpResponse:
    """My exports, and those that wait for my decision."""
    appartenance = _demandeur_ou_approbateur(request)
    can_demander = has_permission(appartenance, DEMANDER)
    siennes = actions.own_extractions(appartenance)[:MIENNES] if can_demander else ()
    contexte = {
        "can_demander": can_demander,
        "miennes": [extraction_lue(e, with_demandeur=False) for e in siennes],
        "a_decider": [extraction_lue(e) for e in actions.to_decide(appartenance)],
        "is_approbateur": has_permission(appartenance, APPROUVER),
        "is_registre": has_permission(appartenance, REGISTRE),
        "budget": actions.budget(appartenance),
    }
    return render(request, "extractions/liste.html", contexte)


def _demandeur_ou_approbateur(request: HttpRequest) -> Appartenance:
    """The DPO takes nothing out, and decides for others."""
    try:
        return membre(request, DEMANDER)
    except PermissionDenied:
        return membre(request, APPROUVER)


@require_GET
def registre(request: HttpRequest) -> HttpResponse:
    lignes = actions.register(membre(request, REGISTRE))
    page = Paginator(lignes, PAR_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "extractions/registre.html", {"page": page, "lignes": [extraction_lue(ligne) for ligne in page]}
    )


@require_POST
def prendre(request: HttpRequest, pk: int) -> HttpResponse:
    appartenance = membre(request, DEMANDER)
    extraction = Extraction.objects.filter(demandeur=appartenance.utilisateur_id, pk=pk).first()
    if extraction is None:
        raise AccesRefuseError(DEMANDER)
    return remettre(request, appartenance, extraction)


@require_http_methods(["GET", "POST"])
def decider(request: HttpRequest, pk: int) -> HttpResponse:
    appartenance = membre(request, APPROUVER)
    demandes = Extraction.objects.select_related("demandeur", "approbateur")
    extraction = get_or_404(demandes, appartenance, APPROUVER, pk=pk)
    contexte = {
        "lue": extraction_lue(extraction),
        "is_sienne": extraction.demandeur_id == appartenance.utilisateur_id,
    }
    form = DecisionForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        statut = A_CORRIGER if request.method == "POST" else 200
        return render(request, "extractions/decider.html", contexte, status=statut)
    try:
        actions.decide(appartenance, extraction, approuver=form.cleaned_data["decision"] == OUI)
    except ExtractionRefuseeError as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, "Votre décision est notée ; la personne la trouvera dans ses exports.")
    return redirect("extractions")
