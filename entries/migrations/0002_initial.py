import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("entries", "0001_initial"),
        ("lessons", "0002_initial"),
        ("practices", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="link",
            name="practice",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="links",
                to="practices.practice",
            ),
        ),
        migrations.AddField(
            model_name="link",
            name="question",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="links",
                to="lessons.question",
            ),
        ),
        migrations.AddField(
            model_name="loggedtransition",
            name="content_type",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="contenttypes.contenttype",
            ),
        ),
        migrations.AddField(
            model_name="loggedtransition",
            name="user",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="who",
            ),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("lesson__isnull", True),
                        ("meeting__isnull", False),
                        ("paper__isnull", True),
                        ("practice__isnull", True),
                        ("question__isnull", True),
                    ),
                    models.Q(
                        ("lesson__isnull", True),
                        ("meeting__isnull", True),
                        ("paper__isnull", False),
                        ("practice__isnull", True),
                        ("question__isnull", True),
                    ),
                    models.Q(
                        ("lesson__isnull", True),
                        ("meeting__isnull", True),
                        ("paper__isnull", True),
                        ("practice__isnull", False),
                        ("question__isnull", True),
                    ),
                    models.Q(
                        ("lesson__isnull", False),
                        ("meeting__isnull", True),
                        ("paper__isnull", True),
                        ("practice__isnull", True),
                        ("question__isnull", True),
                    ),
                    models.Q(
                        ("lesson__isnull", True),
                        ("meeting__isnull", True),
                        ("paper__isnull", True),
                        ("practice__isnull", True),
                        ("question__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="link_has_one_entry",
                violation_error_message="A link belongs to exactly one entry.",
            ),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.UniqueConstraint(
                condition=models.Q(("meeting__isnull", False)),
                fields=("url", "meeting"),
                name="link_once_per_meeting",
            ),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.UniqueConstraint(
                condition=models.Q(("paper__isnull", False)),
                fields=("url", "paper"),
                name="link_once_per_paper",
            ),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.UniqueConstraint(
                condition=models.Q(("practice__isnull", False)),
                fields=("url", "practice"),
                name="link_once_per_practice",
            ),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lesson__isnull", False)),
                fields=("url", "lesson"),
                name="link_once_per_lesson",
            ),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.UniqueConstraint(
                condition=models.Q(("question__isnull", False)),
                fields=("url", "question"),
                name="link_once_per_question",
            ),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("role", "unassigned"), _negated=True),
                    ("paper__isnull", False),
                    _connector="OR",
                ),
                name="link_unassigned_stays_with_paper",
                violation_error_message="A link not yet assigned stays with its paper.",
            ),
        ),
        migrations.AddIndex(
            model_name="loggedtransition",
            index=models.Index(fields=["content_type", "object_id"], name="transition_of_record"),
        ),
    ]
