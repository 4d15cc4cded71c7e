"""A proposal becomes a draft by the portal's own forms, in its workflow, with a version."""

from django import forms
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from taggit.models import Tag

from entries.columns import columns_of
from entries.formats.csv import written
from entries.links.models import Link
from entries.models import kinds
from entries.search.models import documents_of
from entries.workflow import transitions
from entries.workflow.permissions import has_permission
from imports.cells import ITSELF
from imports.models import Proposal
from imports.readings.words import Reader
from records import dates
from records.cleaning import slug_of
from records.versions.forms import OPENED_WITH, seal
from records.versions.registering import revision
from records.versions.snapshots import Snapshot, versions_of

State = Proposal.State
WORDS = 6  # of the printed text that make the slug of a draft without a wording


class NotAccepted(Exception):
    """A proposal that cannot be accepted as it is. Its text is the reason."""


@transaction.atomic
def accept(proposal, user, again=False):
    """Make the draft that the proposal stands for, and return it.

    `again`: also where the portal has such an entry already.
    """
    proposal = _locked(proposal)
    if proposal.state in (*Proposal.DONE, State.UNDOING):
        raise NotAccepted(_("It is accepted already."))
    if "changes" in proposal.details:
        entry = _take_row(proposal, user)
        _note_version(proposal, entry)
        decide(proposal, user, State.ACCEPTED, entry)
        return entry
    if proposal.is_duplicate and proposal.entry is not None and not again:
        raise NotAccepted(
            _("The portal has it already: update that entry, or accept it as another.")
        )
    drafts = [_draft(proposal, user, proposal.kind)]
    if proposal.details.get("also"):
        drafts.append(_draft(proposal, user, proposal.details["also"], meeting=drafts[0]))
    decide(proposal, user, State.ACCEPTED, drafts[0])
    return drafts[0]


def accept_as_another(proposal, user):
    """Also where the portal has such an entry already."""
    return accept(proposal, user, again=True)


def _locked(proposal):
    proposal = Proposal.objects.select_for_update().select_related("of").get(pk=proposal.pk)
    if proposal.of.waits:
        raise NotAccepted(_("The file is about to be read again: decide what comes of that."))
    return proposal


def decide(proposal, user, state, entry=None):
    proposal.state, proposal.decided, proposal.decided_by = state, timezone.now(), user
    proposal.details.pop("refused", None)
    if entry is not None:
        proposal.content_type = ContentType.objects.get_for_model(entry)
        proposal.object_id = entry.pk
    proposal.save(
        update_fields=["state", "decided", "decided_by", "content_type", "object_id", "details"]
    )


def _note_version(proposal, entry):
    """Which version of the entry the proposal made: the one to go back from, while it is the last."""
    proposal.details["version"] = versions_of(type(entry), entry.pk).values_list("pk", flat=True)[0]


@transaction.atomic
def update(proposal, user):
    """Give the entry that there is what only the document has: page, printed words, addresses."""
    proposal = _locked(proposal)
    entry = proposal.entry
    if not proposal.is_duplicate or entry is None:
        raise NotAccepted(_("There is no entry to update."))
    if not transitions.may_change(user, entry):
        raise NotAccepted(_("You may not change that entry."))
    note = imported_from(proposal)
    with revision(user, note, changing=entry):
        entry.as_printed = entry.as_printed or proposal.as_printed
        entry.source = entry.source or proposal.of.source
        entry.source_page = entry.source_page or proposal.page
        _refuse_if_wrong(entry, ("as_printed", "source", "source_page"))
        entry.save()
        _link(proposal, entry)
        transitions.note_change(entry, user, note if entry.is_public else "")
    _note_version(proposal, entry)
    proposal.details["updates"] = True
    decide(proposal, user, State.UPDATED)
    return entry


def _refuse_if_wrong(entry, changed):
    others = [field.name for field in entry._meta.fields if field.name not in changed]
    try:
        entry.full_clean(exclude=others)
    except ValidationError as error:
        raise NotAccepted(" ".join(error.messages)) from None


def _refuse_if_at_odds(entry):
    """Where a cell does not agree with what the entry says already; the form has the cells alone."""
    try:
        entry.validate_constraints()
    except ValidationError as error:
        raise NotAccepted(" ".join(error.messages)) from None


def imported_from(proposal):
    return _("Imported from %(name)s, proposal %(number)d") % {
        "name": proposal.of.name,
        "number": proposal.number,
    }


# --- By the portal's own forms


def _take_row(proposal, user):
    """A row of a spreadsheet: a draft, or the changes of the entry that it names."""
    values, entry = dict(proposal.details["values"]), proposal.entry
    tags, links = values.pop("tags", None), values.pop("links", None)
    is_own_source = values.get("source") == ITSELF
    if is_own_source:
        values |= {"source": "", "is_own_source": "on"}
    if entry is None and proposal.details["updates"]:
        raise NotAccepted(_("The entry was deleted since the file was read. Import it again."))
    if entry is None:
        _refuse_unless_may_add(user, proposal.model)
        values.setdefault("slug", _slug(proposal, proposal.model))
        values.setdefault("content_language", "en")
        values.setdefault(proposal.model.name_field, "")  # its form asks for it
    elif not transitions.may_change(user, entry):
        raise NotAccepted(_("You may not change that entry."))
    else:
        _refuse_if_changed(proposal, entry)
        values.setdefault("themes", list(entry.themes.values_list("pk", flat=True)))
        values[OPENED_WITH] = seal(Snapshot.of(entry))
    model_admin = admin.site.get_model_admin(proposal.model)
    form_class = forms.modelform_factory(
        proposal.model,
        form=model_admin.form,
        fields=[name for name in values if name not in (OPENED_WITH, "is_own_source")],
    )
    note = imported_from(proposal)
    form = form_class(data=values | {"change_note": note}, instance=entry)
    if not form.is_valid():
        raise NotAccepted(_problems(form))
    _refuse_if_at_odds(form.instance)
    with revision(user, note, changing=entry):
        saved = form.save()
        if is_own_source:
            saved.source = saved
            saved.save(update_fields=["source"])
        if tags is not None:
            known = set(Tag.objects.filter(name__in=tags).values_list("name", flat=True))
            saved.tags.set(known)
        if links is not None:
            proposal.links = links
            saved.links.exclude(url__in=links).delete()
            _link(proposal, saved)
        transitions.note_change(saved, user, note if saved.is_public else "", new=entry is None)
    return saved


