"""Every entry and every list as reference managers read it, and as people paste it."""

from datetime import date
from urllib.parse import unquote

import bibtexparser
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware
from django.db import connection
from django.db.models import CharField, SlugField, TextField, URLField
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from entries.links.models import Link
from entries.models import kinds
from lessons.models import Lesson
from meetings.groups import WorkingGroup
from meetings.models import Meeting, Paper
from practices.models import Practice
from tests.addresses import list_address
from tests.made import KINDS, every_kind, make
from tests.pages import content_of, open_page, read_csv

pytestmark = [pytest.mark.usefixtures("unchanged_db"), pytest.mark.once]

HARD_TEXTS = [
    "H&SC, 36 % of #1, under_score, $5",
    "{braced} and {nested {twice}}",
    "a~tilde and a \\ backslash, \\textbf{not bold}",
    "Entr’Autres, ChamäLION, “quoted” – Ελλάδα",
    "it's -- not --- a 'dash' nor ''quotes'' nor ``these'' nor ?`that",
    "100%",
    "@article{x, title = y}",
    "a\nb\r\nTY  - BOOK\u2028ER  - end",
]


def read_ris(response):
    assert response.status_code == 200
    assert response["Content-Type"] == "application/x-research-info-systems; charset=utf-8"
    return rispy.loads(content_of(response).decode())


def read_bibtex(response):
    """The references of a file, their text as a reader of LaTeX has it."""
    assert response.status_code == 200
    assert response["Content-Type"] == "application/x-bibtex; charset=utf-8"
    library = bibtexparser.parse_string(
        content_of(response).decode(), append_middleware=[LatexDecodingMiddleware()]
    )
    assert library.failed_blocks == []
    assert library.comments == [], "something stands between the entries"
    return [dict(entry.items()) for entry in library.entries]


def file_address(entry, extension):
    return reverse(f"{entry.kind}-detail-{extension}", args=[entry.slug])


def ris(client, entry):
    (reference,) = read_ris(client.get(file_address(entry, "ris")))
    return reference


def bibtex(client, entry):
    (reference,) = read_bibtex(client.get(file_address(entry, "bib")))
    return reference


def citation(client, entry):
    page = open_page(client, entry.get_absolute_url())
    (text,) = page.texts(".//p[@class='citation']")
    return text


def paper(**fields):
    fields = {"name": "On trauma", "paper_type": "issue"} | fields
    if "date" in fields:
        fields["date"] = date.fromisoformat(fields["date"])
    return make(Paper, **fields)


def even(text):
    return " ".join(text.split())


def title_of(entry):
    """Of a statement without a title, all of it: a citation is never cut."""
    return even(entry.heading if entry.heading in vars(entry).values() else entry.text)


def urls_of(entry):
    """Of a paper its own documents first; then the portal's page on it."""
    page = f"http://testserver{entry.get_absolute_url()}"
    if isinstance(entry, Paper):
        return [*entry.documents, page]
    return [page, *(entry.documents if isinstance(entry, Meeting) else [])]


# --- The whole corpus ----------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_every_entry_of_the_corpus_is_read_back_from_ris(client, kind):
    references = read_ris(client.get(list_address(kind, "ris")))
    entries = list(kind.objects.published())
    assert len(references) == len(entries) > 0
    for entry, reference in zip(entries, references, strict=True):
        assert reference["title"] == title_of(entry)
        assert reference["urls"] == urls_of(entry)
        assert reference.get("abstract", "") == even(entry.text)
        assert reference.get("keywords", []) == [tag.name for tag in entry.tags_in_order]
        assert reference == ris(client, entry), "the entry's own file says something else"


@pytest.mark.parametrize("kind", KINDS)
def test_every_entry_of_the_corpus_is_read_back_from_bibtex(client, kind):
    references = read_bibtex(client.get(list_address(kind, "bib")))
    entries = list(kind.objects.published())
    assert len(references) == len(entries) > 0
    for entry, reference in zip(entries, references, strict=True):
        assert reference["title"] == title_of(entry)
        assert reference["url"] == urls_of(entry)[0]
        assert reference.get("abstract", "") == even(entry.text)
        assert reference == bibtex(client, entry), "the entry's own file says something else"


