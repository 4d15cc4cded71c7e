import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import entries.search.expressions
import lessons.models
import records.cleaning


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Lesson",
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
                    "text",
                    models.TextField(
                        blank=True,
                        help_text="In our own words: all it says, nothing more.",
                        verbose_name="text",
                    ),
                ),
                (
                    "in_short",
                    models.CharField(
                        blank=True,
                        help_text="At most 20 plain words that keep the hedge (may, some) and the addressee; empty where the wording is plain already.",
                        max_length=200,
                        validators=[lessons.models.validate_in_short],
                        verbose_name="in short",
                    ),
                ),
                (
                    "study",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("named", "a study is named"),
                            ("none-named", "no study is named"),
                        ],
                        help_text="What the passage says its ground is; only where somebody looked.",
                        max_length=10,
                        verbose_name="studies",
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
                "verbose_name": "lesson",
                "verbose_name_plural": "lessons",
                "ordering": ["pk"],
                "abstract": False,
                "default_permissions": ("add", "change", "delete", "view", "curate", "publish"),
            },
            bases=(records.cleaning.Cleaned, models.Model),
        ),
        migrations.CreateModel(
            name="Question",
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
                    "text",
                    models.TextField(
                        blank=True,
                        help_text="In our own words: all it asks, nothing more.",
                        verbose_name="text",
                    ),
                ),
                (
                    "in_short",
                    models.CharField(
                        blank=True,
                        help_text="At most 20 plain words that keep the hedge (may, some) and the addressee; empty where the wording is plain already.",
                        max_length=200,
                        validators=[lessons.models.validate_in_short],
                        verbose_name="in short",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("taken-up", "taken up"),
                            ("answered", "answered"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
            ],
            options={
                "verbose_name": "question",
                "verbose_name_plural": "questions",
                "ordering": ["pk"],
                "abstract": False,
                "default_permissions": ("add", "change", "delete", "view", "curate", "publish"),
            },
            bases=(records.cleaning.Cleaned, models.Model),
        ),
        migrations.CreateModel(
            name="LessonTag",
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
            name="QuestionTag",
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
            name="Uptake",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "certainty",
                    models.CharField(
                        choices=[("certain", "certain"), ("probable", "probable")],
                        default="certain",
                        max_length=10,
                        verbose_name="certainty",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
            ],
            options={
                "verbose_name": "uptake",
                "verbose_name_plural": "taken up by",
            },
            bases=(records.cleaning.Cleaned, models.Model),
        ),
        migrations.CreateModel(
            name="LessonSearchDocument",
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
                        to="lessons.lesson",
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
