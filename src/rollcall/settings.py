"""Every setting, read from the environment in one place.

Nothing else in the program reads the environment. Each name begins with ROLLCALL_; `docs/settings.md` lists them.
"""

import os
import re
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONCE, SELF

PACKAGE = Path(__file__).resolve().parent


def _text(name: str, default: str = "") -> str:
    return os.environ.get(f"ROLLCALL_{name}", default)


def _flag(name: str, default: bool = False) -> bool:
    return _text(name, "yes" if default else "no").lower() in {"1", "yes", "true", "on"}


def _list(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in _text(name, default).split(",") if part.strip()]


VAR = Path(_text("VAR", "var")).resolve()


def _secret_key() -> str:
    """The key from the environment, else one made once and kept beside the database."""
    if key := _text("SECRET_KEY"):
        return key
    path = VAR / "secret-key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text().strip()


SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;PRAGMA recursive_triggers=ON;"
    "PRAGMA mmap_size=134217728;PRAGMA cache_size=-20000;PRAGMA journal_size_limit=27103364;PRAGMA temp_store=MEMORY;"
)


def database(url: str) -> dict[str, object]:
    """The database that a URL names: `sqlite:///path` or `postgres://user:password@host:port/name`."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:]) or ":memory:",
            "CONN_MAX_AGE": None,
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": SQLITE_PRAGMAS},
            "TEST": {"NAME": _text("TEST_DATABASE") or None},
        }
    if parts.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
        }
    raise ValueError(
        f"ROLLCALL_DATABASE is {url!r}: expected sqlite:///path/to/file or postgres://user:password@host:port/name."
    )


DATABASES = {"default": database(_text("DATABASE", f"sqlite:///{VAR / 'rollcall.sqlite3'}"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DEBUG = _flag("DEBUG")
# Set by `rollcall demo` for the process that it serves with, and by nothing else.
ROLLCALL_DEMO = _flag("DEMO")
SECRET_KEY = _secret_key()
ALLOWED_HOSTS = _list("HOSTS", "127.0.0.1,localhost,testserver")
CSRF_TRUSTED_ORIGINS = _list("ORIGINS")
HTTPS = _flag("HTTPS")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _flag("BEHIND_PROXY") else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "rollcall.accounts.sessions"
# From signing in, however much is asked for since: a screen on the wall that is signed in at 7.00 lasts until 18.00,
# and its asking every second keeps nobody signed in for ever.
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "axes",
    "csp",
    "rollcall.journal",
    "rollcall.schools",
    "rollcall.outbox",
    "rollcall.letters",
    "rollcall.accounts",
    "rollcall.registers",
    "rollcall.absence",
    "rollcall.casework",
    "rollcall.office",
    "rollcall.insight",
    "rollcall.exchange",
    "rollcall.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "rollcall.demo.middleware.clock",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "rollcall.accounts.middleware.permissions",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "rollcall.urls"
WSGI_APPLICATION = "rollcall.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "rollcall.accounts.page.page",
                "rollcall.demo.page.bar",
            ],
            "builtins": ["rollcall.accounts.templatetags.words"],
        },
    }
]

# Fields, radios, checkboxes and errors are drawn by templates/django/forms.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/account/login/"
ACCOUNT_ADAPTER = "rollcall.accounts.adapter.ClosedDoor"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
# Wrong passwords are counted by axes alone, in the database, so that every process counts the same.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None}
# A pupil could lock a teacher out by name alone, so a lock is on name and address together.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
SILENCED_SYSTEM_CHECKS = ["axes.W003"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "frame-ancestors": ["'none'"],
        "form-action": [SELF],
        "base-uri": [SELF],
        "object-src": ["'none'"],
    }
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

STATIC_URL = "/static/"
# Nothing is collected: WhiteNoise serves the built files where they lie, in the package.
STATIC_ROOT = None
STATICFILES_DIRS = [PACKAGE / "static" / "built"] if (PACKAGE / "static" / "built").exists() else []
WHITENOISE_USE_FINDERS = True
# What browsers ask for at the address itself, whatever a page says: the icon.
WHITENOISE_ROOT = PACKAGE / "static" / "built" / "root" if (PACKAGE / "static" / "built" / "root").exists() else None
WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_ROOT = VAR / "files"

# Outgoing mail: the worker alone uses these.
EMAIL_BACKEND = _text("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
# Where mail goes under the backend that writes files, as the demo does.
EMAIL_FILE_PATH = VAR / "mail"
EMAIL_HOST = _text("SMTP_HOST", "127.0.0.1")
EMAIL_PORT = int(_text("SMTP_PORT", "25"))
EMAIL_HOST_USER = _text("SMTP_USER")
EMAIL_HOST_PASSWORD = _text("SMTP_PASSWORD")
EMAIL_USE_TLS = _flag("SMTP_TLS")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = _text("MAIL_FROM", "Rollcall <rollcall@localhost>")

# GOV.UK Notify carries texts and posted letters, and e-mail where it is chosen to.
ROLLCALL_NOTIFY_KEY = _text("NOTIFY_KEY")
ROLLCALL_NOTIFY_URL = _text("NOTIFY_URL", "https://api.notifications.service.gov.uk")
ROLLCALL_NOTIFY_EMAIL_TEMPLATE = _text("NOTIFY_EMAIL_TEMPLATE")
ROLLCALL_NOTIFY_TEXT_TEMPLATE = _text("NOTIFY_TEXT_TEMPLATE")
ROLLCALL_NOTIFY_POSTAGE = _text("NOTIFY_POSTAGE", "second")
ROLLCALL_NOTIFY_TIMEOUT = 20
ROLLCALL_MAIL_BY = _text("MAIL_BY", "smtp")
_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


def _check_notify() -> None:
    """Raise ValueError, with a sentence, for settings of Notify that can't work."""
    if ROLLCALL_NOTIFY_KEY and not re.search(f"(?:^|-){_UUID}-{_UUID}$", ROLLCALL_NOTIFY_KEY):
        raise ValueError("ROLLCALL_NOTIFY_KEY is no key of GOV.UK Notify: copy it whole, from its name to the end.")
    if ROLLCALL_MAIL_BY not in ("smtp", "notify"):
        raise ValueError(f"ROLLCALL_MAIL_BY is {ROLLCALL_MAIL_BY!r}: it must be smtp or notify.")
    if ROLLCALL_MAIL_BY == "notify" and not (ROLLCALL_NOTIFY_KEY and ROLLCALL_NOTIFY_EMAIL_TEMPLATE):
        raise ValueError("ROLLCALL_MAIL_BY=notify needs ROLLCALL_NOTIFY_KEY and ROLLCALL_NOTIFY_EMAIL_TEMPLATE too.")
    if ROLLCALL_NOTIFY_POSTAGE not in ("first", "second", "economy"):
        raise ValueError(f"ROLLCALL_NOTIFY_POSTAGE is {ROLLCALL_NOTIFY_POSTAGE!r}: first, second or economy.")


_check_notify()

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    # Its client logs every failed request; the worker says once what is wrong, and the trail has each try.
    "loggers": {"notifications_python_client": {"level": "ERROR"}},
    "root": {"handlers": ["console"], "level": _text("LOG_LEVEL", "WARNING")},
}
