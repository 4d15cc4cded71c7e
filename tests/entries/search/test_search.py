"""The search finds what is there in every form of the word, and nothing that is not public."""

import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import permutations
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from taggit.models import Tag

from briefings.models import Choice
from entries.models import Country, kinds
from entries.search import lexemes
from entries.search.functions import Normalised, stem
from entries.search.index import indexes, put_up
from entries.search.models import Synonym
from entries.search.normalise import normalise
from entries.search.query import MOST_WORDS, parse
from entries.search.ranking import ranked
from entries.search.thesaurus import Thesaurus
from lessons.models import Lesson, Question
from meetings.groups import WorkingGroup
from meetings.models import Meeting, Paper
from practices.models import Practice
from ranportal.management.commands.load_corpus import CORPUS
from tests.made import make
from tests.pages import open_page, read_csv, text_of
from themes.models import Absence, Theme

pytestmark = pytest.mark.usefixtures("unchanged_db")


def found(kind, text):
    return {str(entry) for entry in kind.objects.published().search(text)}


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (Practice, "chamalion", "ChamäLION"),
        (Practice, "ChamäLION", "ChamäLION"),
        (Practice, "Entr'Autres", "Entr’Autres"),
        (Practice, "Entr’Autres", "Entr’Autres"),
        (Practice, "germany systemic counselling", "Legato"),
        (Practice, "systemic counseling", "Legato"),
        (Practice, "organization for women", "Steunpunt Sabr"),
        (Meeting, "PTSD", "PTSD, trauma, stress and the risk of (re)turning to violence"),
        (Meeting, "post-traumatic stress disorder", "PTSD, trauma, stress and the risk"),
        (Meeting, "grooming manipulat", "Grooming for terror – Manipulation and control"),
        (
            Paper,
            "ethical guideline",
            "Ethical Guidelines for Working on P/CVE in Mental Health Care",
        ),
    ],
)
def test_the_search_finds_an_entry_however_its_words_are_written(kind, text, expected):
    assert any(title.startswith(expected) for title in found(kind, text)), found(kind, text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("deradicalisation", "de-radicalisation"),
        ("deradicalisation", "deradicalization"),
        ("multi agency", "multi-agency"),
        ("MAW", "multi-agency working"),
        ("P/CVE", "preventing and countering violent extremism"),
        ("behaviour", "behavior"),
        ("Daesh", "ISIS"),
        ("trauma", "TRAUMA"),
        ("children", "child"),
    ],
)
def test_two_ways_to_write_the_same_find_the_same(one, other):
    assert found(Lesson, one) == found(Lesson, other)
    assert found(Lesson, one)


def test_a_quoted_phrase_is_found_only_in_its_order():
    assert found(Lesson, '"trauma-informed practice"')
    assert not found(Lesson, '"practice trauma-informed"')
    assert found(Lesson, "practice trauma-informed")


def test_a_word_with_a_minus_is_left_out():
    with_police = found(Lesson, "training police")
    assert with_police
    assert found(Lesson, "training -police") == found(Lesson, "training") - with_police


def test_the_last_word_may_be_unfinished_and_the_first_may_not():
    assert found(Lesson, "foster paren")
    assert not found(Lesson, "foste parents")


def test_every_word_must_be_there():
    assert found(Lesson, "trauma teachers") < found(Lesson, "trauma")


@pytest.mark.django_db
def test_a_title_counts_for_more_than_the_text():
    in_title = Practice.objects.create(
        slug="in-title", name="Zebrafish", status="published", description="Something else."
    )
    in_text = Practice.objects.create(
        slug="in-text", name="Another", status="published", description="A zebrafish is in here."
    )
    in_rest = Practice.objects.create(
        slug="in-rest", name="Third", status="published", evidence="A zebrafish was counted."
    )
    assert list(Practice.objects.search("zebrafish")) == [in_title, in_text, in_rest]


