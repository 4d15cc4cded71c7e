from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("practices", "0005_newest_first")]

    operations = [
        migrations.AddIndex(
            model_name="practice",
            index=models.Index(fields=["updated"], name="practice_updated"),
        ),
    ]
