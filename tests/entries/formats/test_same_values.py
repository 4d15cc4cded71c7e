"""For every entry and field, every format that has the field tells the same value."""

import json
import re
from datetime import UTC, date, datetime, time
from functools import partial
from html import unescape
from io import BytesIO

import bibtexparser
import feedparser
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware, SeparateCoAuthors
from django.urls import reverse
from django.utils.timezone import localdate
from openpyxl import load_workbook

from lessons.models import Lesson
from meetings.models import Paper
from tests.addresses import list_address
from tests.made import every_kind, make
from tests.pages import Page, content_of, open_page, read_csv, text_of

pytestmark = pytest.mark.usefixtures("unchanged_db")


def even(text):
    return " ".join(str(text or "").split())


def lookalike(text):
    """What stands for a comma or semicolon where a format would split at it."""
    return text.replace("‚", ",").replace("；", ";")


def from_ris(client, kind):
    for each in rispy.loads(content_of(client.get(list_address(kind, "ris"))).decode()):
        yield (
            each["id"].split("-", 1)[1],
            {
                "title": each["title"],
                "authors": [lookalike(name) for name in each.get("authors", [])],
                "date": each.get("date", "").strip("/").replace("/", "-"),
                "language": each.get("language", ""),
                "text": each.get("abstract", ""),
                "tags": [*map(lookalike, each.get("keywords", []))],
                "place": each.get("place_published", ""),
                "publisher": each.get("publisher", ""),
                "cited_url": each["urls"][0],
                "notes": each["notes"][0],
            },
        )


def from_bibtex(client, kind):
    text = content_of(client.get(list_address(kind, "bib"))).decode()
    library = bibtexparser.parse_string(text, append_middleware=[LatexDecodingMiddleware()])
    # Names are told apart before their braces are taken off.
    apart = bibtexparser.parse_string(text, append_middleware=[SeparateCoAuthors()])
    authors = {
        block.key: [
            name.strip("{}").replace("\\", "") for name in block.fields_dict["author"].value
        ]
        for block in apart.entries
        if "author" in block.fields_dict
    }
    for block in library.entries:
        each = dict(block.items())
        publisher = each.get("institution") or each.get("publisher", "")
        yield (
            each["ID"].split("-", 1)[1],
            {
                "title": each["title"],
                "authors": authors.get(block.key, []),
                "date": each.get("date", ""),
                "language": each.get("language", ""),
                "text": each.get("abstract", ""),
                "tags": [lookalike(tag) for tag in each.get("keywords", "").split(", ") if tag],
                "place": each.get("address", ""),
                **({"publisher": publisher} if each["ENTRYTYPE"] != "online" else {}),
                "cited_url": each["url"],
                "notes": each["note"],
            },
        )


def from_jsonld(client, kind):
    for entry in kind.objects.published():
        each = client.get(reverse(f"{kind.kind}-detail-jsonld", args=[entry.slug])).json()
        yield (
            entry.slug,
            {
                "title": even(each["name"]),
                "language": each.get("inLanguage", ""),
                "text": even(each.get("description")),
                "tags": each.get("keywords", []),
                "url": each["@id"],
                "themes": [theme["name"] for theme in each.get("about", [])],
                "start": each.get("startDate", "")[:10],
                "end": each.get("endDate", "")[:10],
            },
        )


def from_table(rows):
    for each in rows:
        told = {
            "text": even(each.get("text", each.get("description", each.get("summary")))),
            "tags": [lookalike(tag) for tag in (each["tags"] or "").split("; ") if tag],
            "url": each["url"],
            "identifier": each["identifier"],
            "themes": [
                path.rsplit(" > ", 1)[-1] for path in (each["themes"] or "").split("; ") if path
            ],
            "source": each["source"] or "",
            "source_page": each["source_page"] or "",
            "links": [link for link in (each["links"] or "").split("; ") if link],
            "content_language": each["content_language"],
        }
        if "start_date" in each:
            told |= {
                "start": str(each["start_date"] or "")[:10],
                "end": str(each["end_date"] or "")[:10],
            }
        if "date" in each:
            told["paper_date"] = each["date"] or ""
        yield each["slug"], told


def from_csv(client, kind):
    return from_table(read_csv(client.get(list_address(kind, "csv"))))


def from_xlsx(client, kind):
    book = load_workbook(BytesIO(content_of(client.get(list_address(kind, "xlsx")))))
    heads, *rows = book.worksheets[0].iter_rows(values_only=True)
    return from_table(dict(zip(heads, row, strict=True)) for row in rows)


def from_api(client, kind):
    for each in client.get(list_address(kind, "api"), {"page_size": 100}).json()["results"]:
        told = {
            "text": even(each.get("text", each.get("description", each.get("summary")))),
            "tags": [tag["name"] for tag in each["tags"]],
            "url": each["url"],
            "themes": [theme["title"] for theme in each["themes"]],
            "source": each["source"]["title"] if each["source"] else "",
            "source_page": each["source"]["page"] or "" if each["source"] else "",
            "links": [link["url"] for link in each["links"]],
            "content_language": each["content_language"],
        }
        if "start_date" in each:
            told |= {"start": each["start_date"] or "", "end": each["end_date"] or ""}
        if "date" in each:
            told["paper_date"] = each["date"] or ""
        yield each["slug"], told


