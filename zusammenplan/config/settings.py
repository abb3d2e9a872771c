"""
All settings in one file.

What differs between machines comes from the environment; every variable has a default that works
on a developer's machine. ``docs/operations.md`` lists them. A secret may also stand in a file
whose path is given as ``NAME_FILE`` (container secrets).
"""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _


def env(name: str, default: str = "") -> str:
    """Give the variable's value, or the content of the file named in ``<name>_FILE``."""
    if path := os.getenv(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    return os.getenv(name, default)


def env_bool(name: str, *, default: bool = False) -> bool:
    value = env(name).strip().lower()
    if value in {"", "0", "1", "true", "false", "yes", "no"}:
        return value in {"1", "true", "yes"} if value else default
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def env_int(name: str, *, default: int) -> int:
    value = env(name)
    if value and not value.isdecimal():
        raise ImproperlyConfigured(f"{name} must be a number, not {value!r}.")
    return int(value) if value else default


def env_choice(name: str, *choices: str) -> str:
    """Give one of some words; the first is the default."""
    value = env(name).strip().lower() or choices[0]
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be {' or '.join(choices)}, not {value!r}.")
    return value


def secret_key(folder: Path) -> str:
    """Read the secret key; make one at the first start, readable by the owner alone."""
    if given := env("ZUSAMMENPLAN_SECRET_KEY"):
        return given
    path = folder / "secret_key"
    if not path.exists():
        fresh = path.with_name(f"secret_key.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(50), encoding="ascii")
        try:
            # Two processes may start at once: the first link wins, both read the same key.
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text(encoding="ascii").strip()


PACKAGE = Path(__file__).resolve().parents[1]
DATA = Path(env("ZUSAMMENPLAN_DATA", "var")).resolve()
# For its owner alone, whatever the shell of the first command lets others see.
DATA.mkdir(mode=0o700, parents=True, exist_ok=True)

DEBUG = env_bool("ZUSAMMENPLAN_DEBUG")
SECRET_KEY = secret_key(DATA)

# The address under which people reach the site; links in mails and QR codes begin with it.
SITE_URL = env("ZUSAMMENPLAN_URL", f"http://127.0.0.1:{env('PORT', '8000')}").rstrip("/")
_site = urlsplit(SITE_URL)
ALLOWED_HOSTS = [_site.hostname or "127.0.0.1", "127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS += [host for host in env("ZUSAMMENPLAN_HOSTS").split(",") if host]
CSRF_TRUSTED_ORIGINS = [SITE_URL]
IS_HTTPS = _site.scheme == "https"
if IS_HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = env_int("ZUSAMMENPLAN_HSTS_SECONDS", default=31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env_bool("ZUSAMMENPLAN_HSTS_SUBDOMAINS")
    SECURE_SSL_REDIRECT = env_bool("ZUSAMMENPLAN_SSL_REDIRECT", default=True)
# How many proxies stand in front and add to X-Forwarded-For; 0 trusts only the connection.
PROXIES = env_int("ZUSAMMENPLAN_PROXIES", default=0)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "template_partials",
    "simple_history",
    "csp",
    "ninja",
    "django_prose_editor",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "zusammenplan.core",
    "zusammenplan.people",
    "zusammenplan.places",
    "zusammenplan.indicators",
    "zusammenplan.plans",
    "zusammenplan.meetings",
    "zusammenplan.ballots",
    "zusammenplan.privacy",
    "zusammenplan.website",
    "zusammenplan.api",
    "zusammenplan.desk",
    "zusammenplan.reports",
    "zusammenplan.config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "zusammenplan.core.caching.KeptOnlyIfSaidMiddleware",
    "zusammenplan.core.caching.SecretAddressMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "zusammenplan.config.sessions.NoteUseMiddleware",
    "zusammenplan.core.languages.LanguageOfTheAddressMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "zusammenplan.core.login.LoginUnlessOpenMiddleware",
    "zusammenplan.config.second_factor.SecondFactorMiddleware",
    "zusammenplan.config.sessions.SignInAnewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "zusammenplan.core.errors.TooOftenMiddleware",
    "zusammenplan.core.errors.GoneMeanwhileMiddleware",
    "zusammenplan.config.drafts.ForgetSavedDraftMiddleware",
    "zusammenplan.core.errors.ReadableNotAllowedMiddleware",
]

ROOT_URLCONF = "zusammenplan.config.urls"
WSGI_APPLICATION = "zusammenplan.config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "zusammenplan.core.context.site",
                "zusammenplan.config.menu.menus",
            ],
        },
    },
]

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {
    "default": dj_database_url.parse(
        env("DATABASE_URL", f"sqlite:///{DATA / 'zusammenplan.sqlite3'}"),
        conn_max_age=env_int("ZUSAMMENPLAN_CONN_MAX_AGE", default=60),
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Every write transaction takes the write lock at once, so that none fails half way; an
    # acknowledged vote is on the disk (FULL) before the answer is sent.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
    }
    # A file, not memory: the tests of races open several connections.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA / "test.sqlite3")}
else:
    # A database that does not answer at all must not hold up every page for minutes.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 10)

CACHES = {
    # Shared by all processes: the counters of the rate limits of signing in.
    "default": {
        "BACKEND": "zusammenplan.core.counters.CounterCache",
        "LOCATION": "zusammenplan_cache",
        # More than anybody tries in an hour: what is over goes by itself, see there.
        "OPTIONS": {"MAX_ENTRIES": 10_000_000},
    },
    # In each process: whole public pages and the projector's page.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 500},
    },
    # In each process: what many public pages have in common.
    "parts": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "parts",
        "OPTIONS": {"MAX_ENTRIES": 100},
    },
}