@pytest.mark.django_db
def test_entries_of_a_few_words_are_ranked_as_long_ones_are(empty_db):
    make(Practice, "In the rest", evidence="A zebrafish.")
    make(Practice, "In the text", description="A zebrafish.")
    make(Practice, "Often in the text", description="Zebrafish, zebrafish and zebrafish.")
    make(Practice, "Zebrafish", description="")
    make(Practice, "Zebrafish in title and text", description="More zebrafish.")
    assert list(map(str, Practice.objects.search("zebrafish"))) == [
        "Zebrafish in title and text",
        "Zebrafish",
        "Often in the text",
        "In the text",
        "In the rest",
    ]


@pytest.mark.django_db
def test_an_entry_that_says_more_is_as_near_as_a_short_one():
    long = make(Practice, "Zebrafish", description="Something else is in here. " * 40)
    short = make(Practice, "Zebrafish", slug="zebrafish-2", description="Something else.")
    assert list(Practice.objects.search("zebrafish")) == [long, short]


def test_the_search_can_be_narrowed_like_any_other_list():
    searched = Practice.objects.published().search("families")
    german = Practice.objects.filter(countries__code="DE")
    assert set(searched.filter(countries__code="DE")) == set(searched) & set(german) != set()
    branch = Practice.objects.in_branch("working-with-families")
    assert set(searched.in_branch("working-with-families")) == set(searched) & set(branch) != set()


@pytest.mark.django_db
@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.__name__)
def test_a_draft_is_never_found(kind):
    entry = kind.objects.first()
    word = max(re.findall(r"[a-z]{6,}", entry.text.lower()), key=len)
    assert entry in kind.objects.published().search(word)
    kind.objects.filter(pk=entry.pk).update(status="draft")
    assert entry not in kind.objects.published().search(word)


def test_a_search_counts_what_is_public_now(client, transactional_db):
    def counted():
        return int(re.search(r"(\d+) entries with", text_of(client.get("/search/?q=training")))[1])

    before, practice = counted(), Practice.objects.published().search("training")[:1].get()
    for status, expected in (("draft", before - 1), ("published", before)):
        Practice.objects.filter(pk=practice.pk).update(status=status)
        assert counted() == expected
        Lesson.objects.filter(slug="traits-of-lone-actors").update(text=f"Beside a {status}.")
        assert counted() == expected


@pytest.mark.django_db
def test_what_is_not_public_is_not_searched():
    assert Meeting.objects.exclude(contacts=[]).exists()
    assert not found(Meeting, "Dal Santo")
    Practice.objects.filter(slug="legato").update(contact="Jane Roe, Hamburg")
    assert not found(Practice, "Jane Roe")


# --- Nothing that writes leaves the search stale -------------------------------------


@pytest.fixture
def practice():
    return Practice.objects.get(name="Legato")


@pytest.mark.django_db
def test_a_saved_change_is_found_at_once_and_the_old_words_no_more(practice):
    practice.description = "Works with quokkas."
    practice.save()
    assert found(Practice, "quokka") == {"Legato"}
    assert "Legato" not in found(Practice, "systemic")


@pytest.mark.django_db
def test_a_bulk_update_is_found_at_once(practice):
    Practice.objects.filter(pk=practice.pk).update(evidence="Measured in quokkas.")
    assert found(Practice, "quokka") == {"Legato"}


@pytest.mark.django_db
def test_a_raw_statement_is_found_at_once(practice):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE practices_practice SET deliverables = 'quokkas' WHERE id = %s", [practice.pk]
        )
    assert found(Practice, "quokka") == {"Legato"}


@pytest.mark.django_db
def test_lines_with_accents_are_found(practice):
    Practice.objects.filter(pk=practice.pk).update(key_themes=["Café der Künste", "Straßenarbeit"])
    assert found(Practice, "cafe kunste") == {"Legato"}


@pytest.mark.django_db
def test_a_tag_is_found_when_added_renamed_and_not_when_removed(practice):
    practice.tags.add("quokkas")
    assert found(Practice, "quokka") == {"Legato"}
    Tag.objects.filter(name="quokkas").update(name="wombats")
    assert found(Practice, "wombat") == {"Legato"}
    assert not found(Practice, "quokka")
    practice.tags.clear()
    assert not found(Practice, "wombat")


@pytest.mark.django_db
def test_a_country_is_found_when_added_renamed_and_not_when_removed(practice):
    practice.countries.set(["NZ"])
    assert found(Practice, "zealand") == {"Legato"}
    Country.objects.filter(code="NZ").update(name="Aotearoa")
    assert found(Practice, "aotearoa") == {"Legato"}
    practice.countries.clear()
    assert not found(Practice, "aotearoa")


