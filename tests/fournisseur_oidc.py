"""A real identity provider on this machine, over HTTP, in the manner of ProConnect; it can be made to lie."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "maintien", "secret-du-service"
Alterer = Callable[[dict[str, Any]], dict[str, Any]]


@cache
def _cle() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def _rien(contenu: dict[str, Any]) -> dict[str, Any]:
    return contenu


@dataclass
class Fournisseur:
    """What it says of the person who logs in, and how it may go wrong."""

    port: int = 0
    personne: dict[str, Any] = field(default_factory=dict)
    acr: str = "eidas1"
    amr: tuple[str, ...] = ("pwd",)
    is_userinfo_signe: bool = True
    alterer_jeton: Alterer = _rien
    alterer_infos: Alterer = _rien
    alterer_configuration: Alterer = _rien
    # Replaces the signed identity token: `none`, a foreign key, a shared secret.
    signer: Callable[[dict[str, Any]], str] | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    acces: set[str] = field(default_factory=set)
    sorties: list[dict[str, str]] = field(default_factory=list)
    cle: rsa.RSAPrivateKey = field(default_factory=_cle)

    @property
    def emetteur(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/v2"

    def configuration(self) -> dict[str, Any]:
        return self.alterer_configuration(
            {
                "issuer": self.emetteur,
                "authorization_endpoint": f"{self.emetteur}/authorize",
                "token_endpoint": f"{self.emetteur}/token",
                "userinfo_endpoint": f"{self.emetteur}/userinfo",
                "jwks_uri": f"{self.emetteur}/jwks",
                "end_session_endpoint": f"{self.emetteur}/session/end",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            }
        )

    def jwks(self) -> dict[str, Any]:
        publique = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.cle.public_key()))
        return {"keys": [publique | {"kid": "cle-1", "use": "sig", "alg": "RS256"}]}

    def signe(self, contenu: dict[str, Any]) -> str:
        return jwt.encode(contenu, self.cle, algorithm="RS256", headers={"kid": "cle-1"})

    def autoriser(self, demande: dict[str, str]) -> str:
        """The address where the browser goes back to: the person has just said yes."""
        assert demande["response_type"] == "code"
        assert demande["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = demande
        retour = {"code": code, "state": demande["state"], "iss": self.emetteur}
        return f"{demande['redirect_uri']}?{urlencode(retour)}"

    def jetons(self, formulaire: dict[str, str]) -> tuple[int, dict[str, Any]]:
        demande = self.codes.pop(formulaire.get("code", ""), None)
        defi = base64.urlsafe_b64encode(hashlib.sha256(formulaire.get("code_verifier", "").encode()).digest())
        justes = (formulaire.get("client_id"), formulaire.get("client_secret")) == (CLIENT, SECRET)
        if demande is None or not justes or defi.rstrip(b"=").decode() != demande["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        acces = secrets.token_urlsafe(16)
        self.acces.add(acces)
        instant = int(time.time())
        contenu = self.alterer_jeton(
            {
                "iss": self.emetteur,
                "aud": CLIENT,
                "sub": self.personne["sub"],
                "nonce": demande["nonce"],
                "iat": instant,
                "exp": instant + 60,
                "acr": self.acr,
                "amr": list(self.amr),
            }
        )
        return 200, {"access_token": acces, "token_type": "Bearer", "id_token": (self.signer or self.signe)(contenu)}

    def infos(self) -> tuple[str, bytes]:
        contenu = self.alterer_infos(dict(self.personne))
        if not self.is_userinfo_signe:
            return "application/json", json.dumps(contenu).encode()
        return "application/jwt", self.signe({"iss": self.emetteur, "aud": CLIENT} | contenu).encode()


def _gestionnaire(fournisseur: Fournisseur) -> type[BaseHTTPRequestHandler]:  # noqa: C901 - one small server
    class Gestionnaire(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

        def _rendre(self, statut: int, genre: str, contenu: bytes, **entetes: str) -> None:
            self.send_response(statut)
            self.send_header("Content-Type", genre)
            self.send_header("Content-Length", str(len(contenu)))
            for nom, valeur in entetes.items():
                self.send_header(nom, valeur)
            self.end_headers()
            self.wfile.write(contenu)

        def _json(self, statut: int, contenu: dict[str, Any]) -> None:
            self._rendre(statut, "application/json", json.dumps(contenu).encode())

        def do_GET(self) -> None:
            adresse = urlsplit(self.path)
            demande = {nom: valeurs[0] for nom, valeurs in parse_qs(adresse.query).items()}
            match adresse.path.removeprefix("/api/v2"):
                case "/.well-known/openid-configuration":
                    self._json(200, fournisseur.configuration())
                case "/jwks":
                    self._json(200, fournisseur.jwks())
                case "/authorize":
                    self._rendre(302, "text/plain", b"", Location=fournisseur.autoriser(demande))
                case "/session/end":
                    fournisseur.sorties.append(demande)
                    retour = f"{demande['post_logout_redirect_uri']}?{urlencode({'state': demande['state']})}"
                    self._rendre(302, "text/plain", b"", Location=retour)
                case "/userinfo":
                    if self.headers.get("Authorization", "").removeprefix("Bearer ") not in fournisseur.acces:
                        self._json(401, {"error": "invalid_token"})
                    else:
                        self._rendre(200, *fournisseur.infos())
                case _:
                    self._json(404, {})

        def do_POST(self) -> None:
            corps = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            self._json(*fournisseur.jetons({nom: valeurs[0] for nom, valeurs in parse_qs(corps).items()}))

    return Gestionnaire


@contextmanager
def fournisseur_en_marche(**personne: Any) -> Iterator[Fournisseur]:
    fournisseur = Fournisseur(personne=personne)
    serveur = ThreadingHTTPServer(("127.0.0.1", 0), _gestionnaire(fournisseur))
    fournisseur.port = serveur.server_address[1]
    fil = threading.Thread(target=serveur.serve_forever, daemon=True)
    fil.start()
    try:
        yield fournisseur
    finally:
        serveur.shutdown()
        serveur.server_close()
        fil.join()
