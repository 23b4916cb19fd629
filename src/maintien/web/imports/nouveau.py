"""A new deposit: choose, look at what was understood, then import."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from maintien.apps.organismes.models import Appartenance, Utilisateur
from maintien.connecteurs.exports.erreurs import ExportError, FichierRefuseError
from maintien.travaux.imports import deposit
from maintien.travaux.imports.profils import ProfilPropose, available_profils, load_profil
from maintien.web.communs.vues import A_CORRIGER, membre
from maintien.web.imports import depot
from maintien.web.imports.apercu import apercevoir
from maintien.web.imports.televersement import is_sans_place

DEPOSER = "import.deposer"
CLE = "depot"


class DepotForm(forms.Form):
    profil = forms.ChoiceField(label="Profil de lecture")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        proposes, self.profils_inutilisables = available_profils(kwargs.pop("organisme"))
        super().__init__(*args, **kwargs)
        self.fields["profil"].choices = [(profil.nom, _libelle(profil)) for profil in proposes]  # type: ignore[attr-defined]


def _libelle(profil: ProfilPropose) -> str:
    return f"{profil.nom} – {profil.description}" if profil.description else profil.nom


@require_http_methods(["GET", "POST"])
def nouveau(request: HttpRequest) -> HttpResponse:
    appartenance = membre(request, DEPOSER)
    if request.method == "POST":
        etape = {"importer": _importer, "abandonner": _abandonner}.get(request.POST.get("etape", ""), _deposer)
        return etape(request, appartenance)
    en_cours = request.session.get(CLE)
    if en_cours and "recommencer" not in request.GET and depot.fichiers_deposes(en_cours["jeton"]):
        return _apercu(request, appartenance, en_cours["profil"], en_cours["jeton"])
    return _choisir(request, DepotForm(organisme=appartenance.organisme))


def _choisir(request: HttpRequest, form: DepotForm, erreur: str = "") -> HttpResponse:
    contexte = {"form": form, "erreur": erreur}
    return render(request, "imports/nouveau.html", contexte, status=A_CORRIGER if form.is_bound else 200)


def _deposer(request: HttpRequest, appartenance: Appartenance) -> HttpResponse:
    """Keep the files and show them: a redirect, so that reloading the page sends nothing twice."""
    form = DepotForm(request.POST, organisme=appartenance.organisme)
    fichiers = cast("list[UploadedFile[bytes]]", request.FILES.getlist("fichiers"))
    if is_sans_place(request):
        return _choisir(request, form, str(FichierRefuseError("Dépôt", depot.SANS_PLACE)))
    if not form.is_valid() or not fichiers:
        return _choisir(request, form, "" if fichiers else "Choisissez au moins un fichier.")
    profil = form.cleaned_data["profil"]
    _oublier(request)
    try:
        jeton = depot.deposer(fichiers, load_profil(profil, appartenance.organisme).limites.octets)
    except ExportError as erreur:
        return _choisir(request, form, str(erreur))
    request.session[CLE] = {"jeton": jeton, "profil": profil}
    return redirect("import_nouveau")


def _apercu(request: HttpRequest, appartenance: Appartenance, profil: str, jeton: str) -> HttpResponse:
    try:
        charge = load_profil(profil, appartenance.organisme)
    except ExportError as erreur:
        return _choisir(request, DepotForm(organisme=appartenance.organisme), str(erreur))
    fichiers = apercevoir(charge, depot.fichiers_deposes(jeton))
    contexte = {
        "profil": profil,
        "fichiers": fichiers,
        "lisibles": sum(1 for fichier in fichiers if not fichier.erreur),
        "retour": f"{reverse('import_nouveau')}?recommencer=1",
    }
    return render(request, "imports/apercu.html", contexte)


def _importer(request: HttpRequest, appartenance: Appartenance) -> HttpResponse:
    en_cours = request.session.get(CLE) or {"jeton": "", "profil": ""}
    chemins = depot.fichiers_deposes(en_cours["jeton"])
    if not chemins:
        messages.warning(request, "Ce dépôt n’est plus là : choisissez de nouveau les fichiers.")
        return redirect("import_nouveau")
    try:
        importation = deposit(appartenance.organisme, en_cours["profil"], chemins, cast("Utilisateur", request.user))
    except ExportError as erreur:
        messages.warning(request, str(erreur))
        return redirect("import_nouveau")
    _oublier(request)
    return redirect("import_detail", importation.pk)


def _abandonner(request: HttpRequest, _: Appartenance) -> HttpResponse:
    _oublier(request)
    messages.info(request, "Le dépôt est abandonné : rien n’a été écrit et les fichiers sont effacés.")
    return redirect("imports")


def _oublier(request: HttpRequest) -> None:
    en_cours = request.session.pop(CLE, None)
    if en_cours:
        depot.abandonner(en_cours["jeton"])
