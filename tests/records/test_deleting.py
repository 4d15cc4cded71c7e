"""What others depend on is not deleted."""

import pytest
from django.db.models import ProtectedError

from entries.models import Country
from lessons.models import Lesson, Question
from meetings.models import Meeting, Paper
from practices.models import Practice
from tests.desk import change_url, page_url
from tests.made import draft, every_kind, make_group, make_theme
from tests.pages import text_of
from themes.models import Theme


def in_use(what):
    """A record that others depend on, and how the admin calls what stands in the way."""
    theme = make_theme()
    paper = draft(Paper, "The overview paper")
    match what:
        case "theme with entries":
            draft(Lesson, "A lesson on trust", [theme])
            draft(Meeting, "A meeting in Vienna", [theme])
            return theme, [
                "Lesson (themes): A lesson on trust",
                "Meeting (themes): A meeting in Vienna",
            ]
        case "theme with themes below":
            make_theme("Remand", theme)
            return theme, ["Theme: Remand"]
        case "group with meetings":
            group = make_group()
            draft(Meeting, "A meeting in Vienna").groups.add(group)
            return group, ["Meeting (working groups): A meeting in Vienna"]
        case "group with a successor":
            group = make_group("RAN HSC")
            make_group(predecessor=group)
            return group, ["Working group: RAN HEALTH"]
        case "paper that is a source":
            draft(Lesson, "A lesson on trust", source=paper)
            theme.source = paper
            theme.save()
            return paper, ["Lesson: A lesson on trust", "Theme: Prisons"]
        case "paper that foresees a meeting":
            draft(Meeting, "A meeting in Vienna", foreseen_in=paper)
            return paper, ["Meeting: A meeting in Vienna"]
        case "meeting with a paper":
            meeting = draft(Meeting, "A meeting in Vienna")
            draft(Paper, "Its conclusions", meeting=meeting)
            return meeting, ["Paper: Its conclusions"]
        case "meeting with a practice":
            meeting = draft(Meeting, "A meeting in Vienna")
            draft(Practice, "Vivat").presented_at.add(meeting)
            return meeting, ["Practice (presented at): Vivat"]
        case "meeting that took up a question":
            meeting = draft(Meeting, "A meeting in Vienna")
            draft(Question, "How is trust built?").uptakes.create(meeting=meeting)
            return meeting, ["Uptake: A meeting in Vienna"]


@pytest.mark.once
@pytest.mark.parametrize(
    "what",
    [
        "theme with entries",
        "theme with themes below",
        "group with meetings",
        "group with a successor",
        "paper that is a source",
        "paper that foresees a meeting",
        "meeting with a paper",
        "meeting with a practice",
        "meeting that took up a question",
    ],
)
def test_deleting_what_others_depend_on_is_refused_with_their_names(desk, what):
    record, names = in_use(what)
    model = type(record)
    url = page_url(model, "delete", record.pk)
    pages = [desk.open(url), desk.act(model, "delete_selected", record)]
    for page in pages:
        text = text_of(page)
        assert "would require deleting the following protected related objects:" in text
        assert [name for name in names if name not in text] == []
    desk.client.post(url, {"post": "yes"})
    desk.act(model, "delete_selected", record, post="yes")
    assert model.objects.filter(pk=record.pk).exists()


def test_a_country_in_use_cannot_be_deleted(desk):
    country = Country.objects.get(pk="BE")
    practice = draft(Practice, "Vivat")
    practice.countries.add(country)
    with pytest.raises(ProtectedError) as refused:
        country.delete()
    assert [str(row) for row in refused.value.protected_objects] == ["Vivat"]
    response = desk.open(change_url(country))
    assert "Delete" not in text_of(response)
    assert desk.client.post(page_url(Country, "delete", "BE"), {"post": "yes"}).status_code == 403
    assert desk.client.post(change_url(country), {"name": "Belgique"}).status_code == 403
    assert Country.objects.get(pk="BE").name == "Belgium"


@every_kind
def test_what_nothing_depends_on_is_deleted(desk, kind):
    entry = draft(kind, "Not needed", [make_theme()], ["trauma"])
    desk.client.post(page_url(kind, "delete", entry.pk), {"post": "yes"})
    assert not kind.objects.exists()
    assert Theme.objects.count() == 1
