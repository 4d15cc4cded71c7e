"""The days of a meeting in words, no more precise than they are printed."""

from records.models import Precision
from records.words import date_format


def in_words(first, last, precision):
    """As short as they can be: 10–11 April 2018, April 2019, October–November 2019."""
    if not first:
        return ""
    last = last or first
    if precision != Precision.DAY:
        return _months(first, last, "Y" if precision == Precision.YEAR else "F Y")
    if first == last:
        return date_format(first, "j F Y")
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{date_format(last, 'j F Y')}"
    return f"{date_format(first, 'j F Y')} – {date_format(last, 'j F Y')}"


def _months(first, last, form):
    begins, ends = date_format(first, form), date_format(last, form)
    if begins == ends:
        return begins
    return f"{date_format(first, 'F') if first.year == last.year else begins}–{ends}"
