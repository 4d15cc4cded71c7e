"""What the staff write to each other about a record; whoever is called by '@name' finds it on the desk.

No page and no format shows it to the public.
"""

import re
from unicodedata import normalize

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from entries.workflow.models import OfRecord, OfRecordQuerySet
from entries.workflow.permissions import has_permission

CALLED = re.compile(r"(?<![\w.@+-])@([\w.@+-]*[\w+-])")
MOST_CALLED = 10


class Note(OfRecord):
    unseen = True

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    at = models.DateTimeField(_("when"), default=timezone.now)
    text = models.TextField(_("note"), max_length=4000)

    objects = OfRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("internal note")
        verbose_name_plural = _("internal notes")
        default_permissions = ()
        ordering = ["pk"]
        indexes = [models.Index(fields=["content_type", "object_id"], name="note_of_record")]

    def __str__(self):
        return self.text


class CallQuerySet(models.QuerySet):
    def waiting_for(self, user):
        return self.filter(user=user, answered=None)

    def about(self, models):
        """Those to records of these models."""
        return self.filter(note__in=Note.objects.about(models))


class Call(models.Model):
    """Somebody who is named in a note, until they answered or ticked it off."""

    unseen = True

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="calls")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    answered = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["note", "user"], name="called_once")]

    def __str__(self):
        return f"@{self.user}"


def called_in(text, model):
    """The people whom a text calls; ValidationError for a name that nobody has who may look."""
    names = dict.fromkeys(CALLED.findall(normalize("NFKC", text)))
    if len(names) > MOST_CALLED:
        raise ValidationError(_("Call at most %d people in one note.") % MOST_CALLED)
    people = staff()
    found = {name: people.get(name) or people.get(name.casefold()) for name in names}
    unknown = [
        f"@{name}"
        for name, person in found.items()
        if person is None or not has_permission(person, "view", model)
    ]
    if unknown:
        raise ValidationError(
            _("Nobody who may look at it is called %(names)s."),
            params={"names": ", ".join(unknown)},
        )
    return [*dict.fromkeys(found.values())]


def staff():
    """{name: person} of all who may get in, by their name as it is and in small letters.

    Compared here: what a capital is, each engine and each of its collations takes differently.
    """
    people = get_user_model().objects.filter(is_staff=True, is_active=True).order_by("-pk")
    own = {person.username: person for person in people}
    return {name.casefold(): person for name, person in own.items()} | own


@transaction.atomic
def write(record, user, text):
    """Keep the note, call whom it names, and take what they answer with it off their own desk."""
    called = called_in(text, record)
    answer(record, user)
    note = Note.objects.create(record=record, user=user, text=text)
    Call.objects.bulk_create(Call(note=note, user=each) for each in called)
    return note


def answer(record, user):
    """Tick off all that calls a person to a record."""
    calls = Call.objects.waiting_for(user).filter(note__in=Note.objects.of(record))
    return calls.update(answered=timezone.now())
