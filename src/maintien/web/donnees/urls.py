"""Addresses of the pages of the data protection officer."""

from django.urls import path

from maintien.web.donnees import demandes, views

urlpatterns = [
    path("demandes/", demandes.demandes, name="demandes"),
    path("demandes/nouvelle/", demandes.demande_nouvelle, name="demande_nouvelle"),
    path("demandes/<int:pk>/", demandes.demande, name="demande"),
    path("textes-gardes/", views.textes_gardes, name="textes_gardes"),
]
