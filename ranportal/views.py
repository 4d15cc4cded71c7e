"""The pages that show all kinds together."""

from collections import Counter
from dataclasses import dataclass
from operator import itemgetter

from django.conf import settings
from django.db.models import Count, F
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from taggit.models import Tag

from briefings.models import Situation
from entries.branch import Branch, first_tagged
from entries.glossary.models import Term
from entries.kinds import Kind
from entries.links.models import Link
from entries.models import kinds, listed_of
from entries.places import MOST_MARKS, Cell, Map, Places
from entries.search.normalise import normalise
from entries.sets import sets_of
from meetings.groups import Chair, WorkingGroup
from meetings.models import Meeting, Paper
from ranportal.charts.small import SmallMap
from records.memory import Of, remembered
from records.metadata import described, described_home
from records.views import RecordDetail
from themes.metadata import described_theme
from themes.models import Absence, Theme

# A branch is read in place up to here; beyond it the kind's list takes over.
ENTRIES_IN_PLACE = 20
# Of those filed elsewhere, so many are named where a branch holds none of a kind.
ENTRIES_ELSEWHERE = 6
# So many of each kind begin a main theme.
FIRST = 3


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
    read_parameters = ()

    def get_context_data(self, **kwargs):
        upcoming, latest = remembered(
            "meetings of home", meetings_of_home, 60_000, Of.any_of(Meeting)
        )
        return super().get_context_data(
            **kwargs,
            described=described_home(self.request),
            situations=Situation.objects.published(),
            map=remembered("map", Map, weight=1_000_000),
            tags=remembered("common tags", common_tags),
            upcoming=upcoming,
            latest=latest,
        )


def meetings_of_home():
    """The next ones and the last ones, by name and day."""
    meetings = Meeting.objects.published()
    return list(meetings.upcoming().order_by("start_date")[:3]), list(meetings.past()[:3])


def common_tags():
    """The tags most entries carry, with the kind whose list holds the most of each."""
    uses = Counter()
    for kind in kinds():
        if sets := sets_of(kind):
            having = sets.having("tags__slug")
            uses.update({slug: tagged.bit_count() for slug, tagged in having.items()})
        else:
            rows = kind.objects.published().order_by().values_list("tags__slug")
            uses.update({slug: count for slug, count in rows.annotate(Count("pk")) if slug})
    most = [slug for slug, count in sorted(uses.items(), key=lambda use: (-use[1], use[0]))[:16]]
    tags = Tag.objects.filter(slug__in=most)
    return sorted(tags, key=lambda tag: normalise(tag.name))


class About(TemplateView):
    template_name = "about.html"
    read_parameters = ()

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
            licence=settings.CONTENT_LICENCE,
            unassigned=Link.objects.unassigned().filter(paper__in=papers).count(),
        )


class HowSure(TemplateView):
    """What the line beside a statement means."""

    template_name = "how_sure.html"
    read_parameters = ()

    def get_context_data(self, **kwargs):
        terms = [
            (
                _("lesson or recommendation"),
                _(
                    "The source lists it under ‘Lessons learned and recommendations’, or as a key"
                    " point. It may be an experience, an opinion or advice."
                ),
            ),
            (_("open question"), _("The source lists it as something to be explored further.")),
            (
                _("of a group"),
                _("The working group that the paper names as its own; not necessarily unanimous."),
            ),
            (
                _("in one paper"),
                _("One document says it. Whether others do, nobody has compared."),
            ),
            (_("a date, or undated"), _("That of the paper, as precise as it is printed.")),
            (
                _("no study is named"),
                _(
                    "Somebody looked: the passage names no study that it rests on. Where nobody"
                    " looked, the line says nothing of it."
                ),
            ),
            (
                _("our wording"),
                _("The portal restates the source in its own words. Check the page it names."),
            ),
        ]
        return super().get_context_data(
            **kwargs,
            described=described(
                self.request, "AboutPage", reverse("how-sure"), _("How sure is it?")
            ),
            terms=terms,
        )


class Accessibility(TemplateView):
    """What was tested of the pages, how, what falls short, and how to report it."""

    template_name = "accessibility.html"
    read_parameters = ()

    def get_context_data(self, **kwargs):
        name, address = _("Accessibility"), reverse("accessibility")
        return super().get_context_data(
            **kwargs,
            contact_email=settings.CONTACT_EMAIL,
            described=described(self.request, "AboutPage", address, name),
        )


class Privacy(TemplateView):
    """What visitors leave behind, and curators: true to the code, so change both together."""

    template_name = "privacy.html"
    read_parameters = ()

    def get_context_data(self, **kwargs):
        name, address = _("Privacy"), reverse("privacy")
        return super().get_context_data(
            **kwargs,
            log_kept=settings.ACCESS_LOG_KEPT,
            described=described(self.request, "AboutPage", address, name),
        )


