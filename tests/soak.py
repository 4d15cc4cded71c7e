"""How often a test repeats what it proves: enough for seconds, or many times for `make soak`."""

import os

import pytest

SOAK = os.environ.get("SOAK") == "true"

# Marks the tests that `make soak` runs in their long form.
soak = pytest.mark.soak


def times(enough, many):
    return many if SOAK else enough
