"""The corpus is complete, and exact in its facts (README, 'The corpus')."""

from collections import Counter
from uuid import UUID

import pytest
import yaml
from django.apps import apps
from django.core.management import CommandError, call_command
from django.core.serializers.pyyaml import SafeLoader
from reversion.models import Version
from taggit.models import Tag

from entries.links.models import Link
from entries.models import kinds
from lessons.models import Lesson, Question
from meetings.groups import Chair, WorkingGroup
from meetings.models import Meeting, Paper
from practices.models import Practice
from ranportal.management.commands.load_corpus import CORPUS
from records.models import FormerSlug, Record
from themes.models import Absence, Theme

pytestmark = pytest.mark.django_db

OVERVIEW = "key-themes-of-the-ran-mental-health-working-group"

# Bullets of the overview paper per place: meetings and papers, practices, lessons, questions.
PLACES = {
    "mental-illness-and-violent-extremism": (3, 0, 5, 2),
    "lone-actors": (2, 2, 3, 2),
    "groomers": (1, 0, 3, 2),
    "national-and-local-level": (5, 6, 10, 2),
    "community-level": (1, 1, 3, 2),
    "working-with-children": (2, 2, 6, 3),
    "working-with-families": (1, 3, 3, 3),
    "deradicalisation-and-disengagement": (2, 2, 4, 2),
    "mental-health-in-prison": (1, 0, 3, 3),
    "working-methods": (3, 0, 7, 2),
    "ethics": (2, 0, 4, 1),
    "mental-health-support-online": (1, 0, 3, 3),
}


def bullets(kind, place):
    return kind.objects.filter(source__slug=OVERVIEW, themes__slug=place)


@pytest.mark.once
@pytest.mark.parametrize("place", PLACES)
def test_each_place_holds_every_bullet_of_the_overview_paper(place):
    # The 2016 handbook is one bullet and two entries: the paper reports the meeting.
    both = bullets(Paper, place).filter(meeting__in=bullets(Meeting, place)).count()
    papers_and_meetings = bullets(Meeting, place).count() + bullets(Paper, place).count() - both
    others = (bullets(kind, place).count() for kind in (Practice, Lesson, Question))
    assert (papers_and_meetings, *others) == PLACES[place]


@pytest.mark.once
def test_the_table_of_places_adds_up_to_the_whole_paper():
    assert [sum(column) for column in zip(*PLACES.values(), strict=True)] == [24, 16, 54, 27]
    filed = [kind.objects.filter(source__slug=OVERVIEW).count() for kind in kinds()]
    # 19 meetings and 6 papers, the handbook among both, and the overview paper itself.
    assert filed == [54, 16, 27, 19, 7]


@pytest.mark.once
def test_the_tree_has_three_themes_nine_subthemes_and_six_sections():
    levels = Counter(Theme.objects.values_list("level", flat=True))
    assert levels == {1: 3, 2: 9, 3: 6}


@pytest.mark.once
def test_every_theme_with_a_printed_introduction_has_ours():
    silent = Theme.objects.filter(introduction="").values_list("level", flat=True)
    assert set(silent) == {3}
    assert not Theme.objects.filter(source=None).exists()


@pytest.mark.once
def test_the_publication_has_four_key_points_each_also_a_lesson():
    publication = Paper.objects.get(date="2023-11-20")
    lessons = Lesson.objects.filter(source=publication).order_by("pk")
    assert len(publication.key_points) == 4
    assert [lesson.text for lesson in lessons] == publication.key_points
    assert str(publication.meeting.start_date) == "2023-03-28"
    assert publication.topics == ["Multi-agency cooperation"]
    assert [country.code for country in publication.countries.all()] == ["NL"]


@pytest.mark.once
def test_the_event_has_every_field_its_page_gives():
    event = Meeting.objects.get(start_date="2023-11-28")
    assert (str(event.start_time), str(event.end_time), event.time_zone) == (
        "09:00:00",
        "15:00:00",
        "CET",
    )
    assert (event.city, [country.code for country in event.countries.all()]) == (
        "The Hague",
        ["NL"],
    )
    assert (event.languages, event.organisers) == (["en"], ["RAN Practitioners Staff"])
    assert (len(event.objectives), len(event.conclusions), len(event.contacts)) == (3, 4, 4)
    assert str(event.registration_deadline) == "2023-11-14"
    assert "before 15 November" in event.registration_deadline_as_printed
    assert event.call_for_participants
    assert event.foreseen_in == Paper.objects.get(date="2023-11-20")
    assert event.foreseen_certainty == "probable"


