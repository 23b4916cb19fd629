"""Addresses of a dossier and of its acts."""

from django.urls import path

from maintien.web.dossiers import compte, saisies, views

urlpatterns = [
    path("dossiers/<int:pk>/", views.dossier, name="dossier"),
    path("dossiers/<int:pk>/compte/", compte.compte, name="dossier_compte"),
    path("dossiers/<int:pk>/appel/", saisies.saisir, {"acte": "appel"}, name="dossier_appel"),
    path("dossiers/<int:pk>/visite/", saisies.saisir, {"acte": "visite"}, name="dossier_visite"),
    path("dossiers/<int:pk>/note/", saisies.saisir, {"acte": "note"}, name="dossier_note"),
    path("dossiers/<int:pk>/pause/", saisies.saisir, {"acte": "pause"}, name="dossier_pause"),
    path("dossiers/<int:pk>/cause/", saisies.saisir, {"acte": "cause"}, name="dossier_cause"),
    path("dossiers/<int:pk>/reattribuer/", saisies.saisir, {"acte": "reattribuer"}, name="dossier_reattribuer"),
]
