"""Documents of other types, written for these tests: what the portal makes of each."""

import json
from io import BytesIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject

from imports.formats import isolated
from imports.formats.block import Unreadable
from imports.formats.isolated import read_file
from imports.models import Import
from imports.reader import account_of, read_account
from imports.readings import references
from imports.readings.words import Reader, normal
from imports.storing import read_import
from records import dates

pytestmark = pytest.mark.once

PAPERS = Path(__file__).parent / "documents"


def read(name):
    return account_of(read_file((PAPERS / name).read_bytes(), name)).as_dict()


def of(account, *kinds):
    return [proposal for proposal in account["proposals"] if proposal["kind"] in kinds]


def fates(account, fate):
    return [block["text"].strip() for block in account["blocks"] if block["fate"] == fate]


RECIPES = {
    "conclusion.txt": ("conclusion-paper", "en"),
    "expost.txt": ("conclusion-paper", "en"),
    "latin.txt": ("conclusion-paper", "en"),
    "practice.txt": ("practice-sheet", "en"),
    "publications.txt": ("list-of-papers", "en"),
    "numbered.txt": ("numbered-practices", "en"),
    "handbook.txt": ("handbook-chapter", "en"),
    "overview2.txt": ("overview-paper", "en"),
    "meeting-call.txt": ("event-page", "en"),
    "publication.html": ("publication-page", "en"),
    "konklusion.txt": ("fallback", "de"),
    "fr-page.txt": ("fallback", "fr"),
    "interview.txt": ("fallback", "en"),
    "undated.txt": ("list-of-papers", "en"),
    "table.html": ("list-of-papers", "en"),
    "event.html": ("event-page", "en"),
    "konklusionspapir.txt": ("fallback", "da"),
    "two-dates.txt": ("conclusion-paper", "en"),
    "letter.txt": ("event-page", "en"),
    "expost2.txt": ("conclusion-paper", "en"),
    "two-sheets.txt": ("practice-sheet", "en"),
}


@pytest.mark.parametrize("name", RECIPES)
def test_the_recipe_and_the_language_are_guessed(name):
    account = read(name)
    assert (account["recipe"], account["language"]) == RECIPES[name]


@pytest.mark.parametrize("name", [name for name in RECIPES if name.endswith(".txt")])
def test_every_printed_character_stands_in_a_block(name):
    data = (PAPERS / name).read_bytes()
    text = data.decode("cp1252" if name == "latin.txt" else "utf-8")
    blocks = "".join("".join(block["text"].split()) for block in read(name)["blocks"])
    assert blocks == "".join(text.split())


def test_a_conclusion_paper_gives_its_paper_its_meeting_and_what_it_concludes():
    account = read("conclusion.txt")
    [paper], [meeting] = of(account, "paper"), of(account, "meeting")
    assert paper["title"] == meeting["title"] == "Sleep, stress and screening in reception centres"
    assert (meeting["start"], meeting["end"], meeting["groups"]) == (
        "2021-10-14",
        "2021-10-15",
        ["RAN HEALTH"],
    )
    assert paper["fields"]["date_of"] == "event"
    assert [(p["title"], p["countries"]) for p in of(account, "practice")] == [
        ("The Night Log", ["DK"]),
        ("Stille Stunde", ["DE"]),
        ("Buddy First", []),
    ]
    assert of(account, "practice")[2]["fields"]["programme"] == "Erasmus+"
    assert (len(of(account, "lesson")), len(of(account, "question"))) == (6, 2)


def test_running_heads_are_furniture_and_a_sentence_goes_on_behind_them():
    account = read("conclusion.txt")
    assert [text.split("  ")[0] for text in fates(account, "furniture")].count(
        "CONCLUSION PAPER"
    ) == 3
    night = of(account, "practice")[1]
    assert normal("The project was evaluated by a university in 2019.") in normal(
        night["as_printed"].replace("eval-", "eval")
    )
    assert night["page"] == 2


def test_ligatures_and_cut_words_stay_as_printed_and_are_undone_in_the_reading():
    account = read("conclusion.txt")
    first = of(account, "lesson")[0]
    assert "after-\nwards" in first["as_printed"]
    assert (
        Reader("afterwards")
        .read(first["as_printed"])
        .endswith("hears nothing afterwards will not tell it again.")
    )
    assert "brieﬁng" in of(account, "lesson")[2]["as_printed"]
    assert Reader().read("brieﬁng") == "briefing"