def test_no_two_entries_of_the_portal_share_a_key(client):
    keys = [
        reference["ID"]
        for kind in kinds()
        for reference in read_bibtex(client.get(list_address(kind, "bib")))
    ]
    assert len(set(keys)) == len(keys) == sum(kind.objects.published().count() for kind in kinds())
    in_ris = [
        reference["id"]
        for kind in kinds()
        for reference in read_ris(client.get(list_address(kind, "ris")))
    ]
    assert in_ris == keys


def test_a_statement_is_cited_as_the_portals_restating_its_source(client):
    lesson = Lesson.objects.get(slug="five-steps-to-a-multi-agency-structure")
    source = "Key themes of the RAN Mental Health working group (formerly Health & Social Care)"
    restated = f"RAN HEALTH Working Group: {source} (n.d.), p. 7"
    reference = ris(client, lesson)
    assert reference["type_of_reference"] == "ELEC"
    assert reference["authors"] == ["RAN Mental Health knowledge portal"]
    assert reference["type_of_work"] == "Lesson"
    assert reference["secondary_title"] == "RAN Mental Health knowledge portal"
    assert reference["language"] == "en"
    assert reference["notes"] == [f"Restates {restated}. The wording is the portal’s own."]
    day = lesson.updated.date()
    assert reference["date"] == f"{day:%Y/%m/%d}/", "the day of the wording, not of the source"
    entry = bibtex(client, lesson)
    assert entry["ENTRYTYPE"] == "online"
    assert entry["author"] == "RAN Mental Health knowledge portal"
    assert (entry["date"], entry["note"]) == (str(day), reference["notes"][0])
    assert citation(client, lesson) == (
        f"RAN Mental Health knowledge portal: {lesson.text.rstrip('.')}"
        f" (lesson, {day.day} {day:%B %Y}), restating {restated}."
        " http://testserver/lessons/five-steps-to-a-multi-agency-structure/"
    )


def test_a_meeting_is_cited_as_itself_with_its_groups_and_all_its_days(client):
    meeting = Meeting.objects.get(slug="help-the-helper-2020")
    reference = ris(client, meeting)
    assert reference["type_of_reference"] == "CONF"
    assert reference["authors"] == ["RAN H&SC-POL"], "as printed, not as read"
    assert reference["secondary_title"] == "Joint meeting of several groups"
    assert (reference["year"], reference["date"]) == ("2020", "2020/03/25/")
    assert any("/h-sc_pol_help_the_helper" in url for url in reference["urls"])
    entry = bibtex(client, meeting)
    assert entry["ENTRYTYPE"] == "conference"
    assert (entry["year"], entry["month"], entry["date"]) == ("2020", "mar", "2020-03-25")
    assert entry["eventdate"] == "2020-03-25/2020-03-26"
    assert entry["note"].startswith("Held: 25–26 March 2020. Known to the portal from Key themes")
    assert "(joint meeting of several groups, 25–26 March 2020)" in citation(client, meeting)


def test_a_meeting_is_cited_with_its_place(client):
    meeting = Meeting.objects.get(slug="shared-responsibility-care-and-security-2023")
    assert ris(client, meeting)["place_published"] == "The Hague, Netherlands"
    assert bibtex(client, meeting)["address"] == "The Hague, Netherlands"


# --- Dates and names -----------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("precision", "day", "year", "month", "in_ris", "in_bibtex", "in_words"),
    [
        ("day", "2019-03-13", "2019", "mar", "2019/03/13/", "2019-03-13", "13 March 2019"),
        ("month", "2019-04-01", "2019", "apr", "2019/04//", "2019-04", "April 2019"),
        ("year", "2021-01-01", "2021", None, "2021///", "2021", "2021"),
    ],
)
def test_a_date_is_cited_at_the_precision_it_was_printed_with(
    client, precision, day, year, month, in_ris, in_bibtex, in_words
):
    entry = paper(date=day, date_precision=precision)
    reference = ris(client, entry)
    assert (reference["year"], reference["date"]) == (year, in_ris)
    reference = bibtex(client, entry)
    assert (reference["year"], reference["date"]) == (year, in_bibtex)
    assert reference.get("month") == month
    assert f"On trauma (issue paper, {in_words})." in citation(client, entry)
    lesson = make(Lesson, "A lesson", source=entry, source_page="3")
    assert f"restating On trauma ({in_words}), p. 3." in citation(client, lesson)


