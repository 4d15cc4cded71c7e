"""A day at the desk: an entry goes its whole way between two people, and a meeting is filed."""

import re

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from playwright.sync_api import expect

from lessons.models import Lesson, Question
from meetings.models import Meeting, Paper
from tests import totp
from tests.browser.people import choose, save, sign_in
from themes.models import Theme

PASSWORD = "a long enough password"


@pytest.fixture
def come_in(open_page, corpus, settings):
    """A function that seats somebody at a desk of their own, past both factors."""
    settings.REQUIRE_SECOND_FACTOR = True
    cache.clear()

    def come_in(name, role):
        user = User.objects.create_user(name, "", PASSWORD, is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        key = generate_totp_secret()
        TOTP.activate(user, key)
        page = open_page()
        page.goto("/admin/")
        page.get_by_label("Username").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        press(page, "Sign in")
        expect(page.get_by_role("heading", level=1)).to_have_text("Second factor")
        page.get_by_label("Code").fill(totp.code(key))
        press(page, "Sign in")
        expect(page).to_have_url(re.compile("/admin/$"))
        return page

    return come_in


def press(page, name, role="button"):
    page.get_by_role(role, name=name, exact=True).first.click()


def perform(page, transition, **answers):
    """Press the button of a transition, answer what it asks, and see that it is done."""
    press(page, transition, role="link")
    for label, answer in answers.items():
        page.get_by_label(label.replace("_", " ")).fill(answer)
    press(page, transition)
    expect(page.locator(".messagelist .success")).to_be_visible()


def decide(page, transition, **answers):
    """The same on the review page, which asks beside its button."""
    for label, answer in answers.items():
        page.get_by_label(label.replace("_", " ")).fill(answer)
    press(page, transition)
    expect(page.locator(".messagelist .success")).to_be_visible()


def open_from_desk(page, pile, words):
    page.goto("/admin/")
    section = page.locator(".pile", has=page.get_by_role("heading", name=re.compile(pile)))
    expect(section).to_contain_text(words)
    section.get_by_role("link", name=re.compile(words)).click()


def test_an_entry_goes_from_a_draft_to_the_public_is_changed_restored_and_withdrawn(
    come_in, open_page
):
    anna, ben, visitor = come_in("anna", "curator"), come_in("ben", "editor"), open_page()
    words = "Quokkas calm a group"

    # Anna drafts a lesson, and sends it to review.
    press(anna, "Lesson", role="link")
    anna.get_by_label("Text:", exact=True).fill(f"{words} of children at once.")
    choose(anna, "themes", "Working with children")
    choose(anna, "source", "Key themes")
    save(anna)
    lesson = Lesson.objects.get(text__startswith=words)
    address = lesson.get_absolute_url()
    anna.locator(".messagelist .success a").click()
    perform(anna, "Send to review")
    assert visitor.goto(address).status == 404

    # Ben reads it as the public would, and returns it.
    open_from_desk(ben, "Waiting for your review", words)
    press(ben, "Preview", role="link")
    expect(ben.locator("main")).to_contain_text("Not public (in review)")
    ben.go_back()
    decide(ben, "Return with a note", What_is_to_be_done="Say how sure that is.")

    # Anna finds his note on her desk, and sends it again with the text that she saves.
    open_from_desk(anna, "Sent back to you", words)
    expect(anna.locator(".way")).to_contain_text("Say how sure that is.")
    anna.get_by_label("Text:", exact=True).fill(f"{words} of children in some cases.")
    anna.get_by_label("Send to review when saved").check()
    save(anna)
    expect(anna.locator(".messagelist")).to_contain_text("Sent to review: 1 lesson.")

    # She cannot publish it herself; Ben can, and everyone reads it.
    open_from_desk(ben, "Waiting for your review", words)
    decide(ben, "Publish", Public_note="From a talk with keepers.")
    assert visitor.goto(address).status == 200
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("in some cases")
    expect(visitor.locator(".changes")).to_contain_text("From a talk with keepers.")

    # Anna changes it: live at once, with her note, and on Ben's desk for a second look.
    anna.goto(lesson.admin_url)
    anna.get_by_label("Text:", exact=True).fill(f"{words} of children in most cases.")
    save(anna)
    expect(anna.locator(".field-change_note .errorlist")).to_have_text("This field is required.")
    anna.get_by_label("What you change, and why").fill("Seen more often.")
    save(anna)
    expect(anna.locator(".messagelist .success")).to_be_visible()
    visitor.reload()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("in most cases")
    expect(visitor.locator(".changes")).to_contain_text("Seen more often.")

    # Ben sees what differs, and restores the text of before.
    open_from_desk(ben, "a second look is due", words)
    press(ben, "History", role="link")
    ben.get_by_role("link", name=re.compile("^Text")).first.click()
    expect(ben.locator("main del").last).to_contain_text("some")
    expect(ben.locator("main ins").last).to_contain_text("most")
    ben.get_by_text("From", exact=True).locator("..").get_by_role("link").click()
    press(ben, "Restore this version", role="link")
    ben.get_by_label("What you bring back, and why").fill("The source says some.")
    press(ben, "Restore")
    expect(ben.locator(".messagelist .success")).to_contain_text("Restored: the version of")
    visitor.reload()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("in some cases")

    # At last it is withdrawn: its address says why, and where to go instead.
    perform(
        ben,
        "Withdraw",
        Why_it_is_withdrawn="Quokkas were none of our business.",
        Where_to_go_instead="/themes/working-with-children/",
    )
    assert visitor.reload().status == 410
    expect(visitor.locator("main")).to_contain_text("Quokkas were none of our business.")
    visitor.locator("main").get_by_role("link", name=re.compile("working-with-children")).click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Working with children")


# As the finger goes down: an option that is chosen is gone before its click would come.
COUNT_CLICKS = """
addEventListener("pointerdown", () => {
  sessionStorage.clicks = Number(sessionStorage.clicks || 0) + 1;
}, true);
"""


def file_a_meeting(page):
    page.goto("/admin/")
    press(page, "Meeting", role="link")
    page.get_by_label("Title:", exact=True).fill("A meeting of quokkas")
    choose(page, "themes", "Ethics")
    choose(page, "source", "Key themes")
    page.get_by_label("Send to review when saved").check()
    press(page, "Save and add: paper")
    page.get_by_label("Title:", exact=True).fill("A paper on quokkas")
    for number in range(5):
        press(page, "Save and add: another like this" if number else "Save and add: lesson")
        page.get_by_label("Text:", exact=True).fill(f"Lesson {number} of the quokkas.")
    for number in range(2):
        press(page, "Save and add: another like this" if number else "Save and add: question")
        page.get_by_label("Text:", exact=True).fill(f"Question {number} of the quokkas?")
    save(page)
    expect(page.locator(".messagelist")).to_contain_text("Sent to review: 1 question.")


def test_a_meeting_with_its_paper_five_lessons_and_two_questions_takes_fifteen_clicks(page):
    User.objects.create_superuser("curator", "", PASSWORD)
    sign_in(page, "curator", PASSWORD)
    with page.add_init_script(COUNT_CLICKS):
        file_a_meeting(page)
        clicks = page.evaluate("Number(sessionStorage.clicks)")
    assert clicks == 15
    meeting, paper = (kind.objects.get(title__contains="quokkas") for kind in (Meeting, Paper))
    lessons, questions = (
        kind.objects.filter(text__contains="quokkas") for kind in (Lesson, Question)
    )
    assert (len(lessons), len(questions)) == (5, 2)
    assert paper.meeting == meeting
    assert {entry.source for entry in (*lessons, *questions)} == {paper}
    for entry in (meeting, paper, *lessons, *questions):
        assert entry.status == "review"
        assert [*entry.themes.all()] == [Theme.objects.get(title="Ethics")]
