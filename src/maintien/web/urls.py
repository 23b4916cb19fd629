"""Addresses of the screens."""

from django.urls import include, path

from maintien.web.communs.accueil import accueil

urlpatterns = [
    path("", accueil, name="accueil"),
    path("", include("maintien.web.journee.urls")),
    path("", include("maintien.web.dossiers.urls")),
    path("", include("maintien.web.imports.urls")),
    path("", include("maintien.web.equipe.urls")),
    path("", include("maintien.web.administration.urls")),
    path("", include("maintien.web.habilitations.urls")),
    path("", include("maintien.web.extractions.urls")),
    path("", include("maintien.web.journal.urls")),
    path("", include("maintien.web.donnees.urls")),
    path("", include("maintien.web.jetons.urls")),
]
