"""Nothing that is kept is ever stale, whoever writes and by whatever way, in any process."""

import os
import random
import subprocess
import sys
from contextlib import contextmanager
from hashlib import sha256
from urllib.parse import unquote_to_bytes, urlsplit
from wsgiref.util import setup_testing_defaults

import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, connections, transaction
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from taggit.models import Tag

from briefings.models import Choice
from entries.branch import Branch, first_tagged
from entries.links.models import Link
from entries.models import Country, kinds
from entries.search.ranking import hidden_of
from entries.sets import Sets, place_among, sets_of
from lessons.filters import LessonFilter, QuestionFilter
from lessons.models import Lesson, Question
from meetings.filters import MeetingFilter, PaperFilter
from meetings.groups import WorkingGroup
from meetings.models import Meeting, Paper
from practices.filters import PracticeFilter
from practices.models import Practice
from ranportal import answers
from ranportal.answers import AnswersFirst
from ranportal.api import written
from records import content, memory
from tests.addresses import public_addresses
from tests.soak import soak, times
from themes.models import Absence, Theme

PAGES = (
    "/",
    "/lessons/",
    "/lessons/?theme=mental-health-and-multi-agency-working",
    "/practices/?country=NL&country=DK&tag=training&sort=-name",
    "/practices/?country=NL",
    "/practices/channel/",
    "/papers/?source=key-themes-of-the-ran-mental-health-working-group",
    "/meetings/",
    "/meetings/?when=past&year=2018",
    "/papers/",
    "/questions/",
    "/questions/?sort=-updated",
    "/themes/working-with-children/",
    "/themes/working-with-youth-and-families/",
    "/themes/mental-health-and-multi-agency-working/",
    "/search/?q=children",
    "/new.atom",
    "/api/v1/lessons/?page_size=50",
    "/api/v1/questions/?page_size=50",
    "/api/v1/meetings/?page_size=50",
    "/api/v1/papers/?page_size=50",
    "/api/v1/practices/?page_size=50",
)


@contextmanager
def another_process():
    """Asks another process of the portal, on the same database."""
    name = connection.settings_dict["NAME"]
    url = f"sqlite:///{name}"
    if connection.vendor == "postgresql":
        url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.reader"],
        env=os.environ | {"DATABASE_URL": url},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def ask(line):
        process.stdin.write(f"{line}\n")
        process.stdin.flush()
        return process.stdout.readline().strip()

    try:
        yield ask
    finally:
        process.communicate(timeout=20)


def digest(response):
    return sha256(b"".join(response)).hexdigest()


# --- Every way of writing


def save(chance):
    lesson = chance.choice(list(Lesson.objects.all()))
    lesson.text = f"Children and number {chance.random()}"
    lesson.save()


def update(chance):
    Practice.objects.filter(pk=pick(chance, Practice)).update(name=f"Name {chance.random()}")


def withdraw(chance):
    found = Lesson.objects.filter(pk=pick(chance, Lesson))
    found.update(status="draft", first_published=F("created"))


def publish_again(chance):
    drafts = Lesson.objects.filter(status="draft").order_by("pk").values_list("pk", flat=True)[:1]
    Lesson.objects.filter(pk__in=list(drafts)).update(status="published")


def delete(chance):
    chosen = Choice.objects.exclude(lesson=None).values("lesson")  # by a situation
    if len(found := Lesson.objects.exclude(pk__in=chosen).order_by("pk")) > 5:
        chance.choice(list(found)).delete()


def take_from_elsewhere(chance):
    Lesson.objects.filter(pk=pick(chance, Lesson)).update(source=pick(chance, Paper))


def rename_addresses(chance):
    source = Lesson.objects.get(pk=pick(chance, Lesson)).source_id
    for model, pk in ((Tag, pick(chance, Tag)), (Theme, pick(chance, Theme)), (Paper, source)):
        model.objects.filter(pk=pk).update(slug=f"renamed-{chance.getrandbits(40)}")


def add_many(chance):
    made = Question.objects.bulk_create(
        Question(
            slug=f"many-{chance.getrandbits(40)}",
            text="What of children?",
            status="published",
            first_published="2024-01-01T00:00Z",
        )
        for _ in range(3)
    )
    made[0].themes.add(pick(chance, Theme))


def remove(chance):
    Question.objects.filter(slug__startswith="many-").delete()


def relate(chance):
    practice = Practice.objects.get(pk=pick(chance, Practice))
    practice.countries.set(Country.objects.filter(code__in=chance.sample(["NL", "DK", "FR"], 2)))


