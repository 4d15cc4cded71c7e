"""The first page of the admin: what waits for the person who opens it."""

from datetime import timedelta

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import F, Max, Value
from django.http import Http404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import ListView, RedirectView, TemplateView
from taggit.models import Tag

from entries.links.checks_admin import hand_needed
from entries.links.health import LinkCheck
from entries.models import Entry
from entries.workflow.models import LoggedTransition, reviewed_models
from entries.workflow.permissions import has_permission
from meetings.groups import WorkingGroup
from ranportal import piles
from records.admin import could_be_key
from themes.models import Theme

SHOWN_OF_THE_WEEK = 30
WEEK = timedelta(days=7)
# What is kept without review: the admin's own log tells who did what with it.
KEPT = (Theme, WorkingGroup, Tag)


class OfTheDesk:
    """Of a page for those who have a role, about what it may look at."""

    def dispatch(self, request, *args, **kwargs):
        if not request.user.get_all_permissions():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def models(self):
        return [model for model in reviewed_models() if self.may("view", model)]

    def may(self, permission, model):
        return has_permission(self.request.user, permission, model)

    def week(self):
        """What was done in the last seven days: with what is reviewed, and with what is not."""
        since = timezone.now() - WEEK
        types = ContentType.objects.get_for_models(*self.models).values()
        kept = [model for model in KEPT if self.may("view", model)]
        others = ContentType.objects.get_for_models(*kept).values()
        made = LoggedTransition.objects.filter(at__gte=since, content_type__in=types)
        saved = LogEntry.objects.filter(action_time__gte=since, content_type__in=others)
        return made, saved


class Desk(OfTheDesk, TemplateView):
    """What waits for a person, of what their role may look at: without a role nothing is shown."""

    template_name = "admin/desk.html"

    def get_context_data(self, **kwargs):
        found = [*self.piles()]
        week, more = last_of_the_week(*self.week())
        return super().get_context_data(
            **kwargs,
            **admin.site.each_context(self.request),
            title=_("What waits for you"),
            app_list=admin.site.get_app_list(self.request),
            may_add=[model._meta for model in self.models if self.may("add", model)],
            piles=[pile for pile in found if pile["rows"]],
            empty=[pile["title"] for pile in found if not pile["rows"]],
            week=week,
            more_of_the_week=more,
            lacks=piles.lacks([model for model in self.models if issubclass(model, Entry)]),
            links=hand_needed(self.request.user),
            may_check=self.may("change", LinkCheck),
        )

    def piles(self):
        user, models = self.request.user, self.models
        curated = [model for model in models if self.may("curate", model)]
        yield piles.of_calls(user, models)
        yield from piles.of_records(
            user, models, [*(to_review(user) if curated else ()), *own(user)]
        )
        if curated:
            yield piles.of_schedule(user, models)
            yield piles.of_duplicates([model for model in curated if issubclass(model, Entry)])


def to_review(user):
    """The piles of whoever looks at what others wrote."""
    return (
        piles.Chosen(
            _("Waiting for your review"),
            lambda records: records.to_review(user),
            to_review=True,
            filters={"status__exact": "review"},
        ),
        piles.Chosen(
            _("Changed after publication: a second look is due"),
            lambda records: records.to_look_at_again(),
            to_review=True,
            filters={"awaits_second_look__exact": 1},
        ),
        piles.Chosen(
            _("Due for review"),
            lambda records: records.due_for_review(),
            to_review=True,
            filters={"due": "now"},
        ),
    )


def own(user):
    """The piles of what a person wrote."""
    drafts, in_review = {"status__exact": "draft"}, {"status__exact": "review"}
    return (
        piles.Chosen(
            _("Sent back to you"), lambda records: records.sent_back_to(user), filters=drafts
        ),
        piles.Chosen(_("Your drafts"), lambda records: records.drafts_of(user), filters=drafts),
        piles.Chosen(
            _("Yours, in review"), lambda records: records.in_review_of(user), filters=in_review
        ),
    )


class Week(OfTheDesk, ListView):
    """All that was done in the last seven days, each time it was done."""

    template_name = "admin/week.html"
    paginate_by = 100

    def get_queryset(self):
        made, saved = self.week()
        made = made.order_by().annotate(log=Value("transition"), when=F("at"))
        saved = saved.order_by().annotate(log=Value("entry"), when=F("action_time"))
        columns = ("when", "log", "pk")
        found = made.values_list(*columns).union(saved.values_list(*columns), all=True)
        return found.order_by("-when", "log", "-pk")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs, **admin.site.each_context(self.request))
        keys = [(log, pk) for _when, log, pk in context["object_list"]]
        made = LoggedTransition.objects.select_related("user").prefetch_related("record")
        saved = LogEntry.objects.select_related("user", "content_type")
        found = {
            ("transition", pk): each for pk, each in made.in_bulk(of("transition", keys)).items()
        }
        found |= {("entry", pk): each for pk, each in saved.in_bulk(of("entry", keys)).items()}
        context["rows"] = [found[key] for key in keys if key in found]
        context["title"] = _("This week")
        return context


def of(log, keys):
    return [pk for name, pk in keys if name == log]


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


def last_of_the_week(made, saved):
    """The last that was done with each record, and with what is kept without review; if there is more."""
    last = made.order_by().values("content_type", "object_id").annotate(last=Max("pk"))
    shown = LoggedTransition.objects.filter(pk__in=last.values("last")).select_related("user")
    shown = [*shown.prefetch_related("record").order_by("-pk")[: SHOWN_OF_THE_WEEK + 1]]
    saved = [*saved.select_related("user", "content_type").order_by("-pk")[: SHOWN_OF_THE_WEEK + 1]]
    # Some records may be deleted.
    rows = [(each.at, each) for each in shown if each.record]
    rows += [(each.action_time, each) for each in saved]
    rows.sort(key=lambda row: row[0], reverse=True)
    return [each for _at, each in rows[:SHOWN_OF_THE_WEEK]], bool(rows)
