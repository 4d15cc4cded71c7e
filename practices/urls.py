from entries.urls import kind_urls
from practices import views

urlpatterns = kind_urls(views.PracticeList, views.PracticeDetail)
