"""What is not public, and visitors who guess its address."""

from itertools import product

import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse

from briefings.models import Situation
from entries.links.models import Link
from entries.workflow.notes import Call
from lessons.models import Lesson
from meetings.groups import WorkingGroup
from meetings.models import Meeting, Paper
from tests.addresses import addresses, addresses_of, list_address
from tests.desk import ROLES, person
from tests.made import KINDS, every_kind, make
from tests.pages import content_of, open_page, said_in
from tests.soak import soak, times
from tests.transitions import write_note

pytestmark = [pytest.mark.usefixtures("unchanged_db"), pytest.mark.once]


# --- Guessing the address of what is not public --------------------------------------


SECRET = "Unspokenly"

HIDDEN = ["draft", "review", "withdrawn"]


def hide(kind, status):
    """An entry that is not public, related to what is."""
    fields = {"start_date": "2030-05-04", "end_date": "2030-05-04"} if kind is Meeting else {}
    entry = make(
        kind,
        f"{SECRET} kept",
        tags=["training"],
        slug=f"unspokenly-kept-{status}",
        source=Paper.objects.published().first(),
        as_printed=f"{SECRET} printed.",
        **fields,
    )
    kind.objects.filter(pk=entry.pk).update(status=status)
    if status != "withdrawn":
        kind.objects.filter(pk=entry.pk).update(first_published=None)
    Link.objects.create(url=f"https://example.org/{SECRET}", **{kind._meta.model_name: entry})
    if hasattr(entry, "groups"):
        entry.groups.set(WorkingGroup.objects.all())
    if hasattr(entry, "countries"):
        entry.countries.set(["NL"])
    entry.refresh_from_db()
    return entry


@pytest.fixture(params=[*product(KINDS, HIDDEN)], ids=lambda it: f"{it[0].__name__}-{it[1]}")
def hidden(db, request):
    return hide(*request.param)


def test_its_own_addresses_tell_a_visitor_nothing(hidden):
    answers = {410} if hidden.status == "withdrawn" else {404}
    for address in addresses_of(hidden):
        response = Client().get(address)
        assert {response.status_code} == answers, address
        assert SECRET not in said_in(response)
        assert {Client().head(address).status_code} == answers


def test_no_list_file_feed_search_or_page_tells_a_visitor_of_it(transactional_db):
    hidden = [hide(kind, status) for kind, status in product(KINDS, HIDDEN)]
    queries = ["", f"?q={SECRET.lower()}", f"?q={SECRET.lower()}+trauma", "?tag=training"]
    theme = hidden[0].themes.get()
    places = {
        *(f"{address}{query}" for address in addresses(of_records=False) for query in queries),
        f"{theme.get_absolute_url()}?",
        *(f"{list_address(kind)}?theme={theme.slug}&sort=title" for kind in KINDS),
        *(above.get_absolute_url() for above in theme.lineage),
        *(group.get_absolute_url() for group in WorkingGroup.objects.all()),
        hidden[0].source.get_absolute_url(),
    }
    client = Client()
    opened = 0
    for address in places:
        response = client.get(address)
        content = said_in(response)
        assert SECRET not in content, address
        assert not [entry for entry in hidden if entry.get_absolute_url() in content], address
        if "q=" not in address or response.status_code == 400:
            assert "unspokenly-kept" not in content, address
        opened += response.status_code == 200
    assert opened > 60


@pytest.mark.django_db
@every_kind
def test_the_api_knows_nobody_and_so_tells_an_editor_no_more(kind):
    client, kind = person("editor").client, kind.kind
    for each in [hide(kind.model, status) for status in HIDDEN]:
        answer = client.get(reverse(f"{kind}-detail-api", args=[each.slug]))
        assert answer.status_code == (410 if each.status == "withdrawn" else 404)
    listed = client.get(reverse(f"{kind}-api"), {"q": SECRET.lower()})
    assert listed.json()["count"] == 0
    for name in ("list", "csv", "ris", "bib", "atom"):
        content = content_of(client.get(reverse(f"{kind}-{name}"))).decode()
        assert SECRET not in content, name


