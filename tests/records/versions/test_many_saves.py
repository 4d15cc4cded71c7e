"""Two writers at once over very many saves lose nothing that they were not shown."""

import sys
import time
import traceback
from collections import Counter
from contextlib import contextmanager, suppress
from itertools import count, pairwise
from multiprocessing import get_context
from threading import BrokenBarrierError

from django.contrib.admin import site
from django.contrib.auth.models import User
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import connection, connections
from django.http import QueryDict
from django.test import RequestFactory

from lessons.models import Lesson
from records.versions.conflicts import put
from records.versions.snapshots import Snapshot
from tests.history import versions
from tests.soak import soak, times
from tests.writers import TOGETHER, row

pytestmark = soak
SAVES = times(20, 500)  # by each of the two
MEETING = 4  # so many turns from one to the next


class Hasty:
    """Adds a word to the text, sometimes a link, and presses 'Save': again and again.

    In a process and with a connection of their own. What the view answers is read as it
    is, not as a page: to draw a thousand pages would take minutes. With the form open the
    two wait for each other now and then, and so press at once: at least one of them is
    in the other's way, whatever else the machine does.
    """

    def __init__(self, name, key, meeting):
        self.name, self.key, self.meeting = name, str(key), meeting
        self.user = User.objects.get(username=name)
        self.admin = site.get_model_admin(Lesson)
        self.counts, self.overruled = Counter(), []

    def work(self):
        for turn in count():
            if self.counts["saved"] >= SAVES:
                break
            number = self.counts["pressed"]
            word = f"{self.name}{number}"
            data = self.fields_of(self.ask("get"))
            if turn % MEETING == 0:
                self.meet()
            data["text"] += f" {word}"
            if number % 50 == 0:
                data |= row(int(data["links-TOTAL_FORMS"]), f"https://example.org/{word}")
            answer = self.press(data)
            while answer and answer.status_code == 200:
                answer = self.decide(answer, number, word)
        self.meeting.abort()  # nobody waits for one who has gone
        return self.counts, self.overruled

    def meet(self):
        with suppress(BrokenBarrierError):
            self.meeting.wait()

    def decide(self, shown, number, word):
        """By turns: mine over theirs, theirs with mine put in again, mine dropped."""
        data, conflict = self.fields_of(shown), shown.context_data["conflict"]
        self.counts["shown"] += 1
        if number % 3 == 0:
            answer = self.press(data | {"_over": conflict.found.digest})
            if answer.status_code == 302:
                self.overruled.append(conflict.found.data)
            return answer
        if number % 3 == 1:
            # Both changed the text: the person puts it together themselves, from what
            # the page shows now.
            both = self.ask("post", data | TOGETHER)
            theirs = both.context_data["conflict"].found.values["text"]
            return self.press(self.fields_of(both) | {"text": f"{theirs} {word}"})
        return None

    def press(self, data):
        answer = self.ask("post", data)
        self.counts["pressed"] += 1
        self.counts["saved"] += answer.status_code == 302
        return answer

    def ask(self, method, data=None):
        request = getattr(RequestFactory(), method)("/", data)
        request.user, request._dont_enforce_csrf_checks = self.user, True
        request._messages = CookieStorage(request)
        return self.admin.change_view(request, self.key)

    @staticmethod
    def fields_of(page):
        """What the form on a page would send."""
        rows = page.context_data["inline_admin_formsets"][0].formset
        forms = [page.context_data["adminform"].form, rows.management_form, *rows.forms]
        data = {}
        for form, name in ((each, name) for each in forms for name in each.fields):
            html_name, sent = form.add_prefix(name), QueryDict(mutable=True)
            if form.is_bound:
                sent.setlist(html_name, form.data.getlist(html_name))
            else:
                put(sent, html_name, form, name)
            if values := sent.getlist(html_name):
                data[html_name] = values if name in ("themes", "tags") else values[0]
        return data


def hurry(name, key, meeting, results):
    try:
        results.put(Hasty(name, key, meeting).work())
    except BaseException:
        results.put(traceback.format_exc())


@contextmanager
def at_once(names, key):
    """What each of them has to say in the end."""
    connections.close_all()  # each process makes its own
    fork = get_context("fork")
    results, meeting = fork.Queue(), fork.Barrier(len(names), timeout=60)
    writers = [fork.Process(target=hurry, args=(name, key, meeting, results)) for name in names]
    for writer in writers:
        writer.start()
    try:
        yield (results.get(timeout=300) for _ in writers)
    finally:
        for writer in writers:
            writer.terminate()
            writer.join()


def words_and_links(said):
    return {*said.values["text"].split()} | {row["url"] for _key, row in said.rows["links"]}


def test_two_writers_at_once_lose_nothing_that_they_were_not_shown(transactional_db, capsys):
    lesson = Lesson.objects.create(text="Begin", slug="begin")
    for name in ("anna", "bert"):
        User.objects.create_superuser(name)
    counts, overruled, begun = Counter(), [], time.monotonic()
    with at_once(("anna", "bert"), lesson.pk) as results:
        for result in results:
            assert not isinstance(result, str), result
            counts += result[0]
            overruled += result[1]
    seconds = time.monotonic() - begun

    snapshots = [Snapshot.of_version(version) for version in reversed(versions(lesson))]
    lost = [
        before.data
        for before, after in pairwise(snapshots)
        if words_and_links(before) - words_and_links(after)
    ]
    with capsys.disabled():
        sys.stdout.write(
            f"\n    {connection.vendor}: {dict(counts)}, {len(snapshots)} versions,"
            f" {len(lost)} times something overwritten, {len(overruled)} times on purpose,"
            f" {seconds:.0f} seconds\n"
        )
    assert counts["saved"] >= 2 * SAVES
    assert len(snapshots) == counts["saved"] + 1, "one version of each save, and the first"
    assert counts["shown"] >= SAVES // MEETING, "they were never in each other's way"
    assert [before for before in lost if before not in overruled] == []
    lesson.refresh_from_db()
    assert Snapshot.of(lesson).says == snapshots[-1].says
