"""Two people at the same record: whoever saves second is shown both, and decides.

A form carries, sealed, what the record said when the form was opened. When it is sent,
the record is locked and read again. If it says something else now, nothing is saved: the
form comes back as it was typed, with what was saved meanwhile, and two buttons. One saves
the form as it is; the other puts into it what was saved, wherever the person themselves
had changed nothing, for another look.
"""

import re
from hashlib import sha256

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import AdminErrorList
from django.contrib.admin.utils import unquote
from django.core import signing
from django.core.exceptions import (
    NON_FIELD_ERRORS,
    ObjectDoesNotExist,
    PermissionDenied,
    ValidationError,
)
from django.db import transaction
from django.template.response import TemplateResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from records.versions.differences import Reader
from records.versions.snapshots import Restoring, Sheet, deleted, versions_of

# What a form sends beside its fields.
OPENED_WITH, OVER, TOGETHER = "opened_with", "_over", "_together"
SALT = "what a form was opened with"
CODE = "meanwhile"


def seal(sheet):
    return signing.dumps(sheet.data, salt=SALT, compress=True)


def unseal(model, text):
    """The sheet that was sealed; None if this is none."""
    try:
        return Sheet(model, *signing.loads(text or "", salt=SALT))
    except signing.BadSignature:
        return None


class OpenedWith(forms.CharField):
    """Carries the sheet. Nothing of it is the person's to change."""

    widget = forms.HiddenInput

    def __init__(self, sheet):
        super().__init__(required=False, initial=seal(sheet))

    def has_changed(self, initial, data):
        return False