@pytest.mark.django_db
def test_a_group_and_its_aliases_are_found_and_so_is_a_new_alias():
    group = WorkingGroup.objects.get(slug="ran-police")
    before = found(Meeting, "constabulary")
    WorkingGroup.objects.filter(pk=group.pk).update(aliases=["RAN CONSTABULARY"])
    assert not before
    assert len(found(Meeting, "constabulary")) == group.meetings.count() > 0


@pytest.mark.django_db
def test_a_deleted_entry_is_gone_from_the_index(practice):
    index = next(index for index in indexes("default") if index.model is Practice)
    Choice.objects.filter(practice=practice).delete()  # what a situation chose is protected
    practice.delete()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {index.kept}")
        assert cursor.fetchone() == (Practice.objects.count(),)


@pytest.mark.django_db
def test_the_corpus_is_found_after_loaddata_over_changed_entries(practice):
    Practice.objects.filter(pk=practice.pk).update(description="Nothing.")
    assert "Legato" not in found(Practice, "systemic")
    [of_practices] = [path for path in CORPUS.glob("*.yaml") if "slug: legato" in path.read_text()]
    call_command("loaddata", of_practices, verbosity=0)
    assert "Legato" in found(Practice, "systemic")


@pytest.mark.django_db
def test_an_emptied_database_has_an_empty_index(transactional_db):
    call_command("flush", interactive=False, verbosity=0)
    for index in indexes("default"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {index.kept}")
            assert cursor.fetchone() == (0,), index.table


@pytest.mark.django_db
def test_an_index_that_was_taken_down_is_made_again_and_one_that_stands_is_left(practice):
    [index] = [index for index in indexes("default") if index.model is Practice]
    index.take_down()
    Practice.objects.filter(pk=practice.pk).update(description="Works with quokkas.")
    assert not found(Practice, "quokka")
    put_up(None, "default")
    assert found(Practice, "quokka") == {"Legato"}
    standing = index.standing()
    put_up(None, "default")
    assert index.standing() == standing
    assert standing.keys() == index.named_triggers().keys()


@pytest.mark.django_db
def test_an_index_that_is_finished_otherwise_now_is_made_again(practice):
    [index] = [index for index in indexes("default") if index.model is Practice]

    class Other(type(index)):
        def finish(self):
            return [*super().finish(), f"DELETE FROM {self.kept} WHERE rowid = {practice.pk}"]

    other = Other(index.document, connection)
    assert str(practice) in found(Practice, f'"{practice}"')
    other.put_up()
    assert str(practice) not in found(Practice, f'"{practice}"')
    assert other.standing().keys() == other.named_triggers().keys()


# --- What PostgreSQL knows of words ---------------------------------------------------


def miscounted():
    """The lexemes of which it is not known how many documents hold them."""
    with connection.cursor() as cursor:
        for index in indexes("default"):
            cursor.execute(
                "SELECT lexeme, known.records, held.records FROM"
                f" (SELECT lexeme, sum(records) AS records FROM {lexemes.TABLE}"
                "  WHERE document = %s GROUP BY lexeme HAVING sum(records) <> 0) known FULL JOIN"
                f" (SELECT lexeme, count(*) AS records FROM {index.table}, unnest(words)"
                "  GROUP BY lexeme) held USING (lexeme)"
                " WHERE known.records IS DISTINCT FROM held.records",
                [index.table],
            )
            yield from cursor.fetchall()


@pytest.mark.postgresql
@pytest.mark.django_db
def test_whatever_writes_it_is_known_how_many_documents_hold_a_word(practice):
    practice.description = "Works with quokkas."
    practice.save()
    practice.tags.add("wombats")
    Tag.objects.filter(name="wombats").update(name="quokkas of the town")
    Lesson.objects.filter(pk__lt=5).update(text="Quokkas, quokkas and others.")
    Choice.objects.filter(practice=practice).delete()
    assert not [*miscounted()]
    practice.delete()
    assert not [*miscounted()]
    put_up(None, "default")
    assert not [*miscounted()]


@pytest.mark.postgresql
def test_a_flushed_database_counts_no_word(transactional_db):
    call_command("flush", interactive=False, verbosity=0)
    assert not [*miscounted()]


def test_a_word_that_is_typed_again_as_a_beginning_is_one():
    twice = parse("quokka behavior behaviour").any_part(but=["quokka"])
    assert twice.single_words["behaviour"]
    assert twice.single_words["behavior"]


@pytest.mark.postgresql
def test_a_word_that_is_written_while_two_make_one_row_of_several_is_not_miscounted(
    transactional_db,
):
    def write_and_gather():
        with closing(connections["default"]), connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {lexemes.TABLE} VALUES ('quokka', 'burrows', -1)")
            cursor.execute(lexemes.gathered("burrows"))

    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {lexemes.TABLE} VALUES ('quokka', 'burrows', 1), ('quokka', 'burrows', 1)"
        )
        with ThreadPoolExecutor() as others, transaction.atomic():
            cursor.execute(lexemes.gathered("burrows"))
            other = others.submit(write_and_gather)
            waiting = 0
            while not waiting and not other.done():
                time.sleep(0.01)
                cursor.execute(
                    "SELECT count(*) FROM pg_locks"
                    " WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"
                )
                [waiting] = cursor.fetchone()
        other.result()
        cursor.execute(f"DELETE FROM {lexemes.TABLE} WHERE document = 'burrows' RETURNING records")
        assert sum(records for (records,) in cursor.fetchall()) == 1


