import django.utils.timezone
from django.db import migrations, models

import records.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Block",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField(verbose_name="position")),
                ("page", models.CharField(blank=True, max_length=40, verbose_name="page")),
                ("text", models.TextField(verbose_name="as printed")),
                ("role", models.CharField(max_length=12, verbose_name="looks like")),
                ("level", models.PositiveSmallIntegerField(default=0)),
                ("marker", models.CharField(blank=True, max_length=10)),
                ("links", models.JSONField(default=list)),
                (
                    "fate",
                    models.CharField(
                        choices=[
                            ("proposal", "a proposal"),
                            ("part", "part of one"),
                            ("introduction", "an introduction"),
                            ("absence", "an absence"),
                            ("furniture", "furniture"),
                            ("left over", "left over"),
                        ],
                        max_length=12,
                        verbose_name="fate",
                    ),
                ),
            ],
            options={
                "verbose_name": "block",
                "verbose_name_plural": "blocks",
                "ordering": ["of", "position"],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="Import",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=255, verbose_name="file name")),
                (
                    "digest",
                    models.CharField(
                        editable=False, max_length=64, unique=True, verbose_name="digest"
                    ),
                ),
                ("size", models.PositiveIntegerField(editable=False, verbose_name="size in bytes")),
                (
                    "format",
                    models.CharField(
                        blank=True, editable=False, max_length=10, verbose_name="format"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waits to be read"),
                            ("reading", "is being read"),
                            ("read", "read"),
                            ("refused", "refused"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "begun",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="reading begun"
                    ),
                ),
                (
                    "refusal",
                    models.TextField(blank=True, editable=False, verbose_name="why it was refused"),
                ),
                (
                    "notes",
                    records.fields.LinesField(
                        blank=True,
                        default=list,
                        editable=False,
                        verbose_name="what the reader says",
                    ),
                ),
                (
                    "recipe",
                    models.CharField(
                        blank=True,
                        help_text="How the document is read. Left open, the portal guesses and says so.",
                        max_length=40,
                        verbose_name="recipe",
                    ),
                ),
                ("language", models.CharField(blank=True, max_length=10, verbose_name="language")),
                (
                    "title",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="title of the document"
                    ),
                ),
                (
                    "created",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="imported"
                    ),
                ),
            ],
            options={
                "verbose_name": "import",
                "verbose_name_plural": "imports",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Piece",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("data", models.BinaryField()),
            ],
            options={
                "ordering": ["position"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("kind", models.CharField(max_length=10, verbose_name="kind")),
                ("title", models.CharField(blank=True, max_length=400, verbose_name="title")),
                (
                    "wording",
                    models.TextField(
                        blank=True,
                        help_text="In our own words. It may be written later: without it nothing is published.",
                        verbose_name="our wording",
                    ),
                ),
                ("as_printed", models.TextField(blank=True, verbose_name="as printed")),
                ("page", models.CharField(blank=True, max_length=40, verbose_name="page")),
                (
                    "start",
                    models.CharField(
                        blank=True,
                        help_text="2021, 2019-04 or 2019-03-13, as precise as printed.",
                        max_length=10,
                        verbose_name="first day",
                    ),
                ),
                ("end", models.CharField(blank=True, max_length=10, verbose_name="last day")),
                (
                    "precision",
                    models.CharField(
                        blank=True,
                        choices=[("day", "day"), ("month", "month"), ("year", "year")],
                        max_length=5,
                        verbose_name="precision",
                    ),
                ),
                (
                    "date_as_printed",
                    models.CharField(blank=True, max_length=100, verbose_name="date as printed"),
                ),
                (
                    "theme_as_printed",
                    models.CharField(blank=True, max_length=600, verbose_name="theme as printed"),
                ),
                (
                    "links",
                    records.fields.LinesField(blank=True, default=list, verbose_name="addresses"),
                ),
                (
                    "probable_links",
                    records.fields.LinesField(
                        blank=True,
                        default=list,
                        verbose_name="addresses that probably belong to it",
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
                (
                    "details",
                    models.JSONField(blank=True, default=dict, verbose_name="further readings"),
                ),
                (
                    "normal",
                    models.CharField(blank=True, db_index=True, editable=False, max_length=64),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "to be decided"),
                            ("accepted", "accepted"),
                            ("rejected", "rejected"),
                            ("skipped", "skipped for now"),
                        ],
                        db_index=True,
                        default="open",
                        editable=False,
                        max_length=10,
                        verbose_name="decision",
                    ),
                ),
                (
                    "decided",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="decided"
                    ),
                ),
                ("object_id", models.PositiveBigIntegerField(editable=False, null=True)),
            ],
            options={
                "verbose_name": "proposal",
                "verbose_name_plural": "proposals",
                "ordering": ["of", "number"],
                "default_permissions": ("change", "view"),
            },
        ),
    ]
