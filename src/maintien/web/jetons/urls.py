"""Addresses of the tokens of the API."""

from django.urls import path

from maintien.web.jetons import views

urlpatterns = [
    path("administration/jetons/", views.jetons, name="jetons"),
    path("administration/jetons/<int:pk>/revoquer/", views.revoquer, name="jeton_revoquer"),
]
