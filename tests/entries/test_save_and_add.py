"""One entry after the other: a meeting, its paper, their lessons and questions in one go."""

import re

import pytest
from taggit.models import Tag

from lessons.models import Lesson, Question
from meetings.models import Meeting, Paper
from records.versions.snapshots import Snapshot, versions_of
from tests.desk import change_url, errors_in, page_url, person, values_in
from tests.pages import text_of
from tests.transitions import again
from themes.models import Theme

pytestmark = [pytest.mark.django_db, pytest.mark.once]


# --- One entry after the other -------------------------------------------------------


def save_and_add(desk, page, next_kind, **typed):
    """Save the form and return the address of the next one."""
    values, _ = values_in(desk.open(page))
    response = desk.client.post(page, values | typed | {"_next": next_kind._meta.label_lower})
    assert response.status_code == 302, errors_in(response)
    return response.url


def test_a_meeting_its_paper_lessons_and_questions_follow_one_another():
    desk = person("contributor")
    theme, tag = Theme.objects.in_tree_order().first(), Tag.objects.first()
    common = {"themes": [str(theme.pk)], "tags": [str(tag.pk)]}
    url = save_and_add(
        desk,
        page_url(Meeting, "add"),
        Paper,
        title="The autumn meeting",
        countries=["NL"],
        send_to_review="on",
        **common,
    )
    meeting = Meeting.objects.get(title="The autumn meeting")
    values, _ = values_in(desk.open(url))
    assert {name: values[name] for name in ("meeting", "countries", *common)} == {
        "meeting": str(meeting.pk),
        "countries": ["NL"],
        **common,
    }
    url = save_and_add(desk, url, Lesson, title="What it concluded")
    paper = Paper.objects.get(title="What it concluded")
    values, _ = values_in(desk.open(url))
    assert (values["source"], values["source_page"]) == (str(paper.pk), "")
    url = save_and_add(desk, url, Lesson, text="One lesson.", source_page="3")
    values, _ = values_in(desk.open(url))
    assert (values["source"], values["source_page"], values["text"]) == (str(paper.pk), "3", "")
    url = save_and_add(desk, url, Question, text="Another lesson.")
    desk.saved(url, text="A question?")
    question = Question.objects.get(text="A question?")
    assert (question.source, question.source_page) == (paper, "3")
    filed = [meeting, paper, *Lesson.objects.filter(source=paper), question]
    assert len(filed) == 5
    for entry in map(again, filed):
        assert (entry.status, entry.author) == ("review", desk.user)
        assert [*entry.themes.all()] == [theme]
        assert [*entry.tags.all()] == [tag]


def test_what_can_come_next_depends_on_the_kind_and_on_what_one_may_add():
    desk = person("contributor")
    html = desk.open(page_url(Meeting, "add")).content.decode()
    assert re.findall(r'name="_next"\s+value="(.*?)"', html) == [
        "meetings.paper",
        "practices.practice",
        "meetings.meeting",
    ]
    before = Meeting.objects.count()
    values, _ = values_in(desk.open(page_url(Meeting, "add")))
    typed = {"title": "A meeting", "_next": "auth.user"}
    response = desk.client.post(page_url(Meeting, "add"), values | typed)
    assert response.url == page_url(Meeting, "changelist")
    assert Meeting.objects.count() == before + 1


def test_sent_when_saved_is_sent_and_can_be_left_out():
    desk = person("contributor")
    desk.saved(page_url(Lesson, "add"), text="Kept for later.")
    lesson = Lesson.objects.get(text="Kept for later.")
    assert lesson.status == "draft"
    response = desk.saved(change_url(lesson), send_to_review="on")
    assert again(lesson).status == "review"
    assert "Sent to review: 1 lesson." in text_of(desk.open(response.url))
    html = person("curator").open(change_url(lesson)).content.decode()
    assert "send_to_review" not in html


def test_a_new_paper_can_name_itself_as_its_source_while_it_is_added(desk):
    desk.saved(page_url(Paper, "add"), title="A paper", is_own_source="on", source_page="1")
    paper = Paper.objects.get()
    assert (paper.source, paper.source_page) == (paper, "1")
    (version,) = versions_of(Paper, paper.pk)
    assert Snapshot.of_version(version).values["source"] == paper.pk
    assert "It is itself the source" not in text_of(desk.open(change_url(paper)))
    response = desk.refused(
        page_url(Paper, "add"), title="Another", is_own_source="on", source=str(paper.pk)
    )
    assert errors_in(response).keys() == {"source"}
