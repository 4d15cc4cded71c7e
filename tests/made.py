"""Records made for tests: one `make` for all kinds, and what entries hang on."""

import pytest
from django.contrib.auth.models import Group, User
from django.utils.text import slugify
from reversion.models import Revision
from taggit.models import Tag

from briefings.models import Situation
from entries.glossary.models import Term
from entries.links.health import LinkCheck
from entries.links.models import Link
from entries.models import Country
from entries.search.models import Synonym
from imports.models import Block, Import, Proposal
from lessons.models import Lesson, Question
from meetings.groups import WorkingGroup
from meetings.models import Meeting, Paper
from practices.models import Practice
from records.models import FormerSlug
from themes.models import Theme

KINDS = [Lesson, Practice, Question, Meeting, Paper]
NAME_FIELDS = {Lesson: "text", Practice: "name", Question: "text", Meeting: "title", Paper: "title"}
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)


def make(kind, name="An entry", themes=None, tags=(), status="published", **fields):
    """An entry, public and filed under the first theme where nothing else is asked for."""
    slug = fields.pop("slug", slugify(name))
    entry = kind.objects.create(**{NAME_FIELDS[kind]: name}, slug=slug, status=status, **fields)
    entry.themes.set(Theme.objects.in_tree_order()[:1] if themes is None else themes)
    entry.tags.set(tags)
    return entry


def draft(kind, name="An entry", themes=(), tags=(), **fields):
    """An entry as a curator begins it: not public, and filed nowhere yet."""
    return make(kind, name, themes, tags, status="draft", **fields)


def make_theme(title="Prisons", parent=None, **fields):
    return Theme.objects.create(title=title, slug=slugify(title), parent=parent, **fields)


def make_group(name="RAN HEALTH", **fields):
    return WorkingGroup.objects.create(name=name, slug=slugify(name), **fields)


def one_of(model):
    """A record of any model the admin shows, by a name that the corpus does not have."""
    if model in KINDS:
        theme = Theme.objects.first() or make_theme()
        return draft(model, "One of a kind", themes=[theme], tags=["training"])
    made = {
        Theme: lambda: make_theme("Of its own"),
        WorkingGroup: lambda: make_group("Of its own"),
        Situation: lambda: Situation.objects.create(title="Of its own", slug="of-its-own"),
        Term: lambda: Term.objects.create(term="of its own", meaning="Nobody else’s."),
        User: lambda: User.objects.create(username="somebody"),
        Country: lambda: Country.objects.get(pk="BE"),
        Tag: lambda: Tag.objects.create(name="of its own"),
        Link: lambda: Link.objects.create(url="https://example.org/", lesson=draft(Lesson)),
        LinkCheck: lambda: LinkCheck.objects.create(
            address="https://example.org/", host="example.org"
        ),
        FormerSlug: lambda: FormerSlug.objects.create(model="x.y", slug="a", current_slug="b"),
        Group: lambda: Group.objects.create(name="readers"),
        Import: make_import,
        Proposal: lambda: make_import().proposals.get(),
        Block: lambda: make_import().blocks.get(),
        Synonym: lambda: Synonym.objects.create(term="of its own", others=["its own"]),
    }
    return made[model]() if model in made else model.objects.first()


def make_import():
    """A file that was read, with one block and what it would become."""
    made = Import.objects.create(name="a.txt", digest="0" * 64, size=1, state="read")
    proposal = Proposal.objects.create(of=made, number=1, kind="lesson", as_printed="Text.")
    Block.objects.create(
        of=made, position=0, text="Text.", role="bullet", fate="proposal", proposal=proposal
    )
    return made


def whole(kind, name="An entry", **fields):
    """An entry with every relation and row that its kind has."""
    source = Paper.objects.filter(slug="the-source").first() or draft(Paper, "The source")
    theme = Theme.objects.filter(slug="prisons").first() or make_theme()
    fields = {"status": "draft", "source": source, "source_page": "7"} | fields
    entry = make(kind, name, [theme], ["trauma", "child returnees"], **fields)
    owner = kind._meta.model_name
    for number in (2, 1, 3):
        Link.objects.create(
            url=f"https://example.org/{number}", note=f"N. {number}", **{owner: entry}
        )
    if hasattr(entry, "countries"):
        entry.countries.set(["NL", "BE"])
    if hasattr(entry, "groups"):
        entry.groups.set([make_group(f"Of {entry.slug}")])
    if kind is Practice:
        entry.presented_at.set([draft(Meeting, f"Where {name} was shown")])
        entry.target_audiences = ["Teachers", "Families"]
    if kind is Meeting:
        entry.objectives = ["Exchange", "Learn"]
    if kind is Question:
        entry.uptakes.create(meeting=draft(Meeting, f"A meeting on {name}"), note="Taken up.")
        entry.uptakes.create(paper=draft(Paper, f"A paper on {name}"), certainty="probable")
    entry.save()
    Revision.objects.all().delete()
    return entry
