"""Addresses of the API. They ask for a token, not for a session."""

from django.urls import path

from maintien.api.v1 import api

_v1, _application, _espace = api.urls
for _adresse in _v1:
    _adresse.callback.login_required = False  # type: ignore[union-attr]

urlpatterns = [path("v1/", (_v1, _application, _espace))]