def tag(chance):
    Lesson.objects.get(pk=pick(chance, Lesson)).tags.add(chance.choice(["trauma", "training"]))


def rename_tag(chance):
    Tag.objects.filter(pk=pick(chance, Tag)).update(name=f"tag {chance.random()}")


def rename_theme(chance):
    Theme.objects.filter(pk=pick(chance, Theme)).update(title=f"Theme {chance.random()}")


def rename_what_is_named(chance):
    model, name = chance.choice([(Meeting, "title"), (Paper, "title"), (WorkingGroup, "name")])
    model.objects.filter(pk=pick(chance, model)).update(**{name: f"Named {chance.random()}"})


def take_up(chance):
    question = Question.objects.exclude(uptakes=None).order_by("pk").first()
    certainty = chance.choice(["certain", "probable"])
    question.uptakes.update(certainty=certainty, note=f"Note {chance.random()}")


def find_missing(chance):
    Absence.objects.filter(pk=pick(chance, Absence)).update(text=f"None {chance.random()}")


def link(chance):
    lesson = Lesson.objects.get(pk=pick(chance, Lesson))
    Link.objects.create(url=f"https://example.org/{chance.random()}", lesson=lesson)


def write_sql(chance):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE lessons_lesson SET text = text || ' more' WHERE id = %s", [pick(chance, Lesson)])  # fmt: skip


def several_at_once(chance):
    with transaction.atomic():
        update(chance)
        rename_theme(chance)
        try:
            with transaction.atomic():
                save(chance)
                raise ArithmeticError
        except ArithmeticError:
            pass


def read_within(chance):
    """A page is read in the middle of a change that is given up in the end."""
    try:
        with transaction.atomic():
            rename_theme(chance)
            withdraw(chance)
            for page in PAGES:
                Client().get(page)
            raise ArithmeticError
    except ArithmeticError:
        pass


WAYS = (
    save, update, withdraw, publish_again, delete, take_from_elsewhere, rename_addresses, add_many, remove, relate, tag, rename_tag, rename_theme,
    rename_what_is_named, take_up, find_missing, link, write_sql, several_at_once, read_within,
)  # fmt: skip


def pick(chance, model):
    return chance.choice(list(model.objects.order_by("pk").values_list("pk", flat=True)))


@soak
def test_nothing_kept_is_ever_stale_in_two_processes(transactional_db):
    chance, client = random.Random(connection.vendor), Client()
    with another_process() as elsewhere:
        for number in range(times(1, 10) * len(WAYS)):
            way = WAYS[number % len(WAYS)]
            way(chance)
            if number % 5 == 4:
                elsewhere(f"!UPDATE themes_theme SET title = 'There {number}' WHERE level = 1")
            for page in chance.sample(PAGES, times(1, 2)):
                here, there = digest(client.get(page)), elsewhere(page)
                again = digest(client.get(page))
                forget()
                now, asked = digest(client.get(page)), digest(asked_of_the_database(client, page))
                said = [here, there, again, now]
                assert said == [asked] * 4, f"{page} is stale after {way.__name__}"


FILTERSETS = (LessonFilter, QuestionFilter, PracticeFilter, MeetingFilter, PaperFilter)


def filterset_of(model):
    return next(each for each in FILTERSETS if each._meta.model is model)


def sets_known(model):
    """All that is known of a kind as sets: (keys, {facet: sets}, {sort: keys in order})."""
    sets, filterset = sets_of(model), filterset_of(model)({}, queryset=model.objects.published())
    having = {name: filterset.filters[name].sets(sets) for name in filterset.facet_names}
    sort = filterset.filters["sort"]
    orders = {
        name: list(sets.in_order(sets.all, sets.order(name, sort.filter(sets.published, name))))
        for name in sort.orders
    }
    return list(sets.keys), having, orders


def test_sets_that_are_brought_up_to_date_are_those_made_anew(transactional_db, monkeypatch):
    forget()  # what others asked for, and nobody asks for here
    monkeypatch.setattr("entries.sets.BESIDE", 3)  # so that a few entries are many
    brought, renewed_by = [], Sets.renewed
    monkeypatch.setattr(
        Sets, "renewed", lambda *given: brought.append(renewed_by(*given)) or brought[-1]
    )
    chance, ways = random.Random(connection.vendor), [*WAYS] * times(2, 20)
    chance.shuffle(ways)
    changes_seen = 0
    for way in ways:
        with memory.during(content.version()):
            before = {model: sets_known(model) for model in kinds()}
        way(chance)
        with memory.during(content.version()):
            renewed = {model: sets_known(model) for model in kinds()}
        here = memory.newest
        assert not here.before, "all was brought up to date"
        forget()
        with memory.during(content.version()):
            anew = {model: sets_known(model) for model in kinds()}
        assert renewed == anew, f"after {way.__name__}"
        changes_seen += before != anew
        memory.newest = here
    assert changes_seen > len(ways) / 3
    assert len([sets for sets in brought if sets]) > 3 * len(ways), "of five kinds each time"


