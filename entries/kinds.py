"""What a kind of entry is called, and where its pages are."""

from functools import cache

from django.utils.text import capfirst
from django.utils.translation import get_language

from records.addresses import address


@cache
def name_in(language, model):
    return str(model._meta.verbose_name)


@cache
def label_in(language, model):
    return capfirst(name_in(language, model))


class Kind(str):
    """One of the kinds: its word in code, addresses and the API, and all that follows from it.

    A model of entries declares it, and is then its `model`:

        kind = Kind("lesson", path="lessons", asks=_("What is known"))

    `path` is the first part of its addresses, `asks` what a reader asks when it is the answer:
    the heading over its entries.
    """

    def __new__(cls, word, *, path, asks):
        kind = super().__new__(cls, word)
        kind.path, kind.asks = path, asks
        return kind

    def contribute_to_class(self, model, name):
        self.model = model
        setattr(model, name, self)

    @property
    def name(self):
        return self.model._meta.verbose_name

    @property
    def called(self):
        """Its name in the present language."""
        return name_in(get_language(), self.model)

    @property
    def label(self):
        """The same, with a capital."""
        return label_in(get_language(), self.model)

    @property
    def plural(self):
        return self.model._meta.verbose_name_plural

    @property
    def listed_template(self):
        """The fragment that shows an entry of it in a list."""
        return f"{self.model._meta.app_label}/_{self}.html"

    def view_name(self, view):
        return f"{self}-{view}"

    def url(self, view, *args):
        """The address of its list (`list`, `csv`, `api` …) or, with a slug, of an entry (`detail`)."""
        return address(self.view_name(view), *args)

    @property
    def list_url(self):
        return self.url("list")

    def admin_view(self, view):
        """The name of a page of the admin: `changelist`, `change`, `add` …"""
        return f"admin:{self.model._meta.app_label}_{self}_{view}"

    def named(self, count):
        """What so many of it are called."""
        return self.name if count == 1 else self.plural

    def counted(self, count):
        """'1 lesson', '3 lessons'."""
        return f"{count} {self.named(count)}"
