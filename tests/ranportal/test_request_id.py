"""An error of ours has a name, by which whoever met it and whoever reads the log can speak of it."""

import logging
import re

import pytest

from tests.pages import Page, open_page

pytestmark = [pytest.mark.once, pytest.mark.django_db]


@pytest.fixture
def broken(client, monkeypatch):
    """A client of a portal whose About page and API fail."""

    def fail(*args, **kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr("ranportal.views.About.get_context_data", fail)
    monkeypatch.setattr("ranportal.api.views.Entries.get_queryset", fail)
    client.raise_request_exception = False
    return client


@pytest.fixture
def log():
    """What goes to stderr, as the handler of the settings writes it."""
    [handler] = [each for each in logging.getLogger("django.request").handlers if each.filters]
    written = []
    original = handler.emit
    handler.emit = lambda record: written.append(handler.format(record))
    yield written
    handler.emit = original


def test_the_page_the_answer_and_the_log_name_a_failed_request_alike(broken, log):
    page = open_page(broken, "/about/", status=500)
    [name] = re.findall(r"calls this request (\w{12}):", page.text)
    assert broken.get("/about/").headers["X-Request-ID"] != name, "each its own"
    assert f"[{name}]: Internal Server Error: /about/" in log[0]
    assert "ZeroDivisionError" in log[0]


def test_the_api_names_it_as_well(broken, log):
    answer = broken.get("/api/v1/lessons/")
    assert answer.json()["request_id"] == answer.headers["X-Request-ID"]
    assert f"[{answer.headers['X-Request-ID']}]" in log[0]


def test_a_proxy_gives_the_name_where_there_is_one_and_a_visitor_never(broken, settings, log):
    def named(given):
        return broken.get("/about/", headers={"X-Request-ID": given}).headers["X-Request-ID"]

    assert named("proxy-0001") != "proxy-0001"
    settings.BEHIND_PROXY = True
    assert named("proxy-0001") == "proxy-0001"
    assert re.fullmatch(r"\w{12}", named("<b>forged\nline</b>"))


def test_a_curator_whose_form_met_it_is_told_its_name(admin_client, monkeypatch, log):
    def fail(*args, **kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr("lessons.admin.LessonAdmin.changeform_view", fail)
    admin_client.raise_request_exception = False
    sent = {"title": "A title that took an hour", "text": "And its text."}
    answer = admin_client.post("/admin/lessons/lesson/add/", sent)
    said = Page(answer).text
    assert "A title that took an hour" in answer.content.decode()
    [name] = re.findall(r"name this request: (\w{12})", said)
    assert f"[{name}]" in log[0]
