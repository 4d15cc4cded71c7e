"""The admin as a curator uses it: open a page, fill in its form, send it, read the answer; and the people who do, one of each role."""

import re
from html.parser import HTMLParser

from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from tests.pages import text_of


def page_url(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def change_url(record):
    return page_url(type(record), "change", record.pk)


class FormReader(HTMLParser):
    """Reads from a page what a browser would send if its form were submitted."""

    def __init__(self):
        super().__init__()
        self.values, self.select, self.textarea = {}, None, None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        name = attrs.get("name")
        if tag == "input" and name and attrs.get("type") not in ("submit", "button"):
            if attrs.get("type") != "checkbox":
                self.values[name] = attrs.get("value", "")
            elif "checked" in attrs:
                self.values[name] = attrs.get("value", "on")
        elif tag == "textarea":
            self.textarea, self.values[name] = name, ""
        elif tag == "select":
            self.select = name
            self.values[name] = [] if "multiple" in attrs else ""
        elif tag == "option" and self.select and "selected" in attrs:
            if isinstance(self.values[self.select], list):
                self.values[self.select].append(attrs["value"])
            else:
                self.values[self.select] = attrs["value"]

    def handle_endtag(self, tag):
        if tag == "select":
            self.select = None
        elif tag == "textarea":
            # The line break right after the tag is not part of the text.
            self.values[self.textarea] = self.values[self.textarea].removeprefix("\n")
            self.textarea = None

    def handle_data(self, data):
        if self.textarea:
            self.values[self.textarea] += data


def values_in(response):
    """What the page's form holds: {name: value}, and the same of its templates for new rows."""
    reader = FormReader()
    reader.feed(response.content.decode())
    templates = {name: value for name, value in reader.values.items() if "__prefix__" in name}
    return {n: v for n, v in reader.values.items() if n not in templates}, templates


def errors_in(response):
    """The errors of the page: {field: messages}, those of inlines under 'links-0-url'."""
    context = response.context
    errors = {name: list(found) for name, found in context["adminform"].form.errors.items()}
    for inline in context["inline_admin_formsets"]:
        for form in inline.formset.forms:
            errors |= {form.add_prefix(name): list(found) for name, found in form.errors.items()}
    return errors


class Desk:
    """A curator at work."""

    def __init__(self, client):
        self.client = client

    def open(self, url, **query):
        response = self.client.get(url, query)
        assert response.status_code == 200, response
        return response

    def send(self, page, /, **typed):
        """Open the page, type, press 'Save'; `typed` spells names as the form does."""
        values, new_rows = values_in(self.open(page))
        for name in typed:
            # A row that the page's script adds has what its template has.
            if row := re.fullmatch(r"(\w+-)\d+(-\w+)", name):
                values |= {
                    template.replace("__prefix__", name.split("-")[1]): value
                    for template, value in new_rows.items()
                    if template.startswith(row[1])
                    and template.replace("__prefix__", name.split("-")[1]) not in values
                }
        return self.client.post(page, values | typed | {"_save": "Save"})

    def saved(self, page, /, **typed):
        response = self.send(page, **typed)
        assert response.status_code == 302, errors_in(response)
        return response

    def refused(self, page, /, **typed):
        response = self.send(page, **typed)
        assert response.status_code == 200
        assert "Please correct the error" in text_of(response)
        return response

    def act(self, model, action, *records, **more):
        data = {"action": action, "_selected_action": [record.pk for record in records]} | more
        return self.client.post(page_url(model, "changelist"), data, follow=True)


def lines(formset, *rows):
    """Rows of an inline as its form spells them, all of them new."""
    typed = {f"{formset}-TOTAL_FORMS": str(len(rows))}
    for number, row in enumerate(rows):
        typed |= {f"{formset}-{number}-{name}": value for name, value in row.items()}
    return typed


ROLES = ("contributor", "curator", "editor")

# Beside the roles: somebody who may sign in and nothing else, and a superuser.
STAFF = ("nobody", *ROLES, "superuser")


def person(role, name=None):
    """Somebody who has the role, at their desk: `desk.user`, `desk.client`."""
    user = User.objects.create_user(name or f"the {role}", is_staff=True)
    if role == "superuser":
        User.objects.filter(pk=user.pk).update(is_superuser=True)
    elif role in ROLES:
        user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    desk = Desk(client)
    desk.user = User.objects.get(pk=user.pk)
    return desk