def branches_known():
    """What every branch holds of each kind, and what carries the subject of its theme."""
    tree, known = Theme.objects.whole_tree(), {}
    for theme in tree:
        themes = [other for other in tree if theme in other.lineage]
        for model in kinds():
            here = Branch(model, themes)
            known[theme.slug, model] = here.count, here.first(5), here.first_of_each(3)
    for tag in Tag.objects.filter(pk__in=[theme.subject_id for theme in tree]):
        known |= {(tag, model): first_tagged(model, tag, 3) for model in kinds()}
    return known


def test_what_a_branch_holds_is_the_same_from_sets_and_from_the_database(transactional_db):
    chance = random.Random(11)
    for way in WAYS[:-1]:  # not what is given up in the end
        way(chance)
    asked = branches_known()
    with memory.during(content.version()):
        assert branches_known() == asked


def test_what_a_change_does_not_touch_is_not_made_anew(transactional_db):
    with memory.during(content.version()):
        before = {model: sets_of(model).having("tags__slug") for model in kinds()}
    save(random.Random(3))
    with memory.during(content.version()), CaptureQueriesContext(connection) as asked:
        after = {model: sets_of(model).having("tags__slug") for model in kinds()}
    assert after == before
    assert [model for model in kinds() if after[model] is not before[model]] == [Lesson]
    named = [query["sql"] for query in asked if "taggit_tag" in query["sql"]]
    assert len(named) == 1
    assert " IN (" in named[0], "the one entry is asked for, not all"


def test_that_a_kind_hides_nothing_is_known_after_a_change_of_another(transactional_db):
    with memory.during(content.version()):
        assert not any(hidden_of(model) for model in kinds())
    save(random.Random(3))
    with memory.during(content.version()), CaptureQueriesContext(connection) as asked:
        assert not any(hidden_of(model) for model in kinds())
    [of_the_lesson] = [sql for query in asked if '"status"' in (sql := query["sql"])]
    assert 'FROM "lessons_lesson"' in of_the_lesson


def listed():
    return {model: model.objects.listed(sets_of(model).keys) for model in kinds()}


def test_a_row_of_a_list_lives_on_until_it_or_what_it_names_has_changed(transactional_db):
    """Every relation that a row tells of is tried: a record of it is changed, and nothing else."""
    named = {
        (model, name)
        for model in kinds()
        for name in ("source", "themes", *model.display_relations)
    }
    tried = []
    for model, name in sorted(named, key=str):
        forget()
        with memory.during(content.version()):
            before = listed()[model]
            pairs = ((entry, record) for entry in before for record in records_at(entry, name))
            entry, others = next(pairs, (None, None))
        if entry is None:  # nothing of the sort in the corpus
            continue
        tried.append((model, name))
        column = next(c for c in ("certainty", "slug", "name") if hasattr(others, c))
        value = "probable" if column == "certainty" else f"x{others.pk}"
        assert type(others).objects.filter(pk=others.pk).update(**{column: value})
        with memory.during(content.version()):
            after = listed()
            there = [each for each in after[model] if each.pk == entry.pk]
            found = [r for each in there for r in records_at(each, name) if r.pk == others.pk]
            assert {getattr(each, column) for each in found} == {value}, (model, name)
            assert len(found) == len(there)
    assert len(tried) >= 14


def records_at(entry, name):
    """What a row names by a relation, or one step further."""
    first, _, further = name.partition("__")
    records = [getattr(entry, first)] if first == "source" else entry.related(first)
    return [record for each in records if (record := getattr(each, further) if further else each)]


def test_a_change_of_one_entry_leaves_the_rows_of_all_others(transactional_db):
    with memory.during(content.version()):
        before = listed()
        changed = before[Lesson][3]
    Lesson.objects.filter(pk=changed.pk).update(text="Said in other words")
    with memory.during(content.version()):
        after = listed()
        pairs = [
            pair for model in kinds() for pair in zip(before[model], after[model], strict=True)
        ]
        assert [new.pk for old, new in pairs if old is not new] == [changed.pk]
        assert after[Lesson][3].text == "Said in other words"


