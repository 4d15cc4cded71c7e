from django.db import migrations, models
from django.db.models import F
from django.utils import timezone


def as_far_as_is_known(apps, schema_editor):
    for name in ("Lesson", "Question"):
        apps.get_model("lessons", name).objects.update(worded=F("updated"))


class Migration(migrations.Migration):
    dependencies = [("lessons", "0005_taken_up_is_not_open")]

    operations = [
        migrations.AddField(
            "lesson",
            "worded",
            models.DateTimeField("worded", default=timezone.now, editable=False),
        ),
        migrations.AddField(
            "question",
            "worded",
            models.DateTimeField("worded", default=timezone.now, editable=False),
        ),
        migrations.RunPython(as_far_as_is_known, migrations.RunPython.noop, elidable=True),
    ]