@pytest.mark.postgresql
@pytest.mark.django_db
def test_a_word_that_many_hold_finds_the_same_without_ranking_them_all(monkeypatch):
    for kind in kinds():
        kind.objects.filter(pk__in=kind.objects.values("pk")[:5]).update(status="draft")
    most = dict.fromkeys(kinds(), 4) | {Theme: 6}
    texts = " ".join(Meeting.objects.values_list("description", flat=True)[:1])
    words = {word[:length] for word in normalise(texts).split() for length in (4, 30)}
    queries = [query for query in map(parse, sorted(words)) if lexemes.only_one(query)]
    ranked_all = [ranked(most, query) for query in queries]
    monkeypatch.setattr(lexemes, "COMMON", 0)
    assert [ranked(most, query) for query in queries] == ranked_all
    assert len(queries) > 20


@pytest.mark.postgresql
def test_of_two_who_migrate_at_once_the_second_waits_for_the_first(transactional_db):
    def second():
        try:
            put_up(None, "default")
        finally:
            connection.close()

    def waits():
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted")
            return cursor.fetchone() or other.done()

    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            put_up(None, "default")
            other = threads.submit(second)
            while not waits():
                pass
        other.result()


# --- One normalisation of what is stored and what is asked ---------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("stored", "asked"),
    [
        ("København", "kobenhavn"),
        ("kobenhavn", "KØBENHAVN"),
        ("Łódź", "lodz"),
        ("Straße", "strasse"),
        ("STRASSE", "straße"),
        ("œuvre", "oeuvre"),
        ("ﬁnancing", "financing"),
        ("col·lectiu", "collectiu"),
        ("coŀlectiu", "col·lectiu"),
        ("radi\u00adcali\u00adsation", "radicalisation"),
        ("de\u2060radicalisation", "deradicalisation"),
        ("\ufeffstigma\u200b", "stigma"),
        ("İSTANBUL", "istanbul"),
        ("Diyarbakır", "diyarbakir"),
        ("Đorđe Þór", "dorde thor"),
        ("Ærø", "aero"),
        ("ΟΔΟΣ", "οδός"),
        ("Йорк", "иорк"),
        ("multi‑agency", "multi-agency"),
        ("multi–agency", "multiagency"),
        ("Entr´Autres", "entr'autres"),
        ("d’accueil", "daccueil"),
        ("Ångström Ａ１", "angstrom a1"),
        ("e\u0301te\u0301", "été"),
        ("word\u00a0space", "word space"),
        ("Ħamrun Ŧ ŋ", "hamrun t n"),
        ("čáʒʒi Ǯ ǥoađ", "cazzi z goad"),
        ("Ґедзь", "гедзь"),
        ("محـمد", "محمد"),
        ("Keʻala", "keala"),
        ("Ⅳ", "iv"),
    ],
)
def test_a_word_is_found_however_it_was_typed_here_or_there(practice, stored, asked):
    Practice.objects.filter(pk=practice.pk).update(evidence=f"Quokkas: {stored}.")
    assert found(Practice, f"quokkas {asked}") == {"Legato"}
    Practice.objects.filter(pk=practice.pk).update(evidence=f"Quokkas: {asked}.")
    assert found(Practice, f"quokkas {stored}") == {"Legato"}


