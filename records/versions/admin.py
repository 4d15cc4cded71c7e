"""The versions of a record in the admin: its history, differences, and the ways back."""

import reversion
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.admin.utils import flatten_fieldsets, quote, unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from records.versions import snapshots
from records.versions.conflicts import LookedAtForm
from records.versions.differences import Reader
from records.versions.snapshots import Restoring, Sheet

PAGE = 50  # versions


class ChooseForm(forms.Form):
    """Which two versions are to be compared."""

    older = forms.IntegerField(min_value=1)
    newer = forms.IntegerField(min_value=1)


class RestoreForm(LookedAtForm):
    note = forms.CharField(
        label=gettext_lazy("What you bring back, and why"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )

    def __init__(self, *args, note_is_public, **kwargs):
        super().__init__(*args, **kwargs)
        if note_is_public:
            self.fields["note"].required = True
            self.fields["note"].help_text = _(
                "Public: it stands on the entry’s page with the date, without your name."
            )


class HistoryAdmin(admin.ModelAdmin):
    """Makes a version of every save, shows what changed from one to another, and goes back."""

    object_history_template = "admin/versions/history.html"

    # --- Keeping

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        try:
            with snapshots.revision(request.user):
                return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError as error:
            # The form checks every rule: only rows that were tampered with get past it.
            raise BadRequest(_("The form does not fit what is stored: open it anew.")) from error

    # --- Where

    def get_urls(self):
        at = {
            "<path:object_id>/history/before/<int:before>/": ("history_before", self.history_view),
            "<path:object_id>/history/<int:older>/<int:newer>/": ("compare", self.compare_view),
            "<path:object_id>/history/<int:version>/": ("version", self.version_view),
            "<path:object_id>/history/<int:version>/restore/": ("restore", self.restore_view),
            "recover/": ("recover_list", self.recover_list_view),
            "recover/<int:version>/": ("recover", self.recover_view),
        }
        own = [
            path(route, self.admin_site.admin_view(view), name=self._name(name))
            for route, (name, view) in at.items()
        ]
        return own + super().get_urls()

    def _name(self, page):
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def _url(self, page, *args):
        return reverse(f"admin:{self._name(page)}", args=args)

    def changelist_view(self, request, extra_context=None):
        extra = {"recover_url": self._url("recover_list")}
        can = self.has_add_permission(request) and self.has_change_permission(request)
        return super().changelist_view(request, (extra if can else {}) | (extra_context or {}))

    # --- Looking

    def history_view(self, request, object_id, extra_context=None, before=None):
        """The versions of a record, the last first, each with what it changed."""
        record = self._record(request, object_id)
        if request.method == "POST":
            return self._compare_chosen(record, request.POST)
        kept = snapshots.versions_of(self.model, record.pk)
        if before:
            kept = kept.filter(pk__lt=before)
        found = list(kept[: PAGE + 1])
        reader, order = Reader(self.model), self._order(request, record)
        rows = []
        for number, version in enumerate(found[:PAGE]):
            previous = found[number + 1] if number + 1 < len(found) else None
            sheets = [Sheet.of_version(each) if each else None for each in (previous, version)]
            changes = reader.changed(*sheets, order) if previous else []
            rows.append({"version": version, "previous": previous, "changes": changes})
        last = found[0] if found and not before else None
        context = {
            "rows": rows,
            "earlier": rows[-1]["version"].pk if len(found) > PAGE else None,
            "last": last,
            "is_ahead": last and Sheet.of_version(last).says != record.found.says,
        }
        title = _("Change history: %s") % record
        return self._page(request, "history", title, record, **context, **(extra_context or {}))

    def _compare_chosen(self, record, posted):
        form = ChooseForm(posted)
        if not form.is_valid():
            return redirect(self._url("history", quote(record.pk)))
        older, newer = sorted(form.cleaned_data.values())
        return redirect(self._url("compare", quote(record.pk), older, newer))

    def compare_view(self, request, object_id, older, newer):
        """What changed from one version to another."""
        record = self._record(request, object_id)
        older, newer = (self._version(record.pk, key) for key in (older, newer))
        changes = Reader(self.model).differences(
            Sheet.of_version(older), Sheet.of_version(newer), self._order(request, record)
        )
        title = _("What changed: %s") % record
        context = {"older": older, "newer": newer, **parted(changes)}
        return self._page(request, "compare", title, record, **context)

    def version_view(self, request, object_id, version):
        """Everything that one version says."""
        record = self._record(request, object_id)
        version = self._version(record.pk, version)
        title = _("A version of: %s") % record
        return self._page(request, "version", title, record, **self._shown(request, version))

    def _shown(self, request, version):
        sheet = Sheet.of_version(version)
        read = Reader(self.model).differences(sheet, sheet, self._order(request))
        return {"version": version, "says": [change for change in read if change.after]}

    # --- Going back

    def restore_view(self, request, object_id, version):
        """Asks, then makes the record say what a version says: a change like any other."""
        form = None
        if request.method == "POST":
            try:
                with snapshots.revision(request.user):
                    record = self._record(request, object_id, to_change=True)
                    form = self._restore_form(request, record)
                    if form.is_valid():
                        return self._restored(request, self._version(record.pk, version), form)
            except ValidationError as error:
                form.add_error(None, error.messages)
        record = self._record(request, object_id, to_change=True)
        version = self._version(record.pk, version)
        changes = Reader(self.model).changed(
            record.found, Sheet.of_version(version), self._order(request, record)
        )
        kept = getattr(self.model, "state_fields", ())
        context = {
            "version": version,
            "form": form or self._restore_form(request, record),
            "changes": [change for change in changes if change.name not in kept],
        }
        return self._page(request, "restore", _("Restore: %s") % record, record, **context)

    def recover_list_view(self, request):
        """The records that are gone, each with the way back."""
        self._refuse_unless_may_recover(request)
        gone = list(snapshots.deleted(self.model))
        log = LogEntry.objects.filter(
            action_flag=DELETION,
            content_type=ContentType.objects.get_for_model(self.model),
            object_id__in=[version.object_id for version in gone],
        )
        deletions = {entry.object_id: entry for entry in log.select_related("user").order_by("pk")}
        rows = [(version, deletions.get(version.object_id)) for version in gone]
        title = _("Deleted %s") % self.opts.verbose_name_plural
        return self._page(request, "recover_list", title, None, rows=rows)

    def recover_view(self, request, version):
        """Shows a record that is gone as it last was, and brings it back."""
        self._refuse_unless_may_recover(request)
        version = get_object_or_404(snapshots.deleted(self.model), pk=version)
        record = Restoring(version).record
        if not self.may_recover(request, record):
            raise PermissionDenied
        form = self._restore_form(request, record)
        if form.is_valid():
            try:
                with snapshots.revision(request.user):
                    return self._restored(request, version, form)
            except ValidationError as error:
                form.add_error(None, error.messages)
        title = _("Bring back: %s") % version.object_repr
        context = self._shown(request, version) | {"form": form}
        return self._page(request, "recover", title, None, **context)

    def may_recover(self, request, record):
        return self.has_change_permission(request, record)

    def _refuse_unless_may_recover(self, request):
        if not (self.has_add_permission(request) and self.has_change_permission(request)):
            raise PermissionDenied

    def _restore_form(self, request, record):
        return RestoreForm(
            request.POST if request.method == "POST" else None,
            found=getattr(record, "found", None),
            note_is_public=self.is_public(record),
        )

    def _restored(self, request, version, form):
        restoring, before = Restoring(version), self.before_restoring(version)
        restoring.restore()
        saved = date_format(localtime(version.revision.date_created), "DATETIME_FORMAT")
        said = _("Restored: the version of %(date)s.") % {"date": saved}
        reversion.set_comment(said)
        record = restoring.record
        self.after_restoring(request, record, form.cleaned_data["note"], before)
        self.log_change(request, record, said)
        self.message_user(request, said, messages.SUCCESS)
        if restoring.left_out:
            gone = _("Not brought back, because it is gone or another’s: %s")
            self.message_user(request, gone % "; ".join(restoring.left_out), messages.WARNING)
        return redirect(self._url("change", quote(record.pk)))

    def is_public(self, record):
        """Whether the note of who restores the record is for the public too."""
        return False

    def before_restoring(self, version):
        """What `after_restoring` has to know of how it was."""

    def after_restoring(self, request, record, note, before=None):
        """Keep the note with the version."""
        with snapshots.revision(comment=note):
            pass

    # --- All of them

    def _record(self, request, object_id, to_change=False):
        record = self.get_object(request, unquote(object_id))
        if record is None:
            raise Http404
        if to_change:
            allowed = self.has_change_permission(request, record)
        else:
            allowed = self.has_view_or_change_permission(request, record)
        if not allowed:
            raise PermissionDenied
        return record

    def _version(self, key, version):
        return get_object_or_404(snapshots.versions_of(self.model, key), pk=version)

    def _order(self, request, record=None):
        """The order of the fields on the form."""
        return flatten_fieldsets(self.get_fieldsets(request, record))

    def _page(self, request, template, title, record, **context):
        context |= {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "object": record,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, f"admin/versions/{template}.html", context)


def parted(changes):
    return {
        "changes": [change for change in changes if change.is_change],
        "same": [change.label for change in changes if not change.is_change and change.after],
    }
