"""A record in review as one page: what it says, what changed, what the source prints, what to do."""

from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from entries.workflow import transitions
from entries.workflow.forms import TransitionForm
from entries.workflow.mending import MOST_SIGNS
from entries.workflow.models import LoggedTransition
from entries.workflow.notes import Note
from entries.workflow.planning import PlanningAdmin
from entries.workflow.waiting import beside, from_source
from records.versions.differences import Reader
from records.versions.snapshots import Snapshot, Versioned, read, versions_of

# The transitions of the page, each with its key.
KEYS = {"publish": "p", "return": "r", "confirm": "c"}
OFFERED = {name: transitions.TRANSITIONS[name] for name in KEYS}
# What stands in a place of its own on the page.
BESIDE = ("source", "source_page", "as_printed", "slug", "links")
MOST_VERSIONS = 500  # in which the last public one is looked for


@dataclass
class Check:
    """What somebody who publishes a record should know, with the records it speaks of."""

    text: str
    records: tuple = ()
    forbids: bool = False


class ReviewPageAdmin(PlanningAdmin):
    """Of `entries.workflow.admin.ReviewedAdmin`: its page of a record that waits to be looked at."""

    def get_urls(self):
        at = {"review": self.review_view, "review/edit": self.edit_in_review_view}
        own = [
            path(
                f"<path:object_id>/{route}/",
                self.admin_site.admin_view(view),
                name=self._name(route.replace("/", "_")),
            )
            for route, view in at.items()
        ]
        return own + super().get_urls()

    def checks(self, record):
        """Yield what a reviewer should know. A kind of record knows more."""
        if lacking := record.lacks_to_be_public():
            yield Check(lacking, forbids=True)
        if doubt := record.doubt_before_publishing():
            yield Check(doubt)

    def links_of(self, record):
        """The addresses that a reviewer should look at."""
        return []

    def documents_of(self, record):
        """Where the source itself can be read."""
        return []

    # --- The page

    def review_view(self, request, object_id):
        record = self._record(request, object_id)
        place, number, following = beside(request.user, record)
        offers = self._offers(request, record, OFFERED, TransitionForm)
        for offer in offers:
            offer["key"] = KEYS[offer["transition"].name]
            if offer["form"].is_bound and offer["form"].is_valid() and not offer["refusal"]:
                answers = offer["form"].cleaned_data | {"seen": offer["form"].seen}
                self.perform(request, [record], offer["transition"], **answers)
                return self._next(request, following)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Review: %s") % record,
            "opts": self.opts,
            "record": record,
            "offers": offers,
            "place": place,
            "number": number,
            "following": following and following.admin_page("review"),
            "checks": [*self.checks(record)],
            "links": self.links_of(record),
            "documents": self.documents_of(record),
            "past": LoggedTransition.objects.of(record).select_related("user").order_by("-pk"),
            "notes": Note.objects.of(record).select_related("user").prefetch_related("calls__user"),
            "most_signs": MOST_SIGNS,
            "may_publish": self.has_publish_permission(request),
            "may_change": self.has_change_permission(request, record),
            "together": self._from_its_source(request, record),
            **self._differences(request, record),
        }
        return TemplateResponse(request, "admin/review.html", context)

    def edit_in_review_view(self, request, object_id):
        """The form of the record, which leads back to the page."""
        request.edited_in_review = True
        return self.changeform_view(request, object_id)

    def response_change(self, request, obj):
        if getattr(request, "edited_in_review", False) and "_save" in request.POST:
            return redirect(obj.admin_page("review"))
        return super().response_change(request, obj)

    def _from_its_source(self, request, record):
        """How many others in review were taken from the same source."""
        if not record.source_id:
            return 0
        found = from_source(request.user, record.source)
        return len([other for other in found if other != record])

    def _next(self, request, following):
        if following is not None:
            return redirect(following.admin_page("review"))
        self.message_user(request, _("Nothing else waits for your review."), messages.INFO)
        return redirect("admin:index")

    def _differences(self, request, record):
        """What it says now, beside what the public was told last."""
        now, last = Snapshot.of(record), last_public(record)
        aside = {*BESIDE, *Versioned.of(self.model).stays}
        order = self._order(request, record)
        old = Snapshot.of_version(last) if last else now
        found = Reader(self.model).differences(old, now, order)
        found = [each for each in found if each.name not in aside and (each.after or each.before)]
        return {
            "last_public": last,
            "differences": [each for each in found if each.is_one],
            "says": [each for each in found if not each.is_one],
        }


def last_public(record):
    """The version that the public was told last, before what waits to be looked at now."""
    versions = versions_of(type(record), record.pk)
    for version in versions.prefetch_related(None)[:MOST_VERSIONS]:
        values = read(version)["fields"]
        if values.get("status") == record.Status.PUBLISHED and not values.get("awaits_second_look"):
            return version
    return None
