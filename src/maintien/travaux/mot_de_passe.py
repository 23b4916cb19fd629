"""The link by which a forgotten password is chosen anew, sent after the page has answered.

Whether the address is known shows neither in the page nor in the time it takes: the request leaves the same task
for any address, and only the worker looks who has it.
"""

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django_tasks import task

from maintien.apps.organismes.models import Utilisateur
from maintien.apps.organismes.selectors import is_closed

OBJET = "Maintien – Choisir un nouveau mot de passe"
_TEXTE = """Bonjour,

Un nouveau mot de passe a été demandé pour le compte {courriel}. Pour le choisir, ouvrez ce lien, valable trois jours et une seule fois :

{lien}

Si la demande ne vient pas de vous, ne faites rien : votre mot de passe ne change pas.
"""  # noqa: E501 - a paragraph of a message is one line


@task()
def send_password_link(courriel: str, site: str) -> None:
    """Write to whoever has this address, if somebody has; `site` is where the request was made."""
    utilisateur = Utilisateur.objects.filter(email=courriel, is_active=True).first()
    if utilisateur is None or is_closed(utilisateur):
        return
    texte = _TEXTE.format(courriel=courriel, lien=f"{site}{password_path(utilisateur)}")
    send_mail(OBJET, texte, settings.DEFAULT_FROM_EMAIL, [courriel])


def password_path(utilisateur: Utilisateur) -> str:
    """The page where this user, and nobody else, chooses a password once; the address expires after three days."""
    # allauth reads the settings when it is imported.
    from allauth.account.forms import default_token_generator  # noqa: PLC0415
    from allauth.account.utils import user_pk_to_url_str  # noqa: PLC0415

    cle = default_token_generator.make_token(utilisateur)
    return reverse("account_reset_password_from_key", args=[user_pk_to_url_str(utilisateur), cle])
