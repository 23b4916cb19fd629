"""Addresses of exports."""

from django.urls import path

from maintien.web.extractions import views

urlpatterns = [
    path("journee/exporter/", views.exporter_journee, name="journee_exporter"),
    path("imports/<int:pk>/exporter/", views.exporter_refus, name="import_exporter"),
    path("exports/", views.extractions, name="extractions"),
    path("exports/registre/", views.registre, name="extractions_registre"),
    path("exports/<int:pk>/prendre/", views.prendre, name="extraction_prendre"),
    path("exports/<int:pk>/decider/", views.decider, name="extraction_decider"),
]
