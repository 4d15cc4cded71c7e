"""Every form of the admin and of the accounts, sent by whoever may not: nothing that is not theirs changes.

Each role sends every address the form that a superuser is shown there, with other words in it and
every button pressed at once, to records in every state. After each the database is compared row by
row and put back: after few of them every day, after all in `make soak`.
"""

import random
import sys
from functools import cache

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from entries.models import kinds
from entries.workflow.models import reviewed_models
from entries.workflow.transitions import TRANSITIONS
from meetings.models import Paper
from records.versions.registering import revision
from records.versions.snapshots import versions_of
from tests.desk import STAFF, person, values_in
from tests.made import make, one_of
from tests.soak import SOAK, soak, times
from tests.stored import stored

pytestmark = [pytest.mark.django_db, pytest.mark.once, soak]

SENT = times(15, None)  # by each role, of all that could be

SENDERS = ("visitor", "no staff", *STAFF)

EVERY_BUTTON = {
    "_save": "Save", "_perform": "Yes", "post": "yes", "_publish": "1", "_return": "1",
    "_confirm": "1", "_withdraw": "1", "_review": "1", "_give_up": "1", "_write": "1",
    "_answered": "1", "_accept": "1", "_reject": "1", "_replace": "1", "_merge": "1",
    "_split": "1", "_delete": "1", "_do": "1",
}  # fmt: skip

EVERY_ANSWER = {
    "text": "Overwritten", "title": "Overwritten", "name": "Overwritten", "term": "Overwritten",
    "slug": "overwritten", "note": "Overwritten", "change_note": "Overwritten",
    "username": "overwritten", "status": "published", "is_superuser": "on", "is_staff": "on",
    "is_active": "on", "as_printed_is_public": "on", "knowingly": "on", "withdrawn_reason": "x",
    "review_on": "2030-01-01", "at": "2030-01-01T10:00", "publish-at": "2030-01-01T10:00",
    "withdraw-note": "Overwritten", "return-note": "Overwritten", "publish-note": "Overwritten",
    "password1": "Overwritten-1", "password2": "Overwritten-1", "usable_password": "true",
    "url": "https://evil.example/", "role": "page", "into": "1", "find": "secret",
    "replacement": "Overwritten", "transition": "publish", "sessions": "1",
    "links-TOTAL_FORMS": "0", "links-INITIAL_FORMS": "0", "uptakes-TOTAL_FORMS": "0",
    "uptakes-INITIAL_FORMS": "0", "absences-TOTAL_FORMS": "0", "absences-INITIAL_FORMS": "0",
}  # fmt: skip


WAS_PUBLIC = ("published", "withdrawn")


# --- What is there, and every address of it --------------------------------------------


def records_of(model, author):
    """One in each state of what has states, by somebody else."""
    if model not in reviewed_models():
        return [model._default_manager.first() or one_of(model)]
    made = []
    for status in model.Status.values:
        fields = {"status": status, "author": author, "slug": f"secret-{status}"}
        fields["first_published"] = timezone.now() if status in WAS_PUBLIC else None
        if model in kinds():
            record = make(model, "A secret", tags=["training"], **fields)
        else:
            record = model.objects.create(title="A secret", **fields)
        made.append(record)
    return made


def filled(route, pattern, records):
    """The addresses of a pattern: for each record of its model, with a version of it."""
    names = [*pattern.pattern.converters]
    if not names:
        return [f"/{route}"]
    model_admin = getattr(pattern.callback, "model_admin", None)
    model = model_admin.model if model_admin else Paper
    own = [Authenticator.objects.get()] if "webauthn" in route else records[model]
    found = []
    for record in own:
        number = versions_of(type(record), record.pk).first().pk if "version" in names else 1
        values = dict.fromkeys(names, record.pk) | dict.fromkeys(
            ("version", "older", "newer", "before"), number
        )
        for transition in TRANSITIONS if "name" in names else [None]:
            address = route
            for name, value in (values | {"name": transition}).items():
                kind = type(pattern.pattern.converters.get(name)).__name__
                kind = kind.removesuffix("Converter").lower().replace("string", "str")
                address = address.replace(f"<{kind}:{name}>", str(value))
                address = address.replace(f"<{name}>", str(value))
            found.append(f"/{address}")
    return found


def patterns(resolver, before=""):
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern
        else:
            yield from patterns(pattern, route)


def forms(records):
    """(address, what is sent) of every form that the staff may be shown, and of those that are none."""
    sent = EVERY_ANSWER | EVERY_BUTTON
    for route, pattern in patterns(get_resolver()):
        if not route.startswith(("admin/", "curators/")) or "(?P" in route:
            continue
        for address in filled(route, pattern, records):
            yield address, sent
        model_admin = getattr(pattern.callback, "model_admin", None)
        if model_admin and (pattern.name or "").endswith("_changelist"):
            chosen = [record.pk for record in records[model_admin.model]]
            for action in {*TRANSITIONS, *actions_of(model_admin)}:
                listed = {"action": action, "_selected_action": chosen, "select_across": "1"}
                yield f"/{route}", EVERY_ANSWER | {"post": "yes", "_perform": "1"} | listed


