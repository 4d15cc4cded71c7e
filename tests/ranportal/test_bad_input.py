"""Whatever is asked of it, the portal answers with a page that helps or says what is wrong."""

from itertools import product
from urllib.parse import quote, urlencode

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.urls import resolve

from entries.workflow.models import LoggedTransition
from lessons.models import Lesson
from meetings.models import Meeting
from tests.addresses import addresses, list_address
from tests.desk import change_url, page_url, values_in
from tests.made import KINDS, every_kind
from tests.pages import Page, content_of, open_page, text_of
from tests.soak import soak, times
from tests.stored import refuse_to_write, stored

pytestmark = pytest.mark.usefixtures("unchanged_db")

LONG = "x" * 10_000

BAD_VALUES = {
    "unknown": "no-such-thing",
    "empty": "",
    "spaces": "%20%20",
    "long": LONG,
    "NUL": "a%00b",
    "broken UTF-8": "%ff%fe",
    "number": "-1",
    "huge number": "9" * 5_000,
    "SQL": quote("'; DROP TABLE lessons_lesson; --"),
    "markup": quote("<script>alert(1)</script>"),
    "format": quote("%s %(name)s {0} {x}"),
    "override": quote("\u202eabc\u0000\ud7ff"),
    "brackets": "a[]=b",
}

PARAMETERS = [
    "q", "theme", "tag", "source", "country", "programme", "scope", "state", "when", "year",
    "group", "kind", "sort", "page",
]  # fmt: skip

every_value = pytest.mark.parametrize("value", BAD_VALUES.values(), ids=BAD_VALUES)


def parameters_of(kind):
    """The parameters that a list of the kind understands, as its FilterSet names them."""
    return list(resolve(list_address(kind)).func.view_class.filterset_class.base_filters)


def queries_with(value, parameters):
    """Query strings with the value in each parameter: the search alone, all others at once."""
    yield f"q={value}"
    yield "&".join(f"{parameter}={value}" for parameter in parameters if parameter != "q")


def ask(client, address):
    """The answer: whole, no server error, and nothing written to the database."""
    with connection.execute_wrapper(refuse_to_write):
        response = client.get(address)
        content_of(response)
    assert response.status_code in (200, 301, 302, 400, 404), (
        f"{address[:200]}: {response.status_code}"
    )
    return response


def message_in(page):
    return " ".join(page.texts(".//div[@role='alert']"))


# --- Lists ---------------------------------------------------------------------------


def in_turn(kinds, values):
    """Each value with one kind after the other; in `make soak` with all of them."""
    every = [*product(kinds, values)]
    return times([each for number, each in enumerate(every) if number % 4 == 0], every)


@soak
@pytest.mark.django_db
@pytest.mark.once
@pytest.mark.parametrize(("kind", "name"), in_turn(KINDS, BAD_VALUES))
def test_a_list_answers_whatever_stands_in_a_parameter(client, kind, name):
    """The same filters read it of a page as of a file, which is asked for all of them below."""
    value = BAD_VALUES[name]
    for query in queries_with(value, parameters_of(kind)):
        page = Page(ask(client, f"{list_address(kind)}?{query}"))
        assert len(page.headings) == 1
        assert LONG not in page.title


@pytest.mark.django_db
@pytest.mark.once
@every_kind
def test_a_list_names_each_value_it_could_not_read_and_shows_the_rest(client, kind):
    known = {name for name in parameters_of(kind) if name != "q"}
    for parameter in known:
        page = open_page(client, list_address(kind), **{parameter: "no-such-thing"})
        assert message_in(page).startswith("Part of the address could not be read")
        assert "“no-such-thing” is not" in message_in(page)
        assert page.chips == {}
        assert page.sentence == f"{kind.objects.count()} {kind._meta.verbose_name_plural}"
    page = open_page(client, list_address(kind), theme="lone-actors", tag="no-such-thing")
    assert "about Lone actors" in page.sentence
    assert "Tag: “no-such-thing” is not known here." in message_in(page)


