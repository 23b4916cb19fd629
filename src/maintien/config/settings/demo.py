"""The demonstration: as in development, without debug pages, on the loopback only."""

from maintien.config.settings.dev import *  # noqa: F403

DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
# Static files straight from their sources: no collection step between a fresh clone and the first page.
WHITENOISE_AUTOREFRESH = False
