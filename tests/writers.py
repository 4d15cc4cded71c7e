"""Several people with the form of the same record open."""

import re

from django.contrib.auth.models import User
from django.test import Client

from tests.desk import change_url, values_in

TOGETHER = {"_together": "1"}

SAVE = {"_save": "Save"}


class Writer:
    """Somebody with the form of a record open."""

    def __init__(self, name, record):
        self.client = Client()
        self.client.force_login(User.objects.create_superuser(name))
        self.url = change_url(record)
        self.open()

    def open(self):
        self.shown = self.client.get(self.url)
        self.values = values_in(self.shown)[0]

    def send(self, pressed=SAVE, **typed):
        """Press a button of the form as it stands there, with this typed into it."""
        self.values |= typed
        response = self.client.post(self.url, self.values | pressed)
        if response.status_code == 200:
            self.shown = response
            self.values = values_in(response)[0]
        return response

    def over(self):
        """The button that saves mine over theirs, as the page has it."""
        return {"_over": re.search(r'name="_over" value="(\w+)"', self.shown.content.decode())[1]}


def two(record):
    return Writer("anna", record), Writer("bert", record)


def row(number, url, role="page"):
    """A link as the form spells a row, the last one there is."""
    place = f"links-{number}"
    return {
        "links-TOTAL_FORMS": str(number + 1),
        f"{place}-url": url,
        f"{place}-role": role,
        f"{place}-certainty": "certain",
    }
