"""Processes that work on the portal and may be killed at any moment.

    python -m tests.worker

Reads from standard input what to do, a JSON list of words each: a command of `manage.py`,
or 'save' with a lesson's key, which goes on until it is killed; then 'wait'. Each runs in
a process of its own, which costs nothing to start: everything is imported already. Its
number stays its own until 'wait', even if it has ended. Says 'started <number>', what the
command says, and 'ended <status>'.
"""

import json
import os
import sys
import traceback
from itertools import count

import django
from django.core.management import call_command


def save_again_and_again(key):
    """Change a lesson in the admin, in everything that a save stores, and say so each time."""
    from django.contrib.auth.models import User
    from django.test import Client
    from taggit.models import Tag

    from lessons.models import Lesson
    from tests.desk import Desk, change_url

    client = Client()
    client.force_login(User.objects.get(username="curator"))
    desk = Desk(client)
    lesson = Lesson.objects.get(pk=key)
    page, link = change_url(lesson), lesson.links.get()
    tags = [Tag.objects.get(name=name).pk for name in ("even", "odd")]
    for number in count(int(lesson.text.split()[-1]) + 1):
        typed = {
            "text": f"text {number}",
            "tags": str(tags[number % 2]),
            "links-0-id": str(link.pk),
            "links-0-note": f"note {number}",
        }
        desk.saved(page, **typed)
        print(f"saved {number}")  # noqa: T201


def work(name, *arguments):
    if name == "save":
        save_again_and_again(*arguments)
    else:
        call_command(name, *arguments)


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    sys.stdout.reconfigure(line_buffering=True)
    django.setup()

    from django.test.utils import setup_test_environment
    from django.urls import get_resolver

    setup_test_environment()
    get_resolver().url_patterns  # noqa: B018 (imports all views)
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        if name == "wait":
            _pid, status = os.wait()
            sys.stdout.write(f"ended {os.waitstatus_to_exitcode(status)}\n")
        elif os.fork() == 0:
            sys.stdout.write(f"started {os.getpid()}\n")
            try:
                work(name, *arguments)
            except Exception:
                traceback.print_exc()
                sys.stdout.write("failed\n")
            sys.stdout.flush()
            os._exit(0)


if __name__ == "__main__":
    main()
