"""What search engines are told of: every public page, and when what it shows last changed."""

from django.contrib.sitemaps import GenericSitemap, Sitemap
from django.db.models import Max
from django.urls import reverse
from django.utils.functional import cached_property

from briefings.models import Situation
from entries.models import kinds
from meetings.groups import WorkingGroup
from meetings.models import Meeting, Paper
from themes.models import Theme


def latest(*dates):
    """The last of the dates that are known; None where none is."""
    return max(filter(None, dates), default=None)


def changes(relation, kinds):
    """When an entry of these kinds last changed, by the key of what the relation leads to."""
    found = {}
    for kind in kinds:
        rows = kind.objects.published().order_by().values_list(relation)
        for key, updated in rows.annotate(Max("updated")):
            found[key] = latest(found.get(key), updated)
    return found


class Dated(Sitemap):
    """A part whose pages need not all have a date: it is as new as the newest that has one."""

    def get_latest_lastmod(self):
        return latest(*map(self.lastmod, self.items()))


class PageSitemap(Dated):
    """The home page, the pictures, the pages about the portal, and the list of each kind."""

    @cached_property
    def changes(self):
        last_change = Max("updated")
        return {
            kind: kind.objects.published().aggregate(last_change=last_change)["last_change"]
            for kind in kinds()
        }

    def items(self):
        lists = [(model.kind.view_name("list"), [model]) for model in kinds()]
        pictures = [(name, kinds()) for name in ("map", "timeline", "countries")]
        texts = [
            ("situation-list", []),
            ("glossary", []),
            ("about", [Paper]),
            ("how-sure", []),
            ("accessibility", []),
            ("privacy", []),
        ]
        return [("home", kinds()), *pictures, *texts, *lists]

    def location(self, item):
        name, _shown = item
        return reverse(name)

    def lastmod(self, item):
        _name, shown = item
        return latest(*(self.changes[kind] for kind in shown))


class ThemeSitemap(Dated):
    """The themes in the order of the tree, each as new as the newest entry of its branch."""

    @cached_property
    def changes(self):
        return changes("themes", kinds())

    def items(self):
        return list(self.dated(Theme.objects.nested()))

    def dated(self, themes):
        """Yield the themes and all below them, each with `updated`."""
        for theme in themes:
            below = list(self.dated(theme.below))
            theme.updated = latest(self.changes.get(theme.pk), *(each.updated for each in below))
            yield from (theme, *below)

    def lastmod(self, theme):
        return theme.updated


class GroupSitemap(Dated):
    """The working groups, each as new as its newest meeting or paper."""

    @cached_property
    def changes(self):
        return changes("groups", [Meeting, Paper])

    def items(self):
        return WorkingGroup.objects.all()

    def lastmod(self, group):
        return self.changes.get(group.pk)


def entry_sitemap(model):
    entries = model.objects.published().order_by("pk").only("slug", "updated")
    return GenericSitemap({"queryset": entries, "date_field": "updated"})


SITEMAPS = {
    "pages": PageSitemap,
    "situations": entry_sitemap(Situation),
    "themes": ThemeSitemap,
    "groups": GroupSitemap,
    **{model.kind.path: entry_sitemap(model) for model in kinds()},
}
