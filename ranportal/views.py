"""The pages that show all kinds together."""

from collections import Counter

from django.conf import settings
from django.db.models import Count, F, Min
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from taggit.models import Tag

from briefings.models import Situation
from entries.glossary.models import Term
from entries.links.models import Link
from entries.models import kinds
from entries.places import Map, Places
from entries.search.normalise import normalise
from entries.sets import sets_of
from meetings.groups import Chair, WorkingGroup
from meetings.models import Meeting, Paper
from ranportal.charts.small import SmallMap
from records.memory import remembered
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
        meetings = Meeting.objects.published()
        return super().get_context_data(
            **kwargs,
            described=described_home(self.request),
            situations=Situation.objects.published(),
            map=remembered("map", Map, weight=1_000_000),
            tags=remembered("common tags", common_tags),
            upcoming=meetings.upcoming().order_by("start_date")[:3],
            latest=meetings.past()[:3],
        )


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

    def get_context_data(self, **kwargs):
        known = remembered(("theme page", self.object.pk), self.known, weight=1_000_000)
        described = described_theme(self.request, known["theme"])
        return super().get_context_data(**kwargs | known, described=described)

    def known(self):
        """What the page says, whoever asks."""
        tree = Theme.objects.select_related("source", "subject").whole_tree()
        theme = next(theme for theme in tree if theme.pk == self.object.pk)
        branch = [other for other in tree if theme in other.lineage]
        known = Places(tree, drawn=[theme])
        row = known.at(theme)
        known.explain_blanks([row])
        absences = Absence.objects.filter(theme__in=branch).select_related(
            "theme", "meeting", "source"
        )
        return {
            "theme": theme,
            "introduced": theme.introduced,
            "terms": terms_of(theme.introduced),
            "below": [with_tally(other, known, tree) for other in theme.below],
            "siblings": theme.parent.below if theme.parent_id else mains(tree),
            "row": row,
            "small_map": SmallMap.of(known, {other.pk for other in branch}),
            "count": sum(known.at(other).count for other in branch),
            "places": len(known.places),
            "sections": [self.section(cell, branch, absences) for cell in row.cells],
        }

    def section(self, cell, branch, absences):
        """What a kind holds in the branch, in the order of the tree."""
        theme = branch[0]
        entries = cell.kind.model.objects.published().in_branch(theme.slug)
        whole = theme.level != Theme.Level.MAIN or not theme.below
        shown = entries.for_list()
        shown = list(shown[:ENTRIES_IN_PLACE]) if whole else first_of_each(shown, branch)
        places = {theme.pk: place for place, theme in enumerate(branch)}
        for entry in shown:
            # Of the branch as a whole where its theme came after what is remembered.
            filed = next((each.pk for each in entry.themes.all() if each.pk in places), theme.pk)
            entry.filed_under = branch[places[filed]]
        shown.sort(key=lambda entry: places[entry.filed_under.pk])
        return {
            "kind": cell.kind,
            "whole": whole,
            "cell": cell,
            "first": cell.marks[0].number if cell.marks and not theme.below else None,
            "count": entries.count() if theme.below else cell.count,
            "entries": shown,
            "in_place": cell.count <= ENTRIES_IN_PLACE,
            "elsewhere": [] if shown else elsewhere(cell.kind, theme),
            "absences": [absence for absence in absences if absence.kind == cell.kind],
        }


def terms_of(introduced):
    """The abbreviations that an introduction uses."""
    return list(Term.objects.in_text(introduced.introduction)) if introduced else []


def elsewhere(kind, theme):
    """Entries that carry the subject of the theme, where its branch holds none of the kind."""
    entries = kind.model.objects.published().filter(tags=theme.subject_id)
    return entries[:ENTRIES_ELSEWHERE] if theme.subject_id else []


def mains(tree):
    return [theme for theme in tree if theme.level == Theme.Level.MAIN]


def with_tally(theme, known, tree):
    """The theme with how many entries of each kind its branch holds, and those below it too."""
    theme.tally = [[cell.kind, 0] for cell in known.at(theme).cells]
    for other in tree:
        if theme in other.lineage:
            for counted, cell in zip(theme.tally, known.at(other).cells, strict=True):
                counted[1] += cell.count
    for below in theme.below:
        with_tally(below, known, tree)
    return theme


def first_of_each(entries, branch):
    """The first entry of each theme right below, filled up with the next ones to `FIRST`."""
    filed = entries.order_by().annotate(filed_at=F("themes"))
    filed = filed.filter(filed_at__in=[theme.pk for theme in branch])
    earliest = dict(filed.values_list("filed_at").annotate(Min("pk")))
    heads = {}
    for theme in branch:
        if theme.pk in earliest:
            head = theme.lineage[: branch[0].level + 1][-1]
            heads.setdefault(head.pk, earliest[theme.pk])
    following = entries.values_list("pk", flat=True)[:FIRST]
    first = dict.fromkeys([*heads.values(), *earliest.values(), *following])
    return list(entries.filter(pk__in=list(first)[:FIRST]))
