import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("briefings", "0002_initial"),
        ("lessons", "0002_initial"),
        ("practices", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="choice",
            name="practice",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="practices.practice",
            ),
        ),
        migrations.AddField(
            model_name="choice",
            name="question",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="lessons.question",
            ),
        ),
        migrations.AddField(
            model_name="choice",
            name="situation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="choices",
                to="briefings.situation",
            ),
        ),
        migrations.AddConstraint(
            model_name="situation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("first_published__isnull", False),
                    models.Q(("status__in", ["published", "withdrawn"]), _negated=True),
                    _connector="OR",
                ),
                name="situation_published_has_date",
            ),
        ),
        migrations.AddConstraint(
            model_name="choice",
            constraint=models.CheckConstraint(
                condition=models.Q(
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
                        ("practice__isnull", False),
                        ("question__isnull", True),
                    ),
                    models.Q(
                        ("lesson__isnull", True),
                        ("meeting__isnull", True),
                        ("paper__isnull", True),
                        ("practice__isnull", True),
                        ("question__isnull", False),
                    ),
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
                    _connector="OR",
                ),
                name="choice_is_one_entry",
                violation_error_message="Choose exactly one entry in a row.",
            ),
        ),
        migrations.AddConstraint(
            model_name="choice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lesson__isnull", False)),
                fields=("situation", "part", "lesson"),
                name="choice_of_lesson_once",
                violation_error_message="This part has the entry already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="choice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("practice__isnull", False)),
                fields=("situation", "part", "practice"),
                name="choice_of_practice_once",
                violation_error_message="This part has the entry already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="choice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("question__isnull", False)),
                fields=("situation", "part", "question"),
                name="choice_of_question_once",
                violation_error_message="This part has the entry already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="choice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("meeting__isnull", False)),
                fields=("situation", "part", "meeting"),
                name="choice_of_meeting_once",
                violation_error_message="This part has the entry already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="choice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("paper__isnull", False)),
                fields=("situation", "part", "paper"),
                name="choice_of_paper_once",
                violation_error_message="This part has the entry already.",
            ),
        ),
    ]
