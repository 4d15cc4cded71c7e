import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import entries.search.expressions
import records.cleaning


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Situation",
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
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("audience", models.CharField(blank=True, max_length=200, verbose_name="for whom")),
                ("occasion", models.CharField(blank=True, max_length=200, verbose_name="when")),
                (
                    "introduction",
                    models.TextField(
                        blank=True,
                        help_text="At most 60 words. No claim of our own.",
                        verbose_name="introduction",
                    ),
                ),
                (
                    "limits",
                    models.TextField(
                        blank=True,
                        help_text="Said first: what depends on the law of a country, for example.",
                        verbose_name="what the portal cannot say",
                    ),
                ),
                (
                    "emergency",
                    models.TextField(
                        blank=True,
                        help_text="Said generally: no numbers, they differ by country and change.",
                        verbose_name="where to turn in an emergency",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="Among the situations on the first page.",
                        verbose_name="position",
                    ),
                ),
                ("known_note", models.TextField(blank=True, verbose_name="note on what is known")),
                (
                    "practised_note",
                    models.TextField(
                        blank=True,
                        help_text="Where the sources name nobody: say so, and who comes nearest.",
                        verbose_name="note on who does it",
                    ),
                ),
                (
                    "involved_note",
                    models.TextField(blank=True, verbose_name="note on whom to involve"),
                ),
                (
                    "unknown_note",
                    models.TextField(blank=True, verbose_name="note on what nobody knows"),
                ),
                (
                    "documents_note",
                    models.TextField(blank=True, verbose_name="note on meetings and papers"),
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
                "verbose_name": "situation",
                "verbose_name_plural": "situations",
                "ordering": ["position", "pk"],
                "abstract": False,
                "default_permissions": ("add", "change", "delete", "view", "curate", "publish"),
            },
            bases=(records.cleaning.Cleaned, models.Model),
        ),
        migrations.CreateModel(
            name="Choice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("known", "What is known"),
                            ("practised", "Who does it"),
                            ("involved", "Whom to involve"),
                            ("unknown", "What nobody knows yet"),
                            ("documents", "Meetings and papers"),
                        ],
                        max_length=10,
                        verbose_name="part",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
            ],
            options={
                "verbose_name": "chosen entry",
                "verbose_name_plural": "chosen entries",
                "ordering": ["part", "position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="SituationSearchDocument",
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
                        to="briefings.situation",
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
