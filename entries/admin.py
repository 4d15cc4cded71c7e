"""The admin of what every kind shares: entries, links, tags and countries."""

import re

from django import forms
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Prefetch, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext_lazy as _
from taggit import admin as taggit_admin
from taggit.models import Tag

from entries import workflow
from entries.flow import FlowAdmin
from entries.models import OWNERS, Country, Link, Synonym, kinds
from entries.steps import SteppingAdmin
from themes.admin import (
    ChoicesField,
    ChoicesWidget,
    FormFields,
    PortalForm,
    ReadOnlyAdmin,
    RecordAdmin,
    RecordForm,
    VersionedAdmin,
    count_column,
    counted,
)
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
HISTORY = (
    _("History"),
    {
        "classes": ["collapse"],
        "fields": [("created", "updated"), ("first_published", "last_reviewed")],
    },
)
CHANGE_NOTE = (
    _("This entry is public: what you change is public at once"),
    {"fields": ["change_note"]},
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


class EntryForm(RecordForm):
    """Fields that are no part of the entry say what is to be done with what was typed."""

    change_note = forms.CharField(
        label=_("What you change, and why"),
        help_text=_("Public: it stands on the entry’s page with the date, without your name."),
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
    )
    send_to_review = forms.BooleanField(label=_("Send to review when saved"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.is_public:
            del self.fields["change_note"]
        if not workflow.SEND.fits(self.instance):
            del self.fields["send_to_review"]
        for name in ("content_language", "language", "languages"):
            if name in self.fields:
                self.fields[name].validators.append(validate_language)

    def clean(self):
        cleaned = super().clean()
        homeless = "themes" not in self.errors and not cleaned.get("themes")
        if self.instance.is_public and homeless:
            self.add_error("themes", _("Choose a theme: without one an entry cannot be public."))
        return cleaned

    @cached_property
    def changed_data(self):
        """Of the entry."""
        return [
            name for name in super().changed_data if name not in ("change_note", "send_to_review")
        ]


class ThemeFilter(admin.SimpleListFilter):
    """By theme, with everything below it; the themes listed as a tree."""

    title = _("theme")
    parameter_name = "theme"
    nowhere = "-"

    def lookups(self, request, model_admin):
        return [(self.nowhere, _("Without a theme"))] + [
            (theme.slug, "\u2003" * (theme.level - 1) + theme.title)
            for theme in Theme.objects.in_tree_order()
        ]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        if self.value() == self.nowhere:
            return queryset.filter(themes=None)
        if self.value() in dict(self.lookup_choices):
            return queryset.in_branch(self.value())
        raise IncorrectLookupParameters


class LinkInlineForm(PortalForm):
    rules_shown_at = {
        f"link_once_per_{owner}": ("url", _("This entry has this address already."))
        for owner in OWNERS
    }

    def _get_validation_exclusions(self):
        excluded = super()._get_validation_exclusions()
        if not any(getattr(self.instance, f"{owner}_id") for owner in OWNERS):
            # Of an entry that is not saved yet the rules would say that it is missing.
            excluded |= set(OWNERS)
        return excluded


class LinkFormSet(forms.BaseInlineFormSet):
    def clean(self):
        super().clean()
        seen = set()
        for form in self.forms:
            url = getattr(form, "cleaned_data", {}).get("url")
            if not url or self._should_delete_form(form):
                continue
            if url in seen:
                form.add_error("url", _("This entry has this address already."))
            seen.add(url)


class WithoutFilter(admin.SimpleListFilter):
    """Entries that have none of something they may have."""

    title = _("links")
    parameter_name = "links"

    def lookups(self, request, model_admin):
        return [("-", _("Without a link"))]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        if self.value() == "-":
            return queryset.filter(links=None)
        raise IncorrectLookupParameters


class EntryRows(FormFields, admin.TabularInline):
    """Rows on the form of an entry: whoever may change the entry may change them."""

    extra = 0

    def has_add_permission(self, request, obj):
        return self._may_write(request, obj)

    def has_change_permission(self, request, obj=None):
        return self._may_write(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self._may_write(request, obj)

    def _may_write(self, request, entry):
        entry_admin = self.admin_site.get_model_admin(self.parent_model)
        if entry is None or entry.pk is None:
            return entry_admin.has_add_permission(request)
        return entry_admin.has_change_permission(request, entry)


class LinkInline(EntryRows):
    model = Link
    form = LinkInlineForm
    formset = LinkFormSet
    fields = ["url", "role", "certainty", "source_page", "note"]

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if db_field.name == "role" and self.parent_model._meta.model_name != "paper":
            # Only a paper keeps addresses whose entry nobody knows yet.
            kwargs["choices"] = [
                choice for choice in Link.Role.choices if choice[0] != Link.Role.UNASSIGNED
            ]
        return super().formfield_for_choice_field(db_field, request, **kwargs)


class EntryAdmin(FlowAdmin, SteppingAdmin, RecordAdmin):
    """The admin of a kind. The kind adds its own columns, filters and fieldsets."""

    form = EntryForm
    autocomplete_fields = ["source", "themes"]
    change_form_template = "admin/entry_form.html"
    inlines = [LinkInline]
    list_filter = [
        "status",
        "awaits_second_look",
        ThemeFilter,
        ("source", admin.RelatedOnlyFieldListFilter),
        ("tags", admin.RelatedOnlyFieldListFilter),
        WithoutFilter,
    ]
    list_select_related = ["source"]
    readonly_fields = ["created", "updated", "first_published", "last_reviewed"]

    def get_queryset(self, request):
        in_order = Theme.objects.in_tree_order()
        return super().get_queryset(request).prefetch_related(Prefetch("themes", in_order))

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        asks = obj and obj.is_public and self.has_change_permission(request, obj)
        return [CHANGE_NOTE, *fieldsets] if asks else fieldsets

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

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        entry, typed = form.instance, form.cleaned_data
        if not change or form.has_changed() or any(rows.has_changed() for rows in formsets):
            workflow.written(entry, request.user, typed.get("change_note", ""), new=not change)
        if typed.get("send_to_review"):
            self.take_step(request, [entry], workflow.SEND)

    def is_public(self, record):
        return record.is_public

    def may_recover(self, request, record):
        """What was public when it was deleted is so again at once: for those who publish."""
        allowed = super().may_recover(request, record)
        return allowed and (not record.is_public or self.has_publish_permission(request))

    def after_restoring(self, request, record, note, before=None):
        if record.is_public and not record.themes.exists():
            raise ValidationError(_("Without a theme an entry cannot be public."))
        workflow.written(record, request.user, note)

    # --- columns

    @admin.display(description=_("status"), ordering="status")
    def publication(self, entry):
        return format_html(
            '<span class="status status-{}">{}</span>', entry.status, entry.get_status_display()
        )

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

    @admin.display(description=_("last changed"), ordering="updated")
    def changed(self, entry):
        return date_format(timezone.localtime(entry.updated), "j M Y")


# --- Links -------------------------------------------------------------------


class LinkForm(PortalForm):
    rules_shown_at = LinkInlineForm.rules_shown_at | {
        "link_unassigned_stays_with_paper": (
            "role",
            _("Say what it is to its entry: only a paper keeps addresses not yet assigned."),
        ),
    }

    def clean(self):
        cleaned = super().clean()
        if any(name in self.errors for name in ("role", *OWNERS)):
            return cleaned
        chosen = [owner for owner in OWNERS if cleaned.get(owner)]
        was_waiting = self.initial.get("role") == Link.Role.UNASSIGNED
        if (
            was_waiting
            and len(chosen) == 2
            and "paper" in chosen
            and "paper" not in self.changed_data
        ):
            # The paper kept it until now; it goes over to the other.
            cleaned["paper"] = None
            if cleaned["role"] == Link.Role.UNASSIGNED:
                self.add_error("role", _("Say what it is to the entry that you chose."))
        elif len(chosen) > 1:
            for owner in chosen:
                self.add_error(
                    owner, _("A link belongs to exactly one entry: keep one and clear the others.")
                )
        elif not chosen:
            self.add_error(
                "paper",
                _(
                    "A link belongs to exactly one entry: choose it, or the paper that prints the"
                    " address until its entry is known."
                ),
            )
        return cleaned


class OwnerFilter(admin.SimpleListFilter):
    title = _("kind of entry")
    parameter_name = "belongs_to"

    def lookups(self, request, model_admin):
        return [(kind._meta.model_name, capfirst(kind._meta.verbose_name)) for kind in kinds()]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        if self.value() in OWNERS:
            return queryset.filter(**{f"{self.value()}__isnull": False})
        raise IncorrectLookupParameters


@admin.register(Link)
class LinkAdmin(VersionedAdmin):
    form = LinkForm
    autocomplete_fields = list(OWNERS)
    fieldsets = [
        (None, {"fields": ["url", ("role", "certainty")]}),
        (
            _("The entry it belongs to"),
            {
                "description": _(
                    "Exactly one. An address not yet assigned waits with the paper that prints it:"
                    " to place it, choose its entry here and another role above; the paper lets"
                    " it go by itself."
                ),
                "fields": list(OWNERS),
            },
        ),
        (_("Where it is printed"), {"fields": ["source_page", "note"]}),
    ]
    list_display = ["short", "called", "belongs_to", "certainty", "source_page"]
    list_filter = ["role", "certainty", OwnerFilter]
    list_select_related = list(OWNERS)
    # Those not yet assigned come first: of the roles theirs is last by the alphabet.
    ordering = ["-role", "pk"]
    search_fields = ["url", "note", *(f"{owner}__slug" for owner in OWNERS)]

    def has_delete_permission(self, request, obj=None):
        if obj is None or not any(getattr(obj, f"{owner}_id") for owner in OWNERS):
            # Of no entry is a link while a form that says so is being refused.
            return super().has_delete_permission(request)
        # Also asked of the links that go with an entry when that is deleted.
        return workflow.may_change(request.user, obj.entry)

    def save_model(self, request, obj, form, change):
        before = Link.objects.get(pk=obj.pk).entry if change else None
        super().save_model(request, obj, form, change)
        if change and not form.has_changed():
            return
        if before and before != obj.entry:
            self._written(request, before, _("A link went to another entry: %(address)s."), obj)
        self._written(request, obj.entry, _("A link was added or changed: %(address)s."), obj)

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        self._written(request, obj.entry, _("A link was removed: %(address)s."), obj)

    def delete_queryset(self, request, queryset):
        for link in queryset:
            self.delete_model(request, link)

    def before_restoring(self, version):
        stored = Link.objects.filter(pk=version.object_id).first()
        return stored and stored.entry

    def after_restoring(self, request, record, note, before=None):
        """A link that is brought back changes its entry, and the one it leaves."""
        super().after_restoring(request, record, note)
        for entry in {record.entry, before or record.entry}:
            self._written(request, entry, _("A link was restored: %(address)s."), record)

    def _written(self, request, entry, note, link):
        """A link is part of its entry: to change it is to change the entry."""
        workflow.written(entry, request.user, str(note % {"address": link.short}))

    @admin.display(description=_("address"), ordering="url")
    def short(self, link):
        """Of a long address the host and the last part, which tell it from others."""
        parts = link.short.rstrip("/").split("/")
        text = link.short if len(link.short) <= 60 else f"{parts[0]}/…/{parts[-1]}"
        return format_html('<span title="{}">{}</span>', link.url, text)

    @admin.display(description=_("role"), ordering="role")
    def called(self, link):
        return format_html(
            '<span class="status status-{}">{}</span>', link.role, link.get_role_display()
        )

    @admin.display(description=_("belongs to"))
    def belongs_to(self, link):
        kind = capfirst(link.entry._meta.verbose_name)
        name = Truncator(link.entry).chars(60)
        return format_html('{}: <a href="{}">{}</a>', kind, link.entry.admin_url, name)


# --- Tags and countries ------------------------------------------------------

# The admin that taggit brings counts and merges only what its own table holds, not ours.
admin.site.unregister(taggit_admin.Tag)
apps.get_app_config("taggit").verbose_name = _("Tags")


class TagForm(PortalForm):
    def clean_name(self):
        name = self.cleaned_data["name"]
        if Tag.objects.filter(name__iexact=name).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("There is such a tag already."))
        return name


@admin.register(Tag)
class TagAdmin(VersionedAdmin):
    form = TagForm
    list_per_page = 200
    ordering = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    search_fields = ["name"]
    sortable_by = ["name"]

    def get_queryset(self, request):
        numbers = {
            f"number_of_{kind._meta.model_name}": counted(
                kind.tags.through, "content_object", Q(tag=OuterRef("pk"))
            )
            for kind in kinds()
        }
        return super().get_queryset(request).annotate(**numbers)

    def get_list_display(self, request):
        columns = (count_column(kind, lambda tag: f"tags__id__exact={tag.pk}") for kind in kinds())
        return ["name", *columns]


@admin.register(Country)
class CountryAdmin(ReadOnlyAdmin):
    list_display = ["name", "code"]
    list_per_page = 300
    search_fields = ["name", "=code"]


@admin.register(Synonym)
class SynonymAdmin(VersionedAdmin):
    form = PortalForm
    fieldsets = [
        (
            None,
            {
                "description": _(
                    "Whoever searches for one of these terms finds all of them, and the search"
                    " page says so. Only what means the very same belongs together."
                ),
                "fields": ["term", "others"],
            },
        )
    ]
    list_display = ["term", "same_as"]
    search_fields = ["term", "others"]

    @admin.display(description=_("also found by"))
    def same_as(self, synonym):
        return " · ".join(synonym.others)
