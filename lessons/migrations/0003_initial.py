import django.db.models.deletion
import taggit.managers
from django.conf import settings
from django.db import migrations, models

import entries.search.expressions
import records.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("lessons", "0002_initial"),
        ("meetings", "0001_initial"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
        ("themes", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="lesson",
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
            name="QuestionSearchDocument",
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
                        to="lessons.question",
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
            model_name="question",
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
            model_name="question",
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
            model_name="question",
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
            model_name="question",
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
            model_name="lessontag",
            name="content_object",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, to="lessons.lesson"
            ),
        ),
        migrations.AddField(
            model_name="lessontag",
            name="tag",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="%(app_label)s_%(class)s_items",
                to="taggit.tag",
            ),
        ),
        migrations.AddField(
            model_name="lesson",
            name="tags",
            field=taggit.managers.TaggableManager(
                blank=True,
                help_text="A comma-separated list of tags.",
                through="lessons.LessonTag",
                to="taggit.Tag",
                verbose_name="Tags",
            ),
        ),
        migrations.AddField(
            model_name="questiontag",
            name="content_object",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, to="lessons.question"
            ),
        ),
        migrations.AddField(
            model_name="questiontag",
            name="tag",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="%(app_label)s_%(class)s_items",
                to="taggit.tag",
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="tags",
            field=taggit.managers.TaggableManager(
                blank=True,
                help_text="A comma-separated list of tags.",
                through="lessons.QuestionTag",
                to="taggit.Tag",
                verbose_name="Tags",
            ),
        ),
        migrations.AddField(
            model_name="uptake",
            name="meeting",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="uptakes",
                to="meetings.meeting",
                verbose_name="meeting",
            ),
        ),
        migrations.AddField(
            model_name="uptake",
            name="paper",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="uptakes",
                to="meetings.paper",
                verbose_name="paper",
            ),
        ),
        migrations.AddField(
            model_name="uptake",
            name="question",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="uptakes",
                to="lessons.question",
            ),
        ),
        migrations.AddConstraint(
            model_name="lessontag",
            constraint=models.UniqueConstraint(
                fields=("content_object", "tag"), name="lessontag_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="lesson",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("first_published__isnull", False),
                    models.Q(("status__in", ["published", "withdrawn"]), _negated=True),
                    _connector="OR",
                ),
                name="lesson_published_has_date",
            ),
        ),
        migrations.AddConstraint(
            model_name="lesson",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "published"), _negated=True),
                    models.Q(("text", ""), _negated=True),
                    _connector="OR",
                ),
                name="lesson_public_has_wording",
            ),
        ),
        migrations.AddConstraint(
            model_name="questiontag",
            constraint=models.UniqueConstraint(
                fields=("content_object", "tag"), name="questiontag_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("first_published__isnull", False),
                    models.Q(("status__in", ["published", "withdrawn"]), _negated=True),
                    _connector="OR",
                ),
                name="question_published_has_date",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "published"), _negated=True),
                    models.Q(("text", ""), _negated=True),
                    _connector="OR",
                ),
                name="question_public_has_wording",
            ),
        ),
        migrations.AddConstraint(
            model_name="uptake",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("meeting__isnull", True), ("paper__isnull", True), _connector="XOR"
                ),
                name="uptake_by_one_entry",
                violation_error_message="Name one meeting or one paper.",
            ),
        ),
        migrations.AddConstraint(
            model_name="uptake",
            constraint=models.UniqueConstraint(
                fields=("question", "meeting"), name="uptake_once_per_meeting"
            ),
        ),
        migrations.AddConstraint(
            model_name="uptake",
            constraint=models.UniqueConstraint(
                fields=("question", "paper"), name="uptake_once_per_paper"
            ),
        ),
    ]
