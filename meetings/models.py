from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from entries.kinds import Kind
from entries.models import Country, Entry, EntryQuerySet, Tagging
from entries.search.models import SearchDocument, document_of
from meetings.citations import BookCitation, MeetingCitation, PaperCitation, WebPageCitation
from meetings.days import in_words
from meetings.groups import WorkingGroup
from records.constraints import leads_to_a_page
from records.fields import (
    LinesField,
    ProtectedManyToManyField,
    validate_day,
)
from records.models import Certainty, Precision
from records.moments import today
from records.words import date_format

# What lists show of both kinds, of each where it is known.
LISTED = ("date_precision", "date_as_printed", "groups_as_printed")


class MeetingSearchDocument(SearchDocument):
    record = document_of("Meeting")
    title = "title"
    text = "description"
    hidden = (*SearchDocument.hidden, "contacts", "time_zone")


class MeetingTag(Tagging):
    content_object = models.ForeignKey("Meeting", on_delete=models.CASCADE)


class MeetingQuerySet(EntryQuerySet):
    def dated(self):
        """With the days a calendar needs: of a month alone it could only say what nobody printed."""
        days = self.filter(start_date__isnull=False, end_date__isnull=False)
        return days.filter(date_precision=Precision.DAY)

    def upcoming(self):
        """Not over yet: the last day is today or later."""
        return self.filter(end_date__gte=today())

    def past(self):
        return self.filter(end_date__lt=today())


