"""Accounts that nobody uses are suspended: a door less for whoever finds a forgotten password."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from maintien.apps.organismes.enums import MotifSuspension
from maintien.apps.organismes.models import Appartenance, Organisme
from maintien.apps.organismes.sessions import end_sessions
from maintien.apps.organismes.utilisateurs import is_last_administrator
from maintien.apps.socle import journal
from maintien.apps.socle.portee import organisme_scope

_journal = logging.getLogger("maintien.utilisateurs")


def suspend_inactive(jours: int | None = None, instant: datetime | None = None) -> int:
    """Suspend, in every organisme, who has not logged in for so many days; returns how many. 0 day: nobody."""
    delai = settings.MAINTIEN_INACTIVITE_JOURS if jours is None else jours
    if not delai:
        return 0
    limite = (instant or timezone.now()) - timedelta(days=delai)
    return sum(_suspend_in(organisme, limite, delai) for organisme in Organisme.objects.all())


def _suspend_in(organisme: Organisme, limite: datetime, delai: int) -> int:
    suspendus = 0
    with journal.atomic(), organisme_scope(organisme):
        inutilises = Appartenance.objects.filter(
            Q(utilisateur__last_login=None) | Q(utilisateur__last_login__lt=limite),
            actif=True,
            active_depuis__lt=limite,
        )
        for membre in inutilises.select_for_update(of=("self",)).select_related("utilisateur").order_by("pk"):
            if is_last_administrator(membre):
                # Nobody could give the others their account back.
                _journal.warning("Organisme %s : son dernier administrateur n'est pas venu.", organisme.code)
                continue
            membre.suspend(MotifSuspension.INUTILISE)
            end_sessions(membre.utilisateur)
            journal.record(
                "utilisateur.suspendre",
                membre,
                utilisateur=membre.utilisateur_id,
                raison=MotifSuspension.INUTILISE.value,
                jours=delai,
            )
            suspendus += 1
    return suspendus
