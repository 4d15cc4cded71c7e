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
            name="Practice",
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
                    "name",
                    models.CharField(
                        help_text="Exactly as printed.", max_length=200, verbose_name="name"
                    ),
                ),
                (
                    "country_as_printed",
                    models.CharField(blank=True, max_length=100, verbose_name="country as printed"),
                ),
                (
                    "programme",
                    models.CharField(
                        blank=True,
                        help_text="A funding programme the source prints in place of a country: Erasmus+.",
                        max_length=100,
                        verbose_name="programme",
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        blank=True,
                        choices=[("local", "local"), ("national", "national")],
                        help_text="Only where the source says so.",
                        max_length=10,
                        verbose_name="scope",
                    ),
                ),
                ("description", models.TextField(blank=True, verbose_name="description")),
                (
                    "organisation",
                    models.CharField(blank=True, max_length=200, verbose_name="organisation"),
                ),
                (
                    "organisation_type",
                    models.CharField(
                        blank=True, max_length=100, verbose_name="type of organisation"
                    ),
                ),
                (
                    "target_audiences",
                    records.fields.LinesField(
                        blank=True, default=list, verbose_name="target audiences"
                    ),
                ),
                (
                    "key_themes",
                    records.fields.LinesField(
                        blank=True,
                        default=list,
                        help_text="As the RAN Collection names them.",
                        verbose_name="key themes",
                    ),
                ),
                (
                    "agencies",
                    records.fields.LinesField(
                        blank=True, default=list, verbose_name="agencies involved"
                    ),
                ),
                (
                    "start_year",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="first year"
                    ),
                ),
                (
                    "end_year",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="last year"
                    ),
                ),
                ("deliverables", models.TextField(blank=True, verbose_name="deliverables")),
                ("evidence", models.TextField(blank=True, verbose_name="evidence and evaluation")),
                (
                    "sustainability",
                    models.TextField(blank=True, verbose_name="sustainability and transferability"),
                ),
                (
                    "linked_initiatives",
                    records.fields.LinesField(
                        blank=True, default=list, verbose_name="linked initiatives"
                    ),
                ),
                ("contact", models.TextField(blank=True, verbose_name="contact")),
                (
                    "contact_is_public",
                    models.BooleanField(
                        default=False, verbose_name="show the contact to the public"
                    ),
                ),
                (
                    "collection_status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("included", "in the RAN Collection"),
                            ("in-process", "being included in the RAN Collection"),
                            ("not-included", "not in the RAN Collection"),
                        ],
                        max_length=12,
                        verbose_name="status in the RAN Collection",
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
                "verbose_name": "practice",
                "verbose_name_plural": "practices",
                "ordering": ["name", "pk"],
                "abstract": False,
                "default_permissions": ("add", "change", "delete", "view", "curate", "publish"),
            },
            bases=(records.cleaning.Cleaned, models.Model),
        ),
        migrations.CreateModel(
            name="PracticeTag",
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
            name="PracticeSearchDocument",
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
                        to="practices.practice",
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
