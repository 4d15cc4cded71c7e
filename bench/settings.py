"""The portal's own settings, with the collected static files beside its other data."""

from ranportal.settings import *  # noqa: F403
from ranportal.settings import DATA_DIR

STATIC_ROOT = DATA_DIR / "static"
ROOT_URLCONF = "bench.stock"
