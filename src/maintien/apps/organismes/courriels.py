"""The few messages about an account: the invitation, and what has just changed. Plain text, no household."""

from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone

from maintien.apps.organismes.models import Organisme, Utilisateur


def tell_change(utilisateur: Utilisateur, phrase: str) -> None:
    """What changed, when, and what to do if it was somebody else."""
    instant = timezone.localtime()
    _send(
        utilisateur,
        "Votre compte a changé",
        f"{phrase}\n\nC’était le {instant:%d/%m/%Y} à {instant:%H h %M}.\n\n"
        "Si ce n’est pas vous, prévenez tout de suite l’administrateur de votre organisme : il peut fermer vos "
        "sessions et rétablir votre compte.",
    )


def send_invitation(utilisateur: Utilisateur, organisme: Organisme, lien: str, jours: int) -> None:
    _send(
        utilisateur,
        f"Votre accès pour {organisme.nom}",
        f"{organisme.nom} vous ouvre un accès à Maintien.\n\nChoisissez votre mot de passe, puis votre second facteur"
        f", par ce lien ; il est pour vous seul, ne sert qu’une fois et vaut {jours} jours :\n\n{lien}\n\n"
        "Si vous ne l’attendiez pas, ne l’ouvrez pas et prévenez l’organisme.",
    )


def tell_access(utilisateur: Utilisateur, organisme: Organisme) -> None:
    """Somebody who already has an account gets one more organisme."""
    _send(
        utilisateur,
        f"Votre accès pour {organisme.nom}",
        f"{organisme.nom} vous ouvre un accès à Maintien, avec le compte que vous avez déjà.",
    )


def _send(utilisateur: Utilisateur, sujet: str, corps: str) -> None:
    bonjour = f"Bonjour {utilisateur.get_full_name()}".strip()
    send_mail(
        f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{sujet}",
        f"{bonjour},\n\n{corps}\n\nMaintien",
        settings.DEFAULT_FROM_EMAIL,
        [utilisateur.email],
    )
