"""An import on the desk: from the file to drafts, and the way back."""

from pathlib import Path
from time import process_time

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, transaction

from entries.workflow import transitions
from imports.models import Block, Import, Proposal
from imports.storing import take_next
from lessons.models import Lesson, Question
from meetings.models import Meeting, Paper
from practices.models import Practice
from records.versions import snapshots
from tests.desk import change_url, page_url, person
from tests.pages import text_of
from themes.models import Theme

DOCUMENTS = Path(__file__).parent / "documents"

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator(db):
    return person("curator")


def upload(desk, name, **typed):
    file = SimpleUploadedFile(name, (DOCUMENTS / name).read_bytes(), "text/plain")
    return desk.client.post(
        page_url(Import, "add"), {"file": file, "recipe": "", **typed}, follow=True
    )


def imported(desk, name):
    response = upload(desk, name)
    assert response.status_code == 200
    call_command("worker", once=True)
    return Import.objects.get(name=name)


def accept(desk, *proposals, action="accept"):
    return desk.act(Proposal, action, *proposals)


@pytest.mark.once
def test_a_file_waits_until_the_worker_has_read_it(curator):
    page = upload(curator, "expost.txt")
    assert "waits to be read" in text_of(page)
    assert 'http-equiv="refresh"' in page.content.decode()
    call_command("worker", once=True)
    read = curator.open(change_url(Import.objects.get()))
    assert 'http-equiv="refresh"' not in read.content.decode()
    assert "3 0 0 0 3" in text_of(read)  # lessons: three to be decided


@pytest.mark.once
def test_the_account_adds_up_on_the_page(curator):
    made = imported(curator, "conclusion.txt")
    fates = curator.open(change_url(made)).context["fates"]
    assert sum(fate["number"] for fate in fates) == made.blocks.count() == 44
    assert fates[0]["name"] == "left over"


@pytest.mark.once
def test_a_block_without_a_proposal_is_none_of_one(curator):
    made = imported(curator, "expost.txt")
    block = made.blocks.filter(fate=Block.Fate.INTRODUCTION).first()
    with pytest.raises(IntegrityError), transaction.atomic():
        made.blocks.filter(pk=block.pk).update(fate=Block.Fate.PART)


def test_accepted_proposals_are_drafts_with_source_page_printed_words_and_a_version(curator):
    made = imported(curator, "publications.txt")
    made.source = Paper.objects.first()
    made.save()
    page = accept(
        curator,
        *made.proposals.filter(
            title__in=["Leaving and grieving", "Ten years of listening: what callers tell"]
        ),
    )
    assert "2 accepted as drafts" in text_of(page)
    meeting = Meeting.objects.get(title="Leaving and grieving")
    assert (meeting.status, meeting.source, meeting.author) == ("draft", made.source, curator.user)
    assert (str(meeting.start_date), str(meeting.end_date)) == ("2019-09-30", "2019-10-01")
    assert [country.code for country in meeting.countries.all()] == ["FI"]
    assert [group.name for group in meeting.groups.all()] == ["RAN EXIT", "RAN H&SC"]
    assert meeting.as_printed.startswith("RAN EXIT and RAN H&SC, Leaving and grieving")
    [version] = snapshots.versions_of(Meeting, meeting.pk)
    assert "Imported from publications.txt" in version.revision.comment
    paper = Paper.objects.get(title="Ten years of listening: what callers tell")
    assert (paper.iso_date, paper.date_precision) == ("2019", "year")


@pytest.mark.once
def test_the_draft_of_a_sheet_has_its_names_and_years_and_not_its_prose(curator):
    made = imported(curator, "practice.txt")
    accept(curator, made.proposals.get(kind="practice"))
    draft = Practice.objects.get(status="draft")
    assert (draft.name, draft.scope, draft.start_year) == ("Open Door Clinic", "local", 2016)
    assert draft.key_themes == ["Mental health", "Early prevention"]
    assert draft.contact.startswith("Botermarkt 1, 9000 Gent\nN. N.\nopendoor@example.org")
    assert (draft.contact_is_public, draft.description, draft.deliverables) == (False, "", "")


@pytest.mark.once
def test_a_draft_without_a_wording_is_not_published(curator, db):
    made = imported(curator, "expost.txt")
    accept(curator, made.proposals.filter(kind="lesson").first())
    lesson = Lesson.objects.latest("pk")
    assert lesson.text == ""
    assert "no wording yet" in str(lesson)
    lesson.themes.set(Theme.objects.all()[:1])
    editor = person("editor")
    transitions.SEND.perform(lesson, curator.user)
    with pytest.raises(transitions.Refused, match="no wording yet"):
        transitions.PUBLISH.perform(lesson, editor.user)