LANGUAGE_CODE = "de"
LANGUAGES = [("de", _("German")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Europe/Berlin"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = "zusammenplan.config.formats"

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "static"]
# The files come straight from the package: no collectstatic, no second copy to forget.
STORAGES = {
    "default": {"BACKEND": "zusammenplan.core.storage.WholeFileStorage"},
    "staticfiles": {"BACKEND": "zusammenplan.core.static_files.FingerprintedStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 0 if DEBUG else 2_592_000
MEDIA_ROOT = DATA / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_HANDLERS = [
    "zusammenplan.core.bodies.BoundedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# People
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:overview"
LOGOUT_REDIRECT_URL = "website:start"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "zusammenplan.core.passwords.GuessablePasswordValidator"},
]
SESSION_ENGINE = "zusammenplan.people.models.sessions"
# A session ends after so much idleness, and in any case after so much of a day.
SESSION_IDLE_MINUTES = max(5, env_int("ZUSAMMENPLAN_IDLE_MINUTES", default=120))
SESSION_COOKIE_AGE = 60 * 60 * 12
# A browser takes a cookie of this name from this host alone, and encrypted.
COOKIE_PREFIX = "__Host-" if IS_HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}zp_session"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
MESSAGE_STORAGE = "zusammenplan.core.cookies.MessageStorage"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}zp_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "zusammenplan.core.errors.csrf_failure"

