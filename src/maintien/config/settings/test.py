"""Tests: in-memory database unless MAINTIEN_BASE says otherwise, fast hashes, nothing written at import."""

import os
import tempfile
from pathlib import Path

from maintien.config.environnement import base_de_donnees
from maintien.config.settings.base import *  # noqa: F403

MAINTIEN_DONNEES = Path(
    os.environ.get("MAINTIEN_DONNEES") or Path(tempfile.gettempdir()) / f"maintien-tests-{os.getpid()}"
)
DATABASES = {"default": {**base_de_donnees(MAINTIEN_DONNEES), "ATOMIC_REQUESTS": False, "CONN_MAX_AGE": 0}}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Commands that only compare models and migrations connect too: to an empty base, not to a file that is not there.
    DATABASES["default"]["NAME"] = ":memory:"
SECRET_KEY = "tests-sans-secret-0123456789-0123456789-0123456789"  # noqa: S105
MAINTIEN_CLES_JOURNAL = {"tests": b"journal-des-tests-0123456789-0123456789"}
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
# The tests about it put it back.
MAINTIEN_SECOND_FACTEUR_OBLIGATOIRE = False
WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# The login tests would otherwise be held back as an attack.
ACCOUNT_RATE_LIMITS = False  # type: ignore[assignment]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# `flush` may then empty the append-only tables between two tests (apps/socle/declencheurs.py).
MAINTIEN_BASE_JETABLE = True
