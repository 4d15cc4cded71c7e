"""What a source printed is other people's text: the public reads what an editor released."""

from urllib.parse import quote

import pytest
from django.contrib.auth.models import Group

from lessons.models import Lesson

pytestmark = [pytest.mark.django_db, pytest.mark.once]
WORDS = "Vertraue zuerst, frage später."


@pytest.fixture
def lesson():
    lesson = Lesson.objects.published().first()
    lesson.as_printed = WORDS
    lesson.save()
    return lesson


def everywhere(client, lesson):
    """What anyone is told of the lesson: its page, the API, the search."""
    yield client.get(lesson.get_absolute_url()).content.decode()
    yield client.get(f"/api/v1/lessons/{lesson.slug}/").content.decode()


def test_the_public_does_not_read_it_and_staff_do(client, admin_client, lesson):
    assert not any(WORDS in text for text in everywhere(client, lesson))
    assert WORDS in admin_client.get(lesson.get_absolute_url()).content.decode()
    assert "1 entry" not in client.get("/search/", {"q": "vertraue"}).content.decode()


def test_the_public_reads_it_once_it_is_released(client, lesson):
    lesson.as_printed_is_public = True
    lesson.save()
    assert all(WORDS in text for text in everywhere(client, lesson))


def test_an_author_cannot_release_it(client, django_user_model, lesson):
    author = django_user_model.objects.create_user("anna", is_staff=True)
    author.groups.add(Group.objects.get(name="contributor"))
    lesson.author, lesson.status = author, "draft"
    lesson.save()
    client.force_login(author)
    form = client.get(lesson.admin_url).content.decode()
    assert WORDS in form
    assert 'name="as_printed_is_public"' not in form


@pytest.mark.parametrize("address", ["", "desk@example.org"])
def test_who_finds_something_wrong_can_write_where_an_address_is_set(client, settings, address):
    settings.CONTACT_EMAIL = address
    lesson = Lesson.objects.published().first()
    page = client.get(lesson.get_absolute_url()).content.decode()
    assert ("Something wrong here?" in page) == bool(address)
    if address:
        where = quote(f"http://testserver/lessons/{lesson.slug}/", safe="")
        assert f"mailto:{address}?subject=Something%20wrong" in page
        assert where in page
