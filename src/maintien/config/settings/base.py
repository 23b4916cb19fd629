"""What every environment shares."""

from pathlib import Path

from maintien.config.environnement import adresse_du_site, base_de_donnees, dossier_donnees, entier
from maintien.config.identite import lire_oidc

PAQUET = Path(__file__).resolve().parents[2]
MAINTIEN_DONNEES = dossier_donnees()
# Put before the links that the command line prints; the demonstration writes there where it serves.
MAINTIEN_SITE_SERVI = MAINTIEN_DONNEES / "adresse_du_site"
MAINTIEN_SITE = adresse_du_site(MAINTIEN_SITE_SERVI)

DEBUG = False
ALLOWED_HOSTS: list[str] = []
ROOT_URLCONF = "maintien.config.urls"
WSGI_APPLICATION = "maintien.config.wsgi.application"
ASGI_APPLICATION = "maintien.config.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "maintien.apps.socle",
    "maintien.apps.organismes",
    "maintien.apps.comptes",
    "maintien.apps.plans",
    "maintien.apps.dossiers",
    # Before allauth, whose templates it replaces.
    "maintien.web",
    "maintien.web.communs",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "csp",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Before the sessions: under /api, a cookie is nothing.
    "maintien.api.middleware.ApiMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # A view is closed unless it says otherwise.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "maintien.apps.organismes.gardes.DureeSessionMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "maintien.apps.organismes.middleware.OrganismeMiddleware",
    "maintien.apps.organismes.gardes.SecondFacteurMiddleware",
    "maintien.web.dossiers.finalite.FinaliteMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": sorted((PAQUET / "web").glob("*/templates")),
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# ATOMIC_REQUESTS stays off: with SQLite's immediate transactions every page would queue behind an import.
DATABASES = {"default": {**base_de_donnees(MAINTIEN_DONNEES), "ATOMIC_REQUESTS": False}}

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_TZ = True

STATIC_URL = "/static/"

AUTH_USER_MODEL = "organismes.Utilisateur"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "maintien.apps.organismes.mots_de_passe.LongueurValidator"},
    {"NAME": "maintien.apps.organismes.mots_de_passe.CourantValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accueil"

ACCOUNT_ADAPTER = "maintien.apps.organismes.adaptateur.CompteAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Maintien – "
# Nobody signs up: to an unknown address, nothing is sent, and the page says the same.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# Sent by the worker, so that the time of the answer does not tell whether the address is known.
ACCOUNT_FORMS = {"reset_password": "maintien.web.communs.mot_de_passe.MotDePasseOublieForm"}
# Low by account, wide by address: a whole office comes from one (SECURITY.md). The account first, so that trying one
# account over and over does not use up what the others have.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "5/5m/key,100/m/ip",
    "reset_password": "5/m/key,60/m/ip",
    "reset_password_from_key": "60/m/ip",
}

# A second factor for everybody; the demonstration, tests and a developer's machine leave the choice (their settings).
MAINTIEN_SECOND_FACTEUR_OBLIGATOIRE = True
MFA_ADAPTER = "maintien.apps.organismes.adaptateur.FacteurAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Maintien"
# A code typed at the last second still counts; codes_uniques.py sees to it that none counts twice.
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "maintien.apps.organismes.codes_uniques.ConnexionForm",
    "reauthenticate": "maintien.apps.organismes.codes_uniques.ConfirmationForm",
    "activate_totp": "maintien.apps.organismes.codes_uniques.ActivationForm",
}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_EMAIL_NOTIFICATIONS = True

# Login by an identity provider (ProConnect or the landlord's own): see docs/guide/administrateur.md.
MAINTIEN_OIDC = lire_oidc()
# Days without any login after which an account is suspended; 0: never.
MAINTIEN_INACTIVITE_JOURS = entier("MAINTIEN_INACTIVITE_JOURS", 90, 0, 3650)

SESSION_INACTIVITE_SECONDES = 3 * 3600
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        # Tabler's style sheet carries its small drawings as data: addresses.
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        # Logging out goes on to the provider, if there is one.
        "form-action": ["'self'", *([MAINTIEN_OIDC.origine] if MAINTIEN_OIDC else [])],
        "frame-ancestors": ["'none'"],
    },
}

# What counts those attempts is shared by every process, on every machine; the migrations of socle make its table.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "socle_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# The library only rings: what is to be done, and how far it is, stands in socle.Execution.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = MAINTIEN_DONNEES / "courriels"
DEFAULT_FROM_EMAIL = "maintien@localhost"

# Landlords deposit ledgers of several hundred megabytes; anything above a small form goes to disk.
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "maintien.web.imports.televersement.DepotUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
# Above what a deposit takes (travaux/imports/depot.py), so that one too many is told in a sentence on its page.
DATA_UPLOAD_MAX_NUMBER_FILES = 2000

# Months that the chain of the platform keeps; each organisme sets its own (socle.Reglage).
MAINTIEN_JOURNAL_MOIS = entier("MAINTIEN_JOURNAL_MOIS", 12, 6, 60)

# Days after its import when the content of a deposited file is erased.
MAINTIEN_DEPOTS_JOURS = entier("MAINTIEN_DEPOTS_JOURS", 30, 0, 3650)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"ligne": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "ligne"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"maintien": {"level": "INFO"}},
}
