"""What settings read from the outside: environment variables, data folder, secret key, database address."""

import os
import re
import secrets
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

RACINE = Path(__file__).resolve().parents[3]

OPTIONS_SQLITE = {
    # Every atomic block takes the write lock at once: no deadlock between a read and its write (ADR).
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # Eight megabytes of pages a connection and not two: what a list reads is read from memory the second time.
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;PRAGMA cache_size=-8000;"
    ),
}

# What may follow the `?` of MAINTIEN_BASE: the options of libpq that choose how one connects, and to whom.
OPTIONS_POSTGRESQL = frozenset(
    {
        "application_name",
        "channel_binding",
        "connect_timeout",
        "gssencmode",
        "keepalives",
        "keepalives_count",
        "keepalives_idle",
        "keepalives_interval",
        "passfile",
        "require_auth",
        "service",
        "sslcert",
        "sslcrl",
        "sslkey",
        "sslmode",
        "sslpassword",
        "sslrootcert",
        "ssl_min_protocol_version",
        "target_session_attrs",
        "tcp_user_timeout",
    }
)
_NOM_CLE = re.compile(r"[A-Za-z0-9_-]{1,16}")
_FORME_BASE = "doit avoir la forme postgresql://utilisateur:motdepasse@serveur:port/base"


def required(nom: str) -> str:
    valeur = os.environ.get(nom, "")
    if not valeur:
        raise ImproperlyConfigured(f"La variable d'environnement {nom} manque : la définir avant de démarrer.")
    return valeur


def liste(nom: str) -> list[str]:
    return [element.strip() for element in os.environ.get(nom, "").split(",") if element.strip()]


def entier(nom: str, defaut: int, minimum: int = 1, maximum: int = 1_000_000) -> int:
    """A whole number; anything else is one sentence at the start, not a surprise later."""
    valeur = os.environ.get(nom, "").strip() or str(defaut)
    if not (valeur.isascii() and valeur.isdecimal() and len(valeur) <= 9 and minimum <= int(valeur) <= maximum):
        raise ImproperlyConfigured(
            f"La variable d'environnement {nom} doit être un nombre de {minimum} à {maximum}, pas « {valeur[:40]} »."
        )
    return int(valeur)


SITE_LOCAL = "http://127.0.0.1:8000"
_FORME_SITE = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?|https?://\[[0-9a-fA-F:]+\](:[0-9]{1,5})?")


def adresse_du_site(servi: Path, defaut: str = "") -> str:
    """Where people reach the site, for the links that are printed: as said, else as the demo wrote in `servi`."""
    valeur = os.environ.get("MAINTIEN_SITE", "").strip().rstrip("/")
    if valeur and not _FORME_SITE.fullmatch(valeur):
        raise ImproperlyConfigured(
            "La variable d'environnement MAINTIEN_SITE doit être l'adresse du site, par exemple "
            f"https://maintien.bailleur.fr ou http://127.0.0.1:8080, pas « {valeur[:60]} »."
        )
    if valeur or defaut:
        return valeur or defaut
    try:
        adresse = servi.read_text(encoding="utf-8").strip()
    except OSError:
        return SITE_LOCAL
    return adresse if _FORME_SITE.fullmatch(adresse) else SITE_LOCAL


def dossier_donnees() -> Path:
    return Path(os.environ.get("MAINTIEN_DONNEES") or RACINE / "var")


def protect_folder(dossier: Path) -> None:
    """Made, or closed if a former version left it open: names, debts and social notes of households are in it."""
    try:
        dossier.mkdir(mode=0o700, parents=True, exist_ok=True)
        if dossier.stat().st_mode & 0o077:
            dossier.chmod(0o700)
    except OSError as erreur:
        raise ImproperlyConfigured(
            f"Le dossier des données {dossier} ne peut pas être réservé à l'utilisateur du service "
            f"({erreur.strerror}) : vérifiez son propriétaire et ses droits, ou MAINTIEN_DONNEES."
        ) from erreur


def cle_secrete(dossier: Path) -> str:
    """The key of this installation, made once, readable by its owner alone."""
    return _cle_du_dossier(dossier, "cle_secrete")


def cle_journal(dossier: Path) -> dict[str, bytes]:
    """The key that seals the journal on a machine that was given none; apart from the other, which may be changed."""
    return cles_journal(os.environ.get("MAINTIEN_CLE_JOURNAL") or f"locale:{_cle_du_dossier(dossier, 'cle_journal')}")