def test_the_database_normalises_every_sign_as_python_does():
    signs = [chr(number) for number in range(1, 0x11000) if not 0xD800 <= number < 0xE000]
    with connection.cursor() as cursor:
        for start in range(0, len(signs), 200):
            text = "a".join(signs[start : start + 200])
            cursor.execute("SELECT portal_normalised(%s)", [text])
            assert cursor.fetchone()[0] == normalise(text), hex(ord(text[0]))


@pytest.mark.django_db
@pytest.mark.parametrize("quotes", ["“%s”", "„%s“", "«%s»", "”%s”", "＂%s＂"])
def test_any_quotation_marks_make_a_phrase(quotes):
    assert found(Lesson, quotes % "trauma-informed practice")
    assert not found(Lesson, quotes % "practice trauma-informed")


@pytest.mark.parametrize("minus", "-–−‐—")
def test_any_dash_before_a_word_leaves_it_out(minus):
    assert found(Lesson, f"training {minus}police") == found(Lesson, "training -police")


@pytest.mark.django_db
def test_an_entry_is_found_by_the_titles_of_its_themes_also_after_they_are_renamed():
    theme = Theme.objects.get(slug="deradicalisation-and-disengagement")
    filed = {str(meeting) for meeting in Meeting.objects.published().filter(themes=theme)}
    assert filed <= found(Meeting, "deradicalisation")
    Theme.objects.filter(pk=theme.pk).update(title="Quokkas")
    assert found(Meeting, "quokkas") == filed


@pytest.mark.django_db
def test_the_introduction_of_a_theme_and_what_is_missing_there_are_found(client):
    theme = Theme.objects.get(slug="ethics")
    Theme.objects.filter(pk=theme.pk).update(introduction="On quokkas.")
    assert list(client.get("/search/", {"q": "quokka"}).context_data["themes"]) == [theme]
    absence = Absence.objects.get()
    Absence.objects.filter(pk=absence.pk).update(text="No wombats.")
    assert list(client.get("/search/", {"q": "wombat"}).context_data["themes"]) == [absence.theme]


@pytest.mark.django_db
def test_what_is_sorted_by_title_stands_as_people_sort(client):
    for name in ("zebra", "Ärzte", "arrow", "Émile", "echo", "Østerbro", "osprey"):
        make(Practice, name)
    names = [str(each) for each in client.get("/practices/?sort=name").context_data["object_list"]]
    ours = ["arrow", "Ärzte", "echo", "Émile", "osprey", "Østerbro", "zebra"]
    assert sorted(ours, key=normalise) == ours
    listed = [str(each) for each in Practice.objects.order_by(Normalised("name"))]
    assert [name for name in listed if name in ours] == ours
    assert names == listed[:20]


@pytest.mark.django_db
def test_a_narrower_word_leads_to_its_broader_one_and_the_page_says_so(client):
    assert not found(Lesson, "quokka")
    Synonym.objects.create(term="ethics", others=["morals"], narrower=["quokka"])
    assert found(Lesson, "quokka") == found(Lesson, "ethics")
    page = text_of(client.get("/search/", {"q": "quokka"}))
    assert "“quokka”: shown is also what is filed under ethics." in page
    assert found(Lesson, "ethics") == found(Lesson, "morals")


def test_a_page_says_what_the_portal_holds_nothing_on(client):
    page = text_of(client.get("/search/", {"q": "trauma submarines"}))
    assert "The portal holds nothing on “submarines”" in page


