"""All settings, from the environment, with defaults that are safe on one small server.

Embedded it is one process on SQLite; production is the same code with more set (docs/operating.md).
"""

import sys
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF

from config import cookies, lines, mailing, proxied, shipped
from config.keeping import *  # noqa: F403
from config.lan import lan_address
from config.lines import *  # noqa: F403
from config.logs import logging_of
from config.mailing import *  # noqa: F403
from config.searching import *  # noqa: F403
from config.secrets import kept_secret

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / "data"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)

# --- whose installation this is ------------------------------------------------------------
PROFILE = env.str("PROFILE", "centre")
"""`demo` shows one-click entry, the tour and the outbox; `centre` is a real centre."""
DEMO = PROFILE == "demo"
DEBUG = env.bool("DEBUG", False)
PORT = env.int("PORT", 8000) if env.str("PORT", "") else 8000
LAN = env.str("LAN", "") not in ("", "0")
"""Serve https on the local network, so that a telephone may use its microphone."""
PUBLIC_URL = env.str(
    "PUBLIC_URL", f"https://{lan_address()}:{PORT}" if LAN else f"http://localhost:{PORT}"
).rstrip("/")
SECRET_KEY = env.str("SECRET_KEY", "") or kept_secret(DATA_DIR / "secret_key")
if lines.SIMULATED:
    globals().update(lines.simulated(SECRET_KEY))
PEPPER = env.str("PEPPER", "") or kept_secret(DATA_DIR / "pepper")
"""Mixed into the hashes of follow codes; lives outside the database on purpose."""
BUNDLE_KEY = env.str("BUNDLE_KEY", "") or kept_secret(DATA_DIR / "bundle_key")
"""What our key is made of, with which the library is signed for other centres."""
REDIS_URL = env.str("REDIS_URL", "")

_public_host = PUBLIC_URL.split("://", 1)[-1].split("/", 1)[0].rsplit(":", 1)[0]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", _public_host])
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

# --- apps and their order (docs/architecture.md) ----------------------------------------------
INSTALLED_APPS = [
    "config",
    "telephony",
    "telephony.providers.web",
    "telephony.providers.hook",
    "telephony.providers.twilio",
    "helpdesk.supervision",
    "helpdesk.portal",
    "helpdesk.queues",
    "helpdesk.tickets",
    "helpdesk.upkeep",
    "helpdesk.editing",
    "helpdesk.notices",
    "helpdesk.live",
    "helpdesk.associations",
    "helpdesk.accounts",
    "helpdesk.centre",
    "helpdesk.hours",
    "helpdesk.files",
    "knowledge.search",
    "knowledge.articles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_tables2",
    "django_filters",
    "django_htmx",
    "template_partials",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
]

MIDDLEWARE = [
    "config.metering.Metered",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.CleanInput",
    "helpdesk.accounts.gates.KeptSessions",
    "django.middleware.common.CommonMiddleware",
    "helpdesk.centre.face.Hosts",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "helpdesk.accounts.gates.Sessions",
    "config.middleware.Language",
    "helpdesk.accounts.gates.SecondProof",
    "helpdesk.accounts.gates.SignIn",
    "config.installation.practice.mode.Practising",
    "config.installation.gate.OpensSoon",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.PolicyHeaders",
    "config.refusals.RefusalPages",
    "helpdesk.tickets.redirects.MergedNumbers",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.installation",
                "helpdesk.queues.context.desk",
                "helpdesk.supervision.context.notices",
                "helpdesk.upkeep.context.reviews",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- data ---------------------------------------------------------------------------------------
DATABASES = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'wasl.sqlite3'}")
}
_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE: a deferred transaction that reads and then writes fails at once on a stale
    # snapshot, whatever the timeout. FULL: NORMAL loses the last commits at power loss.
    _database.update({"ENGINE": "config.sqlite", "CONN_MAX_AGE": None})
    _database["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        " PRAGMA foreign_keys=ON; PRAGMA cache_size=-32000; PRAGMA mmap_size=268435456;",
    }
