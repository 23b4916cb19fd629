"""Tokens of the API: made and revoked by an administrator, known by the hash of their secret, counted by day."""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import cast

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from maintien.apps.organismes.enums import MotifRevocation, PorteeApi, Visiteur
from maintien.apps.organismes.models import Appartenance, JetonApi, Secteur, Utilisateur
from maintien.apps.socle import journal
from maintien.apps.socle.portee import find_by_number, organisme_scope
from maintien.coeur.textes import texte_visible

GERER = "jeton.gerer"
JOURS, JOURS_MAX = 90, 365
NOM_MAX = 80
# A vendor's nightly read of 100,000 accounts is 200 pages: under two minutes.
APPELS_PAR_MINUTE = 120
_FORME = re.compile(r"mnt_([0-9a-f]{12})_([0-9a-f]{64})")
# No user has this key: whoever asks for the rows of nobody finds none.
_PERSONNE = 0


class JetonRefuseError(ValueError):
    """What was asked cannot be created as it stands; the message says what to change."""


@dataclass(frozen=True, slots=True)
class JetonCree:
    """`texte` is shown once, here, and stored nowhere."""

    jeton: JetonApi
    texte: str


def create_jeton(
    nom: str,
    portees: Iterable[str],
    *,
    jours: int = JOURS,
    secteur: Secteur | None = None,
    par: Utilisateur | None = None,
) -> JetonCree:
    """A token of the organisme in scope."""
    nom = texte_visible(nom).strip()
    demandees = sorted(set(portees))
    _check_demande(nom, demandees, jours)
    secret = secrets.token_hex(32)
    with journal.atomic():
        jeton = JetonApi.objects.create(
            nom=nom,
            numero=secrets.randbits(48),
            empreinte=_empreinte(secret),
            portees=demandees,
            secteur=secteur,
            expire_le=timezone.localdate() + timedelta(days=jours),
            cree_par=par,
        )
        journal.record(
            "jeton.creer",
            jeton,
            acteur=par,
            portees=demandees,
            expire_le=jeton.expire_le.isoformat(),
            secteur=jeton.secteur_id,
        )
    return JetonCree(jeton, f"mnt_{jeton.prefixe}_{secret}")


def _check_demande(nom: str, portees: list[str], jours: int) -> None:
    if not nom or len(nom) > NOM_MAX:
        raise JetonRefuseError(f"Le nom d'un jeton a de 1 à {NOM_MAX} caractères : écrire quel logiciel l'emploie.")
    inconnues = [portee for portee in portees if portee not in PorteeApi.values]
    if inconnues or not portees:
        raise JetonRefuseError(f"Une portée est à choisir parmi {', '.join(PorteeApi.values)}.")
    if not 1 <= jours <= JOURS_MAX:
        raise JetonRefuseError(f"Un jeton vaut de 1 à {JOURS_MAX} jours.")


def revoke_jeton(jeton: JetonApi, motif: str, *, par: Utilisateur | None = None) -> bool:
    """At once and for good; False when it was already."""
    if motif not in MotifRevocation.values:
        raise JetonRefuseError(f"Le motif est à choisir parmi {', '.join(MotifRevocation.values)}.")
    with journal.atomic():
        tenu = JetonApi.objects.select_for_update().get(pk=jeton.pk)
        if tenu.revoque_le is not None:
            return False
        _tell_day(tenu)
        tenu.revoque_le, tenu.motif_revocation = timezone.now(), motif
        tenu.save()
        journal.record("jeton.revoquer", tenu, acteur=par, code=motif)
    jeton.refresh_from_db()
    return True


def find_jeton(prefixe: str) -> JetonApi | None:
    """The token of the organisme in scope that is shown by this prefix."""
    if not re.fullmatch("[0-9a-f]{12}", prefixe):
        return None
    return jetons().filter(numero=int(prefixe, 16)).first()


def jetons() -> QuerySet[JetonApi]:
    """Tokens of the organisme in scope, latest first."""
    return JetonApi.objects.select_related("secteur", "cree_par")


def authenticate(texte: str) -> JetonApi | None:
    """The token, if it is one that may be used today; an unknown one is compared too, to take as long."""
    trouve = _FORME.fullmatch(texte)
    if trouve is None:
        return None
    connus = cast("list[JetonApi]", find_by_number(JetonApi, int(trouve[1], 16)))
    empreinte = _empreinte(trouve[2])
    # Two organismes may have drawn the same number; nobody has drawn the same secret.
    justes = [jeton for jeton in connus if compare_digest(empreinte, jeton.empreinte)]
    if not connus:
        compare_digest(empreinte, "0" * 64)
    return next((jeton for jeton in justes if is_usable(jeton, timezone.localdate())), None)


def is_usable(jeton: JetonApi, jour: date) -> bool:
    """The last day of a token is the one on which it expires."""
    return jeton.revoque_le is None and jour <= jeton.expire_le


def client_of(jeton: JetonApi) -> Appartenance:
    """The asker that the table of habilitations knows: a membership that is never stored, of no user."""
    return Appartenance(
        organisme=jeton.organisme,
        utilisateur_id=_PERSONNE,
        role=Visiteur.CLIENT_API.value,
        secteur_id=jeton.secteur_id,
    )


def count_call(jeton: JetonApi, instant: datetime) -> int:
    """Count one call; returns how many seconds to wait when there were too many in this minute, else 0."""
    minute, jour = int(instant.timestamp()) // 60, timezone.localdate(instant)
    with organisme_scope(jeton.organisme_id), journal.atomic():
        tenu = JetonApi.objects.select_for_update().get(pk=jeton.pk)
        if tenu.usage_le != jour:
            _tell_day(tenu)
            tenu.usage_le, tenu.appels, tenu.refus = jour, 0, 0
        if tenu.minute != minute:
            tenu.minute, tenu.appels_minute = minute, 0
        tenu.appels += 1
        tenu.appels_minute += 1
        attente = 60 - int(instant.timestamp()) % 60 if tenu.appels_minute > APPELS_PAR_MINUTE else 0
        tenu.refus += 1 if attente else 0
        tenu.save(update_fields=["usage_le", "appels", "refus", "minute", "appels_minute"])
    return attente


def count_refusal(jeton: JetonApi) -> None:
    """A call that the scopes of the token refuse is counted as such."""
    with transaction.atomic():
        tenu = JetonApi.objects.select_for_update().get(pk=jeton.pk)
        tenu.refus += 1
        tenu.save(update_fields=["refus"])


def tell_past_days(jour: date) -> None:
    """Write in the journal the days of use that are over; each night, for tokens that are not used any more."""
    with journal.atomic():
        for jeton in JetonApi.objects.select_for_update().filter(usage_le__lt=jour, appels__gt=0):
            _tell_day(jeton)
            jeton.save(update_fields=["appels", "refus"])


def _tell_day(jeton: JetonApi) -> None:
    """One line for the day counted so far, if it was not told."""
    if jeton.usage_le is None or not jeton.appels:
        return
    journal.record("jeton.usage", jeton, jour=jeton.usage_le.isoformat(), appels=jeton.appels, refus=jeton.refus)
    jeton.appels = jeton.refus = 0


def _empreinte(secret: str) -> str:
    """A plain hash is enough: 256 random bits are not guessed, as a password is."""
    return sha256(secret.encode()).hexdigest()
