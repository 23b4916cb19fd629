"""Addresses of a dossier and of its acts."""

from django.urls import path

from maintien.web.dossiers import compte, finalite, saisies, views
from maintien.web.dossiers.actes import ACTES

urlpatterns = [
    path("dossiers/<int:pk>/", views.dossier, name="dossier"),
    path("dossiers/<int:pk>/ouvrir/", finalite.finalite, name="dossier_finalite"),
    path("dossiers/<int:pk>/compte/", compte.compte, name="dossier_compte"),
    *(path(f"dossiers/<int:pk>/{cle}/", saisies.saisir, {"acte": cle}, name=acte.url) for cle, acte in ACTES.items()),
]
