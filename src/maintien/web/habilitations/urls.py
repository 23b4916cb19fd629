"""Addresses of the table of habilitations."""

from django.urls import path

from maintien.web.habilitations import views

urlpatterns = [path("habilitations/", views.habilitations, name="habilitations")]
