"""What lies on the desk, in piles: records, calls, times that were set, and what lacks something."""

from collections.abc import Callable
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db.models import Count, Exists, OuterRef
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from entries.duplicates import all_alike
from entries.links.models import Link
from entries.workflow.notes import Call
from entries.workflow.schedule import ScheduledTransition
from meetings.groups import WorkingGroup
from themes.models import Theme

SHOWN_OF_A_MODEL = 10
SHOWN = 20

# What a record may lack: its relation, and the filter of the lists that finds such records.
LACKS = [
    (_("No source"), "source", {"source__isnull": "True"}),
    (_("No theme"), "themes", {"theme": "-"}),
    (_("No tag"), "tags", {"tags__isnull": "True"}),
    (_("No link"), "links", {"links": "-"}),
]


def row(record, url=None, **more):
    return {"name": record._meta.verbose_name, "record": record, "url": url, **more}


class Chosen(NamedTuple):
    """A pile of records: those that `pick` narrows the records of each model to."""

    title: str
    pick: Callable
    to_review: bool = False
    filters: dict = {}  # by which the lists of the admin show the same


def of_records(user, models, piles):
    """The records of each pile, the last changed first; most hold none, which is asked at once."""
    picked = [[pile.pick(model.objects.all()) for model in models] for pile in piles]
    holds = iter(holding(user, [records for each in picked for records in each]))
    for pile, each in zip(piles, picked, strict=True):
        yield pile_of(pile, [records for records in each if next(holds)])


def holding(user, querysets):
    """Of each queryset whether it holds anything, asked in one statement beside the person's row."""
    asked = [Exists(records.order_by()) for records in querysets]
    return User.objects.filter(pk=user.pk).values_list(*asked).get() if asked else []


def pile_of(pile, picked):
    rows, more = [], []
    for records in picked:
        latest = records.select_related("changed_by").order_by("-updated")
        found = [*latest[: SHOWN_OF_A_MODEL + 1]]
        for record in found[:SHOWN_OF_A_MODEL]:
            url = record.admin_page("review" if pile.to_review else "change")
            rows.append(row(record, url, last_note=getattr(record, "last_note", "")))
        if len(found) > SHOWN_OF_A_MODEL:
            url = address(records.model, pile.filters)
            more.append({"name": records.model._meta.verbose_name_plural, "url": url})
    rows.sort(key=lambda row: row["record"].updated, reverse=True)
    return {"title": pile.title, "rows": rows, "more": more}


def of_calls(user, models):
    """The records of these models to which somebody calls this person."""
    calls = Call.objects.waiting_for(user).about(models).select_related("note__user")
    calls = calls.prefetch_related("note__record").order_by("-pk")[:SHOWN]
    rows = []
    for call in calls:
        note = call.note
        if note.record:  # it may be deleted
            url = note.record.admin_page("notes")
            who = note.user or _("somebody")
            rows.append(row(note.record, url, who=who, when=note.at, last_note=note.text))
    return {"title": _("You are called"), "rows": rows, "more": []}


def of_schedule(user, models):
    """What this person set a time for, of these models, and what could not be made."""
    found = ScheduledTransition.objects.filter(user=user).about(models).unsettled()
    rows = []
    for each in found.prefetch_related("record")[:SHOWN]:
        if each.record:
            url = each.record.admin_page("dates")
            what = each.get_transition_display()
            rows.append(row(each.record, url, what=what, at=each.at, last_note=each.reason))
    return {"title": _("Set for a time"), "rows": rows, "more": []}


def of_duplicates(models):
    """Entries that say the same; the first of each is named with the others."""
    rows, more = [], []
    for model in models:
        found = all_alike(model)
        for first, *others in found[:SHOWN_OF_A_MODEL]:
            rows.append(row(first, first.admin_url, others=others))
        if len(found) > SHOWN_OF_A_MODEL:
            more.append({"name": model._meta.verbose_name_plural})
    return {"title": _("There may be two of it"), "rows": rows, "more": more}


# --- What is lacking -------------------------------------------------------------


def lacks(models):
    """[{title, lists}] of what records lack, with how many of each model do."""
    found = [{"title": title, "lists": []} for title, *_rest in LACKS]
    for model in [*models, Theme, WorkingGroup]:
        lacking = lacking_of(model)
        for lack, (_title, relation, filters) in zip(found, LACKS, strict=True):
            if count := lacking.get(relation):
                names = model._meta
                name = names.verbose_name if count == 1 else names.verbose_name_plural
                lack["lists"].append({"name": name, "count": count, "url": address(model, filters)})
    found.append({"title": _("To be placed"), "lists": unassigned()})
    return [lack for lack in found if lack["lists"]]


def lacking_of(model):
    """{relation: how many records of the model, withdrawn ones left out, have nothing in it}."""
    names = {field.name for field in model._meta.get_fields()}
    records = model._base_manager.order_by()
    kept = records.exclude(status="withdrawn") if "status" in names else records
    asked = {
        relation: Count(
            "pk",
            filter=~Exists(records.filter(pk=OuterRef("pk"), **{f"{relation}__isnull": False})),
        )
        for _title, relation, _filters in LACKS
        if relation in names
    }
    return kept.aggregate(**asked)


def unassigned():
    count = Link.objects.unassigned().count()
    if not count:
        return []
    name = ngettext("link not yet assigned", "links not yet assigned", count)
    filters = {"role__exact": Link.Role.UNASSIGNED}
    return [{"name": name, "count": count, "url": address(Link, filters)}]


def address(model, filters):
    """A list of the admin, filtered."""
    names = model._meta
    path = reverse(f"admin:{names.app_label}_{names.model_name}_changelist")
    return f"{path}?{urlencode(filters)}"
