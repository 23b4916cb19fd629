"""Where the running request comes from, for the journal: a digest of the session and a shortened address.

A context variable: a job, a command, a new thread have none. The whole address would follow a person at home; the
network is enough to see that a session was used from elsewhere.
"""

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


@dataclass(frozen=True, slots=True)
class Origine:
    """`role` is what the person is in the organisme in scope, at the time of the act."""

    session: str = ""
    adresse: str = ""
    role: str = ""
    is_requete: bool = False


_AUCUNE = Origine()
_COURANTE: ContextVar[Origine] = ContextVar("origine", default=_AUCUNE)


def current_origin() -> Origine:
    return _COURANTE.get()


@contextmanager
def origin_of(request: HttpRequest, role: str = "") -> Iterator[None]:
    cle = getattr(getattr(request, "session", None), "session_key", None)
    jeton = _COURANTE.set(Origine(session_digest(cle), shortened_address(request), role, is_requete=True))
    try:
        yield
    finally:
        _COURANTE.reset(jeton)


def session_digest(cle: str | None) -> str:
    """Tells two sessions apart, and opens none of them."""
    return salted_hmac("maintien.journal.session", cle).hexdigest()[:16] if cle else ""


def shortened_address(request: HttpRequest) -> str:
    """The network (IPv4 /24, IPv6 /48) from which one comes; behind our proxy, the address that the proxy saw."""
    adresse = request.META.get("REMOTE_ADDR", "")
    mandataires = getattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 0)
    vues = [vue.strip() for vue in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if vue.strip()]
    if mandataires and len(vues) >= mandataires:
        adresse = vues[-mandataires]
    try:
        lue = ipaddress.ip_address(adresse)
    except ValueError:
        return ""
    lue = getattr(lue, "ipv4_mapped", None) or lue
    prefixe = 24 if lue.version == 4 else 48
    return str(ipaddress.ip_network((lue, prefixe), strict=False))
