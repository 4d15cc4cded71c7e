"""The admin of what every kind shares: entries, links, tags and countries."""

import re

from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag

from entries import duplicates
from entries.checks import checks_of, links_of
from entries.glossary import admin as glossary_admin  # noqa: F401 (registers its own)
from entries.links import checks_admin  # noqa: F401 (registers its own)
from entries.links.admin import LinkInline
from entries.many import tags  # noqa: F401 (registers its own)
from entries.many.admin import ChangeManyAdmin
from entries.models import Country
from entries.save_and_add import SaveAndAddAdmin
from entries.search.models import Synonym
from entries.workflow.admin import ReviewedAdmin
from entries.workflow.forms import ReviewedForm
from records.admin import (
    ChoicesField,
    ChoicesWidget,
    KnownValueFilter,
    ReadOnlyAdmin,
    VersionedAdmin,
)
from records.countries import called
from themes.models import Theme

FILED = (
    _("Where it is filed"),
    {
        "description": _(
            "A theme is needed before publishing. Tags are the portal’s own reading: choose from"
            " those there are; editors add one where none fits."
        ),
        "fields": ["themes", "tags"],
    },
)

# --- Entries -----------------------------------------------------------------


def validate_language(value):
    """A language code, or a list of them."""
    codes = [value] if isinstance(value, str) else value
    wrong = [code for code in codes if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", code)]
    if wrong:
        raise ValidationError(
            _("Not a language code such as en, de or fr: %(wrong)s."),
            params={"wrong": ", ".join(Truncator(code).chars(40) for code in wrong)},
        )


class EntryForm(ReviewedForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("content_language", "language", "languages"):
            if name in self.fields:
                self.fields[name].validators.append(validate_language)

    def clean(self):
        cleaned = super().clean()
        homeless = "themes" not in self.errors and not cleaned.get("themes")
        if self.instance.is_public and homeless:
            self.add_error("themes", _("Choose a theme: without one an entry cannot be public."))
        if (
            self.instance.is_public
            and self.instance.needs_wording
            and not cleaned.get("text", True)
        ):
            self.add_error("text", _("Without a wording it cannot be public."))
        return cleaned


class ThemeFilter(KnownValueFilter):
    """By theme, with everything below it; the themes listed as a tree."""

    title = _("theme")
    parameter_name = "theme"
    nowhere = "-"

    def lookups(self, request, model_admin):
        return [(self.nowhere, _("Without a theme"))] + [
            (theme.slug, "\u2003" * (theme.level - 1) + theme.title)
            for theme in Theme.objects.in_tree_order()
        ]

    def narrowed(self, queryset, value):
        if value == self.nowhere:
            return queryset.filter(themes=None)
        return queryset.in_branch(value)


class TagsFilter(admin.RelatedOnlyFieldListFilter):
    """The tags in use, asked for once."""

    def field_choices(self, field, request, model_admin):
        return list(super().field_choices(field, request, model_admin))


class WithoutFilter(KnownValueFilter):
    """Entries that have none of something they may have."""

    title = _("links")
    parameter_name = "links"

    def lookups(self, request, model_admin):
        return [("-", _("Without a link"))]

    def narrowed(self, queryset, value):
        return queryset.filter(links=None)


class EntryAdmin(SaveAndAddAdmin, ChangeManyAdmin, ReviewedAdmin):
    """The admin of a kind. The kind adds its own columns, filters and fieldsets."""

    form = EntryForm
    autocomplete_fields = ["source", "themes"]
    change_form_template = "admin/entry_form.html"
    inlines = [LinkInline]
    list_filter = [
        *ReviewedAdmin.list_filter,
        ThemeFilter,
        ("source", admin.RelatedOnlyFieldListFilter),
        ("tags", TagsFilter),
        WithoutFilter,
    ]
    list_select_related = ["source"]

    def get_readonly_fields(self, request, obj=None):
        """What a source printed is released by those who publish."""
        fields = super().get_readonly_fields(request, obj)
        return fields if self.has_publish_permission(request) else [*fields, "as_printed_is_public"]

    def checks(self, record):
        yield from super().checks(record)
        yield from checks_of(record)

    def links_of(self, record):
        return links_of(record)

    def documents_of(self, record):
        return record.source.documents if record.source else []

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        found = duplicates.like(form.instance)
        if found:
            links = [(each.entry.admin_url, each.entry, each.why) for each in found]
            named = format_html_join("; ", '<a href="{}">{}</a> ({})', links)
            text = format_html(_("Saved. There may be one already: {}"), named)
            self.message_user(request, text, messages.WARNING)

    def get_queryset(self, request):
        in_order = Theme.objects.in_tree_order()
        return super().get_queryset(request).prefetch_related(Prefetch("themes", in_order))

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name != "tags":
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        tag_admin = self.admin_site.get_model_admin(Tag)
        return ChoicesField(
            Tag.objects.all(),
            required=False,
            label=capfirst(db_field.verbose_name),
            widget=RelatedFieldWidgetWrapper(
                ChoicesWidget(db_field, self.admin_site),
                db_field.remote_field,
                self.admin_site,
                can_add_related=tag_admin.has_add_permission(request),
            ),
        )

    # --- columns

    @admin.display(description=_("themes"))
    def filed_under(self, entry):
        titles = [[theme.title] for theme in entry.themes.all()]
        return format_html_join("; ", "{}", titles) or format_html(
            '<span class="missing">{}</span>', _("no theme")
        )

    @admin.display(description=_("page"), ordering="source_page")
    def taken_from(self, entry):
        """The page, with the title of the source where the mouse rests on it."""
        if entry.source is None:
            return format_html('<span class="missing">{}</span>', _("no source"))
        return format_html('<span title="{}">{}</span>', entry.source, entry.source_page or "?")


# --- Countries and the thesaurus ----------------------------------------------

apps.get_app_config("taggit").verbose_name = _("Tags")


@admin.register(Country)
class CountryAdmin(ReadOnlyAdmin):
    list_display = ["name", "code"]
    list_per_page = 300
    search_fields = ["name", "=code"]

    def get_search_results(self, request, queryset, search_term):
        """By what people call it too: Holland, Czech Republic, Great Britain."""
        found, several = super().get_search_results(request, queryset, search_term)
        return found | queryset.filter(pk__in=called(search_term)), several


@admin.register(Synonym)
class SynonymAdmin(VersionedAdmin):
    fieldsets = [
        (
            None,
            {
                "description": _(
                    "Whoever searches for one of these terms finds all of them, and the search"
                    " page says so. Only what means the very same belongs together."
                ),
                "fields": ["term", "others", "narrower"],
            },
        )
    ]
    list_display = ["term", "same_as"]
    search_fields = ["term", "others", "narrower"]

    @admin.display(description=_("also found by"))
    def same_as(self, synonym):
        return " · ".join(synonym.others)
