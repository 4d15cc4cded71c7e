"""The first page of the admin: what waits for the person who opens it."""

from datetime import timedelta

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView, TemplateView

from entries.workflow.models import LoggedTransition, reviewed_models
from entries.workflow.permissions import has_permission
from records.admin import could_be_key

SHOWN_OF_A_MODEL = 10
SHOWN_OF_THE_WEEK = 30
WEEK = timedelta(days=7)

# What a record may lack: its relation, and the filter of the lists that finds such records.
LACKS = [
    (_("No theme"), "themes", {"theme": "-"}),
    (_("No tag"), "tags", {"tags__isnull": "True"}),
    (_("No link"), "links", {"links": "-"}),
]


class Desk(TemplateView):
    """What waits for a person, of what their role may look at: without a role nothing is shown."""

    template_name = "admin/desk.html"

    def get_context_data(self, **kwargs):
        if not self.request.user.get_all_permissions():
            raise PermissionDenied
        self.models = [model for model in reviewed_models() if self.may("view", model)]
        piles = [*self.piles()]
        return super().get_context_data(
            **kwargs,
            **admin.site.each_context(self.request),
            title=_("What waits for you"),
            app_list=admin.site.get_app_list(self.request),
            may_add=[model._meta for model in self.models if self.may("add", model)],
            piles=[pile for pile in piles if pile["rows"]],
            empty=[pile["title"] for pile in piles if not pile["rows"]],
            week=last_of_the_week(self.models),
            lacks=[
                {"title": title, "lists": lacking(self.models, *lack)} for title, *lack in LACKS
            ],
        )

    def may(self, permission, model):
        return has_permission(self.request.user, permission, model)

    def piles(self):
        user = self.request.user
        if any(self.may("curate", model) for model in self.models):
            yield pile(
                self.models,
                _("Waiting for your review"),
                lambda records: records.to_review(user),
                status__exact="review",
            )
            yield pile(
                self.models,
                _("Changed after publication: a second look is due"),
                lambda records: records.to_look_at_again(),
                awaits_second_look__exact=1,
            )
        yield pile(
            self.models,
            _("Sent back to you"),
            lambda records: records.sent_back_to(user),
            status__exact="draft",
        )
        yield pile(
            self.models,
            _("Your drafts"),
            lambda records: records.drafts_of(user),
            status__exact="draft",
        )


class ShortLink(RedirectView):
    """The admin's link to the page of a record, for whoever may look at the record."""

    def get_redirect_url(self, *args, content_type_id, object_id):
        model = None
        if could_be_key(ContentType, content_type_id):
            content_type = ContentType.objects.filter(pk=content_type_id).first()
            model = content_type and content_type.model_class()
        if not (admin.site.is_registered(model) and hasattr(model, "get_absolute_url")):
            raise Http404
        model_admin = admin.site.get_model_admin(model)
        record = could_be_key(model, object_id) and model_admin.get_object(self.request, object_id)
        if not record:
            raise Http404
        if not model_admin.has_view_permission(self.request, record):
            raise PermissionDenied
        return record.get_absolute_url()


def pile(models, title, chosen, **filters):
    """The records that `chosen` picks of each model, the last changed first."""
    rows, more = [], []
    for model in models:
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


def last_of_the_week(models):
    """The last transition of each record with which anything was done, the last one first."""
    types = ContentType.objects.get_for_models(*models).values()
    logged = LoggedTransition.objects.filter(at__gte=timezone.now() - WEEK, content_type__in=types)
    last = logged.values("content_type", "object_id").annotate(last=Max("pk")).values("last")
    shown = LoggedTransition.objects.filter(pk__in=last).select_related("user")
    shown = shown.prefetch_related("record").order_by("-pk")[:SHOWN_OF_THE_WEEK]
    # Some records may be deleted.
    return [logged for logged in shown if logged.record]


def lacking(models, relation, filters):
    """The models of whose records some lack something, with how many of them do."""
    lists = []
    for model in models:
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
