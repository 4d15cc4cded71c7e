"""Settings, read from the environment and safe when nothing is set.

Every variable is described in the README under 'Settings'. A value that cannot
be read stops the start with the variable's name and a hint.
"""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from jinja2 import ChainableUndefined

from ranportal.environment import (
    SQLITE,
    database,
    days_of_kinds,
    env,
    host_names,
    licence,
    listened_on,
    mail_address,
    rate,
    secret_key,
    setting,
)

BASE_DIR = Path(__file__).resolve().parent.parent

# --- Where it runs -----------------------------------------------------------

DEBUG = setting(env.bool, "DEBUG", False, "Give true or false.")
DATA_DIR = setting(
    env.path, "DATA_DIR", BASE_DIR / "data", "Give a folder that the portal may write to."
)
SECRET_KEY = setting(
    secret_key,
    "SECRET_KEY",
    DATA_DIR,
    f"Give a long random text, or a DATA_DIR that can be written to; {DATA_DIR} cannot.",
)
THIS_MACHINE = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = setting(
    host_names,
    "ALLOWED_HOSTS",
    THIS_MACHINE,
    "Give host names separated by commas, without https:// and port.",
)
# HTTPS=true says that visitors reach the portal by TLS only.
HTTPS = setting(env.bool, "HTTPS", False, "Give true or false.")
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
# What also binds hosts that the portal does not know: only when asked for.
SECURE_HSTS_INCLUDE_SUBDOMAINS = setting(env.bool, "HSTS_SUBDOMAINS", False, "Give true or false.")
SECURE_HSTS_PRELOAD = setting(env.bool, "HSTS_PRELOAD", False, "Give true or false.")
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # which would have both on
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if HTTPS and host != "*"]
# Only behind a proxy that sets this header itself: else a visitor could forge it.
BEHIND_PROXY = setting(env.bool, "BEHIND_PROXY", False, "Give true or false.")
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- What it is made of ------------------------------------------------------

INSTALLED_APPS = [
    "ranportal",
    "imports",
    "briefings",
    "lessons",
    "practices",
    "meetings",
    "entries",
    "themes",
    "records",
    "taggit",
    "reversion",
    "django_filters",
    "django_countries",
    "csp",
    "corsheaders",
    "drf_spectacular",
    "ranportal.accounts",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "ranportal.metrics.Metrics",  # outermost, where metrics are asked for
    "ranportal.answers.Answers",  # before all that an answer which is kept need not pass again
    "django.middleware.security.SecurityMiddleware",
    "ranportal.headers.HeadersMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "ranportal.compression.Compression",
    "ranportal.answers.ConditionalGet",
    "ranportal.unsaved.UnsavedMiddleware",
    "ranportal.sessions.ReadingSessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "ranportal.methods.Methods",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "ranportal.accounts.middleware.SignInMiddleware",
]
ROOT_URLCONF = "ranportal.urls"
WSGI_APPLICATION = "ranportal.wsgi.application"
TEMPLATES = [
    {  # visitors' pages: Jinja2 makes functions of them, which write a page in less than half of the time
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "pages"],
        "OPTIONS": {
            "environment": "ranportal.pages.environment",
            "extensions": ["jinja2.ext.i18n"],
            "undefined": ChainableUndefined,  # what is not there is not shown, as in the others
            "cache_size": -1,  # all of them: there are some eighty
            "keep_trailing_newline": True,
            "context_processors": [
                "django.contrib.auth.context_processors.auth",
                "ranportal.context_processors.kinds_of_entries",
            ],
        },
    },
    {  # the admin and the sign-in, which extend those of Django and of allauth
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ranportal.context_processors.kinds_of_entries",
            ],
        },
    },
]

# --- Database ----------------------------------------------------------------

