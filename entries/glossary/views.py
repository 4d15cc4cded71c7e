from django.utils.translation import gettext as _
from django.views.generic import ListView

from entries.glossary.models import Term, linkable
from records.metadata import described, part_of_portal


class Glossary(ListView):
    """Every term on one page, with who says so and where to read on."""

    template_name = "glossary/glossary.html"
    read_parameters = ()
    context_object_name = "terms"
    queryset = Term.objects.select_related("source")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        records = self.records(context["terms"])
        for term in context["terms"]:
            term.seen = [records[line] for line in term.see if line in records]
        context["described"] = described(
            self.request,
            "DefinedTermSet",
            self.request.path,
            _("Glossary"),
            isPartOf=part_of_portal(self.request),
            hasDefinedTerm=[str(term) for term in context["terms"]],
        )
        return context

    def records(self, terms):
        """{line of `see`: record} of those that the public may see, one query for each model."""
        wanted = {}
        for line in (line for term in terms for line in term.see):
            name, _slash, slug = line.partition("/")
            wanted.setdefault(name, set()).add(slug)
        found = {}
        for name, slugs in wanted.items():
            if name not in linkable():  # written past the form
                continue
            records = linkable()[name].objects
            records = records.published() if hasattr(records, "published") else records.all()
            found |= {f"{name}/{each.slug}": each for each in records.filter(slug__in=slugs)}
        return found
