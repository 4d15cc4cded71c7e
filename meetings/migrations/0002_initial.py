import django.db.models.deletion
import taggit.managers
from django.conf import settings
from django.db import migrations, models

import entries.search.expressions
import records.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("entries", "0001_initial"),
        ("meetings", "0001_initial"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
        ("themes", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="meeting",
            name="countries",
            field=records.fields.ProtectedManyToManyField(
                blank=True,
                related_name="%(class)s_set",
                to="entries.country",
                verbose_name="country",
            ),
        ),
        migrations.AddField(
            model_name="meeting",
            name="themes",
            field=records.fields.ProtectedManyToManyField(
                blank=True,
                help_text="Where the entry is filed. It also appears on every theme above.",
                related_name="%(class)s_set",
                to="themes.theme",
                verbose_name="themes",
            ),
        ),
        migrations.CreateModel(
            name="PaperSearchDocument",
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
                        to="meetings.paper",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "managed": False,
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="paper",
            name="author",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="drafted by",
            ),
        ),
        migrations.AddField(
            model_name="paper",
            name="changed_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="last changed by",
            ),
        ),
        migrations.AddField(
            model_name="paper",
            name="countries",
            field=records.fields.ProtectedManyToManyField(
                blank=True,
                related_name="%(class)s_set",
                to="entries.country",
                verbose_name="country",
            ),
        ),
        migrations.AddField(
            model_name="paper",
            name="meeting",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="papers",
                to="meetings.meeting",
                verbose_name="meeting it reports",
            ),
        ),
        migrations.AddField(
            model_name="paper",
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
            model_name="paper",
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
            model_name="meeting",
            name="foreseen_in",
            field=models.ForeignKey(
                blank=True,
                help_text="The paper that announced a meeting like this one.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="foresees",
                to="meetings.paper",
                verbose_name="foreseen in",
            ),
        ),
        migrations.AddField(
            model_name="meeting",
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
        migrations.CreateModel(
            name="WorkingGroupSearchDocument",
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
                        to="meetings.workinggroup",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "managed": False,
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="workinggroup",
            name="predecessor",
            field=models.OneToOneField(
                blank=True,
                help_text="The group this one was established from; a group of its own, not renamed.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="successor",
                to="meetings.workinggroup",
                verbose_name="predecessor",
            ),
        ),
        migrations.AddField(
            model_name="workinggroup",
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
            model_name="paper",
            name="groups",
            field=records.fields.ProtectedManyToManyField(
                blank=True,
                related_name="papers",
                to="meetings.workinggroup",
                verbose_name="working groups",
            ),
        ),
        migrations.AddField(
            model_name="meeting",
            name="groups",
            field=records.fields.ProtectedManyToManyField(
                blank=True,
                related_name="meetings",
                to="meetings.workinggroup",
                verbose_name="working groups",
            ),
        ),
        migrations.AddField(
            model_name="chair",
            name="country",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="entries.country",
                verbose_name="country",
            ),
        ),
        migrations.AddField(
            model_name="chair",
            name="group",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="chairs",
                to="meetings.workinggroup",
            ),
        ),
        migrations.AddField(
            model_name="meetingtag",
            name="content_object",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, to="meetings.meeting"
            ),
        ),
        migrations.AddField(
            model_name="meetingtag",
            name="tag",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="%(app_label)s_%(class)s_items",
                to="taggit.tag",
            ),
        ),
        migrations.AddField(
            model_name="meeting",
            name="tags",
            field=taggit.managers.TaggableManager(
                blank=True,
                help_text="A comma-separated list of tags.",
                through="meetings.MeetingTag",
                to="taggit.Tag",
                verbose_name="Tags",
            ),
        ),
        migrations.AddField(
            model_name="papertag",
            name="content_object",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, to="meetings.paper"
            ),
        ),
        migrations.AddField(
            model_name="papertag",
            name="tag",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="%(app_label)s_%(class)s_items",
                to="taggit.tag",
            ),
        ),
        migrations.AddField(
            model_name="paper",
            name="tags",
            field=taggit.managers.TaggableManager(
                blank=True,
                help_text="A comma-separated list of tags.",
                through="meetings.PaperTag",
                to="taggit.Tag",
                verbose_name="Tags",
            ),
        ),
        migrations.AddConstraint(
            model_name="workinggroup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("predecessor", None),
                    models.Q(("predecessor", models.F("pk")), _negated=True),
                    _connector="OR",
                ),
                name="workinggroup_not_its_own_predecessor",
                violation_error_message="A group cannot be its own predecessor.",
            ),
        ),
        migrations.AddConstraint(
            model_name="chair",
            constraint=models.UniqueConstraint(
                fields=("group", "name"), name="chair_once_per_group"
            ),
        ),
        migrations.AddConstraint(
            model_name="meetingtag",
            constraint=models.UniqueConstraint(
                fields=("content_object", "tag"), name="meetingtag_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("first_published__isnull", False),
                    models.Q(("status__in", ["published", "withdrawn"]), _negated=True),
                    _connector="OR",
                ),
                name="meeting_published_has_date",
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("end_date", None), ("start_date", None)),
                    ("end_date__gte", models.F("start_date")),
                    _connector="OR",
                ),
                name="meeting_ends_after_start",
                violation_error_message="A meeting cannot end before it begins.",
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("end_time", None),
                    models.Q(
                        ("start_time__isnull", False),
                        models.Q(
                            ("end_date__gt", models.F("start_date")),
                            ("end_time__gte", models.F("start_time")),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="meeting_hours_in_order",
                violation_error_message="A meeting of one day cannot end before it begins.",
            ),
        ),
        migrations.AddConstraint(
            model_name="papertag",
            constraint=models.UniqueConstraint(
                fields=("content_object", "tag"), name="papertag_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("first_published__isnull", False),
                    models.Q(("status__in", ["published", "withdrawn"]), _negated=True),
                    _connector="OR",
                ),
                name="paper_published_has_date",
            ),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("date", None), ("date_precision", "")),
                    models.Q(
                        ("date__isnull", False),
                        models.Q(
                            ("date_precision", "day"),
                            models.Q(("date__day", 1), ("date_precision", "month")),
                            models.Q(
                                ("date__day", 1), ("date__month", 1), ("date_precision", "year")
                            ),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="paper_precision_agrees_with_date",
                violation_error_message="The precision does not agree with the date: a month is its first day, a year its first of January, and a date needs a precision.",
            ),
        ),
    ]
