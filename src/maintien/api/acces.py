"""The door: a token, its rate, its scope; then the scope of its organisme, in which everything is read."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from maintien.api.problemes import ProblemeError
from maintien.apps.organismes.enums import PorteeApi
from maintien.apps.organismes.jetons import authenticate, client_of, count_call, count_refusal
from maintien.apps.organismes.models import Appartenance, JetonApi
from maintien.apps.socle.portee import organisme_scope


class Porteur(HttpBearer):
    """`Authorization: Bearer mnt_…`. Whatever is wrong with a token, the answer is the same."""

    def authenticate(self, request: HttpRequest, token: str) -> JetonApi | None:
        jeton = authenticate(token)
        if jeton is None:
            return None
        attente = count_call(jeton, timezone.now())
        if attente:
            raise ProblemeError(429, entetes={"Retry-After": str(attente)})
        return jeton


def jeton_of(request: HttpRequest) -> JetonApi:
    jeton = getattr(request, "auth", None)
    if not isinstance(jeton, JetonApi):
        raise ProblemeError(401)
    return jeton


@contextmanager
def entree(request: HttpRequest, portee: PorteeApi, *parametres: str) -> Iterator[Appartenance]:
    """The client in the scope of its organisme, if its token bears this right; an unknown parameter is refused.

    A misspelt filter would otherwise hand out everything that it was meant to leave out.
    """
    jeton = jeton_of(request)
    with organisme_scope(jeton.organisme):
        if portee not in jeton.portees:
            count_refusal(jeton)
            raise ProblemeError(403, f"Ce jeton ne porte pas la portée « {portee.value} ».")
        inconnus = sorted(set(request.GET) - set(parametres))
        if inconnus:
            connus = ", ".join(parametres) or "aucun"
            raise ProblemeError(422, f"Paramètre inconnu « {inconnus[0][:40]} » (connus : {connus}).")
        yield client_of(jeton)