@pytest.mark.parametrize(
    ("stored", "slip", "typed"),
    [
        ("treated", "traeted", "untreated"),
        ("untreated", "untraeted", "treated"),
        ("harmful", "hamrful", "harmless"),
        ("engagement", "engagmeent", "disengagement"),
        ("radicalisation", "radicalsiation", "deradicalisation"),
    ],
)
def test_no_suggestion_turns_the_meaning(client, empty_db, stored, slip, typed):
    make(Lesson, f"Something {stored}", themes=[Theme.objects.create(slug="t", title="T")])
    assert client.get("/search/", {"q": typed}).context_data["suggestion"] is None
    assert client.get("/search/", {"q": slip}).context_data["suggestion"] == stored


@pytest.mark.django_db
def test_no_suggestion_comes_from_a_draft_or_its_tags(client):
    lesson = make(Lesson, "Quokkas in a draft", tags=["wombats"], status="draft")
    for slip in ("qoukkas", "wmobats"):
        assert client.get("/search/", {"q": slip}).context_data["suggestion"] is None
    Lesson.objects.filter(pk=lesson.pk).update(status="published", first_published=lesson.created)
    assert client.get("/search/", {"q": "qoukkas"}).context_data["suggestion"] == "quokkas"
    assert client.get("/search/", {"q": "wmobats"}).context_data["suggestion"] == "wombats"


# --- The page ------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_search_page_counts_every_kind_and_leads_to_its_list(client):
    response = client.get("/search/", {"q": "ethics"})
    counts = {row.kind: row.count for row in response.context_data["results"]}
    assert counts == {kind.__name__.lower(): len(found(kind, "ethics")) for kind in kinds()}
    assert counts["practice"] == 0
    assert "None with “ethics”: practices." in text_of(response)
    assert 'href="/lessons/?q=ethics"' in response.content.decode()
    listed = client.get("/lessons/", {"q": "ethics"})
    assert listed.context_data["paginator"].count == counts["lesson"]


@pytest.mark.django_db
def test_the_search_page_marks_the_found_words_and_escapes_the_rest(client):
    Lesson.objects.filter(slug="traits-of-lone-actors").update(
        text="<script>alert(1)</script> and quokkas & others"
    )
    body = client.get("/search/", {"q": "quokka"}).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; and <mark>quokkas</mark> &amp; others" in body


def test_the_search_page_says_what_the_thesaurus_added(client):
    response = client.get("/search/", {"q": "training MAW"})
    assert "Searched for “maw” and for what means the same: multi-agency working" in text_of(
        response
    )


@pytest.mark.django_db
def test_a_curator_teaches_the_search_a_new_synonym(client):
    assert not found(Lesson, "quokkas")
    Synonym.objects.create(term="ethics", others=["quokkas"])
    assert found(Lesson, "quokkas") == found(Lesson, "ethics")


def test_themes_and_groups_of_that_name_stand_on_top(client):
    body = client.get("/search/", {"q": "lone actors"}).content.decode()
    assert 'href="/themes/lone-actors/"' in body.split('id="lessons"')[0]
    body = client.get("/search/", {"q": "RAN HSC"}).content.decode()
    assert 'href="/groups/ran-h-sc/"' in body


def test_a_search_without_a_hit_says_so_suggests_and_offers_the_themes(client):
    response = client.get("/search/", {"q": "radicalisatoin"})
    assert "0 entries with “radicalisatoin”" in text_of(response)
    assert "Did you mean radicalisation ?" in text_of(response)
    for theme in Theme.objects.all():
        assert theme.get_absolute_url() in response.content.decode()


def test_each_word_is_offered_by_itself_where_all_together_find_little(client):
    response = client.get("/search/", {"q": "trauma in child returnees"})
    assert 'href="/search/?q=trauma"' in response.content.decode()
    assert 'href="/search/?q=child%20returnees"' in response.content.decode()
    response = client.get("/search/", {"q": "trauma in submarines"})
    assert 'href="/search/?q=trauma"' in response.content.decode()
    assert 'href="/search/?q=submarines"' not in response.content.decode()