@pytest.mark.django_db
def test_a_date_that_is_the_meetings_is_no_date_of_publication(client):
    entry = paper(
        date="2016-05-18", date_precision="day", date_of="event", date_as_printed="18-19 May 2016"
    )
    reference, in_bibtex = ris(client, entry), bibtex(client, entry)
    assert not {"year", "date"} & set(reference)
    assert not {"year", "month", "date"} & set(in_bibtex)
    assert in_bibtex["eventdate"] == "2016-05-18"
    told = "Reports an event of 18-19 May 2016; no other date is printed."
    assert reference["notes"][0].startswith(told)
    assert in_bibtex["note"].startswith(told)
    assert "On trauma (issue paper, event of 18-19 May 2016)." in citation(client, entry)
    in_jsonld = client.get(file_address(entry, "jsonld")).json()
    assert in_jsonld["recordedAt"] == {"@type": "Event", "startDate": "2016-05-18"}
    assert "datePublished" not in in_jsonld
    lesson = make(Lesson, "A lesson", source=entry, source_page="3")
    assert "restating On trauma (event of 18-19 May 2016), p. 3." in citation(client, lesson)


@pytest.mark.django_db
def test_a_month_is_a_macro_that_a_style_writes_in_its_own_way(client):
    entry = paper(date="2019-04-01", date_precision="month")
    assert "\tmonth = apr,\n" in client.get(file_address(entry, "bib")).content.decode()


@pytest.mark.django_db
def test_an_entry_without_a_date_is_cited_without_one(client):
    entry = paper()
    assert not {"year", "date"} & set(ris(client, entry))
    assert not {"year", "month", "date"} & set(bibtex(client, entry))
    assert "(issue paper, n.d.)" in citation(client, entry)


@pytest.mark.django_db
def test_a_group_is_cited_as_read_only_where_no_printed_name_is_known(client):
    entry = paper()
    entry.groups.set(WorkingGroup.objects.filter(slug__in=["ran-exit", "ran-h-sc"]))
    assert ris(client, entry)["authors"] == ["RAN EXIT", "RAN H&SC"]
    assert bibtex(client, entry)["author"] == "RAN EXIT and RAN H&SC"
    entry.groups_as_printed = "RAN H&SC and RAN EXIT"
    entry.save()
    assert ris(client, entry)["authors"] == ["RAN H&SC and RAN EXIT"]
    raw = client.get(file_address(entry, "bib")).content.decode()
    assert r"author = {{RAN H\&SC and RAN EXIT}}," in raw, "braces keep it one name"


@pytest.mark.django_db
def test_authors_come_before_the_group_and_a_person_is_told_from_an_organisation(client):
    entry = paper(authors=["Doe, Jane", "Centre for Care"], groups_as_printed="RAN EXIT")
    assert ris(client, entry)["authors"] == ["Doe, Jane", "Centre for Care", "RAN EXIT"]
    raw = client.get(file_address(entry, "bib")).content.decode()
    assert "author = {Doe, Jane and {Centre for Care} and {RAN EXIT}}," in raw
    assert citation(client, entry).startswith("Doe, Jane; Centre for Care; RAN EXIT: On trauma")


@pytest.mark.django_db
def test_an_entry_without_any_name_is_cited_by_its_title(client):
    entry = paper()
    assert "authors" not in ris(client, entry)
    assert "author" not in bibtex(client, entry)
    assert citation(client, entry).startswith("On trauma (")


@pytest.mark.django_db
def test_a_report_names_its_publisher_and_a_web_page_is_one(client):
    report = paper(publisher="Migration and Home Affairs", paper_type="report", language="en")
    assert ris(client, report)["type_of_reference"] == "RPRT"
    assert ris(client, report)["publisher"] == "Migration and Home Affairs"
    entry = bibtex(client, report)
    assert (entry["ENTRYTYPE"], entry["type"]) == ("techreport", "Report")
    assert (entry["institution"], entry["language"]) == ("Migration and Home Affairs", "en")
    page = paper(name="A page", paper_type="web-page", publisher="Home Affairs")
    assert ris(client, page)["type_of_reference"] == "ELEC"
    assert bibtex(client, page)["organization"] == "Home Affairs"


