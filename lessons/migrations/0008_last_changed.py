from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lessons", "0007_newest_first")]

    operations = [
        migrations.AddIndex(
            model_name="lesson",
            index=models.Index(fields=["updated"], name="lesson_updated"),
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(fields=["updated"], name="question_updated"),
        ),
    ]