class LookedAtForm(forms.Form):
    """Asks before something is done with a record as it was when the page was opened.

    If that is no longer what it says, the form has an error, and carries what it says now.
    """

    required_css_class = "required"

    def __init__(self, *args, found=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.found = found
        if found:
            self.fields[OPENED_WITH] = OpenedWith(found)

    def clean(self):
        cleaned = super().clean()
        opened = cleaned.pop(OPENED_WITH, None)
        opened = self.found and unseal(self.found.model, opened)
        if self.found and (opened is None or opened.says != self.found.says):
            self.data = self.data.copy()
            self.data[OPENED_WITH] = seal(self.found)
            raise ValidationError(
                _("It was changed after you opened this page. Please look at it once more.")
            )
        return cleaned


# --- What happened ---------------------------------------------------------------------


class Meanwhile:
    """What a record said when the form was opened, what it says now, and what was typed."""

    def __init__(self, found, posted):
        self.model, self.found = found.model, found
        self.opened = unseal(self.model, posted.get(OPENED_WITH))
        self.typed = Sheet(self.model, found.key, dict(found.values), dict(found.rows))
        self.reader, self.order = Reader(self.model), []
        # Only what the person was shown: yet another save may have come between.
        self.is_overruled = posted.get(OVER) == self.digest
        self.is_together = TOGETHER in posted

    @property
    def happened(self):
        return self.opened is None or self.opened.says != self.found.says

    @property
    def is_undecided(self):
        return not (self.is_overruled or self.is_together)

    @cached_property
    def digest(self):
        return sha256(repr(self.found.says).encode()).hexdigest()

    @cached_property
    def version(self):
        """The last version, for whose it is and of when."""
        return versions_of(self.model, self.found.key).first()

    @cached_property
    def theirs(self):
        """What was saved; nothing where it is not known what the form was opened with."""
        return self.reader.changed(self.opened, self.found, self.order) if self.opened else []

    @cached_property
    def mine(self):
        """What the person typed otherwise than it stands there now."""
        changes = self.reader.changed(self.found, self.typed, self.order)
        for change in changes:
            change.is_of_both = any(change.name == theirs.name for theirs in self.theirs)
        return [change for change in changes if self.is_mine(change.name)]

    def is_mine(self, name):
        """Whether the person changed this since the form was opened."""
        if self.opened is None:
            return True
        return self.reader.read(self.opened, name) != self.reader.read(self.typed, name)

    # --- The form

    def read_form(self, form):
        """Take in what was typed. Returns the data that the form is to have."""
        data, self.order = form.data.copy(), list(form.fields)
        for name, field in form.fields.items():
            if name in self.found.values:
                self.typed.values[name] = typed(
                    self.model, name, field, data, form.add_prefix(name)
                )
        if not self.is_undecided:
            data[OPENED_WITH] = seal(self.found)
        if self.is_together:
            for name in form.fields:
                if name in self.found.values and not self.is_mine(name):
                    put(data, form.add_prefix(name), form, name)
        return data

    def read_rows(self, formset_class, kwargs):
        """The same for a list of rows on the form."""
        return Rows(self, formset_class, kwargs).read()


class Rows:
    """Rows as they were sent, brought in line with those that there are now.

    What nobody deleted on purpose stays in sight. A row that was added meanwhile is marked
    for deletion, for that is what saving the form as it was typed would mean.
    """

    def __init__(self, meanwhile, formset_class, kwargs):
        self.meanwhile = meanwhile
        self.sent, self.prefix = kwargs["data"], kwargs["prefix"]
        unbound = {name: kwargs[name] for name in ("instance", "prefix", "queryset")}
        self.formset = formset_class(**unbound)
        self.model, self.fk = self.formset.model, self.formset.fk
        self.key_name = self.model._meta.pk.name
        total = self.sent.get(f"{self.prefix}-TOTAL_FORMS", "")
        self.numbers = range(int(total) if re.fullmatch(r"[0-9]{1,3}", total) else 0)

    def read(self):
        name = self.fk.remote_field.get_accessor_name()
        kept = [n for n in self.numbers if not self.is_deleted(n)]
        self.meanwhile.typed.rows[name] = [[None, self.values(n)] for n in kept]
        opened, found = (
            self.texts(sheet, name) for sheet in (self.meanwhile.opened, self.meanwhile.found)
        )
        data = self.sent.copy()
        for key in self.sent:
            if key.startswith(f"{self.prefix}-") and not key.endswith("_FORMS"):
                del data[key]
        rows = list(self.arranged(opened, found))
        for place, row in enumerate(rows):
            self.write(data, f"{self.prefix}-{place}", *row)
        data[f"{self.prefix}-TOTAL_FORMS"] = str(len(rows))
        data[f"{self.prefix}-INITIAL_FORMS"] = str(len(found))
        return data

    def arranged(self, opened, found):
        """Yield (form of the stored row, number of the sent one, whether it is to go)."""
        together = self.meanwhile.is_together
        sent = {self.key(n): n for n in self.numbers}
        for form in self.formset.initial_forms:
            key = str(form.instance.pk)
            if key not in sent:
                yield form, None, not together
            elif together and not self.is_mine(sent[key], opened):
                yield form, None, False
            else:
                yield form, sent[key], self.is_deleted(sent[key])
        gone = [text for key, text in opened.items() if key not in found]
        for n in self.numbers:
            deleted_by_both = self.key(n) and self.is_deleted(n)
            known = together and self.text(n) in (*gone, *found.values())
            if self.key(n) not in found and not deleted_by_both and not known:
                yield None, n, self.is_deleted(n)

    def is_mine(self, number, opened):
        """Whether the person changed the row, or marked it for deletion."""
        if self.meanwhile.opened is None:
            return True
        before = opened.get(self.key(number))
        return before is not None and (self.is_deleted(number) or self.text(number) != before)

    def write(self, data, place, form, number, is_deleted):
        if number is None:
            for name in self.names(form):
                put(data, f"{place}-{name}", form, name)
        else:
            sent = f"{self.prefix}-{number}-"
            for key in self.sent:
                if key.startswith(sent):
                    data.setlist(f"{place}-{key.removeprefix(sent)}", self.sent.getlist(key))
        data[f"{place}-{self.key_name}"] = str(form.instance.pk) if form else ""
        if is_deleted:
            data[f"{place}-DELETE"] = "on"

    # --- A row that was sent

    def key(self, number):
        return self.sent.get(f"{self.prefix}-{number}-{self.key_name}", "")

    def is_deleted(self, number):
        return f"{self.prefix}-{number}-DELETE" in self.sent

    def values(self, number):
        form, place = self.formset.empty_form, f"{self.prefix}-{number}"
        return {
            name: typed(self.model, name, form.fields[name], self.sent, f"{place}-{name}")
            for name in self.names(form)
        }

    def text(self, number):
        return self.meanwhile.reader.row(self.model, self.values(number))

    def texts(self, sheet, name):
        rows = sheet.rows.get(name, []) if sheet else []
        return {str(key): self.meanwhile.reader.row(self.model, row) for key, row in rows}

    def names(self, form):
        """The fields that say something."""
        aside = (self.key_name, self.fk.name, "DELETE")
        return [name for name in form.fields if name not in aside]


def typed(model, name, field, data, html_name):
    """What was typed into a field, as far as it can be read; of a relation the keys."""
    raw = field.widget.value_from_datadict(data, {}, html_name)
    if model._meta.get_field(name).is_relation:
        return raw
    try:
        return field.to_python(raw)
    except ValidationError:
        return raw


def put(data, html_name, form, name):
    """Write into the data what the form's record has stored in a field, as a browser sends it."""
    field = form.fields[name]
    value = field.prepare_value(form.get_initial_for_field(field, name))
    widget = getattr(field.widget, "widget", field.widget)
    if isinstance(widget, forms.CheckboxInput):
        data.setlist(html_name, ["on"] if value else [])
        return
    value = widget.format_value(value)
    data.setlist(html_name, value if isinstance(value, list) else [value or ""])


# --- The form and its page ---------------------------------------------------------------


class MeanwhileForm(forms.ModelForm):
    """Refuses to save over what its person has not seen."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.meanwhile = getattr(self.instance, "meanwhile", None)
        if found := getattr(self.instance, "found", None):
            self.fields[OPENED_WITH] = OpenedWith(found)
        if self.is_bound and self.meanwhile:
            self.data = self.meanwhile.read_form(self)

    def clean(self):
        cleaned = super().clean()
        if self.meanwhile and not self.meanwhile.is_overruled:
            self.add_error(None, ValidationError(_("Nothing is saved yet."), code=CODE))
        return cleaned


class MeanwhileAdmin(admin.ModelAdmin):
    def get_object(self, request, object_id, from_field=None):
        record = super().get_object(request, object_id, from_field)
        if record is None:
            return None
        writing = request.method == "POST" and transaction.get_connection().in_atomic_block
        rows = self.model._base_manager.filter(pk=record.pk)
        if writing and not rows.select_for_update(no_key=True).first():
            return None
        try:
            found = Sheet.of(record)
        except ObjectDoesNotExist:
            return None
        # Read after `found`: what a form shows is never older than what it says it shows.
        record = super().get_object(request, object_id, from_field)
        if record is not None:
            record.found = found
            if writing and (meanwhile := Meanwhile(found, request.POST)).happened:
                record.meanwhile = meanwhile
        return record

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """Deleted while somebody was writing: they keep what they typed, and the way back."""
        is_sent = request.method == "POST" and "\0" not in unquote(object_id)
        gone = is_sent and deleted(self.model).filter(object_id=unquote(object_id)).first()
        if not gone:
            return super()._get_obj_does_not_exist_redirect(request, opts, object_id)
        record = Restoring(gone).record
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        record.found = Sheet.of_version(gone)
        record.meanwhile = Meanwhile(record.found, request.POST)
        # Made only to read what was typed into them.
        self.get_form(request, record, change=True)(request.POST, instance=record)
        self._create_formsets(request, record, change=True)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Deleted while you were writing: %s") % record,
            "opts": self.opts,
            "version": gone,
            "changes": record.meanwhile.mine,
        }
        return TemplateResponse(request, "admin/versions/deleted_meanwhile.html", context)

    def get_formset_kwargs(self, request, obj, inline, prefix):
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if "data" in kwargs and (meanwhile := getattr(obj, "meanwhile", None)):
            kwargs["data"] = meanwhile.read_rows(inline.get_formset(request, obj), kwargs)
        return kwargs

    def render_change_form(self, request, context, *args, **kwargs):
        form = context["adminform"].form
        if meanwhile := getattr(form, "meanwhile", None):
            # Told by a part of the page of its own, not as an error to be corrected.
            if form.has_error(NON_FIELD_ERRORS, CODE):
                errors = form.errors[NON_FIELD_ERRORS]
                errors.data = [error for error in errors.data if error.code != CODE]
                if not errors.data:
                    del form.errors[NON_FIELD_ERRORS]
            formsets = [inline.formset for inline in context["inline_admin_formsets"]]
            context["errors"] = AdminErrorList(form, formsets)
            context["meanwhile"] = meanwhile
            if meanwhile.is_undecided:
                shown = ("show_save", "show_save_and_continue", "show_save_and_add_another")
                context |= dict.fromkeys((*shown, "show_delete"), False)
        return super().render_change_form(request, context, *args, **kwargs)