def test_bullets_of_the_second_level_are_part_of_their_item():
    night = of(read("conclusion.txt"), "lesson")[1]
    assert night["as_printed"].split("\n")[1:] == [
        "o a note of three lines is enough;",
        "o nobody needs a diagnosis to describe what they saw.",
    ]


def test_a_list_of_papers_is_read_with_places_groups_and_dates_as_precise_as_printed():
    rows = [
        (p["kind"], p["title"], p["start"], p["precision"], p["countries"], p["groups"])
        for p in read("publications.txt")["proposals"]
    ]
    assert rows == [
        ("meeting", "Screening on arrival", "2021-10-14", "day", [], ["RAN HEALTH"]),
        ("paper", "Handbook on first talks with families", "2021-06", "month", [], []),
        ("paper", "The doctor's dilemma", "2019-10-03", "day", ["AT"], ["RAN H&SC"]),
        ("meeting", "Leaving and grieving", "2019-09-30", "day", ["FI"], ["RAN EXIT", "RAN H&SC"]),
        ("paper", "Ten years of listening: what callers tell", "2019", "year", [], []),
        ("paper", "Paper on the use of interpreters", "2018-12", "month", [], ["RAN H&SC"]),
    ]


def test_a_practice_sheet_becomes_one_practice_with_its_fields():
    account = read("practice.txt")
    [sheet] = account["proposals"]
    assert (sheet["kind"], sheet["title"], sheet["countries"]) == (
        "practice",
        "Open Door Clinic",
        ["BE"],
    )
    assert (sheet["start"], sheet["precision"]) == ("2016-09", "month")
    assert sheet["fields"]["key_themes"] == ["Mental health", "Early prevention"]
    assert sheet["fields"]["target_audiences"] == [
        "Youth / pupils / students",
        "Health practitioners",
    ]
    assert sheet["links"] == ["https://example.org/open-door"]
    assert fates(account, "left over") == []


def test_an_overview_paper_in_other_words_keeps_its_tree_and_its_absence():
    account = read("overview2.txt")
    assert [p["theme"] for p in of(account, "lesson")] == [
        "Growing up online > Gaming",
        "Growing up online > Gaming",
        "Growing up online > Short videos",
        "Leaving school early",
    ]
    assert fates(account, "absence") == ["There were no meetings on this topic."]
    good = of(account, "practice")[0]
    assert (good["title"], good["countries"]) == ("Good Gamer", ["SE"])
    assert good["start"] is None


def test_a_numbered_list_gives_each_practice_with_what_is_told_of_it():
    account = read("numbered.txt")
    assert [(p["title"], p["countries"]) for p in account["proposals"]] == [
        ("Open Door Clinic", ["BE"]),
        ("The Night Log", ["DK"]),
        ("Stille Stunde", ["DE"]),
        ("Buddy First", ["CZ"]),
        ("Return Table", ["TR"]),
    ]
    assert account["proposals"][3]["fields"]["country_as_printed"] == "Czech Republic"
    assert (
        account["proposals"][1]["as_printed"].endswith("every\nmorning.")
        or "every morning." in account["proposals"][1]["as_printed"]
    )
    assert account["proposals"][0]["links"] == ["https://example.org/open-door"]


def test_a_chapter_of_a_handbook_has_the_printed_page_numbers():
    account = read("handbook.txt")
    assert [p["page"] for p in of(account, "lesson")] == [46, 46, 46, 47, 47]
    [practice] = of(account, "practice")
    assert (practice["title"], practice["countries"]) == ("Kitchen Talks", ["SE"])


def test_a_call_for_participants_is_a_meeting_of_two_days():
    [meeting] = read("meeting-call.txt")["proposals"]
    assert (meeting["title"], meeting["start"], meeting["end"]) == (
        "Burn-out among exit workers",
        "2023-02-09",
        "2023-02-10",
    )
    assert (meeting["countries"], meeting["groups"]) == (["PT"], ["RAN HEALTH"])
    assert meeting["fields"]["languages"] == ["en", "fr"]


def test_a_saved_web_page_gives_its_paper_its_meeting_and_key_points():
    account = read("publication.html")
    paper, meeting, *lessons = account["proposals"]
    assert (paper["title"], paper["start"], paper["countries"]) == (
        "Screening on arrival",
        "2021-12-09",
        ["AT", "CZ"],
    )
    assert paper["links"] == [
        "https://home-affairs.example.eu/system/files/2021-12/ran_mh_screening_on_arrival_14-15102021_en.pdf"
    ]
    assert (meeting["start"], meeting["end"]) == ("2021-10-14", "2021-10-15")
    assert [lesson["as_printed"].split("\n")[0] for lesson in lessons] == [
        "Screening without help does harm.",
        "Interpreters need a briefing.",
    ]
    assert "Skip to main content" in fates(account, "furniture")


