"""Every page of the admin opens, to whom it should, with what it should."""

import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.contrib.messages.storage.cookie import CookieStorage
from django.test import RequestFactory
from django.urls import reverse

from entries.links.health import LinkCheck
from entries.links.models import Link
from entries.models import Country, kinds
from imports.models import Block, Proposal
from ranportal.accounts.models import AccessLine
from records.models import FormerSlug
from tests.desk import change_url, page_url
from tests.made import KINDS, every_kind, make, make_theme, one_of
from tests.pages import text_of

READ_ONLY = [Country, FormerSlug, AccessLine, Block, Proposal, LinkCheck]

LONG = "word " * 2000


# --- Every page ----------------------------------------------------------------------


everything = pytest.mark.parametrize("model", admin.site._registry, ids=lambda m: m.__name__)


def test_the_five_kinds_and_what_they_hang_on_are_in_the_admin(desk):
    assert set(kinds()) == set(KINDS)
    text = text_of(desk.open(reverse("admin:index")))
    for name in ("Meetings", "Papers", "Practices", "Lessons", "Questions", "Themes", "Links"):
        assert name in text
    assert "Working groups" in text
    assert "RAN Mental Health: the curators’ desk" in text


def said(desk, url):
    """What a page says, once it is seen to need nothing that the strict policy forbids."""
    response = desk.open(url)
    html = response.content.decode()
    assert "script-src 'self'" in response["Content-Security-Policy"]
    assert not re.search(r"<style|<script(?![^>]* src=)|\sstyle=|\son[a-z]+=", html)
    return text_of(response)


@pytest.mark.once
@everything
def test_every_page_of_every_model_opens_and_keeps_the_policy(desk, model):
    record = one_of(model)
    listed = {
        FormerSlug: "a b x.y",
        Link: "example.org/",
        LinkCheck: "example.org",
        AccessLine: "signed in admin",
    }
    listed = listed.get(model, str(record))
    assert listed in said(desk, page_url(model, "changelist"))
    assert str(record) in said(desk, change_url(record))
    assert "Change history" in said(desk, page_url(model, "history", record.pk))
    if model in READ_ONLY:
        assert desk.client.get(page_url(model, "add")).status_code == 403
        assert desk.client.get(page_url(model, "delete", record.pk)).status_code == 403
    else:
        said(desk, page_url(model, "add"))
        further = "another like this" if model in KINDS else "Save and add another"
        assert further in desk.open(page_url(model, "add")).content.decode()
        assert "Delete" in said(desk, page_url(model, "delete", record.pk))


@pytest.mark.once
@everything
def test_a_visitor_is_sent_to_sign_in(db, client, model):
    response = client.get(page_url(model, "changelist"))
    assert response.status_code == 302
    assert response.url.startswith(reverse("admin:login"))


@everything
def test_a_search_for_anything_is_answered(desk, model):
    """Three times without the page around the list, which is drawn in the end."""
    one_of(model)
    model_admin = admin.site.get_model_admin(model)
    for words in (LONG, "\x00", "'\"%_é"):
        request = RequestFactory().get("/", {"q": words})
        request.user = User.objects.get(username="admin")
        request._messages = CookieStorage(request)
        found = [*model_admin.get_changelist_instance(request).result_list]
        assert not found or words == "\x00", "which is no question"
    url = page_url(model, "changelist")
    assert "0 results" in text_of(desk.open(url, q="nothing-is-called-so"))


@pytest.mark.once
@every_kind
def test_view_on_site_leads_to_the_public_page(desk, kind):
    entry = make(kind, "Seen by all", [make_theme()], status="published")
    response = desk.open(change_url(entry))
    link = re.search(r'href="([^"]+)" class="viewsitelink"', response.content.decode())
    assert desk.client.get(link[1]).url.endswith(entry.get_absolute_url())
    assert "Seen by all" in text_of(desk.open(entry.get_absolute_url()))