@pytest.mark.django_db
def test_only_a_document_that_is_surely_its_own_is_cited_with_an_entry(client):
    entry = paper()
    for name, certainty in (("sure", "certain"), ("perhaps", "probable")):
        Link.objects.create(url=f"https://x.test/~a/{name}_1.pdf", certainty=certainty, paper=entry)
    reference = ris(client, entry)
    document = "https://x.test/~a/sure_1.pdf"
    assert reference["urls"] == [document, "http://testserver/papers/on-trauma/"]
    assert reference["file_attachments1"] == document
    assert f"url = {{{document}}}" in client.get(file_address(entry, "bib")).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("paper_type", ["report", "web-page"])
@pytest.mark.parametrize("end", ["a}b", "{a", "\\"])
def test_no_sign_in_an_address_ends_a_field_of_bibtex(client, paper_type, end):
    entry = paper(publisher="Home Affairs", paper_type=paper_type)
    url = f"https://x.test/{end}"
    link = Link(url=url, certainty="certain", role="document", paper=entry)
    link.full_clean()
    link.save()
    assert ris(client, entry)["urls"][0] == url
    file = content_of(client.get(file_address(entry, "bib"))).decode()
    [reference] = bibtexparser.parse_string(file).entries
    assert unquote(reference["url"]) == url
    assert bibtex(client, entry)["title"] == "On trauma"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["Ministry of Health, Welfare and Sport", "Smith & Sons, London", "RAN H&SC; RAN EXIT"]
)
def test_an_organisation_stays_one_name(client, name):
    entry = paper(authors=[name, "Doe, Jane"])
    organisation, person = ris(client, entry)["authors"]
    assert "," not in organisation, "Zotero would take what is behind it for a given name"
    assert organisation.replace("‚", ",").replace("；", ";") == name
    assert person == "Doe, Jane"
    raw = client.get(file_address(entry, "bib")).content.decode()
    assert f"author = {{{{{name.replace('&', chr(92) + '&')}}} and Doe, Jane}}," in raw
    authors = open_page(client, entry.get_absolute_url()).metas("citation_author")
    assert authors == [f"{organisation},", "Doe, Jane"]


@pytest.mark.django_db
def test_a_tag_stays_one(client):
    entry = paper(tags=["one, two; three"])
    assert ris(client, entry)["keywords"] == ["one‚ two； three"]
    assert bibtex(client, entry)["keywords"] == "one‚ two； three"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("paper_type", "in_ris", "in_bibtex", "in_zotero"),
    [
        *((name, "RPRT", "techreport", "report") for name in ("", "issue", "conclusions")),
        ("handbook", "BOOK", "book", "book"),
        ("web-page", "ELEC", "online", "webpage"),
    ],
)
def test_a_paper_is_to_a_reference_manager_what_its_type_says(
    client, paper_type, in_ris, in_bibtex, in_zotero
):
    entry = paper(paper_type=paper_type)
    assert ris(client, entry)["type_of_reference"] == in_ris
    assert bibtex(client, entry)["ENTRYTYPE"] == in_bibtex
    assert open_page(client, entry.get_absolute_url()).metas("z:itemType") == [in_zotero]


@pytest.mark.django_db
def test_acronyms_keep_their_capitals_in_bibtex(client):
    entry = paper(name="P/CVE, PTSD and the RAN's eHealth: Paper I")
    raw = client.get(file_address(entry, "bib")).content.decode()
    assert "title = {{P/CVE}, {PTSD} and the {RAN's} {eHealth}: Paper {I}}," in raw


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_says_what_the_file_says(client, kind):
    for entry in kind.objects.published()[:3]:
        page, reference = open_page(client, entry.get_absolute_url()), ris(client, entry)
        assert page.metas("citation_title") == [reference["title"]]
        assert [name.rstrip(",") for name in page.metas("citation_author")] == reference.get(
            "authors", []
        )
        assert page.metas("citation_publication_date") == (
            [reference["date"].rstrip("/")] if "date" in reference else []
        )
        assert page.metas("citation_language") == [reference.get("language", "und")]
        assert [even(text) for text in page.metas("citation_abstract")] == (
            [reference["abstract"]] if "abstract" in reference else []
        )
        assert page.metas("citation_keywords") == reference.get("keywords", [])
        assert page.metas("citation_public_url") == reference["urls"][:1]


