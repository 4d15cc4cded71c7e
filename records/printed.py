"""Dates typed as they are printed: '2022-07', 'April 2019' and '10-11 April 2018' fill a form."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from records import dates


class PrintedDateField(forms.DateField):
    """A day; or a month, a year or several days, where the form has fields for the rest of it."""

    widget = forms.DateInput(attrs={"class": "vDateField", "size": 22})
    takes_less_than_a_day = False
    reading = None  # of what was typed last, where it is no plain day

    def to_python(self, value):
        self.reading = None
        try:
            return super().to_python(value)
        except ValidationError:
            self.reading = dates.whole(str(value))
        if self.reading is None:
            raise ValidationError(
                _("This is no date. Type it as printed: 10 April 2018, 2018-04-10%(or_less)s."),
                params={
                    "or_less": _(", 10–11 April 2018, April 2019 or 2019")
                    if self.takes_less_than_a_day
                    else ""
                },
            )
        if not self.takes_less_than_a_day and (
            self.reading.precision != dates.DAY or self.reading.is_range
        ):
            raise ValidationError(_("Give one day, such as 10 April 2018 or 2018-04-10."))
        return self.reading.first_day


class PrintedDatesForm(forms.ModelForm):
    """Has a date that is as precise as its source, and perhaps a last day: one field fills all."""

    first, last, precision = "date", None, "date_precision"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.first in self.fields:
            self.fields[self.first].takes_less_than_a_day = True

    def clean(self):
        cleaned = super().clean()
        if self.first in self.errors or self.first not in self.fields:
            return cleaned
        reading = self.fields[self.first].reading
        if reading:
            self._fill(cleaned, self.precision, reading.precision)
            if self.last:
                self._fill_last(cleaned, reading)
        elif self.precision in self.fields:
            typed = self.first in self.changed_data and self.precision not in self.changed_data
            if not cleaned.get(self.first):
                cleaned[self.precision] = self.fields[self.precision].initial or ""
            elif typed or not cleaned.get(self.precision):
                cleaned[self.precision] = dates.DAY
        return cleaned

    def _fill_last(self, cleaned, reading):
        """Of what is printed as a range or less than a day the last day is said; else typed."""
        said = reading.is_range or reading.precision != dates.DAY
        typed = cleaned.get(self.last)
        if self.last not in self.errors and (said or not typed or typed < reading.first_day):
            self._fill(cleaned, self.last, reading.last_day)

    def _fill(self, cleaned, name, value):
        if name in self.fields:
            cleaned[name] = value
        else:
            setattr(self.instance, name, value)
