"""Whatever refuses a form of the desk gives it back, filled, with the reason; then it can be sent again."""

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test import Client
from django.utils.http import urlencode

from imports.models import Import
from lessons.models import Lesson
from practices.models import Practice
from ranportal.accounts.sessions import SEEN
from tests.desk import change_url, page_url, person, values_in
from tests.made import draft, make
from tests.pages import Page, text_of

pytestmark = pytest.mark.once

WORDS = "An hour’s work, <b>every</b> word of it."
SAVE = {"_save": "Save"}


def given_back(response, status, title):
    """What the page that answers would send again."""
    page = Page(response)
    assert (response.status_code, page.headings) == (status, [title])
    assert "Nothing was saved, and nothing is lost" in page.text
    return values_in(response)[0]


def opened(client, record):
    return values_in(client.get(change_url(record)))[0]


# --- Signed out, signed in anew ------------------------------------------------------


@pytest.mark.django_db
def test_a_form_sent_after_signing_out_in_another_tab_comes_back_and_saves_after_signing_in():
    desk, lesson = person("editor"), draft(Lesson, "First words")
    form = opened(desk.client, lesson) | {"text": WORDS, "source_page": "12"}
    desk.client.logout()
    answer = desk.client.post(change_url(lesson), form | SAVE)
    again = given_back(answer, 403, "You are not signed in any more")
    links = Page(answer).links()
    assert links["Sign in, in a new tab"].endswith(f"?next={change_url(lesson)}")
    assert {n: v for n, v in again.items() if n != "csrfmiddlewaretoken"} == {
        name: value if isinstance(value, str) else value[-1]
        for name, value in (form | SAVE).items()
        if name != "csrfmiddlewaretoken" and value != []
    }
    desk.client.force_login(desk.user)
    assert desk.client.post(change_url(lesson), again).status_code == 302
    lesson.refresh_from_db()
    assert (lesson.text, lesson.source_page) == (WORDS, "12")


@pytest.mark.django_db
def test_a_form_of_an_earlier_sign_in_comes_back_with_a_token_that_is_good():
    user, lesson = person("editor").user, draft(Lesson, "First words")
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    form = opened(client, lesson) | {"text": WORDS}
    client.cookies["csrftoken"] = "x" * 32  # as a new sign-in in another tab leaves it
    answer = client.post(change_url(lesson), form | SAVE)
    again = given_back(answer, 403, "This form is of an earlier sign-in")
    assert "and are the editor now" in text_of(answer)
    assert client.post(change_url(lesson), again).status_code == 302
    lesson.refresh_from_db()
    assert lesson.text == WORDS


@pytest.mark.django_db
def test_what_another_site_sends_is_never_shown_as_ones_own():
    client = Client(enforce_csrf_checks=True)
    client.force_login(person("editor").user)
    answer = client.post(
        page_url(Lesson, "add"), {"text": "Not mine"}, headers={"Origin": "https://evil.example"}
    )
    assert answer.status_code == 403
    assert "Not mine" not in answer.content.decode()


@pytest.mark.django_db
def test_a_form_that_meets_the_second_factor_comes_back_with_the_way_to_it(settings):
    desk, lesson = person("editor"), draft(Lesson, "First words")
    form = opened(desk.client, lesson) | {"text": WORDS}
    settings.REQUIRE_SECOND_FACTOR = True
    answer = desk.client.post(change_url(lesson), form)
    assert given_back(answer, 403, "Something is asked of you first")["text"] == WORDS
    assert Page(answer).links()["Do it in a new tab"].startswith("/curators/")


@pytest.mark.django_db
def test_no_password_comes_back(client):
    typed = {"username": "anna", "first_name": "Anna B.", "password1": "a pass phrase of mine"}
    answer = client.post(page_url(User, "add"), typed)
    again = given_back(answer, 403, "You are not signed in any more")
    assert (again["username"], again["first_name"]) == ("anna", "Anna B.")
    assert "pass phrase" not in answer.content.decode()


@pytest.mark.django_db
def test_where_nothing_was_typed_the_way_is_as_ever(client):
    assert client.post(page_url(Lesson, "add"), {}).status_code == 302
    signing_in = client.post("/curators/sign-in/", {"login": "anna", "password": "wrong words"})
    assert "wrong words" not in signing_in.content.decode()


# --- Not open any more ----------------------------------------------------------------


@pytest.mark.django_db
def test_a_draft_that_was_sent_to_review_in_another_tab_comes_back_with_who_did_it():
    desk, editor = person("contributor"), person("editor")
    lesson = draft(Lesson, "First words", author=desk.user)
    form = opened(desk.client, lesson) | {"text": WORDS}
    desk.act(Lesson, "send", lesson)
    answer = desk.client.post(change_url(lesson), form | SAVE)
    again = given_back(answer, 403, "This is not open to you")
    assert again["text"] == WORDS
    assert "the contributor did this on" in text_of(answer)
    assert "sent to review. Its status is “in review”" in text_of(answer)
    page = page_url(Lesson, "transition", lesson.pk, "return")
    values = values_in(editor.open(page))[0] | {"_perform": "1", "note": "Go on."}
    editor.client.post(page, values)
    assert desk.client.post(change_url(lesson), again).status_code == 302
    lesson.refresh_from_db()
    assert lesson.text == WORDS