@pytest.mark.parametrize("name", ["konklusion.txt", "fr-page.txt"])
def test_no_english_rule_fires_on_another_language_and_dates_are_read_by_its_months(name):
    account = read(name)
    assert account["proposals"] == []
    found = [d for block in account["blocks"] for d in block.get("dates", [])]
    assert found[0]["start"] in ("2021-10-14", "2023-02-09")
    assert account["language"] in account["notes"][0]


def test_a_season_a_quarter_or_two_years_is_read_as_the_year_that_is_printed():
    rows = [
        (p["kind"], p["title"], p["start"], p["end"], p["precision"], p["countries"], p["groups"])
        for p in read("undated.txt")["proposals"]
    ]
    trauma = "Trauma-informed care for returning children"
    assert rows[:5] == [
        ("paper", trauma, "2023-03-14", "2023-03-15", "day", [], ["RAN HEALTH"]),
        ("paper", "Effects of COVID-19 on violent extremism", "2020", None, "year", [], []),
        (
            "paper",
            "The online gaming dilemma",
            "2019",
            "2020",
            "year",
            [],
            ["RAN C&N", "RAN HEALTH"],
        ),
        ("paper", "Digital study visit on burnout", "2021", None, "year", [], ["RAN HEALTH"]),
        (
            "meeting",
            "Policy & Practice event — Lone actors in the EU",
            "2019-06-12",
            "2019-06-12",
            "day",
            ["FR"],
            [],
        ),
    ]
    assert rows[8][:3] == ("paper", "Factsheet on grief", None)  # 'n.d.': not the year above it


def test_the_head_of_a_table_tells_its_cells_apart():
    rows = [(p["kind"], p["title"], p["start"]) for p in read("table.html")["proposals"]]
    assert rows == [
        ("paper", "The role of psychotherapy in rehabilitation and exit work", "2019-03-14"),
        (
            "paper",
            "Extremism, radicalisation & mental health: Handbook for practitioners",
            "2019-11",
        ),
        ("paper", "Suicidal behaviour and violent extremism", "2021"),
        ("paper", "Spotlight on Mental Health", "2019"),
    ]


def test_menus_that_are_only_called_so_are_furniture_and_typed_signs_make_a_list():
    account = read("event.html")
    assert {text.split("\n")[0] for text in fates(account, "furniture")} == {
        "Skip to main contentAn official website of the European Union",
        "Home > Networks > RAN > Events",
        "Share this page Facebook Twitter LinkedIn",
        "This site is managed by the DG HOME",
    }
    [meeting] = account["proposals"]
    assert (meeting["start"], meeting["end"]) == ("2022-09-29", "2022-09-30")
    assert "to collect practices;" in str(meeting["fields"])


def test_a_day_that_stands_alone_above_is_the_papers_and_the_next_the_meetings():
    account = read("two-dates.txt")
    [paper], [meeting] = of(account, "paper"), of(account, "meeting")
    title = "Multi-agency information sharing: the role of the psychiatrist"
    assert (paper["title"], paper["start"]) == (title, "2021-05-21")
    assert paper["fields"]["date_of"] == "publication"
    assert (meeting["title"], meeting["start"], meeting["end"]) == (
        title,
        "2021-03-14",
        "2021-03-15",
    )
    assert [
        (lesson["as_printed"][:5], lesson["certainty"]) for lesson in of(account, "lesson")
    ] == [
        ("Trust", "probable"),
        ("A dia", "probable"),
        ("Agree", "certain"),
        ("Use a", "certain"),
    ]
    assert [(p["title"], p["countries"]) for p in of(account, "practice")] == [
        ("PSP", ["DK"]),
        ("Care House", ["NL"]),
    ]


@pytest.mark.parametrize(
    ("printed", "name", "countries", "programme"),
    [
        ("1) Türkiye: Return Table. A text.", "Return Table", ["TR"], ""),
        ("PSP (Denmark) The police and care.", "PSP", ["DK"], ""),
        ("BOUNCE Tools, EU-wide (funded by ISF-P)", "BOUNCE Tools", [], "ISF"),
        ("2. Linja – Czech Republic / Slovakia", "Linja", ["CZ", "SK"], ""),
    ],
)
def test_a_practice_is_read_with_its_place_wherever_that_is_printed(
    printed, name, countries, programme
):
    found = references.practice(printed)
    assert (found.name, found.countries, found.programme) == (name, countries, programme)


