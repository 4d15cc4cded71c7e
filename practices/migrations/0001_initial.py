import uuid

import django.db.models.deletion
import django.utils.timezone
import taggit.managers
from django.conf import settings
from django.db import migrations, models

import entries.search.expressions
import records.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("entries", "0001_initial"),
        ("meetings", "0002_initial"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
        ("themes", "0001_initial"),
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
                (
                    "countries",
                    records.fields.ProtectedManyToManyField(
                        blank=True,
                        related_name="%(class)s_set",
                        to="entries.country",
                        verbose_name="countries",
                    ),
                ),
                (
                    "presented_at",
                    records.fields.ProtectedManyToManyField(
                        blank=True,
                        related_name="practices",
                        to="meetings.meeting",
                        verbose_name="presented at",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        help_text="The document this was taken from.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sourced_%(class)s_set",
                        to="meetings.paper",
                        verbose_name="source",
                    ),
                ),
                (
                    "themes",
                    records.fields.ProtectedManyToManyField(
                        blank=True,
                        help_text="Where the entry is filed. It also appears on every theme above.",
                        related_name="%(class)s_set",
                        to="themes.theme",
                        verbose_name="themes",
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
        migrations.CreateModel(
            name="PracticeTag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "content_object",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="practices.practice"
                    ),
                ),
                (
                    "tag",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(app_label)s_%(class)s_items",
                        to="taggit.tag",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="practice",
            name="tags",
            field=taggit.managers.TaggableManager(
                blank=True,
                help_text="A comma-separated list of tags.",
                through="practices.PracticeTag",
                to="taggit.Tag",
                verbose_name="Tags",
            ),
        ),
        migrations.AddConstraint(
            model_name="practicetag",
            constraint=models.UniqueConstraint(
                fields=("content_object", "tag"), name="practicetag_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="practice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("first_published__isnull", False),
                    models.Q(("status__in", ["published", "withdrawn"]), _negated=True),
                    _connector="OR",
                ),
                name="practice_published_has_date",
            ),
        ),
        migrations.AddConstraint(
            model_name="practice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("start_year", None),
                    ("end_year", None),
                    ("end_year__gte", models.F("start_year")),
                    _connector="OR",
                ),
                name="practice_ends_after_start",
                violation_error_message="A practice cannot end before it begins.",
            ),
        ),
    ]
