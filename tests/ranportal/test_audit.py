"""`make audit` finds what is published about what is locked, and never passes for want of a list."""

import json
import subprocess
import sys
import zipfile

import pytest

pytestmark = pytest.mark.once


def advisory(number, events, name="django", **more):
    ranges = [{"type": "ECOSYSTEM", "events": events}]
    affected = [{"package": {"ecosystem": "PyPI", "name": name}, "ranges": ranges}]
    return {"id": f"PYSEC-{number}", "summary": "A made one.", "affected": affected} | more


@pytest.fixture
def audit(tmp_path):
    """Runs the audit over made advisories: (status, what it said)."""

    def run(*made):
        path = tmp_path / "advisories.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for each in made:
                archive.writestr(f"{each['id']}.json", json.dumps(each))
        return audited(path)

    return run


def audited(path):
    done = subprocess.run(
        [sys.executable, "deploy/audit.py", path], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


OPEN = [{"introduced": "0"}]
FIXED = [{"introduced": "0"}, {"fixed": "1.2"}]
LAST = [{"introduced": "0"}, {"last_affected": "1.2"}]


def test_an_advisory_about_a_locked_version_is_named(audit):
    status, said = audit(advisory(1, OPEN), advisory(2, FIXED), advisory(3, LAST))
    assert status == 1
    assert "PYSEC-1 A made one." in said
    assert "PYSEC-2" not in said
    assert "PYSEC-3" not in said


def test_names_are_compared_as_packages_are_named(audit):
    assert audit(advisory(1, OPEN, name="Django_Taggit"))[0] == 1
    assert audit(advisory(1, OPEN, name="not-among-them"))[0] == 0


def test_one_that_was_withdrawn_is_none(audit):
    withdrawn = advisory(1, OPEN, withdrawn="2025-01-01T00:00:00Z")
    status, said = audit(withdrawn, advisory(2, FIXED))
    assert (status, "nothing found" in said) == (0, True)


def test_a_list_that_is_out_of_reach_empty_or_none_is_no_pass(audit, tmp_path):
    broken = tmp_path / "broken.zip"
    broken.write_text("no zip")
    for status, said in (audit(), audited(broken), audited(tmp_path / "missing.zip")):
        assert status == 2
        assert said.startswith("NOTHING WAS CHECKED")
