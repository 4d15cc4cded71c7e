"""What is new, of every kind together."""

from collections import defaultdict
from operator import itemgetter

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from entries.filters import EntryFilter
from entries.formats.atom import EntryFeed, last_change
from entries.formats.base import present_address
from entries.models import kinds
from records.parameters import refusal

# A reader asks far more often than as many entries are published.
NEWEST = 100


class NewFeed(EntryFeed):
    """A feed of several kinds, which says of each entry what it is."""

    def title(self, entry):
        return f"{entry.kind.label}: {entry.heading}"


class NewEntries(View):
    """The newest entries, by when they were first published, narrowed by what all kinds share."""

    def get(self, request):
        filtersets = [EntryFilter(request.GET, kind.objects.published()) for kind in kinds()]
        if moved := present_address(request, filtersets[0]):
            return moved
        try:
            filtersets[0].refuse_unreadable()
        except BadRequest as error:
            return refusal(error)
        entries = self.newest(filtersets)
        chosen = ", ".join(str(chip.label) for chip in filtersets[0].chips)
        feed = NewFeed(
            request,
            identifier=filtersets[0].identifier,
            query=filtersets[0].query(),
            title=_("New: %(chosen)s") % {"chosen": chosen} if chosen else _("New"),
            subtitle=_(
                "The newest entries of every kind, %(most)d at most; this feed holds %(count)d."
            )
            % {"most": NEWEST, "count": len(entries)},
            page=reverse("home"),
            updated=last_change(kinds()),
        )
        return HttpResponse(feed.chunks(entries), content_type=feed.content_type)

    def newest(self, filtersets):
        """The newest of each kind, and of all of these the newest: only they are brought whole."""
        found = [
            (published, filterset.queryset.model, key)
            for filterset in filtersets
            for published, key in filterset.qs.order_by("-first_published", "-pk").values_list(
                "first_published", "pk"
            )[:NEWEST]
        ]
        found.sort(key=itemgetter(0), reverse=True)
        keys = defaultdict(list)
        for _published, model, key in found[:NEWEST]:
            keys[model].append(key)
        entries = {
            (model, entry.pk): entry
            for model, these in keys.items()
            for entry in model.objects.in_batches("for_file", these)
        }
        chosen = ((model, key) for _published, model, key in found[:NEWEST])
        return [entries[each] for each in chosen if each in entries]
