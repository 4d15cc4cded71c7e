"""The door as it stands in production, for the tests of accounts."""

import pytest
from django.core.cache import cache
from django.db import transaction

from ranportal import settings as production


@pytest.fixture(autouse=True)
def nothing_counted():
    cache.clear()


@pytest.fixture(autouse=True)
def committed(monkeypatch):
    """What waits for a commit happens at once: the transaction of a test has none."""
    monkeypatch.setattr(transaction, "on_commit", lambda function, **kwargs: function())


@pytest.fixture
def limits(settings):
    settings.ACCOUNT_RATE_LIMITS = production.ACCOUNT_RATE_LIMITS
    settings.MFA_RATE_LIMITS = {}


@pytest.fixture
def second_factor_required(settings):
    settings.REQUIRE_SECOND_FACTOR = True