else:
    _database.setdefault("CONN_MAX_AGE", 60)
    _database["CONN_HEALTH_CHECKS"] = True

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {"BACKEND": "config.caches.SharedCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
CHANNEL_LAYERS: dict[str, Any] = (
    {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [REDIS_URL]},
        }
    }
    if REDIS_URL
    else {}
)
MEDIA_ROOT = DATA_DIR / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 768 * 1024
"""Of a form without its files. To read what is escaped in one costs seventy times its length."""
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_NUMBER_FIELDS, DATA_UPLOAD_MAX_NUMBER_FILES = 500, 6
BODY_LIMIT = 12 * 1024 * 1024
"""Bytes of a request's body that the outermost layer lets through (config/asgi.py)."""
FILE_UPLOAD_MAX_MEMORY_SIZE = BODY_LIMIT
"""The body lies on the disk already while it is read: a second copy beside it goes without the disk."""
FILE_LIMIT = 10 * 1024 * 1024

# --- who may enter --------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "helpdesk.accounts.backends.GroupRights",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "helpdesk.accounts.passwords.NotWellKnown"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_ADAPTER = "helpdesk.accounts.adapter.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_PREVENT_ENUMERATION = ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Wasl"
_P = "helpdesk.accounts.proofs."
MFA_ADAPTER = f"{_P}MFAAdapter"
MFA_FORMS = {"authenticate": f"{_P}AuthenticateForm", "reauthenticate": f"{_P}ReauthenticateForm"}
TOTP_REQUIRED_GROUPS = (
    [] if DEMO else env.list("TOTP_REQUIRED_GROUPS", default=["supervisor", "administrator"])
)
SESSION_COOKIE_AGE = 12 * 3600  # however busy; IDLE_MINUTES ends a sign-in sooner
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
globals().update(cookies.named(SESSION_COOKIE_SECURE))
CSRF_FAILURE_VIEW = "config.views.errors.csrf_failure"
IDLE_MINUTES = env.int("IDLE_MINUTES", 480 if DEMO else 30)

# --- headers ----------------------------------------------------------------------------------------
SECURE_REFERRER_POLICY = "same-origin"
globals().update(proxied.over_tls(SESSION_COOKIE_SECURE))
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "media-src": [SELF, "blob:"],  # music and ring tone of ours, a recording before it is sent
        "connect-src": [SELF, PUBLIC_URL.replace("http", "ws", 1)],  # older: no socket in 'self'
        "form-action": [SELF],
        "frame-src": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# --- languages and time ---------------------------------------------------------------------------
LANGUAGE_CODE = "ar"
LANGUAGES = [("ar", "العربية"), ("fr", "Français")]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
USE_TZ = True
TIME_ZONE = "Africa/Casablanca"
FORMAT_MODULE_PATH = ["config.formats"]

# --- static files -----------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_MAX_AGE, WHITENOISE_ALLOW_ALL_ORIGINS = 3600, False
WHITENOISE_ADD_HEADERS_FUNCTION = shipped.tell
DJANGO_TABLES2_TEMPLATE = "tables/table.html"

# --- mail ---------------------------------------------------------------------------------------------
OUTBOX_DIR = DATA_DIR / "outbox"
"""Where mail goes while no account is set: one .eml a message."""
globals().update(mailing.outgoing())
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", f"Wasl <wasl@{_public_host or 'localhost'}>")
MAIL_DOMAIN = env.str("MAIL_DOMAIN", _public_host or "localhost")
"""Replies go to `reply+TOKEN@MAIL_DOMAIN`, unless the mailbox set on the page has an address."""
NOTICE_CHANNELS = ["email", "webhook", *TEXT_CHANNELS]  # noqa: F405
"""Channels that something here sends; a notice on any other is kept and shown, never sent."""
# --- logs -------------------------------------------------------------------------------------------
LOGGING = logging_of(env.str("LOG_LEVEL", "WARNING"))

TESTING = "pytest" in sys.modules
if TESTING:
    from config.testing import apply

    apply(globals())
