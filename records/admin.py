"""What every page of the admin shares."""

from datetime import date
from itertools import count

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import NON_FIELD_ERRORS, FieldError, ValidationError
from django.db import DataError, NotSupportedError, ProgrammingError, models, transaction
from django.db.models import F, Func, Subquery
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from records.cleaning import slug_of
from records.fields import LinesField, ProseFormField, SlugFormField
from records.models import FormerSlug
from records.previewing import PreviewAdmin
from records.printed import PrintedDateField
from records.versions.admin import HistoryAdmin
from records.versions.editing import EditingAdmin
from records.versions.forms import VersionedForm

admin.site.site_header = _("RAN Mental Health: the curators’ desk")
admin.site.site_title = _("Curators’ desk")
admin.site.index_title = _("What would you like to work on?")

NUL = "\x00"


# What no list of the admin offers, and an address could ask for all the same.
HEAVY = {"regex", "iregex", "range", "iso_year"}


PROVENANCE = (
    _("Where it was taken from"),
    {
        "description": _(
            "The document that says it, and the page. Every statement of the portal can be traced."
        ),
        "fields": ["source", "source_page"],
    },
)


class PortalForm(forms.ModelForm):
    """Shows a broken rule of the table at the field where it can be mended."""

    # Name of the constraint: the field, or the field and a message of our own.
    rules_shown_at = {}
    # Those that the form has seen to itself, or cannot judge yet; the database holds them all.
    rules_left_out = ()

    def add_error(self, field, error):
        rules = getattr(error, "error_dict", {}).pop(NON_FIELD_ERRORS, [])
        if not rules or error.error_dict:
            super().add_error(field, error)
        for rule in rules:
            name = self._names_of_rules().get(rule.message)
            if name in self.rules_left_out:
                continue
            shown_at = self.rules_shown_at.get(name)
            place, message = shown_at if isinstance(shown_at, tuple) else (shown_at, rule)
            super().add_error(place, message)

    def _names_of_rules(self):
        """The names of the table's constraints by what each says when it is broken."""
        return {
            constraint.get_violation_error_message(): constraint.name
            for _model, constraints in self.instance.get_constraints()
            for constraint in constraints
        }


class VersionedPortalForm(VersionedForm, PortalForm):
    """Of an admin whose records are kept in versions; its rows have a `PortalForm`."""


class RecordForm(VersionedPortalForm):
    """Suggests a slug where none is given."""

    # The field whose first words make the slug.
    slug_from = "title"
    slug_words = 8

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "slug" in self.fields and not self.instance.pk:
            self.fields["slug"].required = False

    def clean(self):
        cleaned = super().clean()
        if "slug" not in self.errors and not cleaned.get("slug") and cleaned.get(self.slug_from):
            cleaned["slug"] = self._free_slug(cleaned[self.slug_from])
            if not cleaned["slug"]:
                self.add_error("slug", _("No slug can be made of this text: please give one."))
        elif self._nothing_names_it(cleaned):
            self.add_error(
                self.slug_from, _("Write it, or give a slug: one of them names the page.")
            )
        return cleaned

    def _nothing_names_it(self, cleaned):
        asked = "slug" in self.fields and not {"slug", self.slug_from} & set(self.errors)
        return asked and not cleaned.get("slug") and self.slug_from in self.fields

    def _free_slug(self, text):
        """The first words of the text as a slug that no record has or had."""
        words = "-".join(slug_of(text).split("-")[: self.slug_words])[:110].strip("-")
        model = self._meta.model
        former = FormerSlug.objects.filter(model=model._meta.label_lower)
        taken = {
            slug
            for records in (model.objects.all(), former)
            for slug in records.filter(slug__startswith=words).values_list("slug", flat=True)
        }
        candidates = (words if n == 1 else f"{words}-{n}" for n in count(1))
        return words and next(slug for slug in candidates if slug not in taken)


