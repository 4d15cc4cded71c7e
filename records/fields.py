import re

import orjson
from anyascii import anyascii
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _


class ProtectedManyToManyField(models.ManyToManyField):
    """A many-to-many relation whose far side cannot be deleted while it is used.

    Django always cascades in the table it makes for the relation; here a delete
    raises ProtectedError, so the admin refuses it and lists what stands in the way.
    """

    def contribute_to_related_class(self, cls, related):
        super().contribute_to_related_class(cls, related)
        through = self.remote_field.through
        far = through._meta.get_field(self.m2m_reverse_field_name())
        far.remote_field.on_delete = models.PROTECT
        # What the admin lists as standing in the way: the entry and the field that names
        # the far side, not a row number.
        near = self.m2m_field_name()
        through.__str__ = lambda row: str(getattr(row, near))
        names = self.model._meta
        through._meta.verbose_name = format_lazy("{} ({})", names.verbose_name, self.verbose_name)
        through._meta.verbose_name_plural = format_lazy(
            "{} ({})", names.verbose_name_plural, self.verbose_name
        )


class LinesField(models.JSONField):
    """An ordered list of texts, edited as one text per line."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"default": list, "blank": True} | kwargs)

    def from_db_value(self, value, expression, connection):
        # A file has tens of thousands, most of them empty; Django's way to a list is a long one.
        if isinstance(value, str) and value.startswith("["):
            try:
                return [] if value == "[]" else orjson.loads(value)
            except orjson.JSONDecodeError:
                pass  # Half a sign, by a script: Django reads it, or one such row would break a file.
        return super().from_db_value(value, expression, connection)

    def validate(self, value, model_instance):
        super().validate(value, model_instance)
        if not (isinstance(value, list) and all(isinstance(line, str) for line in value)):
            raise ValidationError(_("Give a list of texts."))

    def formfield(self, **kwargs):
        one_a_line = _("One a line.")
        help_text = (
            format_lazy("{} {}", self.help_text, one_a_line) if self.help_text else one_a_line
        )
        return super().formfield(**{"form_class": LinesFormField, "help_text": help_text} | kwargs)


class ProseFormField(forms.CharField):
    """A text with one kind of line break, whatever the browser sends (HTML has it send CR LF)."""

    widget = forms.Textarea

    def to_python(self, value):
        return re.sub(r"\r\n?", "\n", super().to_python(value))


class SlugFormField(forms.SlugField):
    """A slug, of whatever letters it is typed in; what stands between them is refused as ever."""

    def to_python(self, value):
        return anyascii(super().to_python(value).strip()).strip()


class LinesFormField(forms.Field):
    """Reads and writes a list of texts as the lines of a text area."""

    widget = forms.Textarea

    def __init__(self, *args, encoder=None, decoder=None, **kwargs):
        super().__init__(*args, **kwargs)

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        ProhibitNullCharactersValidator()(value)
        return [line.strip() for line in (value or "").splitlines() if line.strip()]

    def has_changed(self, initial, data):
        try:
            return (initial or []) != self.to_python(data)
        except ValidationError:
            return True


def validate_day(day):
    """Refuse a day that calendars, workbooks and people cannot mean."""
    if not 1900 <= day.year <= 2199:
        raise ValidationError(_("Give a day between 1900 and 2199."))


def validate_years(**years):
    """Raise ValidationError at every field whose year has not four digits."""
    wrong = [name for name, year in years.items() if year is not None and not 1000 <= year <= 9999]
    if wrong:
        raise ValidationError(dict.fromkeys(wrong, _("Give a year of four digits.")))
