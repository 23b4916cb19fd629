"""Links of invitation: 256 random bits, kept as a sum, seven days, once."""

import hashlib
import secrets
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from maintien.apps.organismes.models import InvitationCompte, Utilisateur

DUREE_JOURS = 7


def create_link(utilisateur: Utilisateur) -> str:
    """The path to hand over; links given before are void."""
    revoke(utilisateur)
    jeton = secrets.token_urlsafe(32)
    InvitationCompte.objects.create(
        utilisateur=utilisateur, empreinte=_sum(jeton), expire_le=timezone.now() + timedelta(days=DUREE_JOURS)
    )
    return reverse("invitation", args=[jeton])


def revoke(utilisateur: Utilisateur) -> None:
    InvitationCompte.objects.filter(utilisateur=utilisateur, utilisee_le=None).delete()


def find(jeton: str) -> InvitationCompte | None:
    """The invitation if it may still be used: not spent, not expired, and of somebody who has not been closed out."""
    valables = InvitationCompte.objects.filter(utilisee_le=None, expire_le__gt=timezone.now())
    return valables.select_related("utilisateur").filter(empreinte=_sum(jeton), utilisateur__is_active=True).first()


def spend(invitation: InvitationCompte) -> bool:
    """True for the one who comes first."""
    libres = InvitationCompte.objects.filter(pk=invitation.pk, utilisee_le=None, expire_le__gt=timezone.now())
    return libres.update(utilisee_le=timezone.now()) == 1


def waiting(identifiants: list[int]) -> set[int]:
    """Users who have a link that they may still open; one query for a whole list."""
    valables = InvitationCompte.objects.filter(utilisee_le=None, expire_le__gt=timezone.now())
    return set(valables.filter(utilisateur_id__in=identifiants).values_list("utilisateur_id", flat=True))


def _sum(jeton: str) -> str:
    # A sum without salt is enough: nobody guesses 256 bits.
    return hashlib.sha256(jeton.encode()).hexdigest()
