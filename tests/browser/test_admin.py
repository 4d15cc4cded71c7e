"""The admin in a browser: what needs its scripts, and how it looks under the strict policy."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect
from taggit.models import Tag

from entries.links.models import Link
from lessons.models import Lesson, Question
from meetings.models import Meeting
from practices.models import Practice
from tests.browser.looks import overhang, seen
from tests.browser.people import choose, save, sign_in
from tests.made import make
from themes.models import Theme


def come_in(page):
    User.objects.create_superuser("curator", "", "curate-this")
    sign_in(page, "curator", "curate-this")


@pytest.fixture
def desk(page):
    come_in(page)
    return page


def test_a_lesson_is_written_filed_tagged_linked_and_seen_on_the_site(desk):
    theme = Theme.objects.get(title="Lone actors")
    desk.get_by_role("row", name="Lessons").get_by_role("link", name="Add").click()
    desk.get_by_label("Text:", exact=True).fill("Write down, once a week, what has been learned.")
    choose(desk, "themes", "Lone actors")
    choose(desk, "tags", "training")
    desk.get_by_text("Add another Link").click()
    desk.locator("#id_links-0-url").fill("https://example.org/learned.pdf")
    save(desk)
    expect(desk.locator(".messagelist .success")).to_contain_text("was added successfully")

    lesson = Lesson.objects.get(slug="write-down-once-a-week-what-has-been")
    assert [*lesson.themes.all()] == [theme]
    assert [tag.name for tag in lesson.tags.all()] == ["training"]
    assert lesson.links.get().url == "https://example.org/learned.pdf"

    desk.locator(".messagelist .success a").click()
    desk.get_by_role("link", name="Preview").click()
    expect(desk.locator("main")).to_contain_text("Write down, once a week, what has been learned.")


def test_what_was_typed_and_chosen_outlives_an_error(desk):
    desk.goto("/admin/practices/practice/add/")
    # An address that somebody else has taken meanwhile.
    make(Practice, "Another", slug="anchor-work-a-second-time", status="draft")
    desk.get_by_label("Name:", exact=True).press_sequentially("Anchor work: a second time")
    # The slug follows the name while nobody has touched it.
    expect(desk.get_by_label("Slug:")).to_have_value("anchor-work-a-second-time")
    choose(desk, "countries", "Finland")
    save(desk)
    message = "Practice with this Slug already exists."
    expect(desk.locator(".field-slug .errorlist")).to_have_text(message)
    expect(desk.get_by_label("Name:", exact=True)).to_have_value("Anchor work: a second time")
    expect(desk.locator(".field-countries .select2-selection")).to_contain_text("Finland")

    desk.get_by_label("Slug:").fill("anchor-work-once-more")
    choose(desk, "themes", "Ethics")
    save(desk)
    expect(desk.locator(".messagelist .success")).to_contain_text("was added successfully")
    practice = Practice.objects.get(slug="anchor-work-once-more")
    assert [country.code for country in practice.countries.all()] == ["FI"]


def test_a_tag_that_is_missing_is_added_in_passing(desk):
    desk.goto("/admin/lessons/lesson/add/")
    with desk.expect_popup() as opened:
        desk.locator("#add_id_tags").click()
    popup = opened.value
    popup.get_by_label("Name:").fill("night shifts")
    popup.get_by_role("button", name="Save", exact=True).first.click()
    expect(desk.locator(".field-tags .select2-selection")).to_contain_text("night shifts")


def test_a_link_not_yet_assigned_is_placed_in_three_steps(desk):
    practice = Practice.objects.order_by("name").first()
    waiting = Link.objects.unassigned().first()
    desk.get_by_role("link", name="Links", exact=True).click()
    desk.get_by_role("link", name=waiting.short, exact=True).click()
    choose(desk, "entry", practice.name)
    desk.get_by_label("Role").select_option("web page")
    desk.get_by_label("Certainty").select_option("probable")
    desk.locator("[name=note]").fill("The address names the project.")
    save(desk)
    expect(desk.locator(".messagelist .success")).to_contain_text("was changed successfully")
    waiting.refresh_from_db()
    assert (waiting.entry, waiting.role, waiting.certainty) == (practice, "page", "probable")


def act(desk, action):
    desk.get_by_label("Action:").select_option(action)
    desk.get_by_role("button", name="Go").click()


def test_entries_are_withdrawn_and_go_back_to_the_public_from_the_list(desk):
    number = Lesson.objects.published().count()
    desk.get_by_role("link", name="Lessons", exact=True).click()
    for box in (0, 1):
        desk.locator("input.action-select").nth(box).check()
    act(desk, "Withdraw")
    desk.get_by_label("Why it is withdrawn").fill("Both say the same.")
    desk.get_by_role("button", name="Withdraw").click()
    expect(desk.locator(".messagelist")).to_contain_text("Withdrawn: 2 lessons.")
    assert Lesson.objects.published().count() == number - 2

    for status, action, done in (
        ("withdrawn", "Restore to draft", "Restored to draft: 2 lessons."),
        ("draft", "Send to review", "Sent to review: 2 lessons."),
        ("in review", "Publish", "Published: 2 lessons."),
    ):
        desk.get_by_role("link", name=f"{status} (2)").click()
        boxes = desk.locator("input.action-select")
        expect(boxes).to_have_count(2)
        for box in (0, 1):
            boxes.nth(box).check()
        act(desk, action)
        expect(desk.locator(".messagelist")).to_contain_text(done)
    assert Lesson.objects.published().count() == number


def test_every_page_fits_its_screen_and_keeps_the_policy(desk):
    """A breach of the Content-Security-Policy is an error that `page` reports."""
    page = seen(desk, width=375)
    lists = [
        "lessons/lesson",
        "lessons/question",
        "practices/practice",
        "meetings/meeting",
        "meetings/paper",
        "meetings/workinggroup",
        "themes/theme",
        "themes/formerslug",
        "entries/link",
        "entries/linkcheck",
        "entries/country",
        "taggit/tag",
        "auth/user",
    ]
    for name in lists:
        page.goto(f"/admin/{name}/")
        fits_at_each_width(page)
        if page.locator("#result_list tbody th a").count():
            page.locator("#result_list tbody th a").first.click()
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            fits_at_each_width(page)
    tag = Tag.objects.order_by("name").first()
    for name in ("merge", "split", "delete"):
        page.goto(f"/admin/taggit/tag/{tag.pk}/{name}/")
        fits_at_each_width(page)
    theme = Theme.objects.in_tree_order().first()
    page.goto(f"/admin/themes/theme/{theme.pk}/delete/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Cannot delete theme")
    fits_at_each_width(page)


def fits_at_each_width(page):
    """A narrow page, and made wide: no script of the admin's looks at how wide it is."""
    page.wait_for_load_state()
    for width in (375, 1280):
        seen(page, width)
        assert overhang(page) == [], page.url
        assert tallest_box(page) < 300, page.url
    seen(page, 375)


def test_on_a_small_laptop_no_column_of_a_list_or_of_rows_is_cut(open_page):
    page = open_page(1024)
    come_in(page)
    question = Question.objects.get(state="taken-up")
    meeting = Meeting.objects.filter(links__isnull=False).first()
    for address in ("/admin/lessons/lesson/", question.admin_url, meeting.admin_url):
        page.goto(address)
        assert overhang(page) == [], address
        hidden = "tables => tables.filter(each => each.scrollWidth > each.clientWidth).length"
        assert page.locator(".tabular").evaluate_all(hidden) == 0, address
    page.get_by_text("Add another Link").click()
    expect(page.locator("[name$=-url]:focus")).to_have_count(1)


def tallest_box(page):
    """Pixels of the tallest box that finds records by typing: one choice is a line, many are a few."""
    heights = "boxes => Math.max(0, ...boxes.map(box => box.offsetHeight))"
    return page.locator(".select2-container").evaluate_all(heights)