def from_atom(client, kind):
    by_address = {entry.get_absolute_url(): entry.slug for entry in kind.objects.all()}
    feed = feedparser.parse(content_of(client.get(list_address(kind, "atom"))))
    for each in feed.entries:
        themes_and_tags = [tag.term for tag in each.get("tags", [])]
        slug = by_address[each.link.removeprefix("http://testserver")]
        themes = kind.objects.get(slug=slug).themes.count()
        names = [author.name for author in each.authors]
        yield (
            slug,
            {
                # A statement has no title: the feed shows its beginning.
                **({} if each.title.endswith("…") else {"title": even(each.title)}),
                "url": each.link,
                "identifier": each.id.removeprefix("urn:uuid:"),
                "text": even(unescape(re.sub("<[^>]+>", " ", each.get("summary", "")))),
                "themes": themes_and_tags[:themes],
                "tags": themes_and_tags[themes:],
                # A feed must name somebody: of what has no author of its own, the portal.
                **({} if names == [PORTAL] else {"authors": names}),
            },
        )


def from_page(client, kind, opened):
    """What the head of an entry's page tells reference managers."""
    for entry in kind.objects.published():
        address = entry.get_absolute_url()
        page = Page(opened[address]) if address in opened else open_page(client, address)
        one = {name: [*page.metas(f"citation_{name}"), ""][0] for name in ("date", "language")}
        yield (
            entry.slug,
            {
                "title": even(page.metas("citation_title")[0]),
                "authors": [
                    lookalike(name.removesuffix(",")) for name in page.metas("citation_author")
                ],
                "date": one["date"],
                "language": one["language"].replace("und", ""),
                "text": even(" ".join(page.metas("citation_abstract"))),
                "tags": [*map(lookalike, page.metas("citation_keywords"))],
                "cited_url": page.metas("citation_public_url")[0],
                "url": page.metas("citation_abstract_html_url")[0],
            },
        )


PORTAL = "RAN Mental Health knowledge portal"
READERS = [from_ris, from_bibtex, from_jsonld, from_csv, from_xlsx, from_api, from_atom]
# What one format or another would split, escape, take for its own sign, or write small.
AWKWARD = "RAN & P/CVE: “50 %” of {them}, <b>; \\ $x$ ~ #1 and more -- d'été, Łódź"


@pytest.mark.django_db
@pytest.mark.once
@every_kind
def test_every_format_that_has_a_field_tells_the_same_value_of_every_entry(client, opened, kind):
    own = {}
    if kind is Paper:
        authors = ["Doe, Jane", "Smith & Sons, London; Paris", "Centre for {X} and Y"]
        own = {"authors": authors, "publisher": "Office, A & B", "summary": AWKWARD}
    make(kind, AWKWARD, tags=["one, two; three", "P/CVE", "{œuvre} & 50 %"], slug="awkward", **own)
    told = {}
    for reader in [*READERS, partial(from_page, opened=opened)]:
        found = dict(reader(client, kind))
        assert len(found) == kind.objects.published().count(), reader
        for slug, fields in found.items():
            for field, value in fields.items():
                told.setdefault((slug, field), {})[str(reader)] = json.dumps(value)
    different = {key: values for key, values in told.items() if len(set(values.values())) > 1}
    assert different == {}
    assert {field for _slug, field in told} >= {"title", "authors", "date", "text", "tags", "url"}


@pytest.mark.django_db
@pytest.mark.once
def test_a_wording_is_dated_by_its_words_and_not_by_a_tag_in_every_format(client):
    lesson = Lesson.objects.get(slug="traits-of-lone-actors")
    long_ago = datetime(2024, 2, 29, 12, tzinfo=UTC)
    Lesson.objects.filter(pk=lesson.pk).update(worded=long_ago, first_published=long_ago)
    lesson.refresh_from_db()
    lesson.tags.add("quokkas")
    lesson.save()
    assert lesson.updated.year > 2024
    assert dates_of(client, lesson) == {"2024-02-29"}
    lesson.text += " And so on."
    lesson.save()
    assert dates_of(client, lesson) == {localdate().isoformat()}


