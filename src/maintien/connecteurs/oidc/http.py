"""Requests to the provider: encrypted, bounded in time and size, and never led elsewhere by a redirection."""

import json
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

from maintien.connecteurs.oidc.reglages import OidcError, is_safe_address

_DELAI_SECONDES = 10
_OCTETS = 512 * 1024


class _SansRedirection(HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def fetch(
    adresse: str, *, formulaire: dict[str, str] | None = None, entetes: dict[str, str] | None = None
) -> tuple[str, bytes]:
    """Type and content of the answer; anything but 200 is an error."""
    if not is_safe_address(adresse):
        raise OidcError(f"adresse non chiffrée refusée : {adresse}")
    corps = urlencode(formulaire).encode() if formulaire is not None else None
    demande = Request(adresse, data=corps, headers={"Accept": "application/json", **(entetes or {})})  # noqa: S310
    try:
        with build_opener(_SansRedirection).open(demande, timeout=_DELAI_SECONDES) as reponse:
            contenu = reponse.read(_OCTETS + 1)
            genre = reponse.headers.get_content_type()
    except HTTPError as erreur:
        # Its body may repeat what was sent: only the number is told.
        erreur.close()
        raise OidcError(f"{adresse} répond {erreur.code}") from None
    except (URLError, OSError, ValueError) as erreur:
        raise OidcError(f"{adresse} ne répond pas : {erreur}") from None
    if len(contenu) > _OCTETS:
        raise OidcError(f"{adresse} : réponse de plus de {_OCTETS} octets")
    return genre, contenu


def as_object(adresse: str, contenu: bytes) -> dict[str, Any]:
    try:
        lu = json.loads(contenu)
    except ValueError:
        raise OidcError(f"{adresse} : la réponse n'est pas du JSON") from None
    if not isinstance(lu, dict):
        raise OidcError(f"{adresse} : la réponse n'est pas un objet JSON")
    return lu
