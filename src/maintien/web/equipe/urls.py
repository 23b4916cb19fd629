"""Address of the state of the team."""

from django.urls import path

from maintien.web.equipe import views

urlpatterns = [path("equipe/", views.equipe, name="equipe")]