def could_be_key(model, value):
    """Whether the database can be asked for a record of this key at all."""
    key = model._meta.pk
    try:
        key.run_validators(key.to_python(value))
    except ValidationError:
        return False
    return NUL not in value


class KnownKeys:
    """Does not look up what cannot be a key; the form's message says that it is none."""

    def optgroups(self, name, value, attr=None):
        model = self.field.remote_field.model
        return super().optgroups(name, [v for v in value if could_be_key(model, v)], attr)


class ChoiceWidget(KnownKeys, AutocompleteSelect):
    pass


class ChoicesWidget(KnownKeys, AutocompleteSelectMultiple):
    pass


class ChoicesField(forms.ModelMultipleChoiceField):
    def clean(self, value):
        for key in value or ():
            if not could_be_key(self.queryset.model, key):
                message = self.error_messages["invalid_pk_value"]
                raise ValidationError(message, code="invalid_pk_value", params={"pk": key})
        return super().clean(value)


class FormFields:
    """The widgets of the admin's forms and of their inlines."""

    formfield_overrides = {
        LinesField: {"widget": forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"})},
        models.TextField: {
            "form_class": ProseFormField,
            "widget": forms.Textarea(attrs={"rows": 6, "class": "vLargeTextField"}),
        },
        models.SlugField: {"form_class": SlugFormField},
        # As printed, in words or figures; an hour is the meeting's own, whatever the server's is.
        models.DateField: {"form_class": PrintedDateField, "widget": PrintedDateField.widget},
        models.TimeField: {"widget": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")},
        models.URLField: {"assume_scheme": "https"},
        # What PostgreSQL can hold; SQLite alone would take any number.
        models.PositiveSmallIntegerField: {"max_value": 32767},
    }

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and hasattr(field.widget, "can_delete_related"):
            # What a relation leads to is deleted on its own page, not in passing.
            field.widget.can_delete_related = False
        return field

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.autocomplete_fields:
            kwargs["widget"] = ChoiceWidget(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in self.autocomplete_fields:
            kwargs["widget"] = ChoicesWidget(db_field, self.admin_site)
            kwargs["form_class"] = ChoicesField
        return super().formfield_for_manytomany(db_field, request, **kwargs)


# What a value brings about that no row can have: a number too large, no date, no JSON.
UNANSWERABLE = (
    ArithmeticError,
    DataError,
    FieldError,
    NotSupportedError,
    ProgrammingError,
    TypeError,
    ValidationError,
    ValueError,
)


def check_date(changelist):
    """Raise ValueError where the list would be narrowed to a day that there is not."""
    asked = [
        changelist.params.get(f"{changelist.date_hierarchy}__{part}")
        for part in ("year", "month", "day")
    ]
    year, month, day = (
        int(number or fallback) for number, fallback in zip(asked, (2000, 1, 1), strict=True)
    )
    date(year, month, day)


MANY = 2000  # records


class AnyInput:
    """Lists that answer whatever they are asked."""

    def get_changelist_instance(self, request):
        """The list; where the database cannot answer what an address asks, all of it."""
        try:
            with transaction.atomic():
                changelist = super().get_changelist_instance(request)
                len(changelist.result_list)
                check_date(changelist)
        except (*UNANSWERABLE, IncorrectLookupParameters) as error:
            text = _("The list cannot be narrowed as the address asks: all of it is shown.")
            self.message_user(request, text, messages.WARNING)
            raise IncorrectLookupParameters from error
        return changelist

    def get_search_results(self, request, queryset, search_term):
        """Search for what a database can take: no NUL, and no more than twenty words."""
        words = " ".join(search_term.replace(NUL, " ").split()[:20])
        if not words:
            return queryset, False
        # Looked for once, in what is searched alone: the list is asked for a dozen times over.
        bare = self.model._base_manager.order_by()
        found, _twice = super().get_search_results(request, bare, words)
        keys = found.order_by().values_list("pk", flat=True)
        return queryset.filter(pk__among=sorted(set(keys))), False

    def response_action(self, request, queryset):
        keys = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if all(could_be_key(self.model, key) for key in keys):
            return super().response_action(request, queryset)
        text = _("Nothing was done: what was chosen is not in this list.")
        self.message_user(request, text, messages.WARNING)
        return HttpResponseRedirect(request.get_full_path())

    def lookup_allowed(self, lookup, value, request):
        """Not every lookup of every field: a regular expression could keep the server busy."""
        compares = set(lookup.split("__")[1:]) & HEAVY
        return (
            not compares
            and NUL not in str(value)
            and super().lookup_allowed(lookup, value, request)
        )


class PortalAdmin(FormFields, AnyInput, admin.ModelAdmin):
    """How every list and form of the admin behaves."""

    empty_value_display = _("none")
    list_per_page = 50
    save_on_top = True

    @property
    def show_facets(self):
        """How many each choice would show: at once, or where so many take long, on demand."""
        some = self.model._base_manager.order_by()[: MANY + 1].count()
        return admin.ShowFacets.ALWAYS if some <= MANY else admin.ShowFacets.ALLOW


class KnownValueFilter(admin.SimpleListFilter):
    """A filter of a list by one of the values that it offers; another cannot be read."""

    def queryset(self, request, queryset):
        value = self.value()
        if value is None:
            return queryset
        if value not in dict(self.lookup_choices):
            raise IncorrectLookupParameters
        return self.narrowed(queryset, value)

    def narrowed(self, queryset, value):
        raise NotImplementedError


class ReadOnlyAdmin(PortalAdmin):
    """To look at, kept by the portal itself."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class VersionedAdmin(EditingAdmin, HistoryAdmin, PortalAdmin):
    """Of records of which versions are kept: their model declares `versioned`."""

    form = VersionedPortalForm


class RecordAdmin(PreviewAdmin, VersionedAdmin):
    """A page of the portal: it has an address and a source."""

    form = RecordForm
    autocomplete_fields = ["source"]


def counted(through, entry, hanging):
    """How many entries the rows of `through` that are `hanging` name, each once."""
    rows = through.objects.filter(hanging).order_by()
    number = Func(
        F(f"{entry}_id"), function="COUNT", template="%(function)s(DISTINCT %(expressions)s)"
    )
    return Subquery(
        rows.annotate(number=number).values("number"), output_field=models.IntegerField()
    )


def count_column(model, lookup):
    """A column with the number of entries of the kind, leading to the list of them."""

    def column(record):
        number = getattr(record, f"number_of_{model.kind}")
        changelist = reverse(model.kind.admin_view("changelist"))
        return number and format_html('<a href="{}?{}">{}</a>', changelist, lookup(record), number)

    column.__name__ = f"number_of_{model.kind}"
    return admin.display(column, description=model.kind.plural)


@admin.register(FormerSlug)
class FormerSlugAdmin(ReadOnlyAdmin):
    list_display = ["slug", "current_slug", "model"]
    list_filter = ["model"]
    ordering = ["model", "slug"]
    search_fields = ["slug", "current_slug"]


class BoundedRows:
    """Of an inline: no more rows than a page can show; more of them are left unread, in words."""

    max_num = 400

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, validate_max=True, **kwargs)
        formset.absolute_max = self.max_num + 1
        return formset


class RecordRows(BoundedRows, FormFields, admin.TabularInline):
    """Rows on the form of a record: whoever may change the record may change them."""

    extra = 0

    def has_add_permission(self, request, obj):
        return self._may_write(request, obj)

    def has_change_permission(self, request, obj=None):
        return self._may_write(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self._may_write(request, obj)

    def _may_write(self, request, record):
        record_admin = self.admin_site.get_model_admin(self.parent_model)
        if record is None or record.pk is None:
            return record_admin.has_add_permission(request)
        return record_admin.has_change_permission(request, record)
