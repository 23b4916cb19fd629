"""Root URL table."""

from django.urls import include, path

urlpatterns = [
    path("compte/", include("maintien.config.urls_compte")),
    path("", include("maintien.web.urls")),
]