@pytest.mark.once
def test_a_long_value_is_quoted_in_part(client):
    page = open_page(client, "/lessons/", theme=LONG)
    assert "Theme: “xxxxxxxx" in message_in(page)
    assert len(message_in(page)) < 300


@pytest.mark.once
def test_markup_in_an_address_is_shown_as_text(client):
    response = client.get("/lessons/", {"theme": "<b>bold</b>", "q": "<b>bold</b>"})
    assert b"<b>bold" not in response.content
    assert "<b>bold</b>" in Page(response).text


@pytest.mark.once
def test_a_page_ignores_a_parameter_it_does_not_know(client):
    page = open_page(client, "/practices/", country="DK", colour="red")
    assert page.sentence == "3 practices in Denmark"
    assert not [link for link in page.links().values() if "colour" in link]


@pytest.mark.once
def test_of_a_repeated_sort_one_counts(client):
    page = open_page(client, "/practices/", sort=["name", "-name"])
    assert page.entries == open_page(client, "/practices/", sort="-name").entries
    assert len(page.entries) == 16


@pytest.mark.once
@pytest.mark.parametrize("number", ["0", "-1", "abc", "9999", "", "2.5", "9" * 5_000, "%00", "%ff"])
@every_kind
def test_a_page_number_that_is_none_says_how_many_there_are(client, kind, number):
    response = client.get(f"{list_address(kind)}?page={number}")
    if number == "":
        assert response.status_code == 200
        return
    assert response.status_code == 404
    last = -(-kind.objects.count() // 20)
    assert f"This list has no such page: it has {last} in all." in Page(response).text


@pytest.mark.once
def test_the_last_page_can_be_asked_for_by_that_word(client):
    assert open_page(client, "/lessons/", page="last").title.startswith("58 lessons, page 3")


@pytest.mark.once
def test_the_same_value_a_hundred_times_is_one_choice(client):
    page = open_page(client, "/practices/", country=["DK"] * 100)
    assert page.sentence == "3 practices in Denmark"
    assert list(page.chips) == ["Remove Denmark", "Remove all"]


@pytest.mark.once
@every_value
@pytest.mark.parametrize("parameter", ["page", "unheard-of"])
def test_a_list_answers_whatever_stands_in_a_parameter_of_every_list(client, parameter, value):
    page = Page(ask(client, f"/lessons/?{parameter}={value}"))
    assert len(page.headings) == 1
    assert LONG not in page.title


# --- Formats -------------------------------------------------------------------------


@pytest.mark.django_db
@every_value
@every_kind
def test_a_file_answers_whatever_stands_in_a_parameter(client, kind, value):
    for query in queries_with(value, parameters_of(kind)):
        ask(client, f"{list_address(kind, 'csv')}?{query}")


@pytest.mark.django_db
@pytest.mark.once
@every_kind
def test_a_file_refuses_a_value_it_does_not_know_and_names_it(client, kind):
    for parameter in parameters_of(kind):
        if parameter == "q":
            continue
        response = client.get(list_address(kind, "csv"), {parameter: "no-such-thing"})
        assert response.status_code == 400
        assert response["Content-Type"] == "text/plain; charset=utf-8"
        label = str(client.get(list_address(kind)).context_data["filter"].filters[parameter].label)
        assert response.content.decode().startswith(f"{label}: “no-such-thing” is not")


@pytest.mark.once
@pytest.mark.parametrize(
    ("asked", "nearest"),
    [("countri", "country"), ("Country", "country"), ("themes", "theme"), ("tags", "tag")],
)
def test_a_file_refuses_a_parameter_it_does_not_know_and_names_the_nearest(client, asked, nearest):
    response = client.get("/practices.csv", {asked: "DK"})
    assert response.status_code == 400
    expected = f"Unknown parameter: {asked}. The nearest known one is {nearest}.\n"
    assert response.content.decode() == expected


@pytest.mark.once
@pytest.mark.parametrize("name", ["", "x" * 10_000, "\0", "\ufffd", "theme[]", "<b>", "page"])
def test_a_file_refuses_a_parameter_of_any_name(client, name):
    response = client.get(f"/lessons.csv?{urlencode({name: 'x'})}")
    assert response.status_code == 400
    assert response.content.decode().startswith("Unknown parameter: ")
    assert len(response.content) < 300


# --- Every address -------------------------------------------------------------------


def test_no_address_fails_over_an_odd_query_string(client):
    queries = [
        f"?{urlencode([(name, 'x') for name in PARAMETERS])}",
        "?" + "&".join(f"{name}={value}" for name in PARAMETERS for value in ("%00", "%ff")),
        f"?q={LONG}&page={LONG}&x={LONG}",
        "?&&==&%&%zz&=x&q",
    ]
    for address in addresses(of_records=False):
        for query in queries:
            ask(client, address + query)
    for address in ("/themes/ethics/", "/practices/channel/", "/groups/ran-health/"):
        for query in queries:
            assert ask(client, address + query).status_code == 200


@pytest.mark.once
@pytest.mark.parametrize("extension", [None, "csv"])
@every_kind
def test_more_parameters_than_anyone_needs_are_refused_with_a_page(client, kind, extension):
    query = "&".join(f"theme={number}" for number in range(5_001))
    response = ask(client, f"{list_address(kind, extension)}?{query}")
    assert response.status_code == 400
    assert Page(response).headings == ["This request could not be read"]
    assert "It asks for more" in Page(response).text


@pytest.mark.parametrize(
    "slug", ["no-such-thing", LONG, "%00", "%ff", "%27", "..%2f..%2fetc", "-", "a%20b", "%E2%80%AE"]
)
@pytest.mark.parametrize(
    "folder", ["lessons", "practices", "questions", "meetings", "papers", "themes", "groups"]
)
def test_an_entry_or_theme_of_an_impossible_name_is_not_found(client, folder, slug):
    response = ask(client, f"/{folder}/{slug}/")
    assert response.status_code == 404
    assert Page(response).headings == ["This page does not exist"]


@pytest.mark.once
@every_kind
def test_a_list_can_be_asked_for_its_head_and_takes_nothing(client, kind):
    for address in (list_address(kind), list_address(kind, "csv")):
        assert client.head(address).status_code == 200
        for method in ("post", "put", "patch", "delete"):
            assert getattr(client, method)(address).status_code == 405


@pytest.mark.once
def test_a_path_without_its_last_slash_leads_to_the_page(client):
    response = client.get("/practices?country=DK")
    assert (response.status_code, response["Location"]) == (301, "/practices/?country=DK")


# --- The admin -----------------------------------------------------------------------


@pytest.mark.parametrize("action", ["send", "withdraw", "delete_selected"])
@pytest.mark.parametrize("key", ["abc", "\0", "9" * 40, ""])
def test_an_action_with_what_is_no_key_does_nothing_and_says_so(admin_client, action, key):
    before = stored()
    chosen = {"action": action, "_selected_action": [key, "1"], "post": "yes"}
    answer = admin_client.post(page_url(Lesson, "changelist"), chosen, follow=True)
    assert answer.status_code == 200
    assert "Nothing was done: what was chosen is not in this list." in text_of(answer)
    after = stored()
    assert after.keys() == before.keys()
    assert after["lessons_lesson"] == before["lessons_lesson"]


@pytest.mark.parametrize("older", ["-1", "0", "9" * 5_000, "\0", "x"])
def test_versions_that_cannot_be_are_not_compared(admin_client, older):
    history = page_url(Lesson, "history", Lesson.objects.first().pk)
    answer = admin_client.get(f"{history}?{urlencode({'older': older, 'newer': '2'})}")
    assert answer.status_code == 200
    assert text_of(answer).startswith("Change history")


# A million is as many as the server draws at most: asked for once, it takes seconds.
TOTALS = ["9" * 5_000, "-5", "\0", "x"]
ROWS = [
    *product(TOTALS, ["_save"], [True]),
    *product(TOTALS[:2], ["_together"], [True, False]),
    ("9" * 5_000, "_save", False),
    ("1000000", "_save", True),
]


@pytest.mark.once
@pytest.mark.parametrize(("total", "pressed", "is_sealed"), ROWS)
def test_a_number_of_rows_that_cannot_be_saves_nothing(admin_client, total, pressed, is_sealed):
    meeting = Meeting.objects.filter(links__isnull=False).first()
    values, _ = values_in(admin_client.get(change_url(meeting)))
    before = [*meeting.links.values()]
    sent = values | {"links-TOTAL_FORMS": total, pressed: "1", "change_note": "Why."}
    sent |= {} if is_sealed else {"opened_with": ""}
    # Fewer than none are none: the rest of the form is saved.
    saved = (total, pressed, is_sealed) == ("-5", "_save", True)
    assert admin_client.post(change_url(meeting), sent).status_code == (302 if saved else 200)
    assert [*meeting.links.values()] == before


@pytest.mark.once
def test_rows_that_claim_to_be_new_are_refused_and_nothing_is_written(admin_client):
    meeting = Meeting.objects.filter(links__isnull=False).first()
    values, _ = values_in(admin_client.get(change_url(meeting)))
    sent = values | {"links-INITIAL_FORMS": "0", "_save": "1", "change_note": "Why."}
    answer = admin_client.post(change_url(meeting), sent | {"venue": "Elsewhere"})
    assert answer.status_code == 400
    assert "This could not be read" in text_of(answer)
    meeting.refresh_from_db()
    assert meeting.venue != "Elsewhere"
    assert not LoggedTransition.objects.of(meeting).exists()


@pytest.mark.once
def test_a_text_that_the_browser_sends_back_with_its_own_line_breaks_is_no_change(admin_client):
    meeting = Meeting.objects.first()
    Meeting.objects.filter(pk=meeting.pk).update(description="One.\n\nTwo.")
    before = Meeting.objects.get(pk=meeting.pk).updated
    values, _ = values_in(admin_client.get(change_url(meeting)))
    sent = values | {"description": "One.\r\n\r\nTwo.", "_save": "1", "change_note": "None."}
    assert admin_client.post(change_url(meeting), sent).status_code == 302
    meeting.refresh_from_db()
    assert meeting.description == "One.\n\nTwo."
    meeting.refresh_from_db()
    assert (meeting.description, meeting.updated) == ("One.\n\nTwo.", before)
    assert [each.note for each in LoggedTransition.objects.of(meeting)] == ["None."]  # kept


@pytest.mark.once
def test_a_form_whose_address_names_no_field_for_the_key_is_that_of_any_other_address(admin_client):
    meeting = Meeting.objects.first()
    address = f"{change_url(meeting)}?_to_field="
    values, _ = values_in(admin_client.get(address))
    sent = values | {"venue": "Elsewhere", "_save": "1", "change_note": "Why."}
    assert admin_client.post(address, sent).status_code == 302
    meeting.refresh_from_db()
    assert meeting.venue == "Elsewhere"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("page", "to_nobody", "to_superuser"),
    [("change", 403, 302), ("delete", 403, 302), ("history", 404, 404)],
)
def test_an_address_of_the_admin_with_a_nul_is_not_found_or_refused(
    client, page, to_nobody, to_superuser
):
    client.force_login(User.objects.create_user("nobody", is_staff=True))
    address = f"/admin/lessons/lesson/%00/{page}/"
    assert client.get(address).status_code == to_nobody
    User.objects.update(is_superuser=True)
    answer = client.get(address)
    assert (answer.status_code, answer.get("Location")) == (
        to_superuser,
        "/admin/" if to_superuser == 302 else None,
    )