@pytest.mark.once
def test_the_question_of_bridging_cultures_was_taken_up_by_both_meetings():
    question = Question.objects.get(state=Question.State.TAKEN_UP)
    taken_up_by = sorted(str(uptake.meeting.start_date) for uptake in question.uptakes.all())
    assert taken_up_by == ["2023-03-28", "2023-11-28"]


@pytest.mark.once
def test_the_working_group_has_its_predecessor_and_its_chairs():
    group = WorkingGroup.objects.get(slug="ran-health")
    assert (group.established, group.predecessor.name) == (2020, "RAN H&SC")
    assert {"RAN MENTAL HEALTH", "RAN Mental Health working group"} <= set(group.aliases)
    assert "RAN HSC" in group.predecessor.aliases
    assert list(Chair.objects.order_by("pk").values_list("name", "group__slug")) == [
        ("Eva María Jiménez González", "ran-health"),
        ("Catherine Grandsard", "ran-health"),
        ("Sergej Erdelja", "ran-h-sc"),
        ("René Zegerius", "ran-h-sc"),
    ]


@pytest.mark.once
def test_the_chairs_of_the_earlier_group_are_told_as_printed():
    printed = Chair.objects.filter(group__slug="ran-h-sc").values_list(
        "current", "role_as_printed", "country", "country_as_printed"
    )
    assert list(printed) == [
        (False, "co-chaired by", "HR", "HR"),
        (False, "co-chaired by", "NL", "NL"),
    ]


@pytest.mark.once
def test_policy_and_practice_is_a_series_of_events_and_every_other_group_a_group():
    series = WorkingGroup.objects.filter(group_type=WorkingGroup.Type.EVENT_SERIES)
    assert [group.name for group in series] == ["RAN Policy & Practice"]


@pytest.mark.once
def test_labels_of_the_source_are_no_part_of_a_title():
    labels = r"^(conclusions?|event|meeting on|report|paper)\b"
    assert not Meeting.objects.filter(title__iregex=labels).exists()
    assert not Paper.objects.filter(title__iregex=labels).exists()
    assert Meeting.objects.filter(heading_as_printed__contains=" Conclusions Ethics for").exists()


@pytest.mark.once
def test_no_kind_of_paper_is_told_that_the_source_does_not_tell():
    assert Paper.objects.get(slug="working-with-families-2017").paper_type == ""
    assert not Paper.objects.filter(paper_type=Paper.Type.PAPER).exists()


@pytest.mark.once
def test_the_missing_practices_are_recorded_where_the_paper_says_so():
    absence = Absence.objects.get()
    found = (absence.theme.slug, absence.kind, absence.source_page)
    assert found == ("mental-health-support-online", "practice", "14")
    assert absence.meeting.slug == "pcve-and-mental-health-support-online-2020"
    assert absence.meeting.documents


@pytest.mark.once
def test_an_entry_carries_the_tag_that_its_place_is_about():
    # In this place the subject is one of several: there a tag says what the entry itself speaks of.
    places = Theme.objects.exclude(subject=None).exclude(
        slug="mental-illness-and-violent-extremism"
    )
    assert places.count() == 8
    for place in places:
        for kind in kinds():
            assert not kind.objects.filter(themes=place).exclude(tags=place.subject).exists(), place


WORDS_IN_SHORT = 20


@pytest.mark.once
@pytest.mark.parametrize("kind", [Lesson, Question])
def test_what_stands_in_short_is_short_and_shorter_than_the_full_wording(kind):
    for entry in kind.objects.exclude(in_short=""):
        words = len(entry.in_short.split())
        assert words <= WORDS_IN_SHORT, entry.slug
        assert words < len(entry.text.split()), entry.slug
        entry.full_clean()


@pytest.mark.once
def test_slugs_are_unique_across_all_kinds():
    slugs = Counter(
        slug for kind in kinds() for slug in kind.objects.values_list("slug", flat=True)
    )
    # The handbook's meeting and paper may share nothing either.
    assert [slug for slug, times in slugs.items() if times > 1] == []


@pytest.mark.once
@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.__name__)
def test_every_entry_names_its_source_and_page_and_keeps_no_foreign_wording(kind):
    assert not kind.objects.filter(source=None).exists()
    assert not kind.objects.filter(source_page="").exists()
    assert not kind.objects.exclude(as_printed="").exists()
    assert not kind.objects.filter(themes=None).exists()
    assert not kind.objects.filter(tags=None).exists()
    assert not kind.objects.exclude(status="published").exists()