# Signing in, by django-allauth
ACCOUNT_ADAPTER = "zusammenplan.config.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 3
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
# No code by mail: whoever sits at somebody's unlocked desk often reads their mail too.
ACCOUNT_REAUTHENTICATION_METHODS = ("password", "mfa")
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
# So a stranger who goes on guessing, and so locks the form, keeps nobody out.
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _site.scheme or "http"
ACCOUNT_FORMS = {
    "login": "zusammenplan.people.forms.LoginForm",
    "reset_password": "zusammenplan.people.forms.ResetPasswordForm",
    "reset_password_from_key": "zusammenplan.people.forms.ResetPasswordKeyForm",
    "change_password": "zusammenplan.people.forms.ChangePasswordForm",
    "add_email": "zusammenplan.people.forms.ChangeEmailForm",
    "reauthenticate": "zusammenplan.people.forms.ReauthenticateForm",
}
ACCOUNT_RATE_LIMITS = {
    # A whole office, or a room in a training, comes from one address.
    "login": "120/m/ip",
    "login_failed": "30/m/ip,5/5m/key",
    "reset_password": "30/m/ip,3/5m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "reauthenticate": "10/m/user",
    "confirm_email": "1/3m/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24

# The second factor: codes from an app, passkeys, recovery codes. All may have one; whoever plans or
# administers must, if it is required.
SECOND_FACTOR_REQUIRED = (
    env_choice("ZUSAMMENPLAN_SECOND_FACTOR", "offered", "required") == "required"
)
MFA_ADAPTER = "zusammenplan.config.accounts.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_PERIOD = 30
MFA_TOTP_TOLERANCE = 1
# Browsers offer passkeys over HTTPS and, for trying out, on localhost.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_HTTPS
MFA_FORMS = {
    "authenticate": "zusammenplan.people.forms.AuthenticateForm",
    "reauthenticate": "zusammenplan.people.forms.ReauthenticateCodeForm",
    "activate_totp": "zusammenplan.people.forms.ActivateTOTPForm",
    "login_webauthn": "zusammenplan.people.forms.LoginPasskeyForm",
    "authenticate_webauthn": "zusammenplan.people.forms.AuthenticatePasskeyForm",
    "reauthenticate_webauthn": "zusammenplan.people.forms.ReauthenticatePasskeyForm",
    "add_webauthn": "zusammenplan.people.forms.AddPasskeyForm",
    "edit_webauthn": "zusammenplan.people.forms.EditPasskeyForm",
}

# The administration's own directory, if there is one (OpenID Connect).
SOCIALACCOUNT_ADAPTER = "zusammenplan.config.accounts.SocialAdapter"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_AUTO_SIGNUP = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX = ""
OIDC_SERVER = env("ZUSAMMENPLAN_OIDC_SERVER")
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "APPS": [
            {
                "provider_id": "verzeichnis",
                "name": env("ZUSAMMENPLAN_OIDC_NAME", "OpenID Connect"),
                "client_id": env("ZUSAMMENPLAN_OIDC_CLIENT_ID"),
                "secret": env("ZUSAMMENPLAN_OIDC_SECRET"),
                "settings": {"server_url": OIDC_SERVER, "oauth_pkce_enabled": True},
            }
        ]
        if OIDC_SERVER
        else []
    }
}

# Mail: to the console unless a server is named.
EMAIL_HOST = env("ZUSAMMENPLAN_SMTP_HOST")
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if EMAIL_HOST
    else "django.core.mail.backends.console.EmailBackend"
)
EMAIL_PORT = env_int("ZUSAMMENPLAN_SMTP_PORT", default=587)
EMAIL_HOST_USER = env("ZUSAMMENPLAN_SMTP_USER")
EMAIL_HOST_PASSWORD = env("ZUSAMMENPLAN_SMTP_PASSWORD")
EMAIL_USE_TLS = env_bool("ZUSAMMENPLAN_SMTP_TLS", default=True)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env("ZUSAMMENPLAN_MAIL_FROM", f"zusammenplan@{_site.hostname}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# A virus scanner (clamd): a socket's path, or host:port; without one nothing is searched.
CLAMD = env("ZUSAMMENPLAN_CLAMD")

# The online service of the statistical offices: asked only when a planner fetches a table.
GENESIS_URL = env("ZUSAMMENPLAN_GENESIS_URL")
GENESIS_USER = env("ZUSAMMENPLAN_GENESIS_USER")
GENESIS_PASSWORD = env("ZUSAMMENPLAN_GENESIS_PASSWORD")

# What a page may load: only from this host; the pictures in KERN's icons are data: addresses.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
if OIDC_SERVER:
    # The button "sign in with the directory" sends a form that leads there.
    _oidc = urlsplit(OIDC_SERVER)
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"].append(f"{_oidc.scheme}://{_oidc.netloc}")
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "zusammenplan.core.logs.DiscreetFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "datefmt": "%Y-%m-%dT%H:%M:%S%z",
            "style": "{",
        },
        "json": {"()": "zusammenplan.core.logs.FieldsFormatter"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": env_choice("ZUSAMMENPLAN_LOG_FORMAT", "plain", "json"),
        }
    },
    "root": {"handlers": ["console"], "level": env("ZUSAMMENPLAN_LOG_LEVEL", "WARNING")},
}
# Whether other hosts of the county's domain use HTTPS is not for this site to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