def test_a_paper_that_is_its_own_source_is_not_said_to_be_taken_from_itself(client):
    overview = Paper.objects.get(slug="key-themes-of-the-ran-mental-health-working-group")
    assert "Known to" not in citation(client, overview)
    assert "Known to" not in ris(client, overview)["notes"][0]


@pytest.mark.django_db
def test_a_source_that_is_a_draft_is_not_named(client):
    dated = {"date": "2021-01-01", "date_precision": "year"}
    draft = paper(name="Not yet said", status="draft", authors=["Nobody yet"], **dated)
    lesson = make(Lesson, "A lesson", source=draft, source_page="3")
    for text in (
        citation(client, lesson),
        client.get(file_address(lesson, "ris")).content.decode(),
        client.get(file_address(lesson, "bib")).content.decode(),
        content_of(client.get(list_address(Lesson, "ris"))).decode(),
    ):
        assert "Not yet" not in text
        assert "Nobody" not in text
        assert "2021" not in text


# --- Text that means something to a format -------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("text", HARD_TEXTS)
def test_text_is_read_back_as_it_was_written(client, text):
    practice = make(Practice, text, slug="hard", description=f"Says: {text}.")
    reference = ris(client, practice)
    assert reference["title"] == even(text)
    assert reference["abstract"] == f"Says: {even(text)}."
    entry = bibtex(client, practice)
    assert entry["title"] == even(text)
    assert entry["abstract"] == f"Says: {even(text)}."


# Whatever any reader takes for the end of a line, and then a record that nobody wrote.
FORGED = {
    "\r\nER  - \r\n\r\nTY  - BOOK\r\nTI  - Forged\r\nER  - ": "ris",
    "\u2028ER  - \u2028TY  - BOOK\u2028TI  - Forged": "ris",
    "\x0bER  - \x0bTY  - BOOK\x85TI  - Forged": "ris",
    '"},\n}\n@book{forged, title = {Forged},\n}': "bib",
}


@pytest.mark.django_db
@pytest.mark.parametrize(("forged", "extension"), FORGED.items(), ids=range(len(FORGED)))
@every_kind
def test_no_name_or_text_of_an_entry_begins_another_record(client, kind, forged, extension):
    """Each text that the entry has, its tags and its groups: in the file and in the list."""
    texts = [
        field
        for field in kind._meta.get_fields()
        if isinstance(field, CharField | TextField) and not field.choices and field.editable
        if field.name not in ("slug", "status") and not isinstance(field, SlugField | URLField)
    ]
    fields = {field.name: f"N {forged}"[: field.max_length] for field in texts}
    fields |= {"publication_language": "en"} if "publication_language" in fields else {}
    entry = make(kind, slug="forged", tags=[f"tag {forged}"[:100]])
    kind.objects.filter(pk=entry.pk).update(**fields)
    if hasattr(entry, "groups"):
        entry.groups.add(WorkingGroup.objects.create(name=f"G {forged}", slug="forged"))
    read = {"ris": read_ris, "bib": read_bibtex}[extension]
    (reference,) = read(client.get(file_address(entry, extension)))
    assert reference["title"].startswith("N ")
    if extension == "ris":
        lines = content_of(client.get(file_address(entry, extension))).decode().splitlines()
        assert [line[:2] for line in lines if line[:2] in ("TY", "ER")] == ["TY", "ER"]
    everything = read(client.get(list_address(kind, extension)))
    assert len(everything) == kind.objects.published().count()


@pytest.mark.django_db
def test_letters_beyond_ascii_are_kept_as_they_are(client):
    practice = make(Practice, "Elsewhere", slug="letters", description="Entr’Autres ChamäLION")
    for extension in ("ris", "bib"):
        text = client.get(file_address(practice, extension)).content.decode()
        assert "Entr’Autres ChamäLION" in text


def test_lines_of_ris_end_as_its_specification_asks(client):
    lines = content_of(client.get(list_address(Lesson, "ris"))).decode().split("\r\n")
    assert lines[0] == "TY  - ELEC"
    assert not any("\n" in line or "\r" in line for line in lines)