def test_the_api_writes_an_entry_anew_when_it_or_what_it_names_has_changed_and_no_other(
    transactional_db, monkeypatch
):
    rows, as_json = [], written.as_json
    monkeypatch.setattr(written, "as_json", lambda row: rows.append(row) or as_json(row))

    def written_anew():
        """{slug: row} of what was written for this page, which says what is so now."""
        rows.clear()
        page = Client().get("/api/v1/lessons/?page_size=100").json()["results"]
        for row in rows:
            assert next(each for each in page if each["slug"] == row["slug"])["text"] == row["text"]
        return {row["slug"]: row for row in rows}

    forget()
    lesson = Lesson.objects.published().exclude(source=None).first()
    assert written_anew()
    assert written_anew() == {}
    Practice.objects.filter(pk=pick(random.Random(5), Practice)).update(name="Of another kind")
    assert written_anew() == {}
    Lesson.objects.filter(pk=lesson.pk).update(text="Said in other words")
    assert [row["text"] for row in written_anew().values()] == ["Said in other words"]
    Paper.objects.filter(pk=lesson.source_id).update(title="Called otherwise")
    of_the_paper = Lesson.objects.published().filter(source=lesson.source_id)
    anew = written_anew()
    assert anew.keys() == {*of_the_paper.values_list("slug", flat=True)}
    assert {row["source"]["title"] for row in anew.values()} == {"Called otherwise"}


def test_an_entry_that_changed_is_asked_for_where_it_stands_and_no_other(transactional_db):
    with memory.during(content.version()):
        sets_known(Practice)
    Practice.objects.filter(pk=pick(random.Random(5), Practice)).update(name="Zzz, the last one")
    with memory.during(content.version()), CaptureQueriesContext(connection) as asked:
        _keys, _having, orders = sets_known(Practice)
    ordered = [sql for query in asked if ' FROM "practices' in (sql := query["sql"])]
    ordered = [sql for sql in ordered if " ORDER BY " in sql]
    assert ordered
    assert [sql for sql in ordered if " IN (" not in sql] == [], "none is asked for all practices"
    last = Practice.objects.get(name="Zzz, the last one").pk
    assert (orders["name"][-1], orders["-name"][0]) == (last, last)


def test_where_an_entry_stands_is_not_told_by_others_that_have_moved_since(transactional_db):
    """They may be saved between the question what changed and the one where it stands now."""
    practices = Practice.objects.published().order_by("name", "pk")
    first, second, *others, last = practices.values_list("pk", flat=True)
    assert place_among([first, second, *others], last, practices) == len(others) + 2
    assert place_among([second, *others, last], first, practices) == 0
    assert place_among([second, first, *others], last, practices) is None


@pytest.mark.once
def test_who_asks_is_told_of_the_version_that_they_have_read(transactional_db):
    """Even where another thread comes to be asked meanwhile, who has read the one before."""
    first, before = Theme.objects.whole_tree()[0], content.version()
    with memory.during(before):
        Theme.objects.told_tree()
    Theme.objects.filter(pk=first.pk).update(title="Renamed")
    since, day, asked = content.version(), memory.newest.day, []

    class Overtaken(memory.Memory):
        """Looked at for its day, it is the newest no longer."""

        @property
        def day(self):
            if not asked and memory.newest is self:
                asked.append(before)
                with memory.during(before):
                    pass
            return day

        @day.setter
        def day(self, day):
            pass

    memory.newest = Overtaken(since, day, memory.newest)
    with memory.during(since):
        assert Theme.objects.told_tree()[0].title == "Renamed"
    assert asked


def test_changes_are_told_from_a_version_that_is_known_and_only_the_last_ones(transactional_db):
    lesson, since = Lesson.objects.order_by("pk").first(), content.version()
    assert content.changes("never-a-version") is None
    save_again = Lesson.objects.filter(pk=lesson.pk)
    save_again.update(text="Said in other words")
    lesson.themes.add(pick(random.Random(1), Theme))
    assert content.changes(content.version()) == {}
    first = content.version()
    save_again.update(text="And again")
    assert content.changes(first) == {"lessons_lesson": {str(lesson.pk)}}
    with transaction.atomic():
        for number in range(content.LAST + 1):
            save_again.update(text=f"For the time {number}")
    assert content.changes(first) is None
    assert content.changes(since) is None
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {content.LOG}")
        assert cursor.fetchone()[0] <= 2 * content.LAST