@pytest.mark.once
def test_every_date_stands_beside_its_printed_form():
    assert not Meeting.objects.filter(start_date=None).exists()
    for meeting in Meeting.objects.all():
        assert str(meeting.start_date.year) in meeting.date_as_printed, meeting
        assert str(meeting.end_date.day) in meeting.date_as_printed, meeting
    undated = list(Paper.objects.filter(date=None).values_list("slug", flat=True))
    assert OVERVIEW in undated
    for paper in Paper.objects.exclude(date=None):
        assert str(paper.date.year) in paper.date_as_printed, paper
    assert dict(
        Paper.objects.exclude(date_precision="day").values_list("date_as_printed", "date_precision")
    ) == {"April 2019": "month", "April 2018": "month", "2021": "year", "": ""}


@pytest.mark.once
def test_two_papers_are_both_paper_one():
    title = "Multi-agency working and preventing violent extremism: Paper I"
    papers = Paper.objects.filter(title=title).order_by("date")
    assert [paper.iso_date for paper in papers] == ["2018-04", "2019-04"]


@pytest.mark.once
def test_each_of_the_43_addresses_has_one_home():
    homes = Counter(Link.objects.values_list("url", flat=True))
    assert len(homes) == 43
    assert set(homes.values()) == {1}
    nodes = Link.objects.filter(url__contains="/node/")
    assert set(nodes.values_list("role", "paper__slug")) == {("unassigned", OVERVIEW)}


@pytest.mark.once
def test_there_are_twenty_to_forty_tags_and_all_are_used():
    used = set()
    for kind in kinds():
        used |= set(kind.objects.values_list("tags__name", flat=True))
    assert used == set(Tag.objects.values_list("name", flat=True))
    assert 20 <= len(used) <= 40


@pytest.mark.once
def test_a_programme_is_not_a_country():
    aware = Practice.objects.get(programme="Erasmus+")
    assert not aware.countries.exists()
    others = Practice.objects.exclude(pk=aware.pk)
    assert not others.filter(countries=None).exists()


@pytest.mark.once
def test_a_second_load_changes_nothing_and_makes_no_versions(tmp_path):
    def content():
        path = tmp_path / "dump.json"
        call_command(
            "dumpdata", natural_foreign=True, output=str(path), exclude=["auth", "contenttypes"]
        )
        return path.read_text()

    before = content()
    call_command("load_corpus")
    assert content() == before
    assert not Version.objects.exists()


def test_a_corpus_of_a_changed_portal_is_left_alone_if_empty_is_asked(capsys):
    Lesson.objects.filter(slug="traits-of-lone-actors").update(text="changed by a curator")
    call_command("load_corpus", if_empty=True)
    assert "content already" in capsys.readouterr().out
    assert Lesson.objects.get(slug="traits-of-lone-actors").text == "changed by a curator"


@pytest.mark.once
def test_every_record_of_the_corpus_has_an_identifier_of_its_own():
    rows = [
        row for path in CORPUS.glob("*.yaml") for row in yaml.load(path.read_text(), SafeLoader)
    ]
    records = [row for row in rows if issubclass(apps.get_model(row["model"]), Record)]
    without = [row["fields"]["slug"] for row in records if "identifier" not in row["fields"]]
    assert without == [], "a new record gets a new UUID in its fixture, for good"
    identifiers = {str(UUID(row["fields"]["identifier"])) for row in records}
    assert len(identifiers) == len(records) > 150
    tenets = Lesson.objects.get(slug="traits-of-lone-actors")
    assert str(tenets.identifier) in identifiers


@pytest.mark.once
def test_a_second_load_finds_a_record_that_was_renamed_and_its_new_address_redirects(client):
    lesson = Lesson.objects.get(slug="traits-of-lone-actors")
    lesson.slug = "lone-actors-and-their-traits"
    lesson.save()
    call_command("load_corpus")
    assert Lesson.objects.get(pk=lesson.pk).slug == "traits-of-lone-actors"
    assert Lesson.objects.count() == 58
    response = client.get("/lessons/lone-actors-and-their-traits/")
    assert response.status_code == 301
    assert response.url == "/lessons/traits-of-lone-actors/"


def test_a_load_that_would_take_the_address_of_another_record_says_so_and_changes_nothing():
    lesson = Lesson.objects.get(slug="traits-of-lone-actors")
    lesson.slug = "lone-actors-and-their-traits"
    lesson.save()
    FormerSlug.objects.all().delete()
    Lesson.objects.create(slug="traits-of-lone-actors", text="Another.")
    with pytest.raises(CommandError, match="shipped as “traits-of-lone-actors”, an address"):
        call_command("load_corpus")
    assert Lesson.objects.get(pk=lesson.pk).slug == "lone-actors-and-their-traits"


@pytest.mark.once
def test_the_fixtures_name_no_primary_key():
    for path in CORPUS.glob("*.yaml"):
        rows = yaml.load(path.read_text(), SafeLoader)
        assert rows
        assert [row for row in rows if "pk" in row] == []