def test_heads_that_change_from_page_to_page_are_known_by_the_numbers_in_them():
    heads = ["Handbook on families  7", "8  RAN, June 2021", "Talking to families  9"]
    items = [
        "- They call late, because they are ashamed and",
        "tired of it.",
        "- They need a name.",
    ]
    pages = [f"{head}\n\n{text}\n" for head, text in zip(heads, items, strict=True)]
    document = read_file(("Lessons learned\n\f" + "\f".join(pages)).encode(), "a.txt")
    account = account_of(document, recipe="handbook-chapter").as_dict()
    assert fates(account, "furniture") == heads
    assert [lesson["page"] for lesson in of(account, "lesson")] == [7, 9]
    assert of(account, "lesson")[0]["as_printed"].endswith("ashamed and tired of it.")


def test_a_letter_that_invites_is_a_call():
    [meeting] = read("letter.txt")["proposals"]
    assert (meeting["title"], meeting["start"], meeting["end"], meeting["groups"]) == (
        "Digital counselling: what works?",
        "2023-11-07",
        "2023-11-08",
        ["RAN HEALTH"],
    )


def test_questions_under_a_heading_of_any_words_are_questions():
    account = read("expost2.txt")
    assert [question["as_printed"][:5] for question in of(account, "question")] == [
        "Which",
        "How d",
    ]
    assert len(of(account, "lesson")) == 5
    assert [(p["title"], p["countries"], p["start"]) for p in of(account, "practice")] == [
        ("Centro FENICE", ["IT"], None),
        ("Wegweiser", ["DE"], None),
        ("ESP Network", ["SE", "NO"], "2015"),
    ]
    [meeting] = of(account, "meeting")
    assert (meeting["start"], meeting["fields"]["city"]) == ("2019-03-13", "Turin")


def test_two_sheets_in_one_file_are_two_practices():
    first, second = read("two-sheets.txt")["proposals"]
    assert (first["title"], first["start"], first["countries"]) == (
        "Mind-Bridge",
        "2018-03",
        ["IE"],
    )
    assert first["fields"]["key_themes"] == ["Mental health", "Prison & probation"]
    assert (second["title"], second["start"], second["countries"]) == (
        "Krizenstelle",
        "2012",
        ["AT"],
    )


def test_a_bibliography_gives_titles_and_months_and_an_address_ends_an_entry():
    text = (
        "Publications of RAN, 2016-2021\n\n"
        "RAN. (2018, April). Risk assessment of lone actors. Ex post paper. Copenhagen.\n"
        "Issue paper: Child returnees. RAN Centre of Excellence; October 2016\n\n"
        "Sarma, K. M., & Carthy, S. L. (2021). Multi-Problem Target Group. https://example.eu/a_en.pdf\n"
        "RAN EXIT, Workshop on women in extremist networks, Zagreb, 7 & 8 October 2019\n"
    )
    document = read_file(text.encode(), "a.txt")
    account = account_of(document, recipe="list-of-papers").as_dict()
    assert [(p["title"], p["start"]) for p in account["proposals"]] == [
        ("Risk assessment of lone actors", "2018-04"),
        ("Child returnees", "2016-10"),
        ("Multi-Problem Target Group", "2021"),
        ("Workshop on women in extremist networks", "2019-10-07"),
    ]


def test_another_recipe_can_be_chosen():
    document = read_file((PAPERS / "interview.txt").read_bytes(), "interview.txt")
    assert account_of(document, recipe="conclusion-paper").as_dict()["recipe"] == "conclusion-paper"


@pytest.mark.parametrize(
    ("printed", "start", "end", "precision"),
    [
        ("10-11 April 2018", "2018-04-10", "2018-04-11", "day"),
        ("28 and 29 March 2023", "2023-03-28", "2023-03-29", "day"),
        ("30 September – 1 October 2020", "2020-09-30", "2020-10-01", "day"),
        ("30 December – 2 January 2020", "2019-12-30", "2020-01-02", "day"),
        ("March 13, 2019", "2019-03-13", "2019-03-13", "day"),
        ("the 13th of March 2019", "2019-03-13", "2019-03-13", "day"),
        ("10.-11.05.2022", "2022-05-10", "2022-05-11", "day"),
        ("April 2019", "2019-04", "2019-04", "month"),
    ],
)
def test_dates_are_read_no_more_precisely_than_printed(printed, start, end, precision):
    reading = dates.first(printed)
    assert (reading.start, reading.end, reading.precision) == (start, end, precision)


