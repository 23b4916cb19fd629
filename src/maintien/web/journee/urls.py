"""Addresses of the worklist and of what is decided about its steps."""

from django.urls import path

from maintien.web.journee import propositions, views

urlpatterns = [
    path("journee/", views.journee, name="journee"),
    *(
        path(f"propositions/<int:pk>/{nom}/", propositions.decider, {"decision": nom}, name=f"proposition_{nom}")
        for nom in propositions.DECISIONS
    ),
]