def test_what_changed_while_no_trigger_stood_is_not_taken_for_nothing(transactional_db):
    """A process goes on while another one migrates."""
    chance = random.Random(2)
    save(chance)
    with memory.during(content.version()):
        before = sets_known(Lesson)
    content.take_down(None, "default", plan=["a migration"])
    withdraw(chance)
    content.put_up(None, "default")
    with memory.during(content.version()):
        after = sets_known(Lesson)
    assert len(after[0]) == len(before[0]) - 1
    since = content.version()
    Lesson.objects.filter(pk=(key := pick(chance, Lesson))).update(text="In other words")
    assert content.changes(since) == {"lessons_lesson": {str(key)}}, "from the first change on"


def forget():
    caches["answers"].clear()
    memory.newest = memory.Memory(None)


def asked_of_the_database(client, page):
    """The page as it is made where nothing may be remembered: within a transaction."""
    with transaction.atomic():
        return client.get(page)


def test_the_version_moves_with_every_change_and_with_nothing_else(transactional_db):
    seen, chance = [content.version()], random.Random(7)
    for way in WAYS:
        if way is read_within or way is remove:
            continue
        way(chance)
        seen.append(content.version())
    assert len(set(seen)) == len(seen), "a token never comes again"
    Theme.objects.update(title=F("title"))
    Client().get("/")
    read_within(chance)
    with transaction.atomic():
        assert content.version() is None, "who is in the middle of a change is told nothing"
    assert content.version() == seen[-1]