@pytest.mark.parametrize(
    "printed", ["36 %", "Horizon 2020", "since 2015", "31 June 2019", "2021 people", "it may help"]
)
def test_what_is_no_date_is_left_printed(printed):
    assert dates.first(printed) is None
    assert dates.year_at_head(printed) is None


# --- Files that are not what they seem, and the command


@pytest.mark.django_db
def test_files_that_cannot_be_read_are_refused_with_a_word(tmp_path):
    picture = StreamObject()
    picture.update(
        {NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Image")}
    )
    writer, scan = PdfWriter(), BytesIO()
    page = writer.add_blank_page(300, 400)
    drawn = DictionaryObject({NameObject("/scan"): writer._add_object(picture)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): drawn})
    writer.write(scan)
    secret = PdfWriter()
    secret.add_blank_page(300, 400)
    secret.encrypt("a password", algorithm="AES-256")
    locked = BytesIO()
    secret.write(locked)
    refused = {
        "scan.pdf": (scan.getvalue(), "scanned"),
        "locked.pdf": (locked.getvalue(), "password"),
        "page.pdf": (b"<html><body>no</body></html>", "no PDF"),
        "cut.pdf": (b"%PDF-1.7\n1 0 obj", "broken"),
        "empty.txt": (b" \n", "empty"),
        "picture.docx": (b"\x89PNG\r\n\x1a\n", "picture"),
        "bytes.txt": (b"\x00\x01\x02" * 50, "no text"),
        "old.doc": (b"\xd0\xcf\x11\xe0rest", "old Word"),
    }
    for name, (data, word) in refused.items():
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(CommandError, match=word):
            call_command("import_file", path, dry_run=True, json=True)


def test_what_is_larger_than_anybody_gives_is_refused_with_how_much_is_read():
    book, pages = PdfWriter(), BytesIO()
    for _ in range(601):
        book.add_blank_page(30, 40)
    book.write(pages)
    refused = {
        "long.csv": (b"text\n" + b"a row\n" * 10_001, "larger than 10000 rows and 200 columns"),
        "wide.csv": (b"text," * 201 + b"\n", "larger than 10000 rows and 200 columns"),
        "long.pdf": (pages.getvalue(), "has 601 pages; the portal reads up to 600"),
        "long.txt": (b"- point\n\n" * 20_001, "more text than the portal reads at once"),
    }
    for name, (data, words) in refused.items():
        with pytest.raises(Unreadable, match=words):
            read_file(data, name)


def test_a_word_as_long_as_a_book_holds_nobody_up():
    document, account = read_account(b"a" * 300_000, "word.txt")
    [block], [fate] = document.blocks, account.fates
    assert (len("".join(block.text.split())), fate) == (300_000, ("left over", None))


@pytest.mark.django_db
def test_what_is_concluded_from_words_has_no_more_time_than_the_reading(monkeypatch):
    monkeypatch.setattr(isolated, "SECONDS", 3)
    monkeypatch.setattr(isolated, "WAITING", 60)  # the machine may be busy with other things
    made, _new = Import.of_file("dashes.txt", b"- " * 125_000)
    read_import(made)
    assert made.state == "refused"
    assert "more memory or time than the portal gives to one file" in made.refusal


@pytest.mark.django_db
def test_standard_output_is_the_json_alone(capfd):
    call_command("import_file", PAPERS / "expost.txt", dry_run=True, json=True)
    written = capfd.readouterr()
    account = json.loads(written.out)
    assert account["recipe"] == "conclusion-paper"
    assert "proposals" in written.err
    numbers = {proposal["number"] for proposal in account["proposals"]}
    assert {block["proposal"] for block in account["blocks"]} <= numbers | {None}


@pytest.mark.django_db
def test_the_command_draws_how_many_pages_and_rows_are_read(tmp_path, capfd):
    book, blank, table = PdfWriter(), tmp_path / "blank.pdf", tmp_path / "practices.csv"
    for _ in range(3):
        book.add_blank_page(30, 40)
    book.write(blank)
    with pytest.raises(CommandError, match="holds no text"):
        call_command("import_file", blank, dry_run=True)
    read = capfd.readouterr().err.split("\r")
    assert [line.split("] ")[-1].strip() for line in read[1:]] == ["1 of 3", "2 of 3", "3 of 3"]
    table.write_text("title,country_codes\nOne,DK\nAnother,DE\n")
    call_command("import_file", table)
    assert f"[{'.' * 40}] 2 of 2\n" in capfd.readouterr().err
