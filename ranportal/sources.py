"""Where the statements of a theme come from: paper, page, meeting, and what was presented there."""

import re
from dataclasses import dataclass, replace

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from entries.models import kinds
from entries.places import MOST_MARKS, Cell, in_a_row
from lessons.models import Lesson, Question
from practices.models import Practice
from records.metadata import described
from records.views import RecordDetail
from themes.models import Theme

MOST = 200  # entries of a kind; their lists hold the rest


@dataclass
class Printed:
    """A page of a paper, with what it says of the theme: a cell for each kind."""

    source: object
    page: str
    cells: dict

    @property
    def order(self):
        """By paper, then by the first number of the page; what names no source comes last."""
        number = re.search(r"\d+", self.page)
        return (
            self.source.pk if self.source else float("inf"),
            int(number[0]) if number else 0,
            self.page,
        )

    # As an entry tells where it was taken from.
    source_page = property(lambda self: self.page)
    public_source = property(lambda self: self.source)

    @property
    def page_is_number(self):
        return self.page[:1].isdigit()


class ThemeSources(RecordDetail):
    """The lessons and questions of a branch, each with the way back to where it was said."""

    model = Theme
    template_name = "themes/theme_sources.html"

    def get_queryset(self):
        return Theme.objects.with_lineage()

    def get_context_data(self, **kwargs):
        theme = self.object
        found = {kind: self.found(kind) for kind in kinds()}
        return super().get_context_data(
            **kwargs,
            pages=self.pages(found),
            most=MOST,
            cut=[kind.kind.plural for kind, entries in found.items() if len(entries) > MOST],
            groups=[self.group(model) for model in (Lesson, Question)],
            described=described(
                self.request,
                "WebPage",
                self.request.path,
                _("Where it comes from: %(theme)s") % {"theme": theme.title},
            ),
        )

    def found(self, kind):
        """The first MOST of the branch, and one more where there are more."""
        entries = kind.objects.published().in_branch(self.object.slug)
        return list(entries.select_related("source")[: MOST + 1])

    def pages(self, found):
        """The matrix: what stands together on a page of a paper, whatever its kind."""
        pages = {}
        for kind, entries in found.items():
            for entry in entries[:MOST]:
                key = entry.public_source, entry.source_page
                page = pages.setdefault(key, Printed(*key, {each: [] for each in kinds()}))
                page.cells[kind].append(entry)
        for page in pages.values():
            page.cells = [self.cell(kind, page, here) for kind, here in page.cells.items()]
        return sorted(pages.values(), key=lambda page: page.order)

    def cell(self, kind, page, entries):
        query = f"?theme={self.object.slug}"
        if page.source:
            query += f"&source={page.source.slug}"
        # Without a number: that of a place would be another.
        marks = [replace(mark, number="") for mark in in_a_row(entries)]
        marks = marks if len(entries) <= MOST_MARKS else []
        return Cell(kind.kind, f"{kind.kind.list_url}{query}", count=len(entries), marks=marks)

    def group(self, model):
        """The statements of a kind, by paper and page; and how many there are in all."""
        statements = model.objects.published().in_branch(self.object.slug)
        public = Prefetch("source__meeting__practices", Practice.objects.published())
        rows = statements.select_related("source__meeting").prefetch_related(public)
        rows = rows.order_by("source", "pk")[:MOST]
        return {
            "kind": model.kind,
            "rows": rows,
            "count": statements.count(),
            "most": MOST,
            "to_meetings": any(row.public_source and row.public_source.meeting for row in rows),
        }
