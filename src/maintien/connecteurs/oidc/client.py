"""The authorisation code flow, with everything that the texts leave optional made compulsory.

Discovery, PKCE (S256), state, nonce, signed identity token, userinfo in JSON or signed (ProConnect), subject compared.
Only asymmetric signatures: neither `none`, nor a secret that several services would share. OpenID Connect Core 1.0,
RFC 7636, RFC 9207, RFC 9700.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import jwt

from maintien.connecteurs.oidc.http import as_object, fetch
from maintien.connecteurs.oidc.reglages import OidcError, ReglagesOidc, is_safe_address

_SIGNATURES = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
_TOLERANCE_SECONDES = 60
_EMPREINTES = {"256": hashlib.sha256, "384": hashlib.sha384, "512": hashlib.sha512}


@dataclass(frozen=True, slots=True)
class Depart:
    """Where the browser is sent, and what must be kept in its session until it comes back."""

    adresse: str
    etat: str
    nonce: str
    verificateur: str


@dataclass(frozen=True, slots=True)
class Identite:
    """Who the provider says it is. `jeton` is what it wants back at logout."""

    emetteur: str
    sujet: str
    revendications: dict[str, Any]
    acr: str
    amr: tuple[str, ...]
    jeton: str
    adresse_de_sortie: str


class ClientOidc:
    """One login: the configuration of the provider is asked for each time, so that a change of keys needs nothing."""

    def __init__(self, reglages: ReglagesOidc, adresse_de_retour: str) -> None:
        self.reglages = reglages
        self.retour = adresse_de_retour
        self._configuration: dict[str, Any] | None = None

    @property
    def configuration(self) -> dict[str, Any]:
        if self._configuration is None:
            adresse = f"{self.reglages.emetteur.rstrip('/')}/.well-known/openid-configuration"
            lue = as_object(adresse, fetch(adresse)[1])
            if lue.get("issuer") != self.reglages.emetteur:
                raise OidcError(f"{adresse} annonce un autre émetteur : {lue.get('issuer')!r}")
            self._configuration = lue
        return self._configuration

    def _adresse(self, nom: str) -> str:
        adresse = self.configuration.get(nom)
        if not isinstance(adresse, str) or not is_safe_address(adresse):
            raise OidcError(f"la configuration du fournisseur ne donne pas d'adresse chiffrée pour {nom}")
        return adresse

    def start(self) -> Depart:
        etat, nonce, verificateur = (secrets.token_urlsafe(32) for _ in range(3))
        parametres = {
            "response_type": "code",
            "client_id": self.reglages.client,
            "redirect_uri": self.retour,
            "scope": " ".join(self.reglages.portees),
            "state": etat,
            "nonce": nonce,
            "code_challenge": _sans_egal(hashlib.sha256(verificateur.encode()).digest()),
            "code_challenge_method": "S256",
        }
        if self.reglages.acr_demandes:
            parametres["acr_values"] = " ".join(self.reglages.acr_demandes)
        return Depart(f"{self._adresse('authorization_endpoint')}?{urlencode(parametres)}", etat, nonce, verificateur)

    def finish(self, code: str, nonce: str, verificateur: str) -> Identite:
        jetons = self._tokens(code, verificateur)
        cles = self._keys()
        identite = self._signed(str(jetons.get("id_token") or ""), cles, ["exp", "iat", "iss", "aud", "sub", "nonce"])
        self._check_identity(identite, nonce, jetons)
        infos = self._userinfo(str(jetons.get("access_token") or ""), cles)
        if infos.get("sub") != identite["sub"]:
            raise OidcError("userinfo parle d'un autre sujet que le jeton d'identité")
        amr = identite.get("amr")
        return Identite(
            emetteur=self.reglages.emetteur,
            sujet=str(identite["sub"]),
            revendications={**identite, **infos},
            acr=str(identite.get("acr") or ""),
            amr=tuple(str(methode) for methode in amr) if isinstance(amr, list) else (),
            jeton=str(jetons["id_token"]),
            adresse_de_sortie=str(self.configuration.get("end_session_endpoint") or ""),
        )

    def _tokens(self, code: str, verificateur: str) -> dict[str, Any]:
        formulaire = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.retour,
            "code_verifier": verificateur,
        }
        entetes = {}
        methodes = self.configuration.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if "client_secret_post" in methodes:
            formulaire |= {"client_id": self.reglages.client, "client_secret": self.reglages.secret}
        else:
            paire = f"{quote(self.reglages.client, safe='')}:{quote(self.reglages.secret, safe='')}"
            entetes["Authorization"] = f"Basic {base64.b64encode(paire.encode()).decode()}"
        adresse = self._adresse("token_endpoint")
        return as_object(adresse, fetch(adresse, formulaire=formulaire, entetes=entetes)[1])

    def _keys(self) -> list[jwt.PyJWK]:
        adresse = self._adresse("jwks_uri")
        try:
            return jwt.PyJWKSet.from_dict(as_object(adresse, fetch(adresse)[1])).keys
        except (jwt.PyJWTError, AttributeError, TypeError) as erreur:
            raise OidcError(f"{adresse} : clés illisibles ({erreur})") from None

    def _signed(self, jeton: str, cles: list[jwt.PyJWK], exigees: list[str]) -> dict[str, Any]:
        """The content of a token signed by the provider, for us."""
        try:
            entete = jwt.get_unverified_header(jeton)
            if entete.get("alg") not in _SIGNATURES:
                raise OidcError(f"signature refusée : {entete.get('alg')!r}")
            choisies = [c for c in cles if c.key_id == entete.get("kid")] if entete.get("kid") else cles
            if len(choisies) != 1:
                raise OidcError("le jeton ne désigne pas une clé du fournisseur")
            [cle] = choisies
            if cle.algorithm_name != entete["alg"] and not _same_family(cle, entete["alg"]):
                raise OidcError(f"la clé ne signe pas en {entete['alg']}")
            contenu: dict[str, Any] = jwt.decode(
                jeton,
                cle.key,
                algorithms=[entete["alg"]],
                audience=self.reglages.client,
                issuer=self.reglages.emetteur,
                leeway=_TOLERANCE_SECONDES,
                options={"require": exigees},
            )
        except jwt.PyJWTError as erreur:
            raise OidcError(f"jeton refusé : {erreur}") from None
        return contenu

    def _check_identity(self, identite: dict[str, Any], nonce: str, jetons: dict[str, Any]) -> None:
        if not hmac.compare_digest(str(identite["nonce"]).encode(), nonce.encode()):
            raise OidcError("le nonce n'est pas celui de cette connexion")
        destinataires = identite["aud"] if isinstance(identite["aud"], list) else [identite["aud"]]
        azp = identite.get("azp")
        if (len(destinataires) > 1 or azp is not None) and azp != self.reglages.client:
            raise OidcError("le jeton est fait pour un autre service")
        if "at_hash" in identite:
            alg = str(jwt.get_unverified_header(str(jetons["id_token"]))["alg"])
            empreinte = _EMPREINTES.get(alg[2:], hashlib.sha512)(str(jetons.get("access_token", "")).encode()).digest()
            attendu = _sans_egal(empreinte[: len(empreinte) // 2])
            if not hmac.compare_digest(str(identite["at_hash"]).encode(), attendu.encode()):
                raise OidcError("le jeton d'accès n'est pas celui du jeton d'identité")

    def _userinfo(self, acces: str, cles: list[jwt.PyJWK]) -> dict[str, Any]:
        """ProConnect answers with a signed token, the others with plain JSON over the encrypted line."""
        adresse = self._adresse("userinfo_endpoint")
        entetes = {"Authorization": f"Bearer {acces}", "Accept": "application/jwt, application/json"}
        genre, contenu = fetch(adresse, entetes=entetes)
        if genre == "application/jwt":
            return self._signed(contenu.decode("ascii", "replace").strip(), cles, ["iss", "aud", "sub"])
        return as_object(adresse, contenu)


def _same_family(cle: jwt.PyJWK, alg: str) -> bool:
    """A key without `alg` is read as RS256: the other signatures of the same kind of key are as good."""
    familles = {"RSA": ("RS", "PS"), "EC": ("ES",), "OKP": ("Ed",)}
    return alg.startswith(familles.get(cle.key_type or "", ()))


def _sans_egal(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def logout_address(sortie: str, jeton: str, retour: str, etat: str) -> str:
    """RP-initiated logout; empty when the provider offers none."""
    if not sortie or not is_safe_address(sortie):
        return ""
    parametres = {"id_token_hint": jeton, "post_logout_redirect_uri": retour, "state": etat}
    return f"{sortie}{'&' if '?' in sortie else '?'}{urlencode(parametres)}"