def actions_of(model_admin):
    names = [getattr(each, "__name__", each) for each in model_admin.actions or ()]
    return ["delete_selected", "change_many", *names]


# --- What may have changed ---------------------------------------------------------------


def tables(*labels):
    """Those of whole apps, or of single models."""
    return {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        for label in labels
        if label in (model._meta.app_label, model._meta.label_lower)
    }


# What anybody's trying leaves: the visit, and the line that tells of it.
TRACES = tables("sessions", "usersessions", "accounts.accessline")
OF_ENTRIES = (
    *("entries", "lessons", "meetings", "practices", "briefings", "imports", "reversion"),
    *("admin", "records.formerslug", "taggit.tag"),
)


@cache
def may_write(role):
    """The tables in which a role has something to change at all."""
    found = {
        "contributor": tables(*OF_ENTRIES),
        "curator": tables(*OF_ENTRIES),
        "editor": tables(*OF_ENTRIES, "themes"),
        "superuser": tables(*OF_ENTRIES, "themes", "auth", "mfa", "accounts"),
    }.get(role, set())
    kept = tables("entries.country")
    if role in ("contributor", "curator"):
        kept |= tables("entries.synonym", "entries.term", "meetings.workinggroup", "taggit.tag")
    return found - kept


def wrong(role, before, after):
    """What changed that this role may not change, as {table: rows}."""
    found = {}
    for table in before:
        gone, new = ({*a[table]} - {*b[table]} for a, b in ((before, after), (after, before)))
        if table.endswith("document") or table in ("content_version", "content_change"):
            allowed = bool(may_write(role))
        elif table in TRACES:
            allowed = "accessline" not in table or not gone
        elif role == "contributor":
            allowed = table in may_write(role) and not gone  # the drafts of others stay as they are
        else:
            allowed = table in may_write(role)
        if (gone or new) and not allowed:
            found[table] = (gone, new)
    return found


def public():
    """What the public can read: for editors alone to change."""
    return {
        (model._meta.label, pk)
        for model in reviewed_models()
        for pk in model.objects.filter(status="published").values_list("pk", flat=True)
    }


def sender(role):
    if role == "visitor":
        return Client()
    if role != "no staff":
        return person(role, "intruder").client
    client = person("nobody", "intruder")
    User.objects.filter(pk=client.user.pk).update(is_staff=False)
    return client.client


def form_at(client, address):
    page = client.get(address)
    is_page = page.status_code == 200 and page.get("Content-Type", "").startswith("text/html")
    return values_in(page)[0] if is_page else {}


@pytest.mark.parametrize("role", SENDERS)
def test_no_form_changes_what_is_not_for_its_sender_to_change(empty_db, role, capsys):
    victim = person("superuser", "victim").user
    key = {"type": Authenticator.Type.WEBAUTHN, "data": {"name": "a key"}}
    Authenticator.objects.create(user=person("editor").user, **key)
    records = {model: records_of(model, victim) for model in admin.site._registry}
    for each in [record for those in records.values() for record in those]:
        if hasattr(admin.site.get_model_admin(type(each)), "restore_view"):
            with revision(victim, "written"):
                each.save()
    every = [*forms(records)]
    client, shown_to = sender(role), Client()
    shown_to.force_login(victim)
    client.raise_request_exception = False
    chosen = every if SENT is None else random.Random(role).sample(every, SENT)
    changed, signed_in = 0, client.cookies.output(header="").strip()
    before, shown = stored(), public()  # and so again after each: it is rolled back
    for address, sent in chosen:
        client.cookies.load(signed_in)  # a form may have signed out
        with transaction.atomic():
            sent = form_at(shown_to, address) | sent
            answer = client.post(address, sent)
            after = stored()
            assert answer.status_code < 500, (address, sent.get("action"))
            assert wrong(role, before, after) == {}, (address, sent.get("action"))
            changed += any(before[table] != after[table] for table in before.keys() - TRACES)
            if role not in ("editor", "superuser"):
                assert public() == shown, (address, sent.get("action"))
            transaction.set_rollback(True)
    assert len(every) > 700
    may_change = STAFF[1:] if SOAK else ("editor", "superuser")  # the others little
    assert changed or role not in may_change, "these are no forms"
    if SOAK:
        with capsys.disabled():
            sys.stdout.write(
                f"\n    {role}: {len(chosen)} forms, {changed} changed what they may\n"
            )
