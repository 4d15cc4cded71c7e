"""Editing in the admin: every save is a version, and goes over nothing that its person has not seen."""

from contextlib import suppress

import reversion
from django.contrib import admin
from django.contrib.admin.helpers import AdminErrorList
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.checks import Error
from django.core.exceptions import (
    NON_FIELD_ERRORS,
    BadRequest,
    PermissionDenied,
    ValidationError,
)
from django.db import IntegrityError, transaction
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from records.versions.conflicts import EditConflict
from records.versions.forms import AGAIN, NOT_YET, OPENED_WITH, VersionedForm, says_the_same, unseal
from records.versions.registering import keep_as_found, revision
from records.versions.restoring import Restoring
from records.versions.snapshots import Snapshot, deleted


class EditingAdmin(admin.ModelAdmin):
    """Makes a version of every save; whoever would save over what they have not seen is asked.

    Its forms are `records.versions.forms.VersionedForm`s.
    """

    def check(self, **kwargs):
        """Also that the form can refuse to save over what nobody has seen."""
        errors = super().check(**kwargs)
        if not issubclass(self.form, VersionedForm):
            wrong = Error(f"The form of {type(self).__name__} is no VersionedForm.", obj=type(self))
            errors.append(wrong)
        return errors

    def get_object(self, request, object_id, from_field=None):
        """The record; locked, where it is about to be written."""
        from_field = from_field or None  # an address may name none: `?_to_field=`
        if request.method == "POST" and transaction.get_connection().in_atomic_block:
            self._lock(object_id, from_field)
        return super().get_object(request, object_id, from_field)

    def _lock(self, object_id, from_field):
        """Wait until nobody else writes it: what is read after that is what will be there."""
        field = self.opts.get_field(from_field) if from_field else self.opts.pk
        with suppress(ValidationError, ValueError):  # of no key at all, as Django will find
            rows = self.model._base_manager.filter(**{field.name: field.to_python(object_id)})
            rows.select_for_update(no_key=True).exists()

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        try:
            with revision(request.user):
                return self._save_form(request, object_id, form_url, extra_context or {})
        except IntegrityError as error:
            # The form checks every rule: only rows that were tampered with get past it.
            raise BadRequest(_("The form does not fit what is stored: open it anew.")) from error

    def _save_form(self, request, object_id, form_url, extra_context):
        """Let Django answer, with what is needed to solve an edit conflict if there is one."""
        record = None if object_id is None else self.get_object(request, unquote(object_id))
        if object_id is not None and record is None:
            return self._deleted_while_editing(request, object_id)
        if record is not None and not self.has_change_permission(request, record):
            raise PermissionDenied(self.why_not_changed(request, record))
        if record is not None:
            found = Snapshot.of(record)
            if not says_the_same(unseal(self.model, request.POST.get(OPENED_WITH)), found):
                conflict = self._conflict(request, record, found)
                request.POST = conflict.data()
                extra_context = extra_context | {"conflict": conflict}
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _conflict(self, request, record, found):
        fields = flatten_fieldsets(self.get_fieldsets(request, record))
        form = self.get_form(request, record, change=True, fields=fields)(instance=record)
        formsets = [
            formset(
                instance=record,
                prefix=formset.get_default_prefix(),
                queryset=inline.get_queryset(request),
            )
            for formset, inline in self.get_formsets_with_inlines(request, record)
        ]
        return EditConflict(found, request.POST, form, formsets)

    def why_not_changed(self, request, record):
        """The reason for somebody who typed a change and may not make it, and what they can do."""
        return _("Your account does not have the permission to change it.")

    def _deleted_while_editing(self, request, object_id):
        """They keep what they typed, and are shown the way back."""
        key = unquote(object_id)
        gone = None if "\0" in key else deleted(self.model).filter(object_id=key).first()
        if gone is None:
            raise Http404(_("It is not there. Perhaps it was deleted."))
        record = Restoring(gone).record
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        conflict = self._conflict(request, record, Snapshot.of_version(gone))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Deleted while you were writing: %s") % record,
            "opts": self.opts,
            "version": gone,
            "differences": conflict.mine,
            "sent": [
                (name, value)
                for name, values in request.POST.lists()
                for value in values
                if name != "csrfmiddlewaretoken"
            ],
        }
        return TemplateResponse(request, "admin/versions/deleted_while_editing.html", context)

    def save_model(self, request, obj, form, change):
        """Save what was changed; a form that changes nothing is a version, and moves no date."""
        keep_as_found(obj)
        if change and not form.has_changed():
            reversion.add_to_revision(obj)
            return
        super().save_model(request, obj, form, change)

    def render_change_form(self, request, context, *args, **kwargs):
        conflict, context["put_in_again"] = context.get("conflict"), AGAIN in request.POST
        if conflict or context["put_in_again"]:
            form = context["adminform"].form
            leave_out_not_yet(form)
            formsets = [inline.formset for inline in context["inline_admin_formsets"]]
            context["errors"] = AdminErrorList(form, formsets)
        if conflict and conflict.is_undecided:
            shown = ("show_save", "show_save_and_continue", "show_save_and_add_another")
            context |= dict.fromkeys((*shown, "show_delete"), False)
        return super().render_change_form(request, context, *args, **kwargs)


def leave_out_not_yet(form):
    """It is told by a part of the page of its own, not as an error to be corrected."""
    if not form.has_error(NON_FIELD_ERRORS, NOT_YET):
        return
    errors = form.errors[NON_FIELD_ERRORS]
    errors.data = [error for error in errors.data if error.code != NOT_YET]
    if not errors.data:
        del form.errors[NON_FIELD_ERRORS]
