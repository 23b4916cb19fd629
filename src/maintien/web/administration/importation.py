"""Users from a file: shown first, then made, all or none."""

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from maintien.apps.organismes.utilisateurs import GERER
from maintien.travaux.utilisateurs import OCTETS_MAXIMUM, Bilan, ErreurLigne, FichierUtilisateursError, import_users
from maintien.web.administration.invitation import announce
from maintien.web.communs.typographie import pluriel
from maintien.web.communs.vues import A_CORRIGER, membre

ERREURS_MONTREES = 50


class FichierForm(forms.Form):
    fichier = forms.FileField(
        label="Fichier CSV des utilisateurs",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
    )
    a_blanc = forms.BooleanField(label="Vérifier seulement, sans rien écrire", required=False, initial=True)


@require_http_methods(["GET", "POST"])
def importer(request: HttpRequest) -> HttpResponse:
    moi = membre(request, GERER)
    form = FichierForm(request.POST, request.FILES) if request.method == "POST" else FichierForm()
    if not form.is_bound or not form.is_valid():
        return _montrer(request, form)
    depose: UploadedFile[bytes] = form.cleaned_data["fichier"]
    a_blanc = form.cleaned_data["a_blanc"]
    try:
        bilan = import_users(moi.organisme, depose.read(OCTETS_MAXIMUM + 1), acteur=moi, a_blanc=a_blanc)
    except FichierUtilisateursError as refus:
        return _montrer(request, form, refus.erreurs)
    if a_blanc:
        messages.info(request, f"Le fichier est juste, rien n’est écrit. À créer : {_compte(bilan)}.")
        return _montrer(request, FichierForm(initial={"a_blanc": False}))
    for invitation in bilan.invitations:
        announce(request, invitation)
    messages.success(request, f"Comptes créés : {_compte(bilan)}. Chacun reçoit un courriel.")
    return redirect("utilisateurs")


def _compte(bilan: Bilan) -> str:
    return f"{pluriel(len(bilan.invitations), 'accès,accès')}, {pluriel(bilan.deja, 'déjà connu,déjà connus')}"


def _montrer(request: HttpRequest, form: FichierForm, erreurs: list[ErreurLigne] | None = None) -> HttpResponse:
    erreurs = erreurs or []
    contexte = {"form": form, "erreurs": erreurs[:ERREURS_MONTREES], "autres": max(len(erreurs) - ERREURS_MONTREES, 0)}
    statut = A_CORRIGER if form.is_bound else 200
    return render(request, "administration/importer.html", contexte, status=statut)