@pytest.mark.django_db
def test_a_record_that_was_never_here_gives_the_form_back():
    desk = person("editor")
    answer = desk.client.post(page_url(Lesson, "change", 4711), {"text": WORDS})
    assert given_back(answer, 404, "What you changed is not there")["text"] == WORDS


# --- A file ---------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_file_sent_after_signing_out_is_to_be_chosen_again():
    door = page_url(Import, "add")
    file = SimpleUploadedFile("paper.txt", b"Printed words.", "text/plain")
    answer = Client().post(door, {"file": file, "recipe": "handbook-chapter"})
    page = Page(answer)
    assert (answer.status_code, page.headings) == (403, ["You are not signed in any more"])
    assert "nothing is lost" not in page.text
    assert "Nothing was saved, and the file is not kept: choose it again." in page.text
    assert page.links()["Open the form again"] == door
    assert page.links()["Sign in, in a new tab"].endswith(f"?next={door}")
    assert "handbook-chapter" not in answer.content.decode()


@pytest.mark.django_db
def test_a_file_sent_with_the_token_of_an_earlier_sign_in_is_to_be_chosen_again():
    client = Client(enforce_csrf_checks=True)
    client.force_login(person("curator").user)
    file = SimpleUploadedFile("paper.txt", b"Printed words.", "text/plain")
    answer = client.post(page_url(Import, "add"), {"file": file, "recipe": "handbook-chapter"})
    assert (answer.status_code, Page(answer).headings) == (
        403,
        ["This form is of an earlier sign-in"],
    )
    assert "the file is not kept: choose it again." in Page(answer).text


# --- Too much -------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_form_over_the_limit_comes_back_to_be_shortened():
    desk, lesson = person("editor"), draft(Lesson, "First words")
    long = "Every word counts. " * 120_000
    form = opened(desk.client, lesson) | {"text": long} | SAVE
    answer = desk.client.post(change_url(lesson), urlencoded(form), content_type=URLENCODED)
    again = given_back(answer, 413, "This is too much for one form")
    assert again["text"] == long
    assert desk.client.post(change_url(lesson), again | {"text": WORDS}).status_code == 302


@pytest.mark.django_db
def test_a_form_of_too_many_fields_comes_back():
    desk = person("editor")
    rows = {f"links-{n}-note": "Some words" for n in range(5_100)}
    form = urlencoded({"text": WORDS} | rows)
    answer = desk.client.post(page_url(Lesson, "add"), form, content_type=URLENCODED)
    again = given_back(answer, 400, "This could not be read")
    assert (again["text"], again["links-5099-note"]) == (WORDS, "Some words")


@pytest.mark.django_db
def test_what_nobody_known_sends_over_the_limit_is_not_even_read():
    client = Client(enforce_csrf_checks=True)
    answer = client.post(page_url(Lesson, "add"), b"text=" + b"x" * 3_000_000, URLENCODED)
    assert answer.status_code == 403
    assert "xxx" not in answer.content.decode()


URLENCODED = "application/x-www-form-urlencoded"


def urlencoded(form):
    return urlencode(form, doseq=True)


# --- A database that cannot be written -------------------------------------------------


@pytest.fixture
def impatient(transactional_db):
    """Waits a moment for a lock, not twenty seconds; the lock is a real one."""
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 200" if sqlite else "SET lock_timeout = '200ms'")
    yield
    connection.close()


@pytest.fixture
def locked():
    """Somebody else is writing, and does not come to an end."""
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("BEGIN" + (" IMMEDIATE" if other.vendor == "sqlite" else ""))
        if other.vendor == "postgresql":
            cursor.execute("LOCK TABLE lessons_lesson IN EXCLUSIVE MODE")

        def end():
            cursor.execute("ROLLBACK")

        yield end
    other.close()


def test_a_form_that_meets_a_locked_database_comes_back_and_saves_a_moment_later(
    impatient, request
):
    desk, lesson = person("editor"), draft(Lesson, "First words")
    form = opened(desk.client, lesson) | {"text": WORDS}
    session = desk.client.session
    session[SEEN] -= 15 * 60  # so long ago that every page puts the end of the session off
    session.save()
    end = request.getfixturevalue("locked")
    answer = desk.client.post(change_url(lesson), form | SAVE)
    again = given_back(answer, 503, "The portal is busy saving something else")
    assert answer["Retry-After"] == "60"
    for address in ("/", lesson.get_absolute_url(), "/admin/", change_url(lesson)):
        assert desk.client.get(address).status_code == 200, "reading goes on"
    end()
    assert desk.client.post(change_url(lesson), again).status_code == 302
    lesson.refresh_from_db()
    assert lesson.text == WORDS


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a limit that SQLite itself has")
def test_a_form_that_meets_a_full_disk_comes_back_and_reading_goes_on(transactional_db):
    desk, practice = person("editor"), make(Practice, "A practice")
    form = opened(desk.client, practice)
    form |= {"description": "Some words. " * 20_000, "change_note": WORDS}
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")
    try:
        answer = desk.client.post(change_url(practice), form | SAVE)
        again = given_back(answer, 503, "There is no room left to save anything")
        assert again["change_note"] == WORDS
        for address in ("/", practice.get_absolute_url(), "/admin/", change_url(practice)):
            assert desk.client.get(address).status_code == 200
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 4294967294")
    assert desk.client.post(change_url(practice), again).status_code == 302
