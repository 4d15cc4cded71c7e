"""The workflow as the desk uses it."""

import re

from django.contrib.auth.models import Group, User
from django.urls import reverse

from entries.workflow.models import LoggedTransition
from lessons.models import Lesson
from meetings.models import Paper
from tests.desk import page_url, values_in
from tests.made import make


def transition_url(entry, name):
    return page_url(type(entry), "transition", entry.pk, name)


def press(desk, entry, name, **typed):
    """Open the page of the transition, and answer it: it leads on, or asks again."""
    url = transition_url(entry, name)
    values, _ = values_in(desk.open(url))
    answers = {"knowingly": "on"} | typed | {"_perform": "Yes"}
    return desk.client.post(url, values | answers)


def notes_url(record):
    return page_url(type(record), "notes", record.pk)


def write_note(desk, record, text):
    data = {"_write": "1", "text": text}
    return desk.client.post(notes_url(record), data, follow=True)


def logged(entry):
    return [*LoggedTransition.objects.of(entry).values_list("action", "user__username", "note")]


def again(entry):
    """The entry as it is stored now."""
    return type(entry).objects.get(pk=entry.pk)


def entry_at(state, user, kind=Lesson):
    other = User.objects.create_user(f"somebody else {User.objects.count()}", is_staff=True)
    other.groups.set(Group.objects.filter(name="curator"))
    source = Paper.objects.published().first()
    entry = make(kind, f"An entry {kind.objects.count()}", status="published", source=source)
    words = state.replace(",", "").split()
    entry.status = {"own": "draft", "in": "review"}.get(words[0], words[0])
    entry.author = user if "own" in words else other
    entry.changed_by = user if words[0] == "own" or "oneself" in words else other
    entry.awaits_second_look = words[0] == "published" and "changed" in words
    if entry.status in ("draft", "review"):
        entry.first_published = None
    entry.save()
    if "without" in words:
        entry.themes.clear()
    return entry


def piles(desk):
    """{title: what is in the pile} as the desk shows it."""
    html = desk.open(reverse("admin:index")).content.decode()
    found = re.findall(r'<section class="[^"]*pile[^"]*">.*?</section>', html, re.S)
    texts = [re.sub(r"<[^>]*>", " ", section.replace("</h2>", "|")) for section in found]
    parts = [" ".join(text.split()).partition("|") for text in texts]
    return {re.sub(r" \d+\+?\s*$", "", title).strip(): said.strip() for title, _, said in parts}


def pile(desk, title):
    """What is in it; nothing where the desk does not show it."""
    return piles(desk).get(title, "")
