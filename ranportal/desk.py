"""The first page of the admin: what waits for the person who opens it."""

from datetime import timedelta

from django.contrib import admin
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from entries.models import kinds
from entries.workflow import transitions
from entries.workflow.models import Step

SHOWN_OF_A_KIND = 10
SHOWN_STEPS = 30
WEEK = timedelta(days=7)

# What an entry may lack: its relation, and the filter of the lists that finds such entries.
GAPS = [
    (_("No theme"), "themes", {"theme": "-"}),
    (_("No tag"), "tags", {"tags__isnull": "True"}),
    (_("No link"), "links", {"links": "-"}),
]


class Desk(TemplateView):
    template_name = "admin/desk.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **kwargs,
            **admin.site.each_context(self.request),
            title=_("What waits for you"),
            app_list=admin.site.get_app_list(self.request),
            may_add=[kind._meta for kind in kinds() if self.may("add", kind)],
            piles=[*self.piles()],
            steps=steps_of_the_week(),
            gaps=[{"title": title, "lists": lacking(*gap)} for title, *gap in GAPS],
        )

    def may(self, right, kind):
        return transitions.has_right(self.request.user, right, kind)

    def piles(self):
        user = self.request.user
        if any(self.may("curate", kind) for kind in kinds()):
            yield pile(
                _("Waiting for your review"),
                lambda entries: entries.to_review(user),
                status__exact="review",
            )
            yield pile(
                _("Changed after publication: a second look is due"),
                lambda entries: entries.to_look_at_again(),
                awaits_second_look__exact=1,
            )
        yield pile(
            _("Sent back to you"),
            lambda entries: entries.sent_back_to(user),
            status__exact="draft",
        )
        yield pile(_("Your drafts"), lambda entries: entries.drafts_of(user), status__exact="draft")


def pile(title, chosen, **filters):
    """The entries that `chosen` picks of each kind, the last changed first."""
    entries, more = [], []
    for kind in kinds():
        latest = chosen(kind.objects.select_related("changed_by")).order_by("-updated")
        found = [*latest[: SHOWN_OF_A_KIND + 1]]
        entries += found[:SHOWN_OF_A_KIND]
        if len(found) > SHOWN_OF_A_KIND:
            more.append({"name": kind._meta.verbose_name_plural, "url": address(kind, filters)})
    entries.sort(key=lambda entry: entry.updated, reverse=True)
    return {"title": title, "entries": entries, "more": more}


def steps_of_the_week():
    """The last step of each entry with which anything was done, the last one first."""
    steps = Step.objects.filter(at__gte=timezone.now() - WEEK)
    last = steps.values("content_type", "object_id").annotate(last=Max("pk")).values("last")
    shown = Step.objects.filter(pk__in=last).select_related("user").prefetch_related("entry")
    # Some entries may be deleted.
    return [step for step in shown.order_by("-pk")[:SHOWN_STEPS] if step.entry]


def lacking(relation, filters):
    """The kinds of which entries lack something, with how many of them do."""
    counts = [(kind, kind.objects.without(relation).count()) for kind in kinds()]
    return [
        kind.words() | {"count": count, "url": address(kind, filters)}
        for kind, count in counts
        if count
    ]


def address(kind, filters):
    """A list of the admin, filtered."""
    names = kind._meta
    path = reverse(f"admin:{names.app_label}_{names.model_name}_changelist")
    return f"{path}?{urlencode(filters)}"