# --- Lists ---------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["country=DK&country=FI&sort=-name", "q=mental", "tag=training"])
def test_a_list_holds_the_rows_of_its_csv_in_the_same_order(client, query):
    rows = [row["url"] for row in read_csv(client.get(f"/practices.csv?{query}"))]
    in_ris = [each["urls"][0] for each in read_ris(client.get(f"/practices.ris?{query}"))]
    in_bibtex = [each["url"] for each in read_bibtex(client.get(f"/practices.bib?{query}"))]
    assert rows == in_ris == in_bibtex
    assert 1 < len(rows) < Practice.objects.count()


@pytest.mark.parametrize("extension", ["ris", "bib"])
def test_a_list_without_entries_is_an_empty_file(client, extension):
    response = client.get(list_address(Practice, extension), {"country": "MT"})
    assert response.status_code == 200
    assert content_of(response) == b""


@pytest.mark.parametrize("extension", ["ris", "bib"])
def test_a_parameter_that_is_not_known_is_refused_and_named(client, extension):
    response = client.get(list_address(Practice, extension), {"contry": "DK"})
    assert response.status_code == 400
    assert response.content == (b"Unknown parameter: contry. The nearest known one is country.\n")


@pytest.mark.django_db
@pytest.mark.parametrize("extension", ["ris", "bib"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_list_takes_no_more_queries_for_more_entries(client, kind, extension):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            content_of(client.get(list_address(kind, extension)))
        return len(captured)

    groups = WorkingGroup.objects.all()
    # A paper of its own, that is not its own source, is the source of each.
    paper(name="First source", source=Paper.objects.first()).groups.set(groups)
    queries()  # what a process asks once, such as the numbers of content types
    before = queries()
    for number in range(5):
        source = paper(name=f"Source {number}", source=Paper.objects.first())
        source.groups.set(groups)
        make(kind, f"One more {number}", source=source, tags=["trauma", f"tag {number}"])
    assert queries() == before


@pytest.mark.parametrize("extension", ["ris", "bib"])
def test_a_file_is_saved_under_the_name_of_what_is_in_it(client, extension):
    lesson = Lesson.objects.first()
    response = client.get(file_address(lesson, extension))
    assert response["Content-Disposition"] == f'attachment; filename="{lesson.slug}.{extension}"'
    response = client.get(list_address(Lesson, extension))
    assert response["Content-Disposition"] == f'attachment; filename="lessons.{extension}"'


# --- Addresses -----------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("extension", ["ris", "bib", "jsonld"])
def test_the_file_of_a_renamed_entry_is_found_under_its_former_address(client, extension):
    lesson = Lesson.objects.first()
    former = file_address(lesson, extension)
    lesson.slug = "renamed"
    lesson.save()
    response = client.get(former)
    assert response.status_code == 301
    assert response["Location"] == f"/lessons/renamed.{extension}"


@pytest.mark.parametrize("extension", ["ris", "bib", "jsonld"])
def test_the_file_of_a_draft_is_there_for_staff_only(client, admin_client, extension):
    draft = make(Lesson, "A draft", status="draft")
    assert client.get(file_address(draft, extension)).status_code == 404
    assert b"A draft" in admin_client.get(file_address(draft, extension)).content
    if extension != "jsonld":
        assert b"A draft" not in content_of(admin_client.get(list_address(Lesson, extension)))


@pytest.mark.django_db
def test_addresses_are_those_the_reader_came_by(client, settings):
    settings.ALLOWED_HOSTS = ["portal.example.org"]
    lesson = Lesson.objects.first()
    came = {"headers": {"host": "portal.example.org"}, "secure": True}
    (reference,) = read_ris(client.get(file_address(lesson, "ris"), **came))
    assert reference["urls"] == [f"https://portal.example.org/lessons/{lesson.slug}/"]
    (entry,) = read_bibtex(client.get(file_address(lesson, "bib"), **came))
    assert entry["url"] == f"https://portal.example.org/lessons/{lesson.slug}/"


def test_the_page_of_an_entry_offers_its_files(client):
    lesson = Lesson.objects.first()
    links = open_page(client, lesson.get_absolute_url()).links(".//section[@class='cite']")
    assert links == {
        "RIS": f"/lessons/{lesson.slug}.ris",
        "BibTeX": f"/lessons/{lesson.slug}.bib",
        "JSON-LD": f"/lessons/{lesson.slug}.jsonld",
    }
