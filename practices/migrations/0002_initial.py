import django.db.models.deletion
import taggit.managers
from django.db import migrations, models

import records.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("entries", "0001_initial"),
        ("meetings", "0002_initial"),
        ("practices", "0001_initial"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
        ("themes", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="practice",
            name="countries",
            field=records.fields.ProtectedManyToManyField(
                blank=True,
                related_name="%(class)s_set",
                to="entries.country",
                verbose_name="countries",
            ),
        ),
        migrations.AddField(
            model_name="practice",
            name="presented_at",
            field=records.fields.ProtectedManyToManyField(
                blank=True,
                related_name="practices",
                to="meetings.meeting",
                verbose_name="presented at",
            ),
        ),
        migrations.AddField(
            model_name="practice",
            name="source",
            field=models.ForeignKey(
                blank=True,
                help_text="The document this was taken from.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sourced_%(class)s_set",
                to="meetings.paper",
                verbose_name="source",
            ),
        ),
        migrations.AddField(
            model_name="practice",
            name="themes",
            field=records.fields.ProtectedManyToManyField(
                blank=True,
                help_text="Where the entry is filed. It also appears on every theme above.",
                related_name="%(class)s_set",
                to="themes.theme",
                verbose_name="themes",
            ),
        ),
        migrations.AddField(
            model_name="practicetag",
            name="content_object",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, to="practices.practice"
            ),
        ),
        migrations.AddField(
            model_name="practicetag",
            name="tag",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="%(app_label)s_%(class)s_items",
                to="taggit.tag",
            ),
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