class ThemeDetail(RecordDetail):
    """A theme with what is known, who does it and what is not known in its branch.

    A main theme shows the first of each kind; every other theme can be read in place.
    """

    model = Theme
    template_name = "themes/theme_detail.html"

    def get(self, request, *args, **kwargs):
        """Whoever asks for Turtle is led to it."""
        if request.get_preferred_type(["text/html", "text/turtle"]) == "text/turtle":
            response = HttpResponseRedirect(reverse("theme-detail-ttl", args=[kwargs["slug"]]))
            response.status_code = 303
        else:
            response = super().get(request, *args, **kwargs)
        patch_vary_headers(response, ["Accept"])
        return response

    def get_object(self, queryset=None):
        """As it stands in the tree, where that is remembered."""
        return Theme.objects.told(self.kwargs["slug"]) or super().get_object(queryset)

    def get_context_data(self, **kwargs):
        known = remembered(("theme page", self.object.pk), self.known, weight=1_000_000)
        described = described_theme(self.request, known["theme"])
        return super().get_context_data(**kwargs | known, described=described)

    def known(self):
        """What the page says, whoever asks."""
        known = remembered("places", lambda: Places(Theme.objects.told_tree()), weight=200_000)
        row = known.at(self.object)
        if row is None:  # it came after what is remembered
            known = Places(Theme.objects.whole_tree())
            row = known.at(self.object)
        if row is None:  # it was deleted since it was asked for
            raise Http404
        theme = row.theme
        branch = [*theme.with_below]
        return {
            "theme": theme,
            "introduced": theme.introduced,
            "terms": terms_of(theme.introduced),
            "below": theme.below,
            "tallies": known.tallies,
            "siblings": theme.parent.below if theme.parent_id else mains(known.themes),
            "small_map": SmallMap.of(known, {other.pk for other in branch}),
            "count": sum(known.tallies[theme.pk].values()),
            "places": len(known.places),
            "sections": self.sections(known, row, branch),
        }

    def sections(self, known, row, branch):
        """What each kind holds in the branch."""
        theme = branch[0]
        drawn = [] if theme.below else [cell for cell in row.cells if cell.count <= MOST_MARKS]
        most = {cell.kind: ENTRIES_IN_PLACE for cell in row.cells}
        most |= {cell.kind: cell.count for cell in drawn}
        whole = theme.level != Theme.Level.MAIN or not theme.below
        held = {cell.kind: Branch(cell.kind.model, branch) for cell in row.cells}
        here = {other.pk for other in branch}
        absences = [each for each in Absence.objects.all_told() if each.theme_id in here]
        shown = listed_of(
            {
                kind.model: here.first(most[kind]) if whole else here.first_of_each(FIRST)
                for kind, here in held.items()
            }
        )
        if not theme.below:
            row = known.row(theme, {cell.kind: shown[cell.kind.model] for cell in drawn})
            known.explain_blanks([row])
        return [
            Section(
                kind=cell.kind,
                whole=whole,
                cell=cell,
                first=cell.marks[0].number if cell.marks else None,
                count=held[cell.kind].count if theme.below else cell.count,
                entries=by_theme(shown[cell.kind.model][:ENTRIES_IN_PLACE], branch),
                in_place=cell.count <= ENTRIES_IN_PLACE,
                elsewhere=[] if shown[cell.kind.model] else elsewhere(cell.kind.model, theme),
                absences=[absence for absence in absences if absence.kind == cell.kind],
            )
            for cell in row.cells
        ]


@dataclass
class Section:
    """What a theme's branch holds of a kind."""

    kind: Kind
    whole: bool
    cell: Cell
    first: int | None
    count: int
    entries: list
    in_place: bool
    elsewhere: list
    absences: list


def by_theme(entries, branch):
    """(theme, entry) of each, in the order of the tree."""
    if len(branch) == 1:
        return [(branch[0], entry) for entry in entries]
    places = {theme.pk: place for place, theme in enumerate(branch)}
    filed = [
        # Of the branch as a whole where its theme came after what is remembered.
        (next((places[each.pk] for each in entry.related("themes") if each.pk in places), 0), entry)
        for entry in entries
    ]
    return [(branch[place], entry) for place, entry in sorted(filed, key=itemgetter(0))]


def terms_of(introduced):
    """The abbreviations that an introduction uses."""
    return list(Term.objects.in_text(introduced.introduction)) if introduced else []


def elsewhere(model, theme):
    """Entries that carry the subject of the theme, where its branch holds none of the kind."""
    if not theme.subject_id:
        return []
    return model.objects.listed(first_tagged(model, theme.subject, ENTRIES_ELSEWHERE))


def mains(tree):
    return [theme for theme in tree if theme.level == Theme.Level.MAIN]
