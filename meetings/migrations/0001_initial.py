import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import entries.search.expressions
import records.cleaning
import records.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Meeting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "slug",
                    models.SlugField(
                        help_text="The last part of the address. When it is changed, the old address redirects.",
                        max_length=120,
                        unique=True,
                        verbose_name="slug",
                    ),
                ),
                (
                    "identifier",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, unique=True, verbose_name="identifier"
                    ),
                ),
                (
                    "source_page",
                    models.CharField(
                        blank=True,
                        help_text="As one would cite it: 7, 12–13, or the heading on a web page.",
                        max_length=40,
                        verbose_name="page in the source",
                    ),
                ),
                (
                    "as_printed",
                    models.TextField(
                        blank=True,
                        help_text="The full original wording, for curators who hold the document: other people's text.",
                        verbose_name="wording in the source",
                    ),
                ),
                (
                    "as_printed_is_public",
                    models.BooleanField(
                        default=False,
                        help_text="An editor’s decision for this record: a short quotation.",
                        verbose_name="show the wording in the source to the public",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("review", "in review"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        db_index=True,
                        default="draft",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "created",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="created"
                    ),
                ),
                ("updated", models.DateTimeField(auto_now=True, verbose_name="last changed")),
                (
                    "first_published",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="first published"
                    ),
                ),
                (
                    "last_reviewed",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="last reviewed"
                    ),
                ),
                (
                    "awaits_second_look",
                    models.BooleanField(
                        default=False, editable=False, verbose_name="awaits a second look"
                    ),
                ),
                (
                    "withdrawn_reason",
                    models.TextField(
                        blank=True, editable=False, verbose_name="why it was withdrawn"
                    ),
                ),
                (
                    "see_instead",
                    models.CharField(
                        blank=True,
                        editable=False,
                        max_length=500,
                        verbose_name="where to go instead",
                    ),
                ),
                (
                    "content_language",
                    models.CharField(
                        default="en",
                        help_text="Of our wording here, as a language code: en, de, fr.",
                        max_length=10,
                        verbose_name="language of the text",
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        help_text="Exactly as printed.", max_length=300, verbose_name="title"
                    ),
                ),
                (
                    "heading_as_printed",
                    models.CharField(
                        blank=True,
                        help_text="The head of the bullet exactly as printed: group, title and date.",
                        max_length=400,
                        verbose_name="heading as printed",
                    ),
                ),
                (
                    "meeting_type",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("working-group", "working group meeting"),
                            ("policy-practice", "Policy & Practice event"),
                            ("event", "event"),
                            ("cross-cutting", "cross-cutting thematic event"),
                        ],
                        max_length=20,
                        verbose_name="type of meeting",
                    ),
                ),
                (
                    "is_joint",
                    models.BooleanField(
                        default=False,
                        help_text="Held by several groups together.",
                        verbose_name="joint meeting",
                    ),
                ),
                (
                    "groups_as_printed",
                    models.CharField(blank=True, max_length=200, verbose_name="groups as printed"),
                ),
                (
                    "start_date",
                    models.DateField(
                        blank=True,
                        null=True,
                        validators=[records.fields.validate_day],
                        verbose_name="first day",
                    ),
                ),
                (
                    "end_date",
                    models.DateField(
                        blank=True,
                        help_text="Left empty, it is the first day.",
                        null=True,
                        validators=[records.fields.validate_day],
                        verbose_name="last day",
                    ),
                ),
                (
                    "date_as_printed",
                    models.CharField(blank=True, max_length=100, verbose_name="date as printed"),
                ),
                ("start_time", models.TimeField(blank=True, null=True, verbose_name="begins")),
                ("end_time", models.TimeField(blank=True, null=True, verbose_name="ends")),
                (
                    "time_zone",
                    models.CharField(
                        blank=True,
                        help_text="For example CET.",
                        max_length=40,
                        verbose_name="time zone as printed",
                    ),
                ),
                ("city", models.CharField(blank=True, max_length=100, verbose_name="city")),
                ("venue", models.CharField(blank=True, max_length=300, verbose_name="venue")),
                (
                    "languages",
                    records.fields.LinesField(
                        blank=True,
                        default=list,
                        help_text="Spoken at the meeting, as language codes: en, de, fr.",
                        verbose_name="languages",
                    ),
                ),
                (
                    "organisers",
                    records.fields.LinesField(blank=True, default=list, verbose_name="organisers"),
                ),
                ("description", models.TextField(blank=True, verbose_name="description")),
                (
                    "objectives",
                    records.fields.LinesField(blank=True, default=list, verbose_name="objectives"),
                ),
                (
                    "conclusions",
                    records.fields.LinesField(blank=True, default=list, verbose_name="conclusions"),
                ),
                (
                    "conclusions_from",
                    models.CharField(
                        blank=True,
                        help_text="Where the source gives those of earlier work; empty for the meeting's own.",
                        max_length=200,
                        verbose_name="whose conclusions",
                    ),
                ),
                (
                    "call_for_participants",
                    models.TextField(blank=True, verbose_name="call for participants"),
                ),
                (
                    "registration_url",
                    models.URLField(
                        blank=True, max_length=500, verbose_name="registration address"
                    ),
                ),
                (
                    "registration_deadline",
                    models.DateField(
                        blank=True,
                        help_text="The last day to register.",
                        null=True,
                        validators=[records.fields.validate_day],
                        verbose_name="registration deadline",
                    ),
                ),
                (
                    "registration_deadline_as_printed",
                    models.CharField(
                        blank=True, max_length=100, verbose_name="deadline as printed"
                    ),
                ),
                (
                    "contacts",
                    records.fields.LinesField(
                        blank=True,
                        default=list,
                        help_text="As printed. For curators only, never shown to the public.",
                        verbose_name="contacts",
                    ),
                ),
                (
                    "foreseen_certainty",
                    models.CharField(
                        choices=[("certain", "certain"), ("probable", "probable")],
                        default="certain",
                        max_length=10,
                        verbose_name="certainty of 'foreseen in'",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="drafted by",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="last changed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "meeting",
                "verbose_name_plural": "meetings",
                "ordering": [
                    models.OrderBy(models.F("start_date"), descending=True, nulls_last=True),
                    "pk",
                ],
                "abstract": False,
                "default_permissions": ("add", "change", "delete", "view", "curate", "publish"),
            },
            bases=(records.cleaning.Cleaned, models.Model),
        ),
        migrations.CreateModel(
            name="Paper",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "slug",
                    models.SlugField(
                        help_text="The last part of the address. When it is changed, the old address redirects.",
                        max_length=120,
                        unique=True,
                        verbose_name="slug",
                    ),
                ),
                (
                    "identifier",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, unique=True, verbose_name="identifier"
                    ),
                ),
                (
                    "source_page",
                    models.CharField(
                        blank=True,
                        help_text="As one would cite it: 7, 12–13, or the heading on a web page.",
                        max_length=40,
                        verbose_name="page in the source",
                    ),
                ),
                (
                    "as_printed",
                    models.TextField(
                        blank=True,
                        help_text="The full original wording, for curators who hold the document: other people's text.",
                        verbose_name="wording in the source",
                    ),
                ),
                (
                    "as_printed_is_public",
                    models.BooleanField(
                        default=False,
                        help_text="An editor’s decision for this record: a short quotation.",
                        verbose_name="show the wording in the source to the public",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("review", "in review"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        db_index=True,
                        default="draft",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "created",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="created"
                    ),
                ),
                ("updated", models.DateTimeField(auto_now=True, verbose_name="last changed")),
                (
                    "first_published",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="first published"
                    ),
                ),
                (
                    "last_reviewed",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="last reviewed"
                    ),
                ),
                (
                    "awaits_second_look",
                    models.BooleanField(
                        default=False, editable=False, verbose_name="awaits a second look"
                    ),
                ),
                (
                    "withdrawn_reason",
                    models.TextField(
                        blank=True, editable=False, verbose_name="why it was withdrawn"
                    ),
                ),
                (
                    "see_instead",
                    models.CharField(
                        blank=True,
                        editable=False,
                        max_length=500,
                        verbose_name="where to go instead",
                    ),
                ),
                (
                    "content_language",
                    models.CharField(
                        default="en",
                        help_text="Of our wording here, as a language code: en, de, fr.",
                        max_length=10,
                        verbose_name="language of the text",
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        help_text="Exactly as printed.", max_length=300, verbose_name="title"
                    ),
                ),
                (
                    "short_title",
                    models.CharField(
                        blank=True,
                        help_text="What a line of provenance calls it; empty, it is the title.",
                        max_length=80,
                        verbose_name="short title",
                    ),
                ),
                (
                    "title_note",
                    models.CharField(
                        blank=True,
                        help_text="Where no title is printed: what the title given here rests on.",
                        max_length=300,
                        verbose_name="note on the title",
                    ),
                ),
                (
                    "heading_as_printed",
                    models.CharField(
                        blank=True,
                        help_text="The head of the bullet exactly as printed: group, title and date.",
                        max_length=400,
                        verbose_name="heading as printed",
                    ),
                ),
                (
                    "paper_type",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("discussion", "discussion paper"),
                            ("issue", "issue paper"),
                            ("conclusions", "conclusions of a meeting"),
                            ("handbook", "handbook"),
                            ("guidelines", "guidelines"),
                            ("report", "report"),
                            ("web-page", "web page"),
                            ("paper", "paper of another type"),
                        ],
                        max_length=20,
                        verbose_name="type of paper",
                    ),
                ),
                (
                    "groups_as_printed",
                    models.CharField(blank=True, max_length=200, verbose_name="groups as printed"),
                ),
                (
                    "authors",
                    records.fields.LinesField(blank=True, default=list, verbose_name="authors"),
                ),
                (
                    "publisher",
                    models.CharField(blank=True, max_length=200, verbose_name="publisher"),
                ),
                (
                    "date",
                    models.DateField(
                        blank=True,
                        help_text="For a month its first day, for a year its first of January.",
                        null=True,
                        validators=[records.fields.validate_day],
                        verbose_name="date",
                    ),
                ),
                (
                    "date_precision",
                    models.CharField(
                        blank=True,
                        choices=[("day", "day"), ("month", "month"), ("year", "year")],
                        max_length=5,
                        verbose_name="precision of the date",
                    ),
                ),
                (
                    "date_of",
                    models.CharField(
                        choices=[
                            ("publication", "the paper itself"),
                            ("event", "the meeting it reports"),
                        ],
                        default="publication",
                        help_text="Of the meeting it reports, where the source prints no date of its own.",
                        max_length=11,
                        verbose_name="what the date is of",
                    ),
                ),
                (
                    "date_as_printed",
                    models.CharField(blank=True, max_length=100, verbose_name="date as printed"),
                ),
                (
                    "language",
                    models.CharField(
                        blank=True,
                        help_text="As a code: en.",
                        max_length=10,
                        verbose_name="language of the document",
                    ),
                ),
                (
                    "topics",
                    records.fields.LinesField(
                        blank=True,
                        default=list,
                        help_text="As the publisher names them.",
                        verbose_name="topics",
                    ),
                ),
                ("summary", models.TextField(blank=True, verbose_name="summary")),
                (
                    "key_points",
                    records.fields.LinesField(blank=True, default=list, verbose_name="key points"),
                ),
                (
                    "meeting_certainty",
                    models.CharField(
                        choices=[("certain", "certain"), ("probable", "probable")],
                        default="certain",
                        max_length=10,
                        verbose_name="certainty of 'meeting it reports'",
                    ),
                ),
            ],
            options={
                "verbose_name": "paper",
                "verbose_name_plural": "papers",
                "ordering": [
                    models.OrderBy(models.F("date"), descending=True, nulls_last=True),
                    "pk",
                ],
                "abstract": False,
                "default_permissions": ("add", "change", "delete", "view", "curate", "publish"),
            },
            bases=(records.cleaning.Cleaned, models.Model),
        ),
        migrations.CreateModel(
            name="WorkingGroup",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "slug",
                    models.SlugField(
                        help_text="The last part of the address. When it is changed, the old address redirects.",
                        max_length=120,
                        unique=True,
                        verbose_name="slug",
                    ),
                ),
                (
                    "identifier",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, unique=True, verbose_name="identifier"
                    ),
                ),
                (
                    "source_page",
                    models.CharField(
                        blank=True,
                        help_text="As one would cite it: 7, 12–13, or the heading on a web page.",
                        max_length=40,
                        verbose_name="page in the source",
                    ),
                ),
                (
                    "as_printed",
                    models.TextField(
                        blank=True,
                        help_text="The full original wording, for curators who hold the document: other people's text.",
                        verbose_name="wording in the source",
                    ),
                ),
                (
                    "as_printed_is_public",
                    models.BooleanField(
                        default=False,
                        help_text="An editor’s decision for this record: a short quotation.",
                        verbose_name="show the wording in the source to the public",
                    ),
                ),
                ("name", models.CharField(max_length=200, unique=True, verbose_name="name")),
                (
                    "aliases",
                    records.fields.LinesField(
                        blank=True,
                        default=list,
                        help_text="Every other way a source prints the name of this very group, one a line.",
                        verbose_name="names as printed",
                    ),
                ),
                (
                    "group_type",
                    models.CharField(
                        choices=[
                            ("working-group", "working group"),
                            ("event-series", "event series"),
                        ],
                        default="working-group",
                        help_text="An event series holds meetings and writes papers without being a group.",
                        max_length=20,
                        verbose_name="type of group",
                    ),
                ),
                ("description", models.TextField(blank=True, verbose_name="description")),
                ("history", models.TextField(blank=True, verbose_name="history")),
                (
                    "established",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="year established"
                    ),
                ),
            ],
            options={
                "verbose_name": "working group",
                "verbose_name_plural": "working groups",
                "ordering": ["name"],
            },
            bases=(records.cleaning.Cleaned, models.Model),
        ),
        migrations.CreateModel(
            name="Chair",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "affiliation",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="affiliation as printed"
                    ),
                ),
                (
                    "country_as_printed",
                    models.CharField(blank=True, max_length=100, verbose_name="country as printed"),
                ),
                (
                    "current",
                    models.BooleanField(
                        default=True, verbose_name="in office when the source was written"
                    ),
                ),
                (
                    "role_as_printed",
                    models.CharField(
                        blank=True,
                        help_text="As: co-chaired by.",
                        max_length=100,
                        verbose_name="role as printed",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
            ],
            options={
                "verbose_name": "chair",
                "verbose_name_plural": "chairs",
                "ordering": ["position", "pk"],
            },
            bases=(records.cleaning.Cleaned, models.Model),
        ),
        migrations.CreateModel(
            name="MeetingTag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PaperTag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="MeetingSearchDocument",
            fields=[
                ("words", entries.search.expressions.WordsField()),
                (
                    "record",
                    models.OneToOneField(
                        db_column="rowid",
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="search_document",
                        serialize=False,
                        to="meetings.meeting",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "managed": False,
                "default_permissions": (),
            },
        ),
    ]