def cles_journal(texte: str) -> dict[str, bytes]:
    """Keys by identifier, the current one first: `2027a:…,2026a:…`. A former key stays to verify what it sealed."""
    cles: dict[str, bytes] = {}
    for element in texte.split(","):
        nom, _, secret = element.strip().partition(":")
        if not _NOM_CLE.fullmatch(nom) or len(secret) < 32 or nom in cles:
            raise ImproperlyConfigured(
                "MAINTIEN_CLE_JOURNAL doit avoir la forme nom:secret (nom de 16 lettres et chiffres au plus, secret "
                "d'au moins 32 caractères) ; après un changement, nouveau:secret,ancien:secret, chaque nom une fois."
            )
        cles[nom] = secret.encode()
    return cles


def _cle_du_dossier(dossier: Path, nom: str) -> str:
    fichier = dossier / nom
    protect_folder(dossier)
    brouillon = dossier / f"{nom}.{os.getpid()}"
    if not fichier.exists():
        descripteur = os.open(brouillon, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descripteur, "w", encoding="utf-8") as flux:
            flux.write(secrets.token_urlsafe(64))
        try:
            # A link, unlike a rename, fails when another process was first: both then read the same key.
            os.link(brouillon, fichier)
        except FileExistsError:
            pass
        finally:
            brouillon.unlink()
    return fichier.read_text(encoding="utf-8")


def base_de_donnees(dossier: Path) -> dict[str, Any]:
    """SQLite in the data folder, or PostgreSQL when MAINTIEN_BASE gives its address.

    MAINTIEN_BASE names the role of the application, that the database holds to its policies;
    MAINTIEN_BASE_PROPRIETAIRE, given to the commands that change tables only, the role that owns them.
    """
    adresse = os.environ.get("MAINTIEN_BASE", "")
    if not adresse:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": dossier / "maintien.sqlite3",
            "OPTIONS": dict(OPTIONS_SQLITE),
        }
    lue = _adresse_postgresql("MAINTIEN_BASE", adresse)
    return {
        "ENGINE": "maintien.apps.socle.postgresql",
        "NAME": lue.base,
        "USER": lue.qui.pop("user", ""),
        "PASSWORD": lue.qui.pop("password", ""),
        "HOST": lue.qui.pop("host", ""),
        "PORT": lue.qui.pop("port", ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": "-c lock_timeout=20s", **lue.options},
        "PROPRIETAIRE": _proprietaire(lue.base),
    }


class _Adresse(NamedTuple):
    base: str
    qui: dict[str, str]
    options: dict[str, str]


def _proprietaire(base: str) -> dict[str, str]:
    """What differs for the owner, as libpq names it; empty when it is not given."""
    nom = "MAINTIEN_BASE_PROPRIETAIRE"
    adresse = os.environ.get(nom, "")
    if not adresse:
        return {}
    lue = _adresse_postgresql(nom, adresse)
    if lue.base != base:
        raise ImproperlyConfigured(f"{nom} doit mener à la même base que MAINTIEN_BASE : « {base} ».")
    return {**lue.qui, **lue.options}


def _adresse_postgresql(nom: str, adresse: str) -> _Adresse:
    try:
        parties = urlsplit(adresse)
        port = parties.port
    except ValueError:
        raise ImproperlyConfigured(f"{nom} {_FORME_BASE}, où le port est un nombre de 1 à 65535.") from None
    if parties.scheme not in {"postgres", "postgresql"} or not parties.path.strip("/") or parties.fragment:
        raise ImproperlyConfigured(f"{nom} {_FORME_BASE}.")
    qui = {
        "user": unquote(parties.username or ""),
        "password": unquote(parties.password or ""),
        "host": parties.hostname or "",
        "port": str(port or ""),
    }
    base = unquote(parties.path.strip("/"))
    return _Adresse(base, {cle: valeur for cle, valeur in qui.items() if valeur}, _options(nom, parties.query))


def _options(base: str, texte: str) -> dict[str, str]:
    """An option that is not understood is refused: left out, `sslmode` would connect in clear."""
    options: dict[str, str] = {}
    try:
        paires = parse_qsl(texte, keep_blank_values=True, strict_parsing=True) if texte else []
    except ValueError:
        raise ImproperlyConfigured(f"{base} {_FORME_BASE}?option=valeur&option=valeur.") from None
    for nom, valeur in paires:
        if nom not in OPTIONS_POSTGRESQL:
            raise ImproperlyConfigured(
                f"{base} : l'option « {nom} » n'est pas connue ; celles qui le sont : "
                f"{', '.join(sorted(OPTIONS_POSTGRESQL))}."
            )
        if nom in options or not valeur:
            raise ImproperlyConfigured(f"{base} : l'option « {nom} » est vide ou donnée deux fois.")
        options[nom] = valeur
    return options
