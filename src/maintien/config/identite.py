"""The identity provider, from the environment: nothing without MAINTIEN_OIDC_EMETTEUR."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from maintien.config.environnement import required
from maintien.connecteurs.oidc.reglages import ReglagesOidc, is_safe_address

_PORTEES = "openid email given_name usual_name siret organizational_unit"


def lire_oidc() -> ReglagesOidc | None:
    emetteur = os.environ.get("MAINTIEN_OIDC_EMETTEUR", "").strip()
    if not emetteur:
        return None
    if not is_safe_address(emetteur):
        raise ImproperlyConfigured(
            "MAINTIEN_OIDC_EMETTEUR doit être une adresse https (http sur cette machine seulement), "
            f"pas « {emetteur} »."
        )
    portees = tuple(os.environ.get("MAINTIEN_OIDC_PORTEES", _PORTEES).split())
    if "openid" not in portees:
        raise ImproperlyConfigured("MAINTIEN_OIDC_PORTEES doit contenir openid.")
    return ReglagesOidc(
        nom=os.environ.get("MAINTIEN_OIDC_NOM", "").strip() or "ProConnect",
        emetteur=emetteur,
        client=required("MAINTIEN_OIDC_CLIENT"),
        secret=required("MAINTIEN_OIDC_SECRET"),
        portees=portees,
        acr_demandes=tuple(os.environ.get("MAINTIEN_OIDC_ACR_DEMANDES", "").split()),
        acr_second_facteur=tuple(os.environ.get("MAINTIEN_OIDC_ACR_SECOND_FACTEUR", "").split()),
        is_courriel_verifie=_oui("MAINTIEN_OIDC_COURRIEL_VERIFIE"),
        correspondance=_fichier("MAINTIEN_OIDC_CORRESPONDANCE"),
    )


def _oui(nom: str) -> bool:
    valeur = os.environ.get(nom, "0").strip()
    if valeur not in ("0", "1"):
        raise ImproperlyConfigured(f"{nom} vaut 0 ou 1, pas « {valeur[:40]} ».")
    return valeur == "1"


def _fichier(nom: str) -> Path | None:
    valeur = os.environ.get(nom, "").strip()
    if not valeur:
        return None
    chemin = Path(valeur)
    if not chemin.is_file():
        raise ImproperlyConfigured(f"{nom} : le fichier {chemin} n'existe pas ou n'est pas lisible.")
    return chemin
