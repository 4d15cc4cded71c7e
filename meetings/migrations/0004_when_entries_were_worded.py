from django.db import migrations, models
from django.db.models import F
from django.utils import timezone


def as_far_as_is_known(apps, schema_editor):
    for name in ("Meeting", "Paper"):
        apps.get_model("meetings", name).objects.update(worded=F("updated"))


class Migration(migrations.Migration):
    dependencies = [("meetings", "0003_due_for_review")]

    operations = [
        migrations.AddField(
            "meeting",
            "worded",
            models.DateTimeField("worded", default=timezone.now, editable=False),
        ),
        migrations.AddField(
            "paper",
            "worded",
            models.DateTimeField("worded", default=timezone.now, editable=False),
        ),
        migrations.RunPython(as_far_as_is_known, migrations.RunPython.noop, elidable=True),
    ]