@pytest.mark.once
def test_our_wording_goes_along_and_more_than_eight_words_in_a_row_are_told(curator):
    made = imported(curator, "expost.txt")
    proposal = made.proposals.filter(kind="lesson").first()
    typed = "Write down why you did not share something, for it protects you."
    page = curator.send(change_url(proposal), wording=typed, accept="on")
    page = curator.client.get(page.url)
    assert Lesson.objects.filter(text=typed).exists()
    assert "words in a row" not in text_of(page)
    other = made.proposals.filter(kind="lesson")[1]
    curator.send(change_url(other), wording=other.as_printed)
    assert "words in a row are the document’s own" in text_of(curator.client.get(change_url(other)))


@pytest.mark.once
def test_rejected_and_skipped_proposals_are_kept_with_who_decided(curator):
    made = imported(curator, "expost.txt")
    first, second, *_rest = made.proposals.all()
    accept(curator, first, action="reject")
    accept(curator, second, action="skip")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.decided_by) == ("rejected", curator.user)
    assert second.state == "skipped"
    assert made.blocks.filter(proposal=first).exists()


def test_the_same_file_is_never_imported_twice(curator):
    made = imported(curator, "expost.txt")
    page = upload(curator, "expost.txt")
    assert "imported already" in text_of(page)
    assert Import.objects.get() == made


@pytest.mark.once
def test_what_the_portal_has_is_offered_as_an_update_and_not_doubled(curator):
    practice = Practice.objects.get(slug="vera-2")
    known = known_practice(curator, practice)
    assert known.entry == practice
    assert "The portal has it already" in text_of(curator.open(change_url(known)))
    before = Practice.objects.count()
    page = accept(curator, known)
    assert "has it already" in text_of(page)
    assert Practice.objects.count() == before
    accept(curator, known, action="update_entry")
    practice.refresh_from_db()
    assert practice.as_printed.startswith(practice.name)


@pytest.mark.once
def test_the_update_of_a_public_entry_says_on_its_page_where_it_came_from(curator):
    practice = Practice.objects.get(slug="vera-2")
    assert practice.is_public
    known = known_practice(curator, practice)
    accept(curator, known, action="update_entry")
    assert "Imported from known.txt" in text_of(curator.open(practice.get_absolute_url()))


@pytest.mark.once
def test_the_update_of_an_entry_is_undone_with_its_page_its_words_and_its_addresses(curator):
    practice = Practice.objects.get(slug="vera-2")
    addresses = {*practice.links.values_list("url", flat=True)}
    known = known_practice(curator, practice)
    known.links = ["https://example.org/of-the-document"]
    known.save()
    accept(curator, known, action="update_entry")
    practice.refresh_from_db()
    assert practice.as_printed.startswith(practice.name)
    assert {*practice.links.values_list("url", flat=True)} == addresses | {*known.links}
    undo = page_url(Import, "undo", known.of_id)
    assert "It stays" not in text_of(curator.client.post(undo, follow=True))
    practice = Practice.objects.get(pk=practice.pk)
    assert (practice.as_printed, practice.awaits_second_look) == ("", True)
    assert {*practice.links.values_list("url", flat=True)} == addresses
    assert "Import undone" in text_of(curator.open(practice.get_absolute_url()))
    known.refresh_from_db()
    assert (known.state, known.entry, known.is_duplicate) == ("open", practice, True)
    accept(curator, known, action="update_entry")
    curator.saved(change_url(practice), description="By hand.", change_note="Said better.")
    assert "It stays" in text_of(curator.client.post(undo, follow=True))
    practice.refresh_from_db()
    assert practice.description == "By hand."
    assert practice.as_printed.startswith(practice.name)


@pytest.mark.once
def test_an_entry_that_cannot_be_saved_as_it_is_says_why_it_is_not_updated(curator):
    practice = Practice.objects.get(slug="vera-2")
    Practice.objects.filter(pk=practice.pk).update(start_year=99, end_year=None)
    known = known_practice(curator, practice)
    page = accept(curator, known, action="update_entry")
    assert page.status_code == 200
    assert "Give a year of four digits." in text_of(page)
    known.refresh_from_db()
    practice.refresh_from_db()
    assert (known.state, practice.as_printed) == ("open", "")


@pytest.mark.once
def test_an_address_that_is_none_is_told_and_the_proposal_stays(curator):
    made = imported(curator, "expost.txt")
    lesson = made.proposals.filter(kind="lesson").first()
    made.proposals.filter(pk=lesson.pk).update(links=["https://example.org/a", "no address"])
    page = accept(curator, lesson)
    assert "no address: take it out of the proposal’s addresses" in text_of(page)
    assert not Lesson.objects.filter(status="draft").exists()
    made.proposals.filter(pk=lesson.pk).update(links=["https://example.org/a"])
    accept(curator, lesson)
    assert Lesson.objects.get(status="draft").links.get().url == "https://example.org/a"


