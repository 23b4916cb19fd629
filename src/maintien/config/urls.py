"""Root URL table."""

from django.urls import include, path

urlpatterns = [
    path("compte/", include("maintien.config.urls_compte")),
    path("api/", include("maintien.api.urls")),
    path("", include("maintien.web.urls")),
]
