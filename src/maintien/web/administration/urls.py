"""Addresses of the administrator's pages."""

from django.urls import path

from maintien.web.administration import actes, importation, invitation, views

urlpatterns = [
    path("utilisateurs/", views.utilisateurs, name="utilisateurs"),
    path("utilisateurs/inviter/", invitation.inviter, name="utilisateur_inviter"),
    path("utilisateurs/importer/", importation.importer, name="utilisateurs_importer"),
    path("utilisateurs/<int:pk>/", views.utilisateur, name="utilisateur"),
    path("utilisateurs/<int:pk>/role/", actes.role, name="utilisateur_role"),
    path("utilisateurs/<int:pk>/suspendre/", actes.suspendre, name="utilisateur_suspendre"),
    path("utilisateurs/<int:pk>/reactiver/", actes.reactiver, name="utilisateur_reactiver"),
    path("utilisateurs/<int:pk>/lien/", actes.lien, name="utilisateur_lien"),
    path("utilisateurs/<int:pk>/retablir/", actes.retablir, name="utilisateur_retablir"),
]
