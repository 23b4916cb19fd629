"""What holds for every address under /api, known or not: no cookie, no body, no page, nothing kept."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from maintien.api.problemes import reponse

PREFIXE = "/api/"
PARAMETRES_MAX = 2000


class ApiMiddleware:
    """Stands before the sessions: a person who is logged in is nobody here, and no cookie comes back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIXE):
            return self.get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        return _closed(_refusal(request) or self.get_response(request))


def _refusal(request: HttpRequest) -> HttpResponse | None:
    """A body is never read, so none is taken; an address has a bound."""
    longueur = request.META.get("CONTENT_LENGTH") or "0"
    if longueur != "0" or request.META.get("HTTP_TRANSFER_ENCODING"):
        return reponse(413)
    if len(request.META.get("QUERY_STRING", "")) > PARAMETRES_MAX:
        return reponse(414)
    return None


def _closed(rendue: HttpResponse) -> HttpResponse:
    if "json" not in rendue.get("Content-Type", ""):
        # A page of errors of the site, or a redirection towards its login: programs get neither.
        permises = {"Allow": rendue["Allow"]} if rendue.has_header("Allow") else {}
        rendue = reponse(rendue.status_code if rendue.status_code >= 400 else 404, entetes=permises)
    rendue.cookies.clear()
    rendue["Cache-Control"] = "no-store"
    return rendue
