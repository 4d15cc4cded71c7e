"""The pages that show all kinds together."""

from collections import Counter

from django.db.models import Count, F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from taggit.models import Tag

from entries.links.models import Link
from entries.models import kinds
from meetings.models import Chair, Meeting, Paper, WorkingGroup
from records.metadata import described, described_home
from records.views import RecordDetail
from themes.metadata import described_theme
from themes.models import Absence, Theme

# A branch is read in place up to here; beyond it the kind's list takes over.
ENTRIES_IN_PLACE = 60
# Of those filed elsewhere, so many are named where a branch holds none of a kind.
ENTRIES_ELSEWHERE = 6


def counted_tree():
    """The theme tree, each theme with `counts` (by kind) and `total` of its branch."""
    by_kind = [(model.kind, model.objects.published().branch_counts()) for model in kinds()]
    tree = Theme.objects.nested()
    level = list(tree)
    while level:
        for theme in level:
            theme.counts = [{"kind": kind, "count": counts[theme.slug]} for kind, counts in by_kind]
            theme.total = sum(row["count"] for row in theme.counts)
        level = [below for theme in level for below in theme.below]
    return tree


class Home(TemplateView):
    template_name = "home.html"
    parameters = ()

    def get_context_data(self, **kwargs):
        meetings = Meeting.objects.published()
        return super().get_context_data(
            **kwargs,
            described=described_home(self.request),
            tree=counted_tree(),
            totals=[
                {"kind": model.kind, "count": model.objects.published().count()}
                for model in kinds()
            ],
            tags=common_tags(),
            upcoming=meetings.upcoming().order_by("start_date")[:3],
            latest=meetings.past()[:3],
        )


def common_tags():
    """The tags most entries carry, with the kind whose list holds the most of each."""
    uses = Counter()
    for kind in kinds():
        rows = kind.objects.published().order_by().values_list("tags").annotate(Count("pk"))
        uses.update({tag: count for tag, count in rows if tag})
    tags = Tag.objects.in_bulk([pk for pk, count in uses.most_common(16)])
    return sorted(tags.values(), key=lambda tag: tag.name.lower())


class About(TemplateView):
    template_name = "about.html"
    parameters = ()

    def get_context_data(self, **kwargs):
        papers = Paper.objects.published()
        return super().get_context_data(
            **kwargs,
            described=described(
                self.request, "AboutPage", reverse("about"), _("About this portal")
            ),
            chairs=Chair.objects.select_related("group", "country").order_by(
                "-current", "position"
            ),
            groups=WorkingGroup.objects.all(),
            sources=papers.filter(source=F("pk")),
            unassigned=Link.objects.unassigned().filter(paper__in=papers).count(),
        )


class ThemeDetail(RecordDetail):
    """A theme with the whole branch below it, kind by kind, readable in place."""

    model = Theme
    template_name = "themes/theme_detail.html"

    def get_queryset(self):
        return Theme.objects.with_lineage().select_related(
            "source", "subject", "parent__source", "parent__parent__source"
        )

    def get_context_data(self, **kwargs):
        theme = self.object
        branch = list(theme.branch.in_tree_order())
        absences = Absence.objects.filter(theme__in=branch).select_related(
            "theme", "meeting", "source"
        )
        siblings = Theme.objects.filter(parent=theme.parent_id).with_lineage().in_tree_order()
        return super().get_context_data(
            **kwargs,
            described=described_theme(self.request, theme),
            introduced=theme.introduced,
            below=[other for other in branch if other.parent_id == theme.pk],
            siblings=siblings,
            sections=[self.section(model, branch, absences) for model in kinds()],
        )

    def section(self, model, branch, absences):
        """What a kind holds in the branch, in the order of the tree."""
        places = {theme.pk: place for place, theme in enumerate(branch)}
        entries = model.objects.published().in_branch(self.object.slug)
        shown = list(entries.for_display()[:ENTRIES_IN_PLACE])
        for entry in shown:
            entry.filed_under = next(theme for theme in entry.themes.all() if theme.pk in places)
        shown.sort(key=lambda entry: places[entry.filed_under.pk])
        return {
            "kind": model.kind,
            "count": entries.count(),
            "entries": shown,
            "elsewhere": [] if shown else self.elsewhere(model),
            "absences": [absence for absence in absences if absence.kind == model.kind],
        }

    def elsewhere(self, model):
        """Entries that carry the subject of the theme and are not filed in its branch."""
        subject = self.object.subject
        return model.objects.published().filter(tags=subject)[:ENTRIES_ELSEWHERE] if subject else []