DATABASES = {
    "default": setting(
        database,
        "DATABASE_URL",
        f"sqlite:///{DATA_DIR / 'portal.sqlite3'}",
        "Give something like postgresql://user:password@localhost/ranportal or sqlite:////a/file.",
    )
}
if DATABASES["default"]["ENGINE"] == SQLITE:
    DATABASES["default"]["OPTIONS"] = {
        # A writer takes its lock when it begins, and waits for it, instead of
        # failing half-way; readers go on meanwhile.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    # A pooler such as PgBouncer hands a connection on after each transaction.
    POOLED = setting(env.bool, "POOLED", False, "Give true or false.")
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = POOLED
    if not POOLED:
        # For a disk that seeks cheaply, and sorts that fit in memory: left to its defaults
        # the planner reads whole tables for what the search index answers.
        DATABASES["default"].setdefault("OPTIONS", {}).setdefault(
            "options",
            "-c random_page_cost=1.1 -c jit=off -c work_mem=32MB"
            # What is prepared is planned once, whatever it is asked for.
            " -c plan_cache_mode=force_generic_plan",
        )
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# A connection for each thread of the server, not for each request: a new one knows nothing, and
# learns everything that is prepared anew. Whether it still stands is asked each time.
DATABASES["default"]["CONN_MAX_AGE"] = 600
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FIXTURE_DIRS = [BASE_DIR / "fixtures"]

# --- Language and time -------------------------------------------------------

# ISO 3166 has no code for it; this one is left to whoever needs one, and the EU uses it too.
COUNTRIES_OVERRIDE = {"XK": "Kosovo"}
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English"))]
# With one language there is nothing to translate into: to look each text up costs a tenth of a page.
USE_I18N = len(LANGUAGES) > 1
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Brussels"

# --- Static files ------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- Security and privacy ----------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
TAGGIT_CASE_INSENSITIVE = True
# Files are taken at one place only, and nobody types more than this.
FILE_UPLOAD_HANDLERS = ["imports.uploads.OnlyImports"]
DATA_UPLOAD_MAX_NUMBER_FILES = 1
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # the form of a paper with 400 links has as many
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
# What the server takes in at all, before anything of ours looks at it.
LARGEST_REQUEST = 25_000_000

# --- Signing in --------------------------------------------------------------

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "ranportal.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "ranportal.accounts.forms.SignIn",
    "reauthenticate": "ranportal.accounts.forms.ConfirmByPassword",
    "change_password": "ranportal.accounts.forms.ChangePassword",
}
ACCOUNT_EMAIL_VERIFICATION = "none"  # no mail server is needed
MFA_ALLOW_UNVERIFIED_EMAIL = True
ACCOUNT_SESSION_REMEMBER = False
MFA_ADAPTER = "ranportal.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "RAN Mental Health"
MFA_TOTP_TOLERANCE = 1  # a clock may be half a minute off; `second_factor.use_code` takes each once
MFA_FORMS = {
    "add_webauthn": "ranportal.accounts.forms.AddPasskey",
    "authenticate": "ranportal.accounts.forms.SecondFactorByCode",
    "authenticate_webauthn": "ranportal.accounts.forms.SecondFactorByPasskey",
    "login_webauthn": "ranportal.accounts.forms.SignInByPasskey",
    "reauthenticate": "ranportal.accounts.forms.ConfirmByCode",
    "reauthenticate_webauthn": "ranportal.accounts.forms.ConfirmByPasskey",
}
# A portal that others can reach asks whoever can change what is public, or accounts, for a
# second factor; one that answers this machine only, as `make run` starts it, does not.
REQUIRE_SECOND_FACTOR = setting(
    env.bool,
    "REQUIRE_SECOND_FACTOR",
    HTTPS or not set(ALLOWED_HOSTS) <= set(THIS_MACHINE),
    "Give true or false.",
)
PASSWORD_HASHERS = [
    f"django.contrib.auth.hashers.{name}"
    for name in ("Argon2PasswordHasher", "PBKDF2PasswordHasher")
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "UserAttributeSimilarityValidator": {},
        "MinimumLengthValidator": {"min_length": 12},
        "CommonPasswordValidator": {},
        "NumericPasswordValidator": {},
    }.items()
]
SESSION_ENGINE = "ranportal.accounts.session_store"
# A session ends with the browser, some time after its last use, and a day's work after it began.
SESSION_IDLE = timedelta(hours=2)
SESSION_IDLE_OF_PUBLISHERS = timedelta(minutes=30)
SESSION_COOKIE_AGE = int(SESSION_IDLE.total_seconds())
SESSION_LONGEST = timedelta(hours=12)
CSRF_COOKIE_AGE = None  # gone with the browser; only forms for signing in and the admin set it
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "ranportal.unsaved.csrf_failure"
# How many attempts: from one address, and for one account, whoever makes them.
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = int(BEHIND_PROXY)
# Where attempts are counted, and which codes are used up: in this process, for all of its
# threads. Several processes need a cache that they share.
CACHES = {
    "default": setting(
        env.dj_cache_url,
        "CACHE_URL",
        "locmem://",
        "Give something like redis://localhost:6379/0 or file:///a/folder.",
    )
}
if CACHES["default"]["BACKEND"].endswith(("LocMemCache", "FileBasedCache", "DatabaseCache")):
    # So many that no flood of other addresses pushes out what was counted.
    CACHES["default"]["OPTIONS"] = {"MAX_ENTRIES": 10_000}
