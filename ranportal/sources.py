"""Where the statements of a theme come from: paper, page, meeting, and what was presented there."""

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from lessons.models import Lesson, Question
from practices.models import Practice
from records.metadata import described
from records.views import RecordDetail
from themes.models import Theme

MOST = 200  # statements of a kind; their lists hold the rest


class ThemeSources(RecordDetail):
    """The lessons and questions of a branch, each with the way back to where it was said."""

    model = Theme
    template_name = "themes/theme_sources.html"

    def get_queryset(self):
        return Theme.objects.with_lineage()

    def get_context_data(self, **kwargs):
        theme = self.object
        return super().get_context_data(
            **kwargs,
            groups=[self.group(model) for model in (Lesson, Question)],
            described=described(
                self.request,
                "WebPage",
                self.request.path,
                _("Where it comes from: %(theme)s") % {"theme": theme.title},
            ),
        )

    def group(self, model):
        """The statements of a kind, by paper and page; and how many there are in all."""
        statements = model.objects.published().in_branch(self.object.slug)
        public = Prefetch("source__meeting__practices", Practice.objects.published())
        rows = statements.select_related("source__meeting").prefetch_related(public)
        rows = rows.order_by("source", "pk")[:MOST]
        return {"kind": model.kind, "rows": rows, "count": statements.count(), "most": MOST}
