"""The theme tree in the admin."""

from django import forms
from django.contrib import admin
from django.db.models import OuterRef, Q
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from records.admin import (
    PROVENANCE,
    BoundedRows,
    FormFields,
    RecordAdmin,
    RecordForm,
    count_column,
    counted,
)
from records.naming import NamedAdmin, NamedForm
from records.versions.registering import keep_as_found
from themes.models import Absence, Theme


def filed():
    """The relations by which records are filed under themes; hidden ones are nobody's to see."""
    found = [each for each in Theme._meta.related_objects if each.many_to_many and not each.hidden]
    return sorted(found, key=lambda relation: relation.related_model.display_position)


class AbsenceInline(BoundedRows, FormFields, admin.StackedInline):
    model = Absence
    autocomplete_fields = ["meeting", "source"]
    extra = 0
    fields = ["kind", "text", "meeting", "source", "source_page"]
    verbose_name = _("statement that something is missing")
    verbose_name_plural = _("What a source says is missing here")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name != "kind":
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        kinds = [relation.related_model.kind for relation in filed()]
        return forms.ChoiceField(
            label=capfirst(db_field.verbose_name),
            choices=[("", "---------")] + [(str(kind), capfirst(kind.name)) for kind in kinds],
            help_text=_("The kind of entry that is missing."),
        )


class ThemeForm(NamedForm, RecordForm):
    name_field = "title"


@admin.register(Theme)
class ThemeAdmin(NamedAdmin, RecordAdmin):
    form = ThemeForm
    autocomplete_fields = ["parent", "subject", "source"]
    fieldsets = [
        (None, {"fields": ["title", "slug"]}),
        (
            _("Place in the tree"),
            {
                "description": _(
                    "Main themes have no parent, subthemes a main theme, sections a subtheme."
                    " What hangs below a theme moves with it."
                ),
                "fields": ["parent", "position"],
            },
        ),
        (_("Reading"), {"fields": ["subject"]}),
        (_("Our wording"), {"fields": ["introduction"]}),
        PROVENANCE,
        (_("As printed"), {"fields": ["as_printed", "as_printed_is_public"]}),
    ]
    inlines = [AbsenceInline]
    list_per_page = 200
    list_select_related = ["parent__parent"]
    prepopulated_fields = {"slug": ["title"]}
    search_fields = ["title", "slug"]
    sortable_by = ()

    def get_queryset(self, request):
        return super().get_queryset(request).in_tree_order().annotate(**self._numbers())

    def save_model(self, request, obj, form, change):
        if change and "parent" in form.changed_data:
            # What hangs below moves too: saved with it, in the same revision.
            for theme in obj.branch:
                keep_as_found(theme)
        super().save_model(request, obj, form, change)

    def get_list_display(self, request):
        return ["in_tree", "position", *(self._column(relation) for relation in filed())]

    @admin.display(description=_("theme"))
    def in_tree(self, theme):
        return format_html('<span class="level-{}">{}</span>', theme.level, theme.title)

    @staticmethod
    def _numbers():
        """Of the whole branch, drafts included."""
        branch = Q(theme=OuterRef("pk")) | Q(theme__parent=OuterRef("pk"))
        branch |= Q(theme__parent__parent=OuterRef("pk"))
        return {
            f"number_of_{relation.related_model.kind}": counted(
                relation.through, relation.field.m2m_field_name(), branch
            )
            for relation in filed()
        }

    @staticmethod
    def _column(relation):
        return count_column(relation.related_model, lambda theme: f"theme={theme.slug}")