def dates_of(client, lesson):
    """The day of the wording, in every format that tells it."""
    page = client.get(lesson.get_absolute_url()).content.decode()
    described = client.get(f"/lessons/{lesson.slug}.jsonld").json()
    api = client.get(f"/api/v1/lessons/{lesson.slug}/").json()
    [visible] = re.findall(r"\(lesson, (\d+ \w+ \d{4})\)", unescape(page))
    told = [
        re.search(r'name="citation_date" content="([^"]*)"', page)[1],
        datetime.strptime(visible, "%d %B %Y").date().isoformat(),  # noqa: DTZ007
        described["dateModified"][:10],
        api["worded"][:10],
    ]
    for reader in (from_ris, from_bibtex):
        told.append(dict(reader(client, Lesson))[lesson.slug]["date"])
    rows = read_csv(client.get("/lessons.csv"))
    told += [row["worded"][:10] for row in rows if row["slug"] == lesson.slug]
    return set(told)


@pytest.mark.django_db
@pytest.mark.once
def test_tags_stand_as_people_sort_them_in_every_format(client):
    make(Lesson, "Sorted", slug="sorted", tags=["ethics", "Zebra", "Émigrés", "DG HOME", "autism"])
    told = ["autism", "DG HOME", "Émigrés", "ethics", "Zebra"]
    for reader in (from_ris, from_bibtex, from_jsonld, from_csv, from_xlsx, from_api):
        assert dict(reader(client, Lesson))["sorted"]["tags"] == told, reader.__name__
    shown = open_page(client, "/lessons/sorted/").main.findall(".//ul[@class='tags']/li")
    assert [text_of(each) for each in shown] == told


@pytest.mark.once
def test_a_figure_stays_with_its_sign_where_it_is_shown_and_as_it_is_where_it_is_taken(client):
    assert (
        "(36\N{NO-BREAK SPACE}%)" in client.get("/lessons/traits-of-lone-actors/").content.decode()
    )
    assert "(36\N{NO-BREAK SPACE}%)" in client.get("/search/?q=drifters").content.decode()
    for extension in ("csv", "ris", "atom"):
        assert "(36 %)" in content_of(client.get(list_address(Lesson, extension))).decode()


# The columns that the API has under another name, or within: (field, what of it).
WITHIN = {
    "countries": ("countries", "name"),
    "country_codes": ("countries", "code"),
    "groups": ("groups", "name"),
    "group_slugs": ("groups", "slug"),
    "groups_printed": ("groups_as_printed", None),
    "themes": ("themes", "title"),
    "theme_slugs": ("themes", "slug"),
    "tags": ("tags", "name"),
    "links": ("links", "url"),
    "presented_at_slugs": ("presented_at", "slug"),
    "source": ("source", "title"),
    "source_slug": ("source", "slug"),
    "source_page": ("source", "page"),
    "meeting_slug": ("meeting", "slug"),
    "meeting_certainty": ("meeting", "certainty"),
    "foreseen_in_slug": ("foreseen_in", "slug"),
    "foreseen_certainty": ("foreseen_in", "certainty"),
}


def of_api(entry, header):
    """What the API tells of a column, as a list of texts."""
    if header == "link_states":
        return [
            " ".join(filter(None, (link["state"], link["moved_to"]))) for link in entry["links"]
        ]
    name, part = WITHIN.get(header, (header, None))
    values = entry[name] if isinstance(entry[name], list) else [entry[name]]
    values = [
        (value.get("entry", {}) | value)[part] if value and part else value for value in values
    ]
    return [cell for value in values for cell in of_cell(value)]


def of_cell(value):
    """A cell as the texts in it, whichever program holds it."""
    if isinstance(value, bool):
        value = str(value).lower()
    if isinstance(value, datetime | date):
        value = value.isoformat().removesuffix("T00:00:00")  # openpyxl's only type of date
    if isinstance(value, time):
        value = f"{value:%H:%M}"
    lines = re.split(r"\n+|; ", str("" if value is None else value))
    return [even(line) for line in lines if line]


def last_of_path(header, texts):
    """A table names a theme by its whole path, the day and minute without the zone."""
    if header == "themes":
        return [text.rsplit(" > ", 1)[-1] for text in texts]
    if header in ("worded", "first_published", "updated", "start_time", "end_time"):
        return [re.sub(r"(\.\d+)?(Z|[+-]\d\d:\d\d)?$", "", text)[:19] for text in texts]
    return texts


@pytest.mark.once
@every_kind
def test_every_column_of_a_table_tells_what_the_api_tells(client, kind):
    told = client.get(list_address(kind, "api"), {"page_size": 100}).json()["results"]
    book = load_workbook(BytesIO(content_of(client.get(list_address(kind, "xlsx")))))
    heads, *rows = book.worksheets[0].iter_rows(values_only=True)
    tables = {
        "csv": read_csv(client.get(list_address(kind, "csv"))),
        "xlsx": [dict(zip(heads, row, strict=True)) for row in rows],
    }
    for name, table in tables.items():
        by_slug = {row["slug"]: row for row in table}
        assert len(by_slug) == len(told) == kind.objects.published().count()
        for entry in told:
            for header, cell in by_slug[entry["slug"]].items():
                cells = last_of_path(header, of_cell(cell))
                same = last_of_path(header, of_api(entry, header))
                assert cells == same, f"{name}, {entry['slug']}: {header}"