def test_its_page_is_open_to_staff_only(hidden):
    for role in ROLES:
        assert SECRET in open_page(person(role).client, hidden.get_absolute_url()).text
    outsider = person("nobody")
    User.objects.filter(pk=outsider.user.pk).update(is_staff=False)
    answer = outsider.client.get(hidden.get_absolute_url())
    assert answer.status_code == (410 if hidden.status == "withdrawn" else 404)
    assert SECRET not in answer.content.decode()


def test_what_is_public_does_not_name_it_where_it_hangs_on_it(hidden):
    """A lesson whose source, a paper whose meeting, a question whose uptake is not public."""
    kind = hidden.kind
    public = make(Lesson, "Said aloud", source=hidden if kind == "paper" else None)
    if kind == "meeting":
        paper = make(Paper, "Of it", meeting=hidden)
        practice = make(next(k for k in KINDS if k.__name__ == "Practice"), "Shown there")
        practice.presented_at.add(hidden)
        others = [public, paper, practice]
    else:
        others = [public]
    for entry in others:
        for address in addresses_of(entry):
            response = Client().get(address)
            assert response.status_code == 200, address
            said = said_in(response)
            assert SECRET not in said, address
            assert hidden.slug not in said, address


@soak
def test_every_public_page_is_as_it_was_before_there_was_a_draft_or_a_note(
    transactional_db, opened
):
    """What nobody may see changes nothing: no count, no facet, no link.

    Of the pages of one kind of thing every third is opened; in `make soak` all are.
    """
    client, nothing = Client(), "/search/?q=xylophone"  # which shows the whole tree, counted
    found_nothing = client.get(nothing)
    for kind in KINDS:
        make(kind, "Unseen", status="draft", tags=["training"])
    bela = person("curator", "bela")
    noted = [Lesson.objects.published().first(), Situation.objects.published().first()]
    for record in noted:
        write_note(bela, record, f"@bela {SECRET} among the staff")
    assert Call.objects.count() == 2
    own = {each.get_absolute_url() for each in noted}
    some = {*sorted(opened)[:: times(3, 1)], *addresses(of_records=False), *own} & {*opened}
    for address, before in [*((each, opened[each]) for each in some), (nothing, found_nothing)]:
        assert client.get(address).content == before.content, address
    files = {*addresses(of_records=False), *addresses_of(noted[0])}
    for address in {*files, f"/situations/{noted[1].slug}.docx"}:
        assert SECRET not in said_in(client.get(address)), address


# --- Staff ---------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("status", ["draft", "review", "withdrawn"])
def test_staff_without_a_role_see_of_what_is_not_public_what_visitors_see(kind, status):
    entry, client = hide(kind, status), person("nobody").client
    content_type = ContentType.objects.get_for_model(kind)
    short = f"/admin/r/{content_type.pk}/{entry.pk}/"
    assert client.get(short).status_code == 403
    for address in addresses_of(entry):
        answer = client.get(address)
        assert answer.status_code in ((410,) if status == "withdrawn" else (404,)), address
        assert SECRET not in said_in(answer)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_the_short_link_leads_who_may_look_to_the_page_and_nobody_keeps_it(role):
    entry, client = make(Lesson, "A draft", status="draft"), person(role).client
    content_type = ContentType.objects.get_for_model(Lesson)
    answer = client.get(f"/admin/r/{content_type.pk}/{entry.pk}/", follow=True)
    assert answer.redirect_chain == [(entry.get_absolute_url(), 302)]
    *pages, api = addresses_of(entry)
    assert client.get(api).status_code == 404, "the API knows nobody"
    for address in pages:
        assert client.get(address)["Cache-Control"] == "private, no-store", address
    assert "no-store" not in client.get(make(Lesson, "Public").get_absolute_url()).headers.get(
        "Cache-Control", ""
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["0/1", "x/1", "99999999999999999999/1", "{lesson}/x", "{lesson}/99999999999999999999"]
)
def test_a_short_link_to_nothing_is_not_found(path):
    lesson = ContentType.objects.get_for_model(Lesson).pk
    client = person("editor").client
    assert client.get(f"/admin/r/{path.format(lesson=lesson)}/").status_code == 404
