"""Addresses of the journal."""

from django.urls import path

from maintien.web.journal import views

urlpatterns = [
    path("journal/", views.journal, name="journal"),
    path("journal/noms/", views.noms, name="journal_noms"),
]
