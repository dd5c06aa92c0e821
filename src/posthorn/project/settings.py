"""Django's settings, made from one `Env`; imported by name once the environment has been read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from posthorn.project import runtime

POSTHORN = runtime.env()
_LOGIN = runtime.database_login()

SECRET_KEY = runtime.secret_key()
DEBUG = False
ALLOWED_HOSTS = list(POSTHORN.hosts)
ROOT_URLCONF = "posthorn.project.urls"
WSGI_APPLICATION = "posthorn.project.wsgi.application"
AUTH_USER_MODEL = "tenancy.Person"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
LANGUAGES = [("nl", "Nederlands"), ("fr", "Français"), ("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [Path(__file__).parent.parent / "locale"]
FORMAT_MODULE_PATH = "posthorn.web.formats"
LANGUAGE_COOKIE_NAME = "posthorn_language"
LANGUAGE_COOKIE_AGE = 31_536_000
LANGUAGE_COOKIE_SECURE = POSTHORN.https
LANGUAGE_COOKIE_HTTPONLY = True

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "procrastinate.contrib.django",
    "posthorn.tenancy",
    "posthorn.archive",
    "posthorn.connections",
    "posthorn.delivery",
    "posthorn.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "posthorn.web.languages.language_middleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent.parent / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
            "string_if_invalid": "",
        },
    }
]

# Fields of forms are drawn by templates of ours where they are, by Django's where not.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        **_LOGIN,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 10,
            "application_name": "posthorn",
            # Few statements run very often: the server parses and plans them once a connection.
            "server_side_binding": True,
            "prepare_threshold": 5,
            # A frozen process must not hold a row lock for ever: the server ends its transaction.
            "options": "-c idle_in_transaction_session_timeout=15000 -c lock_timeout=20000"
            " -c statement_timeout=120000",
        },
    }
}

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "posthorn.web.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_UNIQUE_EMAIL = True
MFA_ADAPTER = "posthorn.web.accounts.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Nobody learns by mail, or by its absence, whether an address is known here.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
PASSWORD_RESET_TIMEOUT = 3_600
EMAIL_BACKEND = "posthorn.web.mail.RelayBackend"
DEFAULT_FROM_EMAIL = POSTHORN.mail_from or "posthorn@localhost"

SESSION_COOKIE_NAME = "__Host-posthorn" if POSTHORN.https else "posthorn"
SESSION_COOKIE_SECURE = POSTHORN.https
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = POSTHORN.https
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in POSTHORN.hosts] if POSTHORN.https else []
ALLAUTH_TRUSTED_PROXY_COUNT = POSTHORN.proxies
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if POSTHORN.https else 0
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "script-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

STATIC_URL = "/static/"
STATICFILES_DIRS = [Path(__file__).parent.parent / "web" / "static"]
WHITENOISE_USE_FINDERS = True

CACHES = {
    "default": {
        "BACKEND": "posthorn.web.cache.SharedCache",
        "LOCATION": "posthorn_cache",
    },
}
PROCRASTINATE_IMPORT_PATHS = ["posthorn.archive.jobs"]

LOGGING_CONFIG = None
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W012", "security.W016"]
