import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("lessons", "0001_initial"),
        ("meetings", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="lesson",
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
    ]