# Sign-ins that wait for their second step: apart, so that a flood of them costs nobody's count.
CACHES["sign-in"] = CACHES["default"] | {"KEY_PREFIX": "sign-in"}
if CACHES["default"]["BACKEND"].endswith("LocMemCache"):
    CACHES["sign-in"]["LOCATION"] = "sign-in"
# Answers that are kept while the content stays as it is: in each process, so many bytes.
CACHES["answers"] = {
    "BACKEND": "ranportal.answers_cache.BytesInMemory",
    "OPTIONS": {"BYTES": 50_000_000},
}
# The access log: in the admin for this long, and on stderr as it happens.
ACCESS_LOG_KEPT = timedelta(days=180)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {name}: {message}", "style": "{"},
        "request": {"format": "{asctime} {name} [{request_id}]: {message}", "style": "{"},
    },
    "filters": {"request_id": {"()": "ranportal.request_id.WithRequestID"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line"},
        "of_requests": {
            "class": "logging.StreamHandler",
            "formatter": "request",
            "filters": ["request_id"],
        },
    },
    "loggers": {
        "ranportal.access": {"handlers": ["stderr"], "level": "INFO"},
        # An error of ours, with its traceback: nobody is mailed.
        "django.request": {"handlers": ["of_requests"], "level": "ERROR", "propagate": False},
    },
}

# Where Prometheus asks; a process whose neighbours are asked too needs a port of its own.
METRICS = setting(listened_on, "METRICS", "", "Give an address and a port: 127.0.0.1:9100.")

# --- Review ------------------------------------------------------------------

# Whoever made the last change of a record does not publish it; false is for a team of one.
FOUR_EYES = setting(env.bool, "FOUR_EYES", True, "Give true or false.")

# After how many days a published record is due for review again, of each kind; of most never.
REVIEW_AFTER = setting(
    days_of_kinds, "REVIEW_AFTER", "", "Give kinds and days, such as paper=730,situation=365."
)
# Whether the worker asks the addresses of links by itself; the command does in any case.
CHECK_LINKS = setting(env.bool, "CHECK_LINKS", True, "Give true or false.")

# --- What it says of itself ---------------------------------------------------

# The licence of the portal's own wordings; never of titles and of what sources print.
CONTENT_LICENCE = setting(
    licence, "CONTENT_LICENCE", "", "Give the SPDX name of a licence, such as CC-BY-4.0."
)
# Where a reader writes who finds something wrong; empty, no page offers it.
CONTACT_EMAIL = setting(mail_address, "CONTACT_EMAIL", "", "Give one address: name@example.org.")

# --- API ---------------------------------------------------------------------

# How often one address may ask, counted by each process of the server for itself.
API_RATE = setting(
    rate, "API_RATE", "600/minute", "Give something like 600/minute, or per second, hour or day."
)
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [],
    "DEFAULT_AUTHENTICATION_CLASSES": [],  # what everyone may read needs no session, so no cookie
    "DEFAULT_SCHEMA_CLASS": "ranportal.api.description.ApiSchema",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.AnonRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"anon": API_RATE},
    "NUM_PROXIES": int(BEHIND_PROXY),  # whose word counts for the visitor's address
    "EXCEPTION_HANDLER": "ranportal.api.problems.problem_of_view",
    "URL_FORMAT_OVERRIDE": None,  # ?format= is an unknown parameter like any other
}
SPECTACULAR_SETTINGS = {
    "TITLE": _("RAN Mental Health knowledge portal"),
    "DESCRIPTION": _("Everything that the public pages show, as JSON. Read-only, without a key."),
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SORT_OPERATIONS": False,  # lists and parameters in our own order
    "SORT_OPERATION_PARAMETERS": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enum_id_removal",
        "ranportal.api.description.with_problems",
    ],
}
# The API, and whatever is there to be read by machines.
CORS_URLS_REGEX = r"^/api/|^/unapi$|.*\.(csv|xlsx|docx|ris|bib|atom|ics|jsonld|ttl)$"
CORS_ALLOW_ALL_ORIGINS = True
CORS_ALLOW_METHODS = ["GET", "HEAD"]
# What reading takes: to ask for a form or a language, and with a validator.
CORS_ALLOW_HEADERS = [
    "accept",
    "accept-language",
    "content-type",
    "if-none-match",
    "if-modified-since",
]
CORS_EXPOSE_HEADERS = ["ETag", "Retry-After"]