def known_practice(curator, practice):
    """The proposal of a file that tells of the practice."""
    data = f"Good practices\n\n1. {practice.name}, The Netherlands\nA tool.\n\n2. A, Spain\nText.\n\n3. B, Italy\nText.\n"
    made, _new = Import.of_file("known.txt", data.encode(), curator.user)
    call_command("worker", once=True)
    return made.proposals.get(title=practice.name)


@pytest.mark.once
def test_what_was_deleted_since_is_no_duplicate(curator):
    made = imported(curator, "expost.txt")
    question = made.proposals.filter(kind="question").first()
    accept(curator, question)
    again, _new = Import.of_file("again.txt", (DOCUMENTS / "expost.txt").read_bytes() + b"\n")
    call_command("worker", once=True)
    same = again.proposals.get(normal=question.normal)
    assert same.is_duplicate
    Question.objects.filter(status="draft").delete()
    accept(curator, same)
    assert Question.objects.filter(status="draft").count() == 1


def test_an_import_is_undone_until_somebody_has_worked_on_a_draft(curator):
    made = imported(curator, "expost.txt")
    accept(curator, *made.proposals.filter(kind="question"))
    assert Question.objects.filter(status="draft").count() == 2
    kept = Question.objects.filter(status="draft").first()
    curator.saved(change_url(kept), text="Who tells the patient?")
    page = curator.client.post(page_url(Import, "undo", made.pk), follow=True)
    assert "somebody has worked on it" in text_of(page)
    assert list(Question.objects.filter(status="draft")) == [kept]
    states = set(made.proposals.filter(kind="question").values_list("state", flat=True))
    assert states == {"open", "accepted"}


@pytest.mark.once
def test_the_paper_that_is_the_source_of_its_own_import_is_taken_back_too(curator):
    made = imported(curator, "conclusion.txt")
    accept(curator, *made.proposals.filter(kind="paper"))
    paper = Paper.objects.get(status="draft")
    curator.saved(change_url(made), source=paper.pk)
    accept(curator, *made.proposals.filter(kind="question"))
    assert Question.objects.filter(source=paper).exists()
    page = curator.client.post(page_url(Import, "undo", made.pk), follow=True)
    assert "The drafts of this import that nobody has worked on are gone." in text_of(page)
    assert not Paper.objects.filter(pk=paper.pk).exists()
    made.refresh_from_db()
    assert made.source is None


@pytest.mark.once
def test_a_draft_that_something_else_names_stays(curator):
    made = imported(curator, "conclusion.txt")
    accept(curator, *made.proposals.filter(kind="paper"))
    paper = Paper.objects.get(status="draft")
    Lesson.objects.filter(pk=Lesson.objects.first().pk).update(source=paper)
    page = curator.client.post(page_url(Import, "undo", made.pk), follow=True)
    assert "or something refers to it" in text_of(page)
    assert Paper.objects.filter(pk=paper.pk).exists()
    assert made.proposals.get(kind="paper").state == "accepted"


@pytest.mark.once
def test_blocks_left_over_become_what_the_curator_says_they_and_all_like_them(curator):
    made = imported(curator, "konklusion.txt")
    assert made.language == "de"
    bullet = made.blocks.filter(role="bullet").first()
    page = curator.act(Block, "all_become_lesson", bullet)
    assert "4 proposals were made" in text_of(page)
    heading = made.blocks.filter(role="heading").first()
    curator.act(Block, "furniture", heading)
    heading.refresh_from_db()
    assert heading.fate == "furniture"


@pytest.mark.once
def test_a_block_becomes_part_of_the_proposal_before_it_while_that_is_undecided(curator):
    made = imported(curator, "konklusion.txt")
    first, second, third = made.blocks.filter(role="bullet")[:3]
    curator.act(Block, "become_lesson", first)
    lesson = made.proposals.get()
    assert "1 joined." in text_of(curator.act(Block, "join", second))
    lesson.refresh_from_db()
    assert lesson.as_printed.endswith(second.text.removeprefix(second.marker).strip()[-20:])
    for state in ("accepting", "undoing", "updated"):
        made.proposals.update(state=state, object_id=1)
        assert "0 joined." in text_of(curator.act(Block, "join", third))


@pytest.mark.once
def test_a_block_that_names_countries_and_quotes_without_end_is_read_in_a_moment(curator):
    made = imported(curator, "konklusion.txt")
    for kind, text in (("practice", "UK: " * 4900), ("meeting", "'To listen' " * 1600 + "‘")):
        block = made.blocks.filter(fate="left over").first()
        made.blocks.filter(pk=block.pk).update(text=text)
        begun = process_time()
        curator.act(Block, f"become_{kind}", block)
        assert process_time() - begun < 2
        assert made.proposals.get(kind=kind).as_printed.startswith(text[:100].strip())


