"""What is answered when nothing is: a problem in the sense of RFC 9457, in French, without the inside."""

from collections.abc import Mapping
from types import MappingProxyType

from django.http import HttpRequest, JsonResponse

GENRE = "application/problem+json"
_TITRES: Mapping[int, str] = MappingProxyType(
    {
        400: "Demande illisible",
        401: "Jeton refusé",
        403: "Portée insuffisante",
        404: "Introuvable",
        405: "Méthode refusée",
        413: "Demande trop grande",
        414: "Adresse trop longue",
        422: "Paramètre refusé",
        429: "Trop d’appels",
        500: "Erreur du serveur",
        503: "Service occupé",
    }
)
_DETAILS: Mapping[int, str] = MappingProxyType(
    {
        400: "La demande n’est pas comprise.",
        401: "Le jeton manque, n’est pas connu, a expiré ou a été révoqué.",
        403: "Ce jeton ne porte pas ce droit : demandez à votre administrateur.",
        404: "Rien ici pour ce jeton.",
        405: "Cette API se lit : la méthode GET seulement.",
        413: "Cette API se lit : une demande n’a pas de corps.",
        414: "L’adresse et ses paramètres sont trop longs.",
        429: "Attendez le délai dit par l’en-tête Retry-After, puis reprenez.",
        500: "Le serveur n’a pas pu répondre ; l’incident est noté.",
        503: "La base de données est occupée : reprenez dans un instant.",
    }
)


class ProblemeError(Exception):
    """Raised anywhere under a view: becomes the answer."""

    def __init__(self, statut: int, detail: str = "", entetes: Mapping[str, str] = MappingProxyType({})) -> None:
        super().__init__(statut, detail)
        self.statut, self.detail, self.entetes = statut, detail, entetes


def reponse(statut: int, detail: str = "", entetes: Mapping[str, str] = MappingProxyType({})) -> JsonResponse:
    titre = _TITRES.get(statut, "Demande refusée")
    corps = {
        "type": "about:blank",
        "title": titre,
        "status": statut,
        "detail": detail or _DETAILS.get(statut, f"{titre}."),
    }
    return JsonResponse(
        corps,
        status=statut,
        content_type=GENRE,
        headers=dict(entetes),
        json_dumps_params={"ensure_ascii": False},
    )


def reponse_de(_request: HttpRequest, erreur: ProblemeError) -> JsonResponse:
    return reponse(erreur.statut, erreur.detail, erreur.entetes)