def test_a_search_that_nothing_answers_whole_shows_what_has_some_of_its_words_the_nearest_first(
    client,
):
    response = client.get("/search/", {"q": "childhood trauma in submarines -foster"})
    assert "0 entries with" in text_of(response)
    nearest = response.content.decode().split('id="nearest-heading"')[1]
    lessons = re.findall(r'href="(/lessons/[^"]+/)"', nearest)
    childhood = Lesson.objects.get(text__startswith="Childhood trauma")
    assert lessons[0] == childhood.get_absolute_url()
    foster = Lesson.objects.get(text__startswith="Foster parents who")
    assert foster.get_absolute_url() not in nearest
    assert "With some of these words" not in text_of(client.get("/search/", {"q": "submarines"}))


@pytest.mark.parametrize("text", ["nurse", "child back from a conflict zone", "organizations"])
def test_a_word_that_is_known_in_another_form_is_no_slip_of_the_pen(client, text):
    assert "Did you mean" not in text_of(client.get("/search/", {"q": f"{text} submarine"}))


@pytest.mark.once
def test_an_empty_search_explains_itself(client):
    response = client.get("/search/")
    assert response.status_code == 200
    assert "Type what you are looking for above" in text_of(response)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.__name__)
def test_a_list_takes_the_search_with_its_facets_sorts_and_formats(client, kind):
    url = f"/{kind.__name__.lower()}s"
    word = "mental" if kind is not Practice else "families"
    page = client.get(f"{url}/", {"q": word})
    assert page.context_data["paginator"].count == len(found(kind, word)) > 0
    for facet in page.context_data["filter"].facets:
        for option in facet["options"][:2]:
            narrowed = client.get(f"{url}/?{option.query}")
            assert narrowed.context_data["paginator"].count == option.count
    rows = read_csv(client.get(f"{url}.csv", {"q": word}))
    addresses = [entry.get_absolute_url() for entry in kind.objects.published().search(word)]
    assert [urlsplit(row["url"]).path for row in rows] == addresses
    sorted_by_change = client.get(f"{url}/", {"q": word, "sort": "-updated"})
    assert sorted_by_change.context_data["paginator"].count == len(found(kind, word))
    assert f"with “{word}”" in text_of(page)


@pytest.mark.once
def test_the_browser_is_told_how_to_search_here(client):
    assert 'rel="search"' in client.get("/").content.decode()
    description = client.get("/opensearch.xml")
    assert description["Content-Type"].startswith("application/opensearchdescription+xml")
    assert "http://testserver/search/?q={searchTerms}" in description.content.decode()


# --- Hostile input -------------------------------------------------------------------


HOSTILE = [
    '"',
    '""',
    '"unclosed',
    'a" OR "b',
    "NEAR(a b)",
    "title:trauma",
    "{title text} : x",
    "^trauma",
    "trauma*",
    "* * *",
    "(((",
    ")))",
    "AND",
    "OR NOT AND",
    "NOT trauma",
    "-trauma",
    "- -",
    "trauma & | ! <-> :*",
    "'; DROP TABLE lessons_lesson; --",
    "\\' \\\\",
    "%s %(x)s {0}",
    "травма 児童 أطفال",
    "e\u0301\u0301\u0301",
    "\ue000x\ue001",
    "\u202e\u200b\ufeff",
    "🙂 🙂",
    "a" * 200,
    " ".join("ab" for _ in range(66)),
    "_ __ _a_",
    "c:\\temp\\x http://example.org/?q=1 a@b.example",
    "1 2 3 2019-04 36 %",
]


@pytest.mark.django_db
@pytest.mark.parametrize("text", HOSTILE)
def test_signs_of_the_engines_are_only_words_to_look_for(client, text):
    draft = Lesson.objects.get(slug="traits-of-lone-actors")
    Lesson.objects.filter(pk=draft.pk).update(status="draft")
    for kind in kinds():
        assert draft not in [*kind.objects.published().search(text)]
    assert open_page(client, "/search/", q=text).headings == ["Search"]
    rows = [row["slug"] for row in read_csv(client.get("/lessons.csv", {"q": text}))]
    assert rows == [lesson.slug for lesson in Lesson.objects.published().search(text)]
    assert Lesson.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["a" * 201, "a" * 10_000, "trauma\x00"])