class Meeting(Entry):
    """A meeting or event, with what was announced before it and concluded after it."""

    kind = Kind("meeting", path="meetings", asks=_("Where it was discussed"))
    display_position = 4
    dated_by = "start_date"
    sheet = (
        ("start_date", "date_as_printed"),
        ("start_time",),
        ("meeting_type", "is_joint"),
        ("groups", "groups_as_printed"),
        ("city",),
        ("countries",),
        ("venue",),
        ("languages",),
        ("organisers",),
    )
    listed_fields = ("start_date", "end_date", "city", "description", *LISTED)
    display_relations = ("groups", "countries")
    page_relations = ("papers", "practices", "uptakes__question", "foreseen_in")
    table_relations = ("foreseen_in",)
    citation_class = MeetingCitation

    class Type(models.TextChoices):
        WORKING_GROUP = "working-group", _("working group meeting")
        POLICY_PRACTICE = "policy-practice", _("Policy & Practice event")
        EVENT = "event", _("event")
        CROSS_CUTTING = "cross-cutting", _("cross-cutting thematic event")

    title = models.CharField(_("title"), max_length=300, help_text=_("Exactly as printed."))
    heading_as_printed = models.CharField(
        _("heading as printed"),
        max_length=400,
        blank=True,
        help_text=_("The head of the bullet exactly as printed: group, title and date."),
    )
    meeting_type = models.CharField(_("type of meeting"), max_length=20, choices=Type, blank=True)
    is_joint = models.BooleanField(
        _("joint meeting"), default=False, help_text=_("Held by several groups together.")
    )
    groups = ProtectedManyToManyField(
        WorkingGroup, verbose_name=_("working groups"), blank=True, related_name="meetings"
    )
    groups_as_printed = models.CharField(_("groups as printed"), max_length=200, blank=True)
    start_date = models.DateField(_("first day"), null=True, blank=True, validators=[validate_day])
    end_date = models.DateField(
        _("last day"),
        null=True,
        blank=True,
        validators=[validate_day],
        help_text=_("Left empty, it is the first day."),
    )
    date_precision = models.CharField(
        _("precision of the date"),
        max_length=5,
        choices=Precision,
        default=Precision.DAY,
        help_text=_("Of a month or a year, the first and last day are its own."),
    )
    date_as_printed = models.CharField(_("date as printed"), max_length=100, blank=True)
    start_time = models.TimeField(_("begins"), null=True, blank=True)
    end_time = models.TimeField(_("ends"), null=True, blank=True)
    time_zone = models.CharField(
        _("time zone as printed"), max_length=40, blank=True, help_text=_("For example CET.")
    )
    city = models.CharField(_("city"), max_length=100, blank=True)
    countries = ProtectedManyToManyField(
        Country, verbose_name=_("country"), blank=True, related_name="%(class)s_set"
    )
    venue = models.CharField(_("venue"), max_length=300, blank=True)
    languages = LinesField(
        _("languages"), help_text=_("Spoken at the meeting, as language codes: en, de, fr.")
    )
    organisers = LinesField(_("organisers"))
    description = models.TextField(_("description"), blank=True)
    objectives = LinesField(_("objectives"))
    conclusions = LinesField(_("conclusions"))
    conclusions_from = models.CharField(
        _("whose conclusions"),
        max_length=200,
        blank=True,
        help_text=_("Where the source gives those of earlier work; empty for the meeting's own."),
    )
    call_for_participants = models.TextField(_("call for participants"), blank=True)
    registration_url = models.URLField(_("registration address"), max_length=500, blank=True)
    registration_deadline = models.DateField(
        _("registration deadline"),
        null=True,
        blank=True,
        validators=[validate_day],
        help_text=_("The last day to register."),
    )
    registration_deadline_as_printed = models.CharField(
        _("deadline as printed"), max_length=100, blank=True
    )
    contacts = LinesField(
        _("contacts"), help_text=_("As printed. For curators only, never shown to the public.")
    )
    foreseen_in = models.ForeignKey(
        "Paper",
        verbose_name=_("foreseen in"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="foresees",
        help_text=_("The paper that announced a meeting like this one."),
    )
    foreseen_certainty = models.CharField(
        _("certainty of 'foreseen in'"),
        max_length=10,
        choices=Certainty,
        default=Certainty.CERTAIN,
    )
    tags = TaggableManager(through=MeetingTag, blank=True, ordering=["name"])

    objects = MeetingQuerySet.as_manager()

    class Meta(Entry.Meta):
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = [F("start_date").desc(nulls_last=True), "pk"]
        constraints = [
            *Entry.Meta.constraints,
            models.CheckConstraint(
                condition=Q(start_date=None, end_date=None) | Q(end_date__gte=F("start_date")),
                name="meeting_ends_after_start",
                violation_error_message=_("A meeting cannot end before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(date_precision="day")
                | Q(date_precision="month", start_date__day=1)
                | Q(date_precision="year", start_date__day=1, start_date__month=1),
                name="meeting_precision_agrees_with_date",
                violation_error_message=_(
                    "The precision does not agree with the first day: that of a month is its"
                    " first, that of a year its first of January."
                ),
            ),
            models.CheckConstraint(
                condition=Q(end_time=None)
                | Q(start_time__isnull=False)
                & (Q(end_date__gt=F("start_date")) | Q(end_time__gte=F("start_time"))),
                name="meeting_hours_in_order",
                violation_error_message=_("A meeting of one day cannot end before it begins."),
            ),
            leads_to_a_page("registration_url", "meeting_registration_leads_to_a_page"),
        ]

    @property
    def text(self):
        return self.description

    @property
    def heading(self):
        return self.title

    @property
    def dates(self):
        return in_words(self.start_date, self.end_date, self.date_precision)

    @property
    def type_name(self):
        """What it is called; empty where the source does not say."""
        if self.is_joint:
            return str(_("joint meeting of several groups"))
        return self.get_meeting_type_display()

    date_text = dates

    def _iso(self, day):
        return str(day or "")[: {"year": 4, "month": 7}.get(self.date_precision, 10)]

    @property
    def iso_date(self):
        """The first day in ISO 8601, no more precise than it is printed: 2019-04 or 2019-03-13."""
        return self._iso(self.start_date)

    @property
    def iso_last_date(self):
        return self._iso(self.end_date)

    @property
    def has_days(self):
        """Whether its days are known, and not only the month or year."""
        return bool(self.start_date and self.end_date) and self.date_precision == Precision.DAY

    @property
    def is_upcoming(self):
        return self.end_date is not None and self.end_date >= today()

    @property
    def registration_open(self):
        """None where no deadline is known."""
        if self.registration_deadline is None:
            return None
        return self.registration_deadline >= today()

    def clean(self):
        super().clean()
        if self.start_date and not self.end_date:
            self.end_date = self.start_date
        if self.end_date and not self.start_date:
            raise ValidationError({"start_date": _("Give the first day too.")})
        if self.end_time and not self.start_time:
            raise ValidationError({"start_time": _("Say when it begins too.")})


class PaperSearchDocument(SearchDocument):
    record = document_of("Paper")
    title = "title"
    text = "summary"
    hidden = (*SearchDocument.hidden, "language", "date_of")


class PaperTag(Tagging):
    content_object = models.ForeignKey("Paper", on_delete=models.CASCADE)


class Paper(Entry):
    """A document: what a meeting, an expert or the working group wrote."""

    kind = Kind("paper", path="papers", asks=_("What was written"))
    display_position = 5
    dated_by = "date"
    sheet = (
        ("date", "date_as_printed"),
        ("paper_type",),
        ("groups", "groups_as_printed"),
        ("authors",),
        ("publisher",),
        ("countries",),
        ("language",),
        ("topics",),
    )
    listed_fields = ("date", "date_of", "paper_type", "summary", *LISTED)
    display_relations = ("groups", "countries")
    page_relations = ("meeting", "foresees")
    table_relations = ("meeting",)

    class Type(models.TextChoices):
        DISCUSSION = "discussion", _("discussion paper")
        ISSUE = "issue", _("issue paper")
        CONCLUSIONS = "conclusions", _("conclusions of a meeting")
        HANDBOOK = "handbook", _("handbook")
        GUIDELINES = "guidelines", _("guidelines")
        REPORT = "report", _("report")
        WEB_PAGE = "web-page", _("web page")
        PAPER = "paper", _("paper of another type")

    class DateOf(models.TextChoices):
        PUBLICATION = "publication", _("the paper itself")
        EVENT = "event", _("the meeting it reports")

    title = models.CharField(_("title"), max_length=300, help_text=_("Exactly as printed."))
    short_title = models.CharField(
        _("short title"),
        max_length=80,
        blank=True,
        help_text=_("What a line of provenance calls it; empty, it is the title."),
    )
    title_note = models.CharField(
        _("note on the title"),
        max_length=300,
        blank=True,
        help_text=_("Where no title is printed: what the title given here rests on."),
    )
    heading_as_printed = models.CharField(
        _("heading as printed"),
        max_length=400,
        blank=True,
        help_text=_("The head of the bullet exactly as printed: group, title and date."),
    )
    paper_type = models.CharField(_("type of paper"), max_length=20, choices=Type, blank=True)
    groups = ProtectedManyToManyField(
        WorkingGroup, verbose_name=_("working groups"), blank=True, related_name="papers"
    )
    groups_as_printed = models.CharField(_("groups as printed"), max_length=200, blank=True)
    authors = LinesField(_("authors"))
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    date = models.DateField(
        _("date"),
        null=True,
        blank=True,
        validators=[validate_day],
        help_text=_("For a month its first day, for a year its first of January."),
    )
    date_precision = models.CharField(
        _("precision of the date"), max_length=5, choices=Precision, blank=True
    )
    date_of = models.CharField(
        _("what the date is of"),
        max_length=11,
        choices=DateOf,
        default=DateOf.PUBLICATION,
        help_text=_("Of the meeting it reports, where the source prints no date of its own."),
    )
    date_as_printed = models.CharField(_("date as printed"), max_length=100, blank=True)
    countries = ProtectedManyToManyField(
        Country, verbose_name=_("country"), blank=True, related_name="%(class)s_set"
    )
    language = models.CharField(
        _("language of the document"), max_length=10, blank=True, help_text=_("As a code: en.")
    )
    topics = LinesField(_("topics"), help_text=_("As the publisher names them."))
    summary = models.TextField(_("summary"), blank=True)
    key_points = LinesField(_("key points"))
    meeting = models.ForeignKey(
        Meeting,
        verbose_name=_("meeting it reports"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="papers",
    )
    meeting_certainty = models.CharField(
        _("certainty of 'meeting it reports'"),
        max_length=10,
        choices=Certainty,
        default=Certainty.CERTAIN,
    )
    tags = TaggableManager(through=PaperTag, blank=True, ordering=["name"])

    class Meta(Entry.Meta):
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        ordering = [F("date").desc(nulls_last=True), "pk"]
        constraints = [
            *Entry.Meta.constraints,
            models.CheckConstraint(
                condition=Q(date=None, date_precision="")
                | Q(date__isnull=False)
                & (
                    Q(date_precision="day")
                    | Q(date_precision="month", date__day=1)
                    | Q(date_precision="year", date__day=1, date__month=1)
                ),
                name="paper_precision_agrees_with_date",
                violation_error_message=_(
                    "The precision does not agree with the date: a month is its first day, a year"
                    " its first of January, and a date needs a precision."
                ),
            ),
        ]

    @property
    def text(self):
        return self.summary

    @property
    def heading(self):
        return self.title

    @property
    def citation_class(self):
        types = {self.Type.WEB_PAGE: WebPageCitation, self.Type.HANDBOOK: BookCitation}
        return types.get(self.paper_type, PaperCitation)

    @property
    def type_name(self):
        """What it is called; empty where the source does not say."""
        return self.get_paper_type_display()

    @property
    def event_days(self):
        """The days of the event it reports, as printed, where they are the only date of it."""
        if self.date is None or self.date_of != self.DateOf.EVENT:
            return ""
        return self.date_as_printed or self.own_date_text

    @property
    def date_text(self):
        """The date in words: 13 March 2019, or that of the event it reports."""
        if self.event_days:
            return _("event of %(days)s") % {"days": self.event_days}
        return self.own_date_text

    @property
    def own_date_text(self):
        """The date in words, no more precise than it was printed."""
        form = {"year": "Y", "month": "F Y", "day": "j F Y"}.get(self.date_precision)
        return date_format(self.date, form) if form else ""

    @property
    def iso_date(self):
        """ISO 8601 at the printed precision: 2021, 2019-04 or 2019-03-13; empty if unknown."""
        length = {"year": 4, "month": 7, "day": 10}.get(self.date_precision, 0)
        return str(self.date or "")[:length]
