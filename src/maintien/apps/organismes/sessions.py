"""Sessions of a person: twelve hours at most, three without a move, known by name so that each can be ended.

What a session knows of time is in the session itself; `SessionOuverte` only says whose it is.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from maintien.apps.organismes.models import SessionOuverte, Utilisateur

OUVERTE, VUE, SUIVIE = "ouverte_le", "vue_le", "cle_suivie"
# How late the last move may be written: a page a second must not write a session a second.
_PAS_SECONDES = 60
_NAVIGATEURS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class SessionLue:
    pk: int
    appareil: str
    ouverte_le: datetime
    vue_le: datetime
    is_courante: bool


def start(request: HttpRequest, utilisateur: Utilisateur) -> None:
    """A login: the clock starts, and the session takes its place in the person's list."""
    instant = timezone.now()
    session = request.session
    session[OUVERTE] = session[VUE] = int(instant.timestamp())
    if session.session_key is None:
        session.save()
    session[SUIVIE] = session.session_key
    SessionOuverte.objects.update_or_create(
        cle=session.session_key,
        defaults={
            "utilisateur": utilisateur,
            "appareil": device_name(request.META.get("HTTP_USER_AGENT", "")),
            "ouverte_le": instant,
        },
    )


def is_over(session: Any) -> bool:
    """Whether its twelve hours, or three hours without a move, are over; one without a clock is too old to know."""
    instant = int(timezone.now().timestamp())
    ouverte, vue = session.get(OUVERTE), session.get(VUE)
    if ouverte is None or vue is None:
        return True
    duree, inaction = settings.SESSION_COOKIE_AGE, settings.SESSION_INACTIVITE_SECONDES
    return bool(instant - ouverte >= duree or instant - vue >= inaction)


def touch(session: Any) -> None:
    instant = int(timezone.now().timestamp())
    if instant - session[VUE] >= _PAS_SECONDES:
        session[VUE] = instant
    # Saving a session gives it twelve more hours in the table: what is left is what counts.
    if session.modified:
        session.set_expiry(max(session[OUVERTE] + settings.SESSION_COOKIE_AGE - instant, 1))


def follow_key(session: Any) -> None:
    """A change of password or of factor gives the session another key: the list follows."""
    suivie, cle = session.get(SUIVIE), session.session_key
    if suivie and cle and suivie != cle:
        SessionOuverte.objects.filter(cle=suivie).update(cle=cle)
        session[SUIVIE] = cle


def forget(cle: str | None) -> None:
    SessionOuverte.objects.filter(cle=cle).delete()


def list_sessions(utilisateur: Utilisateur, courante: str | None) -> list[SessionLue]:
    """The sessions that still live, the last used first; two queries whatever their number."""
    ouvertes = {ouverte.cle: ouverte for ouverte in SessionOuverte.objects.filter(utilisateur=utilisateur)}
    lues = []
    for rangee in Session.objects.filter(session_key__in=ouvertes, expire_date__gt=timezone.now()):
        ouverte, contenu = ouvertes[rangee.session_key], rangee.get_decoded()
        if is_over(contenu):
            continue
        is_courante = rangee.session_key == courante
        vue_le = timezone.now() if is_courante else datetime.fromtimestamp(contenu[VUE], UTC)
        lues.append(SessionLue(ouverte.pk, ouverte.appareil, ouverte.ouverte_le, vue_le, is_courante))
    return sorted(lues, key=lambda lue: (not lue.is_courante, -lue.vue_le.timestamp()))


def end_session(utilisateur: Utilisateur, pk: int) -> bool:
    """End one of the person's own sessions; False when there is none by that number."""
    ouverte = SessionOuverte.objects.filter(utilisateur=utilisateur, pk=pk).first()
    if ouverte is None:
        return False
    Session.objects.filter(session_key=ouverte.cle).delete()
    ouverte.delete()
    return True


def end_sessions(utilisateur: Utilisateur, sauf: str | None = None) -> int:
    """End every session of a person but one; returns how many lived."""
    ouvertes = SessionOuverte.objects.filter(utilisateur=utilisateur).exclude(cle=sauf or "")
    fermees, _ = Session.objects.filter(session_key__in=list(ouvertes.values_list("cle", flat=True))).delete()
    ouvertes.delete()
    return fermees


def prune() -> None:
    """Forget sessions that are no longer in the table of sessions."""
    SessionOuverte.objects.exclude(cle__in=Session.objects.values("session_key")).delete()


def device_name(agent: str) -> str:
    """« Firefox, Windows »: enough to know one's own device, too little to follow anybody."""
    navigateur = next((nom for signe, nom in _NAVIGATEURS if signe in agent), "Navigateur inconnu")
    systeme = next((nom for signe, nom in _SYSTEMES if signe in agent), "")
    return f"{navigateur}, {systeme}" if systeme else navigateur
