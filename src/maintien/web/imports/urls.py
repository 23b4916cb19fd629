"""Addresses of deposits."""

from django.urls import path

from maintien.web.imports import nouveau, views

urlpatterns = [
    path("imports/", views.imports, name="imports"),
    path("imports/nouveau/", nouveau.nouveau, name="import_nouveau"),
    path("imports/<int:pk>/", views.detail, name="import_detail"),
    path("imports/<int:pk>/progression/", views.progression, name="import_progression"),
    path("imports/<int:pk>/nuit/", views.nuit, name="import_nuit"),
]
