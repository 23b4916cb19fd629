"""Production: everything from the environment, encrypted transport only, start refused when something is missing."""

import os

from maintien.config.environnement import adresse_du_site, cles_journal, entier, liste, protect_folder, required
from maintien.config.settings.base import *  # noqa: F403
from maintien.config.settings.base import MAINTIEN_DONNEES, MAINTIEN_SITE_SERVI

SECRET_KEY = required("MAINTIEN_CLE_SECRETE")
MAINTIEN_CLES_JOURNAL = cles_journal(required("MAINTIEN_CLE_JOURNAL"))
required("MAINTIEN_BASE")
protect_folder(MAINTIEN_DONNEES)
ALLOWED_HOSTS = required("MAINTIEN_HOTES").replace(" ", "").split(",")
CSRF_TRUSTED_ORIGINS = liste("MAINTIEN_ORIGINES")
MAINTIEN_SITE = adresse_du_site(
    MAINTIEN_SITE_SERVI, [*CSRF_TRUSTED_ORIGINS, f"https://{ALLOWED_HOSTS[0].lstrip('.')}"][0]
)

SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
if os.environ.get("MAINTIEN_DERRIERE_MANDATAIRE") == "1":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1

STATIC_ROOT = MAINTIEN_DONNEES / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = os.environ.get("MAINTIEN_SMTP_SERVEUR", "localhost")
EMAIL_PORT = entier("MAINTIEN_SMTP_PORT", 25, 1, 65_535)
EMAIL_HOST_USER = os.environ.get("MAINTIEN_SMTP_UTILISATEUR", "")
EMAIL_HOST_PASSWORD = os.environ.get("MAINTIEN_SMTP_MOTDEPASSE", "")
# 465 is encrypted from the first byte; the others, 25 inside the house excepted, become so.
EMAIL_USE_SSL = EMAIL_PORT == 465
EMAIL_USE_TLS = EMAIL_PORT not in (25, 465)
DEFAULT_FROM_EMAIL = os.environ.get("MAINTIEN_EXPEDITEUR", "maintien@localhost")
