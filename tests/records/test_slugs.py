"""Slugs and former slugs: an address once public leads on for good."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from lessons.models import Lesson, Question
from meetings.groups import WorkingGroup
from practices.models import Practice
from records.models import FormerSlug
from records.versions.snapshots import versions_of
from tests.desk import change_url, errors_in, page_url
from tests.history import restore, url, versions
from tests.made import draft, every_kind, make, make_group, make_theme, whole
from tests.pages import Page, open_page, text_of
from themes.models import Theme

pytestmark = pytest.mark.django_db


# --- Slugs ---------------------------------------------------------------------------


@pytest.mark.once
def test_an_empty_slug_is_made_of_the_first_words(desk):
    text = "Médecins & carers should, in some cases, share what they know about a patient."
    for _ in range(2):
        desk.saved(page_url(Lesson, "add"), text=text)
    FormerSlug.objects.create(model="lessons.lesson", slug="trust", current_slug="trust-me")
    desk.saved(page_url(Lesson, "add"), text="Trust!")
    desk.saved(page_url(Practice, "add"), name="Vivat: the programme")
    slugs = [*Lesson.objects.order_by("pk").values_list("slug", flat=True)]
    first = "medecins-carers-should-in-some-cases-share-what"
    assert slugs == [first, f"{first}-2", "trust-2"]
    assert Practice.objects.get().slug == "vivat-the-programme"


@pytest.mark.once
def test_a_text_that_makes_no_slug_asks_for_one(desk):
    response = desk.refused(page_url(Lesson, "add"), text="… ?!")
    assert errors_in(response) == {"slug": ["No slug can be made of this text: please give one."]}


@pytest.mark.once
def test_an_entry_that_has_an_address_keeps_one(desk):
    lesson = draft(Lesson, "A lesson")
    response = desk.refused(change_url(lesson), slug="")
    assert errors_in(response) == {"slug": ["This field is required."]}


@pytest.mark.once
def test_a_renamed_public_entry_leads_from_its_old_address(desk):
    lesson = make(Lesson, "A lesson", [make_theme()], status="published")
    desk.saved(change_url(lesson), slug="renamed", change_note="A clearer address.")
    assert FormerSlug.objects.get().current_slug == "renamed"


NOTE = {"change_note": "A better wording."}


# --- Addresses -----------------------------------------------------------------------


RESERVED = "This address was that of a deleted record, which may be brought back."

LEADS = "This address was another record's and still leads there."


def test_a_slug_once_public_is_given_to_no_other_by_the_admin_nor_in_the_shell(desk):
    renamed = whole(Lesson, "First", slug="wanted", status="published")
    desk.saved(change_url(renamed), slug="first", **NOTE)
    other = whole(Lesson, "Other", status="published")

    response = desk.refused(page_url(Lesson, "add"), text="New", slug="wanted")
    assert response.context["adminform"].form.errors == {"slug": [LEADS]}
    response = desk.refused(change_url(other), slug="wanted", **NOTE)
    assert response.context["adminform"].form.errors == {"slug": [LEADS]}
    with pytest.raises(ValidationError, match="still leads there"):
        draft(Lesson, "New", slug="wanted")
    other.slug = "wanted"
    with pytest.raises(ValidationError, match="still leads there"):
        other.save()
    assert {*Lesson.objects.values_list("slug", flat=True)} == {"first", "other"}
    assert draft(Question, "Of another kind", slug="wanted").slug == "wanted"

    # Its own it may have back, and then the other one leads to it.
    desk.saved(change_url(renamed), slug="wanted", **NOTE)
    assert desk.client.get("/lessons/first/").url == "/lessons/wanted/"
    with pytest.raises(ValidationError, match="still leads there"):
        draft(Lesson, "New", slug="first")


@pytest.mark.parametrize("load", ["deferred", "anew", "stale"])
def test_a_slug_changed_in_the_shell_redirects_however_the_entry_was_loaded(desk, load):
    lesson = make(Lesson, "A lesson", [make_theme()], slug="one", status="published")
    if load == "deferred":
        lesson = Lesson.objects.defer("slug").get()
    elif load == "anew":
        lesson = Lesson(**Lesson.objects.values().get())
    else:
        other = Lesson.objects.get()
        other.slug = "between"
        other.save()
    lesson.slug = "two"
    lesson.save()
    assert desk.client.get("/lessons/one/").url == "/lessons/two/"
    if load == "stale":
        assert desk.client.get("/lessons/between/").url == "/lessons/two/"


def test_saving_something_else_leaves_a_slug_alone_that_was_changed_meanwhile(empty_db):
    make(Lesson, "A lesson", slug="one", status="published", themes=())
    stale = Lesson.objects.get()
    Lesson.objects.update(slug="two")
    stale.save(update_fields=["text"])
    assert Lesson.objects.get().slug == "two"
    assert not FormerSlug.objects.exists()


def test_the_slug_of_a_draft_that_was_never_public_is_free(empty_db):
    lesson = draft(Lesson, "A lesson", slug="one")
    lesson.slug = "two"
    lesson.save()
    draft(Lesson, "Other", slug="one")
    lesson.delete()
    draft(Lesson, "Third", slug="two")
    assert not FormerSlug.objects.exists()


@pytest.mark.once
@pytest.mark.parametrize("status", ["published", "withdrawn", "draft"])
def test_the_address_of_a_deleted_entry_stays_its_own_and_says_so(desk, status):
    entry = whole(Lesson, "First", slug="before", status="published")
    desk.saved(change_url(entry), slug="wanted", **NOTE)
    Lesson.objects.update(status=status)
    desk.client.post(url(entry, "delete"), {"post": "yes"})

    visitor = Client()
    for slug in ("wanted", "before"):
        page = visitor.get(f"/lessons/{slug}/")
        assert page.status_code == 410
        assert "This lesson was deleted" in Page(page).headings
        for extension in ("ris", "bib"):
            assert visitor.get(f"/lessons/{slug}.{extension}").status_code == 410
        answer = visitor.get(f"/api/v1/lessons/{slug}/")
        assert (answer.status_code, answer.json()["detail"]) == (410, "This lesson was deleted.")
    response = desk.refused(page_url(Lesson, "add"), text="New", slug="wanted")
    assert response.context["adminform"].form.errors == {"slug": [RESERVED]}
    with pytest.raises(ValidationError, match="deleted record"):
        draft(Lesson, "New", slug="wanted")
    desk.saved(page_url(Lesson, "add"), text="Wanted")
    assert Lesson.objects.get().slug == "wanted-2"

    version = versions_of(Lesson, entry.pk)[0]
    desk.client.post(page_url(Lesson, "recover", version.pk), {"note": "Back."})
    back = Lesson.objects.get(pk=entry.pk)
    assert (back.slug, back.status) == ("wanted", status)
    if status == "published":
        assert visitor.get("/lessons/wanted/").status_code == 200
        assert visitor.get("/lessons/before/").url == "/lessons/wanted/"
    with pytest.raises(ValidationError, match="still leads there"):
        draft(Lesson, "New", slug="before")


def test_deleted_themes_and_groups_keep_their_addresses_too(desk):
    for record in (make_theme(), make_group()):
        address = record.get_absolute_url()
        desk.client.post(url(record, "delete"), {"post": "yes"})
        assert desk.client.get(address).status_code == 410
        with pytest.raises(ValidationError, match="deleted record"):
            type(record).objects.create(slug=record.slug)
    assert desk.client.get("/api/v1/themes/prisons/").status_code == 410


def test_a_draft_brought_back_gets_another_slug_where_its_own_was_taken_since(desk):
    unseen = whole(Lesson, "Once", slug="wanted")
    pk = unseen.pk
    unseen.delete()
    draft(Lesson, "Since", slug="wanted")
    version = versions_of(Lesson, pk)[0]
    answer = desk.client.post(page_url(Lesson, "recover", version.pk), {"note": ""}, follow=True)
    assert "Not brought back, because it is gone or another’s: slug: wanted" in text_of(answer)
    assert Lesson.objects.get(pk=pk).slug == f"wanted-{pk}"


def test_a_version_with_an_older_slug_brings_that_back_unless_another_has_it(desk):
    lesson = whole(Lesson, "One", slug="one")
    desk.saved(change_url(lesson), slug="two", text="Two")
    draft(Lesson, "Since", slug="one")
    restore(desk, lesson, versions(lesson)[1])
    lesson.refresh_from_db()
    assert (lesson.text, lesson.slug) == ("One", "two")


def test_a_version_does_not_take_back_a_slug_that_leads_to_another_by_now(desk, client):
    lesson = whole(Lesson, "Never public", slug="one")
    desk.saved(change_url(lesson), slug="two", text="Two")
    other = make(Lesson, "Public", slug="one")
    other.slug = "renamed"
    other.save()
    restore(desk, lesson, versions(lesson)[1])
    lesson.refresh_from_db()
    assert (lesson.text, lesson.slug) == ("Never public", "two")
    assert client.get("/lessons/one/")["Location"] == "/lessons/renamed/"


@pytest.mark.once
@every_kind
def test_a_renamed_entry_leads_on_from_all_its_former_addresses(client, kind):
    entry = kind.objects.first()
    first = entry.get_absolute_url()
    for slug in ("second-name", "third-name"):
        entry.slug = slug
        entry.save()
    third = entry.get_absolute_url()
    for former in (first, third.replace("third", "second")):
        response = client.get(former)
        assert (response.status_code, response["Location"]) == (301, third)
    assert open_page(client, third).headings


def test_a_name_taken_back_is_a_page_again_and_the_other_leads_to_it(client):
    theme = Theme.objects.get(slug="ethics")
    theme.slug = "questions-of-ethics"
    theme.save()
    theme.slug = "ethics"
    theme.save()
    assert open_page(client, "/themes/ethics/").headings == ["Ethics"]
    response = client.get("/themes/questions-of-ethics/")
    assert (response.status_code, response["Location"]) == (301, "/themes/ethics/")
    # A browser that kept the first redirect for good would now go round in circles.
    assert response["Cache-Control"] == "no-cache"
    turtle = client.get("/themes/questions-of-ethics.ttl")
    assert (turtle.status_code, turtle["Location"]) == (301, "/themes/ethics.ttl")


@pytest.mark.once
def test_a_renamed_group_leads_on(client):
    group = WorkingGroup.objects.get(slug="ran-exit")
    group.slug = "exit"
    group.save()
    response = client.get("/groups/ran-exit/")
    assert (response.status_code, response["Location"]) == (301, "/groups/exit/")
