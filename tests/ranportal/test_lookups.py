"""Whatever lookup an address of the admin asks for, its lists answer, in words where they cannot."""

from collections import Counter
from contextlib import suppress

import pytest
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.auth.models import Group, User
from django.core.exceptions import SuspiciousOperation
from django.test import RequestFactory

from lessons.models import Lesson
from meetings.models import Meeting
from ranportal.accounts.models import AccessLine
from tests.desk import change_url, errors_in, page_url, person
from tests.pages import text_of
from tests.soak import soak, times

pytestmark = pytest.mark.django_db

HUGE = "99999999999999999999"
LOOKUPS = ("exact", "in", "gt", "year", "day", "date", "isnull", "icontains", "has_key", "0", "len")
# What each lookup is asked with; what cannot be read as a number, where one could be meant.
ASKED = [(lookup, HUGE) for lookup in LOOKUPS]
ASKED += [("exact", "[1]"), ("in", "[1]"), ("exact", "0001-01-01"), ("date", "0001-01-01")]


def fields_of_each_sort():
    """{model: fields}: of each sort the field of the first few models; in `make soak` of all."""
    seen, found = Counter(), {}
    for model in admin.site._registry:
        own = {type(field): field for field in model._meta.get_fields()}
        found[model] = [field for sort, field in own.items() if seen[sort] < times(3, 100)]
        seen.update([*own])
    return {model: fields for model, fields in found.items() if fields}


FIELDS = fields_of_each_sort()


@soak
@pytest.mark.parametrize("model", FIELDS, ids=lambda model: model.__name__)
def test_every_field_is_looked_up_or_the_lookup_is_refused(empty_db, model, monkeypatch):
    """Whatever else is raised fails it. Without the pages around the lists, which would take minutes."""
    user = person("superuser").user
    model_admin = admin.site.get_model_admin(model)
    monkeypatch.setattr(model_admin, "message_user", lambda *args: None)
    for field in FIELDS[model]:
        for lookup, value in ASKED:
            request = RequestFactory().get("/", {f"{field.name}__{lookup}": value})
            request.user = user
            with suppress(IncorrectLookupParameters, SuspiciousOperation):
                model_admin.get_changelist_instance(request)


@pytest.mark.parametrize(
    ("model", "query"),
    [
        (Meeting, {"start_date__year": HUGE}),
        (Meeting, {"start_date__year": "0"}),
        (Meeting, {"start_date__year": "2024", "start_date__month": "13"}),
        (AccessLine, {"at__year": "99999"}),
        (User, {"last_login__gte": "never"}),
    ],
    ids=str,
)
def test_a_list_that_cannot_be_narrowed_so_says_it_and_shows_all(model, query):
    client = person("superuser").client
    answer = client.get(page_url(model, "changelist"), query, follow=True)
    text = text_of(answer)
    assert "The list cannot be narrowed as the address asks: all of it is shown." in text
    assert answer.context["cl"].result_count == model.objects.count()


@pytest.mark.parametrize(
    ("model", "query"),
    [
        (Meeting, {"objectives__0": "x", "objectives__has_key": HUGE}),
        (Lesson, {"pk": HUGE}),
        (Lesson, {"source__id__exact": HUGE}),
        (User, {"groups__id__exact": HUGE}),
    ],
    ids=str,
)
def test_a_list_narrowed_to_what_nothing_can_be_is_empty(model, query):
    answer = person("superuser").client.get(page_url(model, "changelist"), query)
    assert answer.context["cl"].result_count == 0


@pytest.mark.parametrize("key", [HUGE, "x", "-1", ""])
def test_keys_that_are_none_are_named_in_the_forms_of_accounts_and_roles(key):
    desk = person("superuser")
    for record, name in ((desk.user, "groups"), (Group.objects.first(), "permissions")):
        answer = desk.refused(change_url(record), **{name: [key]})
        assert name in errors_in(answer)


@pytest.mark.parametrize("model", [*admin.site._registry], ids=lambda model: model.__name__)
def test_a_filter_of_a_list_refuses_a_value_that_it_does_not_offer(model):
    request = RequestFactory().get("/")
    request.user = person("superuser").user
    model_admin = admin.site.get_model_admin(model)
    own = [each for each in model_admin.get_list_filter(request) if isinstance(each, type)]
    for each in own:
        asked = {each.parameter_name: ["no-such-thing"]}
        chosen = each(request, asked, model, model_admin)
        with pytest.raises(IncorrectLookupParameters):
            chosen.queryset(request, model._default_manager.all())
