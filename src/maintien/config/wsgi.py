"""WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application

from maintien.config.demarrage import refuse_unwalled

# What this process writes (base, deposits, mirror, mail) names people: it is for the user of the service alone.
os.umask(0o077)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maintien.config.settings.prod")

application = get_wsgi_application()
refuse_unwalled()
