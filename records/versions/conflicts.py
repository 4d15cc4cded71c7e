"""An edit conflict: somebody saved a record while somebody else had its form open.

Whoever saves second is shown both and decides: their form goes over what was saved, or what
was saved is put into it wherever they themselves had changed nothing, for another look.
"""

import re
from functools import cached_property

from django import forms
from django.core.exceptions import ValidationError

from records.versions.differences import Reader
from records.versions.forms import OPENED_WITH, OVER, TOGETHER, seal, unseal
from records.versions.snapshots import Snapshot, versions_of


class EditConflict:
    """What a record said when its form was opened, what it says now, and what was sent.

    `form` and `formsets` are those of the record as it is now, unbound: they tell how to read
    what was sent. `found` is what it says now, or what it last said if it is deleted.
    """

    def __init__(self, found, sent, form, formsets):
        self.model, self.found, self.sent = found.model, found, sent
        self.form, self.order = form, list(form.fields)
        self.opened = unseal(self.model, sent.get(OPENED_WITH))
        self.reader = Reader(self.model)
        self.lists = [SentRows(self, formset) for formset in formsets]

    # --- What the person decided

    @property
    def is_overruled(self):
        """Mine goes over theirs; over no more of it than was shown."""
        return self.sent.get(OVER) == self.found.digest

    @property
    def is_together(self):
        return TOGETHER in self.sent

    @property
    def is_undecided(self):
        return not (self.is_overruled or self.is_together)

    # --- What it is about

    @cached_property
    def version(self):
        """The last version, for whose it is and of when."""
        return versions_of(self.model, self.found.key).first()

    @cached_property
    def typed(self):
        """What was sent, as far as it can be read, as a snapshot."""
        values = dict(self.found.values)
        for name, field in self.form.fields.items():
            if name in values:
                html_name = self.form.add_prefix(name)
                values[name] = sent_value(self.model, name, field, self.sent, html_name)
        rows = self.found.rows | {rows.name: rows.kept for rows in self.lists}
        return Snapshot(self.model, self.found.key, values, rows)

    @cached_property
    def theirs(self):
        """What was saved; nothing where it is not known what the form was opened with."""
        return self.reader.differing(self.opened, self.found, self.order) if self.opened else []

    @cached_property
    def mine(self):
        """What the person typed otherwise than it stands there now."""
        differences = self.reader.differing(self.found, self.typed, self.order)
        both = {difference.name for difference in self.theirs}
        for difference in differences:
            difference.is_of_both = difference.name in both
        return [difference for difference in differences if self.is_mine(difference.name)]

    def is_mine(self, name):
        """Whether the person changed this since the form was opened."""
        if self.opened is None:
            return True
        return self.reader.read(self.opened, name) != self.reader.read(self.typed, name)

    # --- How it goes on

    def data(self):
        """What the form is to have now: what was sent, brought in line with what there is."""
        data = self.sent.copy()
        if not self.is_undecided:
            data[OPENED_WITH] = seal(self.found)
        if self.is_together:
            for name in self.form.fields:
                if name in self.found.values and not self.is_mine(name):
                    put(data, self.form.add_prefix(name), self.form, name)
        for rows in self.lists:
            rows.arrange(data)
        return data


class SentRows:
    """Rows as they were sent, brought in line with those that there are now.

    What nobody deleted on purpose stays in sight. A row that was added meanwhile is marked
    for deletion, for that is what saving the form as it was typed would mean.
    """

    def __init__(self, conflict, formset):
        self.opened, self.found = conflict.opened, conflict.found
        self.is_together, self.reader = conflict.is_together, conflict.reader
        self.sent, self.prefix, self.formset = conflict.sent, formset.prefix, formset
        self.model, self.fk = formset.model, formset.fk
        self.name = self.fk.remote_field.get_accessor_name()
        self.key_name = self.model._meta.pk.name
        total = self.sent.get(f"{self.prefix}-TOTAL_FORMS", "")
        self.numbers = range(int(total) if re.fullmatch(r"[0-9]{1,3}", total) else 0)

    @property
    def kept(self):
        """The rows of a snapshot: those that are not marked for deletion."""
        return [[None, self.values(n)] for n in self.numbers if not self.is_deleted(n)]

    def arrange(self, data):
        """Write into the data the rows as they are to stand in the form."""
        for key in self.sent:
            if key.startswith(f"{self.prefix}-") and not key.endswith("_FORMS"):
                del data[key]
        found = self.texts(self.found)
        rows = list(self._arranged(self.texts(self.opened), found))
        for place, row in enumerate(rows):
            self._write(data, f"{self.prefix}-{place}", *row)
        data[f"{self.prefix}-TOTAL_FORMS"] = str(len(rows))
        data[f"{self.prefix}-INITIAL_FORMS"] = str(len(found))

    def _arranged(self, opened, found):
        """Yield (form of the stored row, number of the sent one, whether it is to go)."""
        sent = {self.key(n): n for n in self.numbers}
        for form in self.formset.initial_forms:
            key = str(form.instance.pk)
            if key not in sent:
                yield form, None, not self.is_together
            elif self.is_together and not self._is_mine(sent[key], opened):
                yield form, None, False
            else:
                yield form, sent[key], self.is_deleted(sent[key])
        gone = [text for key, text in opened.items() if key not in found]
        for n in self.numbers:
            deleted_by_both = self.key(n) and self.is_deleted(n)
            known = self.is_together and self.text(n) in (*gone, *found.values())
            if self.key(n) not in found and not deleted_by_both and not known:
                yield None, n, self.is_deleted(n)

    def _is_mine(self, number, opened):
        """Whether the person changed the row, or marked it for deletion."""
        if self.opened is None:
            return True
        before = opened.get(self.key(number))
        return before is not None and (self.is_deleted(number) or self.text(number) != before)

    def _write(self, data, place, form, number, is_deleted):
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
            name: sent_value(self.model, name, form.fields[name], self.sent, f"{place}-{name}")
            for name in self.names(form)
        }

    def text(self, number):
        return self.reader.row(self.model, self.values(number))

    def texts(self, snapshot):
        """{key: text} of the rows of a snapshot, if there is one."""
        rows = snapshot.rows.get(self.name, []) if snapshot else []
        return {str(key): self.reader.row(self.model, row) for key, row in rows}

    def names(self, form):
        """The fields that say something."""
        aside = (self.key_name, self.fk.name, "DELETE")
        return [name for name in form.fields if name not in aside]


def sent_value(model, name, field, data, html_name):
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