def test_a_text_that_cannot_be_searched_is_named_as_the_problem(client, text):
    response = client.get("/search/", {"q": text})
    assert response.status_code == 200
    assert response.context_data["form"].errors
    page = client.get("/lessons/", {"q": text})
    assert page.context_data["filter"].problems
    assert client.get("/lessons.csv", {"q": text}).status_code == 400


@settings(max_examples=40)
@given(
    st.one_of(
        st.text(max_size=200),
        st.lists(st.sampled_from("abcxyz"), max_size=100).map(" ".join),
        st.lists(st.text("abcdefg", min_size=1, max_size=4), max_size=60).map(" ".join),
        st.lists(st.text("abcdefg", min_size=1, max_size=4), max_size=60).map("-".join),
        st.integers(1, 200).map(lambda times: "\ufdfa" * times),
        st.lists(st.sampled_from(["radikal", "untreatde", "MAW", "quokka", '"']), max_size=30).map(
            " ".join
        ),
    )
)
def test_whatever_is_typed_a_search_has_few_clauses(text):
    query = parse(text[:200], Synonym.objects.thesaurus())
    assert sum(len(phrase.words) for phrase in query.phrases) < 40 * MOST_WORDS
    assert len(query.clauses) <= MOST_WORDS
    assert len(query.fts5()) < 20_000


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        "\ufdfa" * 200,
        " ".join("abcdefghij" * 10),
        " ".join(f"wrod{number}"[:5] for number in range(40)),
        " ".join(f"q{number}x" for number in range(50)),
        "radikalisation " * 13,
    ],
)
def test_whatever_is_typed_a_search_page_costs_few_queries(client, text):
    client.get("/search/", {"q": "zzzz"})
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/search/", {"q": text[:200]}).status_code == 200
    assert len(captured) < 100


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow_with_the_hits(client):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get("/search/", {"q": "training"})
        return len(captured)

    before = queries()
    for number in range(30):
        lesson = Lesson.objects.create(
            slug=f"more-{number}", text="More training.", status="published"
        )
        lesson.themes.add(Theme.objects.first())
        lesson.tags.add("training")
    assert queries() <= before  # fewer where the page shows one kind alone


def test_both_engines_are_asked_the_same():
    thesaurus = Thesaurus([("MAW", ["multi-agency"], [])])
    query = parse('multi-agency "common ground" radicalis -police', thesaurus)
    assert query.fts5() == (
        '((("multi agenc") OR ("maw")) AND (("common ground")) AND'
        ' (("radicali"*) OR ("radic") OR ("radica")))'
        ' NOT ((("polic")))'
    )
    assert query.tsquery() == (
        "(((('multi' <-> 'agency')) | (('maw'))) & ((('common' <-> 'ground'))) &"
        " ((('radicalis':*)) | (('radical')) | (('radica')))) & !(((('police'))))"
    )


def test_of_many_words_those_that_the_portal_knows_lead_to_the_nearest(client):
    unknown = [f"unheardofthing{number}" for number in range(5)]
    query = {"q": " ".join([*unknown, "grooming"])}
    nearest = client.get("/search/", query).context_data["nearest"]
    assert {result.kind.path for result in nearest} >= {"lessons", "meetings"}
    assert not client.get("/search/", {"q": " ".join(unknown)}).context_data["nearest"]


@pytest.mark.once
@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("families", '(("famili"*))'),
        ("programme", '(("program"*) OR ("progra"))'),
        ("teenager", '(("teenag") OR ("young"))'),
    ],
)
def test_what_a_word_finds_already_is_not_asked_for_once_more(text, asked):
    assert parse(text, Thesaurus([("teenagers", ["young"], [])])).fts5() == asked


def test_questions_are_found_by_what_they_ask():
    assert found(Question, "app designers")


@pytest.mark.once
def test_a_word_has_one_stem_whoever_else_asks_meanwhile():
    """Or two visitors of a server with threads get each other's stems, and some an error."""
    words = [f"{''.join(letters)}ationalisings" for letters in permutations("radicls", 4)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(0.00001)
    try:
        with ThreadPoolExecutor(4) as threads:
            stems = list(threads.map(stem, words))
    finally:
        sys.setswitchinterval(interval)
        stem.cache_clear()  # of what they may have made of it
    assert stems == [stem(word) for word in words]
