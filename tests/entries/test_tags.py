"""Tags, kept in the admin."""

import pytest
from taggit.models import Tag

from lessons.models import Lesson
from tests.desk import errors_in, page_url
from tests.made import draft
from tests.pages import text_of

pytestmark = pytest.mark.once


def test_a_tag_shows_its_entries_and_exists_once_whatever_its_case(desk):
    draft(Lesson, "A lesson on trust", tags=["Trust"])
    draft(Lesson, "Another")
    tag = Tag.objects.get()
    html = desk.open(page_url(Tag, "changelist")).content.decode()
    link = f"{page_url(Lesson, 'changelist')}?tags__id__exact={tag.pk}"
    assert f'<a href="{link}">1</a>' in html
    text = text_of(desk.open(link))
    assert "1 lesson" in text
    assert "Another" not in text
    response = desk.refused(page_url(Tag, "add"), name="trust", slug="trust-2")
    assert errors_in(response) == {"name": ["There is such a tag already: merge the two instead."]}
