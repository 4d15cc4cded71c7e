"""The review page in a browser: its keys, how it fits, and what a machine can tell of it."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from lessons.models import Lesson
from meetings.models import Paper
from tests.browser.looks import violations
from tests.browser.people import sign_in
from tests.made import make


@pytest.fixture
def waiting(corpus):
    source = Paper.objects.published().first()
    for number in (1, 2):
        make(Lesson, f"Waiting {number}", status="review", source=source, as_printed="They wait.")
    return Lesson.objects.filter(status="review").order_by("pk")


def come_in(page, lesson):
    User.objects.create_superuser("curator", "", "curate-this")
    sign_in(page, "curator", "curate-this")
    page.goto(f"/admin/lessons/lesson/{lesson.pk}/review/")


def status(lesson):
    return Lesson.objects.get(pk=lesson.pk).status


def test_keys_decide_rest_while_somebody_types_and_can_be_switched_off(page, waiting):
    first, second = waiting
    come_in(page, first)
    page.keyboard.press("r")
    note = page.get_by_label("What is to be done")
    expect(note).to_be_focused()
    page.keyboard.type("no part of crap")
    expect(note).to_have_value("no part of crap")
    page.get_by_role("button", name="Keys work").click()
    page.keyboard.press("p")
    expect(page.get_by_role("button", name="Keys work")).to_have_attribute("aria-pressed", "false")
    assert status(first) == "review"
    page.get_by_role("button", name="Keys work").click()
    page.keyboard.press("p")
    expect(page.locator(".messagelist")).to_contain_text("Published: 1 lesson.")
    expect(page.get_by_text("Waiting 2").first).to_be_visible()
    assert (status(first), status(second)) == ("published", "review")


def test_the_review_page_fits_and_axe_finds_nothing(open_page, waiting):
    page = open_page(1024)
    come_in(page, waiting[0])
    assert violations(page) == []
    for width in (1024, 375):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
