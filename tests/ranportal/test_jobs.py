"""The worker asks every job, and none keeps another from being done."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import OperationalError

from ranportal.jobs import Job
from ranportal.management.commands import worker

pytestmark = [pytest.mark.once, pytest.mark.django_db]


def done_once(monkeypatch, *jobs):
    monkeypatch.setattr(worker, "JOBS", jobs)
    out, err = StringIO(), StringIO()
    call_command("worker", once=True, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_a_job_is_asked_until_nothing_is_due(monkeypatch):
    due = ["one", "two"]
    said, _err = done_once(monkeypatch, Job("list", lambda: due.pop() if due else None, pause=1))
    assert said == "list: two\nlist: one\n"


def fails():
    raise ValueError("a fault of ours")


def is_away():
    raise OperationalError("gone for a moment")


def test_a_job_that_fails_is_logged_and_keeps_no_other_from_being_done(monkeypatch, caplog):
    due = ["done"]
    said, err = done_once(
        monkeypatch,
        Job("broken", fails, pause=1),
        Job("away", is_away, pause=1),
        Job("whole", lambda: due.pop() if due else None, pause=1),
    )
    assert said == "whole: done\n"
    assert "away: the database did not answer: gone for a moment" in err
    assert "The job 'broken' failed" in caplog.text
