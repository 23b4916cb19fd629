"""A developer's machine."""

from maintien.config.environnement import cle_journal, cle_secrete
from maintien.config.settings.base import *  # noqa: F403
from maintien.config.settings.base import MAINTIEN_DONNEES

DEBUG = True
# Offered, not asked for: nobody's data is here.
MAINTIEN_SECOND_FACTEUR_OBLIGATOIRE = False
SECRET_KEY = cle_secrete(MAINTIEN_DONNEES)
MAINTIEN_CLES_JOURNAL = cle_journal(MAINTIEN_DONNEES)
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
