"""The first page of the admin: what waits for the person who opens it."""

from datetime import timedelta

from django.contrib import admin
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from entries.workflow.models import LoggedTransition, reviewed_models
from entries.workflow.transitions import has_permission

SHOWN_OF_A_MODEL = 10
SHOWN_OF_THE_WEEK = 30
WEEK = timedelta(days=7)

# What a record may lack: its relation, and the filter of the lists that finds such records.
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
            may_add=[model._meta for model in reviewed_models() if self.may("add", model)],
            piles=[*self.piles()],
            week=last_of_the_week(),
            gaps=[{"title": title, "lists": lacking(*gap)} for title, *gap in GAPS],
        )

    def may(self, permission, model):
        return has_permission(self.request.user, permission, model)

    def piles(self):
        user = self.request.user
        if any(self.may("curate", model) for model in reviewed_models()):
            yield pile(
                _("Waiting for your review"),
                lambda records: records.to_review(user),
                status__exact="review",
            )
            yield pile(
                _("Changed after publication: a second look is due"),
                lambda records: records.to_look_at_again(),
                awaits_second_look__exact=1,
            )
        yield pile(
            _("Sent back to you"),
            lambda records: records.sent_back_to(user),
            status__exact="draft",
        )
        yield pile(_("Your drafts"), lambda records: records.drafts_of(user), status__exact="draft")


def pile(title, chosen, **filters):
    """The records that `chosen` picks of each model, the last changed first."""
    rows, more = [], []
    for model in reviewed_models():
        names = model._meta
        latest = chosen(model.objects.select_related("changed_by")).order_by("-updated")
        found = [*latest[: SHOWN_OF_A_MODEL + 1]]
        rows += [
            {
                "name": names.verbose_name,
                "record": record,
                "last_note": getattr(record, "last_note", ""),
            }
            for record in found[:SHOWN_OF_A_MODEL]
        ]
        if len(found) > SHOWN_OF_A_MODEL:
            more.append({"name": names.verbose_name_plural, "url": address(model, filters)})
    rows.sort(key=lambda row: row["record"].updated, reverse=True)
    return {"title": title, "rows": rows, "more": more}


def last_of_the_week():
    """The last transition of each record with which anything was done, the last one first."""
    logged = LoggedTransition.objects.filter(at__gte=timezone.now() - WEEK)
    last = logged.values("content_type", "object_id").annotate(last=Max("pk")).values("last")
    shown = LoggedTransition.objects.filter(pk__in=last).select_related("user")
    shown = shown.prefetch_related("record").order_by("-pk")[:SHOWN_OF_THE_WEEK]
    # Some records may be deleted.
    return [logged for logged in shown if logged.record]


def lacking(relation, filters):
    """The models of whose records some lack something, with how many of them do."""
    lists = []
    for model in reviewed_models():
        names = model._meta
        has = any(field.name == relation for field in names.get_fields())
        if has and (count := model.objects.without(relation).count()):
            name = names.verbose_name if count == 1 else names.verbose_name_plural
            lists.append({"name": name, "count": count, "url": address(model, filters)})
    return lists


def address(model, filters):
    """A list of the admin, filtered."""
    names = model._meta
    path = reverse(f"admin:{names.app_label}_{names.model_name}_changelist")
    return f"{path}?{urlencode(filters)}"