def test_a_page_that_is_read_before_a_change_ends_is_not_kept_for_after(transactional_db):
    client = Client()
    before = client.get("/lessons/")
    assert client.get("/lessons/", headers={"If-None-Match": before["ETag"]}).status_code == 304
    Lesson.objects.filter(pk=pick(random.Random(1), Lesson)).update(text="Another text")
    after = client.get("/lessons/", headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert after["ETag"] != before["ETag"]
    assert after["Cache-Control"] == "public, no-cache"


@pytest.mark.once
@pytest.mark.parametrize("engine", settings.TEMPLATES, ids=lambda engine: engine["DIRS"][0].name)
def test_whoever_has_a_page_is_given_the_new_one_when_a_template_has_changed(
    engine, tmp_path, monkeypatch
):
    """In whichever folder of templates, by an upgrade."""
    folders = [tmp_path if folder in engine["DIRS"] else folder for folder in answers.TEMPLATES]
    assert tmp_path in folders
    monkeypatch.setattr(answers, "TEMPLATES", folders)
    told = []
    for text in ("before", "after"):
        (tmp_path / "base.html").write_text(text)
        answers.code.cache_clear()
        told.append(answers.code())
    answers.code.cache_clear()
    assert told[0] != told[1]


@pytest.mark.once
def test_every_address_answers_alike_kept_or_not(transactional_db):
    client = Client()
    for path in [*random.Random(9).sample(sorted(public_addresses()), 25), "/api/v1/practices/"]:
        for asked in (path, f"{path}?page=1", f"{path}?sort=-updated"):
            answers = client.get(asked), client.get(asked), asked_of_the_database(client, asked)
            first, *again = [(answer.status_code, digest(answer)) for answer in answers]
            assert again == [first, first], asked
            assert first[0] < 500


def asked_of_a_web_server(application, path, **headers):
    """(status, headers without the request's own, body)"""
    heads = []
    path, _, query = path.partition("?")
    environ = {
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "HTTP_HOST": "testserver",
        **headers,
    }
    setup_testing_defaults(environ)
    body = application(environ, lambda status, headers: heads.append((status, dict(headers))))
    return *heads[0], b"".join(body)


@pytest.mark.once
def test_a_web_server_gives_what_is_kept_without_django_and_the_same(transactional_db, monkeypatch):
    asleep = []

    def django(environ, start_response):
        assert not asleep, "Django was woken"
        return WSGIHandler()(environ, start_response)

    server = AnswersFirst(django)
    for path in PAGES:
        made = asked_of_a_web_server(server, path, HTTP_ACCEPT_ENCODING="gzip")
        assert made[0] == "200 OK", path
        asleep.append(path)
        assert asked_of_a_web_server(server, path, HTTP_ACCEPT_ENCODING="gzip") == made
        seen = {"HTTP_ACCEPT_ENCODING": "gzip", "HTTP_IF_NONE_MATCH": made[1]["ETag"]}
        status, headers, body = asked_of_a_web_server(server, path, **seen)
        assert (status, headers["ETag"], body) == ("304 Not Modified", made[1]["ETag"], b"")
        again = Client().get(path, headers={"accept-encoding": "gzip"})
        assert (dict(again.items()), again.content) == made[1:]
        asleep.clear()


@pytest.mark.once
def test_whom_a_web_server_does_not_know_is_left_to_django(transactional_db):
    server = AnswersFirst(WSGIHandler())
    assert asked_of_a_web_server(server, "/", HTTP_HOST="elsewhere.example")[0] == "400 Bad Request"
    assert asked_of_a_web_server(server, "/")[0] == "200 OK"
    for name in ("%C3%A4", "%C4%80", "%E2%82%AC", "%FF"):
        status, _headers, page = asked_of_a_web_server(server, f"/lessons/{name}/")
        assert status == "404 Not Found"
        assert page == Client().get(f"/lessons/{name}/").content
    assert "public" not in asked_of_a_web_server(server, "/", HTTP_COOKIE="sessionid=a")[1].get(
        "Cache-Control", ""
    )


@pytest.mark.once
@pytest.mark.parametrize("path", ["/", "/lessons/?page=2", "/search/?q=children", "/about/"])
def test_parameters_that_a_page_does_not_know_make_no_other_answer(transactional_db, path):
    client, sign = Client(), "&" if "?" in path else "?"
    plain = client.get(path)
    followed = client.get(f"{path}{sign}utm_source=newsletter")
    assert (plain.content, plain["ETag"]) == (followed.content, followed["ETag"])
    forget()
    assert digest(client.get(f"{path}{sign}utm_source=newsletter")) == digest(client.get(path))


@pytest.mark.once
def test_an_address_too_long_to_keep_its_answer_costs_no_more_than_a_short_one(transactional_db):
    """Or whoever adds three thousand signs to an address has everything asked for anew."""
    forget()  # or an answer kept from before stands in for what both are made of
    client = Client()
    short = client.get("/lessons/")
    with CaptureQueriesContext(connection) as captured:
        long = client.get("/lessons/", {"x": "x" * 3000})
    assert long.content == short.content
    assert "ETag" in short
    assert "ETag" not in long
    assert len(captured) == 1, "the version of the content"


@pytest.mark.once
def test_what_somebody_adds_to_the_address_of_a_list_is_on_nobodys_page(transactional_db):
    client = Client()
    for path in ("/lessons/?theme=ethics&page=all", "/lessons/?sort=-updated&page=2"):
        added = client.get(f"{path}&whatever=they+wrote").content.decode()
        assert "whatever" not in added
        assert f"from http://testserver{path}".replace("&", "&amp;") in added


@pytest.mark.once
def test_whoever_is_signed_in_and_whatever_is_private_passes_by(transactional_db):
    client = Client()
    public = client.get("/lessons/")
    for path in (reverse("account_login"), reverse("admin:index")):
        assert "public" not in client.get(path).get("Cache-Control", "")
    client.cookies["sessionid"] = "a-session"
    assert "public" not in client.get("/lessons/").get("Cache-Control", "")
    assert "Cookie" in public["Vary"]


def test_a_flood_of_invented_addresses_pushes_no_real_one_out():
    kept = type(caches["answers"])("", {"OPTIONS": {"BYTES": 100_000}})
    for number in range(10):
        kept.set(f"real {number}", b"x" * 1000)
        assert kept.get(f"real {number}")
    for number in range(10_000):
        kept.set(f"invented {number}", b"y" * 1000)
    assert all(kept.get(f"real {number}") for number in range(10))
    assert kept.once.used + kept.again.used <= 100_000
    kept.set("too large", b"z" * 90_000)
    assert kept.get("too large") is None


def test_a_connection_is_looked_after_by_whoever_answers_first(transactional_db, monkeypatch):
    """Nobody asks twice whether it stands, and no kept answer keeps it beyond its time."""
    used, asked = connections["default"], []
    monkeypatch.setattr(used, "is_usable", lambda: asked.append("usable") or True)
    monkeypatch.setattr(used, "health_check_enabled", True)
    server = AnswersFirst(WSGIHandler())
    for _made_then_kept in range(2):
        assert asked_of_a_web_server(server, "/lessons/?q=children")[0] == "200 OK"
    assert asked == []
    before = used.connection
    used.close_at = 0
    assert asked_of_a_web_server(server, "/lessons/?q=children")[0] == "200 OK"
    assert used.connection is not before
