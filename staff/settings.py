"""Django's settings of the staff site, all of them from the environment or fixed here."""

from __future__ import annotations

import hashlib
import hmac
import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import dj_database_url
from csp.constants import NONE, SELF

from guide.settings import SettingError, read_dotenv, secret, url
from guide.store.database import PATIENCE_SECONDS, database_url

HERE = Path(__file__).parent
read_dotenv()


def _listed(name: str, default: str) -> list[str]:
    """A setting of several values, by commas."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def _proxies() -> int:
    """STAFF_PROXIES.

    Raises:
        SettingError: it is no number.
    """
    value = os.environ.get("STAFF_PROXIES") or "0"
    if not (value.isascii() and value.isdecimal()):
        raise SettingError(f"STAFF_PROXIES must be the number of your proxies, found {value!r}")
    return int(value)


def _time_zone() -> str:
    """STAFF_TIME_ZONE.

    Raises:
        SettingError: there is none of this name.
    """
    name = os.environ.get("STAFF_TIME_ZONE") or "UTC"
    try:
        return ZoneInfo(name).key
    except (ValueError, OSError, KeyError):  # what it raises depends on the name
        raise SettingError(
            f"STAFF_TIME_ZONE must be a name such as America/New_York, found {name!r}"
        ) from None


DEBUG = False
# Of the guide's own secret, so that several servers share it; another use, so another key.
SECRET_KEY = hmac.new(secret(), b"staff site", hashlib.sha256).hexdigest()
ALLOWED_HOSTS = _listed("STAFF_HOSTS", "127.0.0.1,localhost")
HTTPS = os.environ.get("STAFF_HTTPS", "") not in ("", "0")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "axes",
    "csp",
    "staff.records",
    "staff.accounts",
    "staff.audit",
    "staff.conversations",
    "staff.unanswered",
    "staff.answers",
    "staff.overview",
    "staff.teach",
    "staff.mend",
    "staff.health",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "staff.accounts.sessions.Sessions",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "staff.urls"
WSGI_APPLICATION = "staff.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "staff.accounts.menu.menu",
            ],
            "builtins": ["staff.records.templatetags.records"],
        },
    }
]


GUIDE_DATABASE_URL = database_url()


def _database() -> dict[str, Any]:
    """The guide's database, with the same patience as the chat server's engine.

    Raises:
        SettingError: it is of no kind that the site knows. The address may hold a password.
    """
    try:
        parsed = dj_database_url.parse(GUIDE_DATABASE_URL, conn_max_age=60, conn_health_checks=True)
    except ValueError:
        raise SettingError("DATABASE_URL must begin with sqlite:/// or postgresql://") from None
    found = dict(parsed)
    if str(found["ENGINE"]).endswith("sqlite3"):
        found["OPTIONS"] = {
            "timeout": PATIENCE_SECONDS,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA secure_delete=ON;",
        }
    return found


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Where the health page asks the chat server.
GUIDE_URL = os.environ.get("GUIDE_URL") or url("GUIDE_PORT")

LOGIN_URL = "log_in"
LOGIN_REDIRECT_URL = "overview"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
_RULES = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"{_RULES}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_RULES}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_RULES}.CommonPasswordValidator"},
    {"NAME": f"{_RULES}.NumericPasswordValidator"},
]
# Five wrong passwords for one name from one address, then a pause.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the page says how long at most
AXES_LOCKOUT_TEMPLATE = "accounts/locked_out.html"
AXES_CLIENT_IP_CALLABLE = "staff.accounts.address.client_address"
AXES_DISABLE_ACCESS_LOG = True  # the audit tells who signed in
AXES_VERBOSE = False
PROXIES = _proxies()
OTP_TOTP_ISSUER = "CAR T Guide"

# Signed out after half an hour without a click, when the browser closes, and after twelve hours.
SESSION_COOKIE_AGE = 30 * 60
SESSION_LONGEST = timedelta(hours=12)
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_NAME = "staff_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "staff_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "staff.errors.forged"
CSRF_TRUSTED_ORIGINS = _listed("STAFF_ORIGINS", "")

# Behind a proxy that speaks HTTPS (deploy/): everything by HTTPS only.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

STATIC_URL = "/static/"
STATICFILES_DIRS = [HERE / "static"]
WHITENOISE_USE_FINDERS = True  # served as they are: no step between a change and the page
LANGUAGE_CODE = "en-us"
USE_I18N = False
USE_TZ = True
TIME_ZONE = _time_zone()

# Every line goes through `staff.logs`, Django's own included: they name addresses and searches.
_OURS_ALONE: dict[str, Any] = {"handlers": [], "level": "WARNING", "propagate": True}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "staff.logs.lines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": _OURS_ALONE,
        "django.server": _OURS_ALONE,
        "django.db.backends": {"level": "CRITICAL"},
    },
}
