"""Migrations only go forward: what a release has shipped, installations have run."""

import pytest

from tests.shipped_migrations import digests, shipped


def test_no_migration_is_edited_or_removed_once_it_is_shipped():
    released = shipped()
    if released is None:
        pytest.skip("nothing is released yet: `python -m tests.shipped_migrations` begins it")
    now = digests()
    changed = [path for path, digest in released.items() if now.get(path) != digest]
    assert changed == [], "leave it as it is, and write another migration instead"