def _refuse_if_changed(proposal, entry):
    """What was shown as the entry's own has to be so still."""
    columns = {column.field: column for column in columns_of(proposal.model)}
    for name, (before, _after) in proposal.details["changes"].items():
        if written(columns[name].kept(entry)) != before:
            raise NotAccepted(_("The entry was changed since the file was read. Import it again."))


def _draft(proposal, user, kind, meeting=None):
    model = next(each for each in kinds() if each.kind == kind)
    _refuse_unless_may_add(user, model)
    values = _values(proposal, model, meeting)
    model_admin = admin.site.get_model_admin(model)
    form_class = forms.modelform_factory(model, form=model_admin.form, fields=list(values))
    form = form_class(data=values)
    if not form.is_valid():
        raise NotAccepted(_problems(form))
    with revision(user, imported_from(proposal)):
        entry = form.save()
        _link(proposal, entry)
        transitions.note_change(entry, user, new=True)
    return entry


def _refuse_unless_may_add(user, model):
    if not has_permission(user, "add", model):
        names = {"names": model._meta.verbose_name_plural}
        raise NotAccepted(_("Your account may not add %(names)s.") % names)


def _problems(form):
    labels = {name: str(field.label or name) for name, field in form.fields.items()}
    return " ".join(
        f"{labels.get(name, '')}: {' '.join(map(str, errors))}"
        for name, errors in form.errors.items()
    )


def _values(proposal, model, meeting):
    """What the form of the kind would have been given by hand: what was read and it has a field for."""
    columns = {column.field: column for column in columns_of(model) if column.field}
    words = documents_of(model)
    read = {
        "slug": _slug(proposal, model),
        "source": proposal.of.source_id or "",
        "source_page": proposal.page,
        "as_printed": proposal.as_printed,
        "themes": list(proposal.themes.values_list("pk", flat=True)),
        "content_language": "en",
        "groups": list(proposal.groups.values_list("pk", flat=True)),
        "countries": list(proposal.countries.values_list("pk", flat=True)),
        "date_as_printed": proposal.date_as_printed,
        model.name_field: proposal.title,
        words.text: proposal.wording,
        **_days(proposal, model),
        **({"meeting": meeting.pk, "meeting_certainty": "certain"} if meeting else {}),
    }
    details = {
        name: value
        for name, value in proposal.details.items()
        if name in columns and columns[name].is_reading
    }
    return {
        name: _fitting(model, name, value)
        for name, value in (details | read).items()
        if name in columns
    }


def _fitting(model, name, value):
    if isinstance(value, list) and not model._meta.get_field(name).many_to_many:
        value = "\n".join(map(str, value))
    return value[: model._meta.get_field(name).max_length] if isinstance(value, str) else value


def _days(proposal, model):
    """The first and the last day or year of what is printed, and how precise that is."""
    if not proposal.start:
        return {}
    start, end = proposal.start, proposal.end or proposal.start
    read = dates.Reading(start, end, proposal.precision, "", ())
    try:
        first, last = read.first_day, read.last_day
    except ValueError:
        first, last = start, ""  # the form says what is wrong with it
    return {
        model.dated_by: first,
        "end_date": last,
        "date_precision": proposal.precision or dates.DAY,
        "start_year": start[:4],
        "end_year": end[:4] if end[:4] != start[:4] else "",
    }


def _slug(proposal, model):
    """From the title, or from the first words of what was printed; free."""
    text = proposal.title or proposal.wording or Reader().read(proposal.as_printed)
    words = slug_of(text).split("-")[: WORDS + (2 if proposal.title else 0)]
    stem = "-".join(words)[:90].strip("-") or f"import-{proposal.of_id}-{proposal.number}"
    if model.dated_by and proposal.start:
        stem = f"{stem}-{proposal.start[:4]}"
    slug, number = stem, 1
    while model.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{stem}-{number}"
    return slug


def _link(proposal, entry):
    """Its addresses, with the certainty that the reading has."""
    there = set(entry.links.values_list("url", flat=True))
    rows = [(url, "certain") for url in proposal.links] + [
        (url, "probable") for url in proposal.probable_links
    ]
    for url, certainty in rows:
        if url in there:
            continue
        role = Link.Role.DOCUMENT if url.lower().endswith(".pdf") else Link.Role.PAGE
        link = Link(
            url=url,
            role=role,
            certainty=certainty,
            source_page=proposal.page[:40],
            **{entry.kind: entry},
        )
        try:
            link.full_clean()
        except ValidationError as error:
            text = _("%(url)s: take it out of the proposal’s addresses, or mend it. %(why)s")
            raise NotAccepted(text % {"url": url, "why": " ".join(error.messages)}) from None
        link.save()
        there.add(url)
