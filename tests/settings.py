"""The portal's settings for tests: of the environment only DATABASE_URL counts."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

scratch = Path(tempfile.mkdtemp(prefix="ranportal-tests-"))
atexit.register(shutil.rmtree, scratch, ignore_errors=True)

for name in (
    "DEBUG",
    "HTTPS",
    "BEHIND_PROXY",
    "ALLOWED_HOSTS",
    "API_RATE",
    "CACHE_URL",
    "POOLED",
    "FOUR_EYES",
    "REVIEW_AFTER",
    "CONTENT_LICENCE",
    "CONTACT_EMAIL",
    "METRICS",
):
    os.environ.pop(name, None)
# Tests reach no other machine; those of the checks of links bring their own way out.
os.environ.update(DATA_DIR=str(scratch), SECRET_KEY="for tests only", CHECK_LINKS="false")

from ranportal.settings import *  # noqa: E402, F403
from ranportal.settings import DATABASES, REST_FRAMEWORK, STORAGES  # noqa: E402

# On SQLite a file, as when the portal runs: each thread has its own connection.
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": str(scratch / "test.sqlite3")}

# Static files straight from where they are written, without collectstatic.
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
STATIC_ROOT = scratch / "static"

# The corpus and its curators are reached by a password alone, as often as tests like;
# tests of the second factor and of the limits say so.
REQUIRE_SECOND_FACTOR = False
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Tests ask the API as often as they like; those of the limit set their own.
REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] = {"anon": None}