@pytest.mark.once
def test_another_recipe_reads_it_again(curator):
    made = imported(curator, "interview.txt")
    assert made.recipe == "fallback"
    curator.saved(change_url(made), recipe="handbook-chapter")
    call_command("worker", once=True)
    made.refresh_from_db()
    assert (made.recipe, made.state) == ("handbook-chapter", "read")


@pytest.mark.once
def test_a_file_that_cannot_be_read_says_why_and_leaves_nothing(curator):
    made, _new = Import.of_file("page.pdf", b"<html>no</html>", curator.user)
    call_command("worker", once=True)
    made.refresh_from_db()
    assert made.state == "refused"
    assert "no PDF" in text_of(curator.open(change_url(made)))
    assert not made.blocks.exists()


@pytest.mark.once
def test_a_file_that_the_portal_fails_at_is_refused_and_the_next_one_read(curator):
    first, _new = Import.of_file("a.txt", b"Text.", curator.user, recipe="of-another-release")
    Import.of_file("b.txt", (DOCUMENTS / "expost.txt").read_bytes(), curator.user)
    call_command("worker", once=True)
    states = dict(Import.objects.values_list("name", "state"))
    assert states == {"a.txt": "refused", "b.txt": "read"}
    assert "that is our fault, not yours" in text_of(curator.open(change_url(first)))


@pytest.mark.once
def test_a_file_that_is_too_large_is_refused_with_its_size(curator):
    file = SimpleUploadedFile("large.txt", b"a" * 21_000_000, "text/plain")
    page = curator.client.post(page_url(Import, "add"), {"file": file, "recipe": ""})
    assert "The file has 21 MB; the portal reads up to 20 MB." in text_of(page)
    assert not Import.objects.exists()


def test_what_a_killed_worker_began_the_next_one_reads(curator):
    made, _new = Import.of_file("a.txt", (DOCUMENTS / "expost.txt").read_bytes(), curator.user)
    long_ago = made.created - Import.LONGEST
    Import.objects.update(state="reading", begun=long_ago)
    call_command("worker", once=True)
    made.refresh_from_db()
    assert made.state == "read"


def test_the_file_comes_back_to_staff_alone_and_to_keep(curator, client):
    made = imported(curator, "publication.html")
    address = page_url(Import, "file", made.pk)
    response = curator.client.get(address)
    assert response.content == (DOCUMENTS / "publication.html").read_bytes()
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert client.get(address).status_code == 302
    assert person("contributor").client.get(address).status_code == 403


@pytest.mark.once
def test_contributors_give_no_file_and_no_other_page_takes_one(curator):
    answer = upload(person("contributor"), "expost.txt")
    assert answer.status_code == 403
    assert "This is not open to you" in text_of(answer)
    file = SimpleUploadedFile("a.txt", b"text")
    assert curator.client.post(page_url(Lesson, "add"), {"text": file}).status_code == 400
    assert not Import.objects.exists()


@pytest.mark.once
def test_who_may_not_add_a_kind_accepts_no_proposal_of_it(curator):
    made = imported(curator, "expost.txt")
    decider = person("nobody", "decider")
    names = ["view_import", "view_proposal", "change_proposal"]
    decider.user.user_permissions.set(Permission.objects.filter(codename__in=names))
    page = accept(decider, *made.proposals.filter(kind="question"))
    assert "Your account may not add" in text_of(page)
    assert not Question.objects.filter(status="draft").exists()


@pytest.mark.once
def test_the_command_stores_what_the_desk_would(db):
    call_command("import_file", DOCUMENTS / "expost.txt")
    made = Import.objects.get()
    assert (made.state, made.proposals.count()) == ("read", 9)


def test_what_the_worker_reads_at_this_moment_is_not_read_beside_it(curator):
    made, _new = Import.of_file("a.txt", (DOCUMENTS / "expost.txt").read_bytes(), curator.user)
    now = page_url(Import, "read", made.pk)
    assert take_next() == made
    page = curator.client.post(now, follow=True)
    assert "It is being read already." in text_of(page)
    assert not made.blocks.exists()
    Import.objects.update(begun=made.created - Import.LONGEST)
    curator.client.post(now)
    made.refresh_from_db()
    assert made.state == "read"


@pytest.mark.once
def test_a_file_that_was_refused_can_be_read_again(curator):
    made, _new = Import.of_file("a.txt", (DOCUMENTS / "expost.txt").read_bytes(), curator.user)
    Import.objects.update(state="refused", refusal="The portal failed at this file.")
    curator.client.post(page_url(Import, "read", made.pk))
    made.refresh_from_db()
    assert (made.state, made.refusal) == ("read", "")
