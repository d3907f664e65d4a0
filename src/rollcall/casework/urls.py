"""Routes of the room `casework`."""

from django.urls import path

from rollcall.casework import views

app_name = "casework"
urlpatterns = [
    path("", views.reviews, name="reviews"),
    path("<slug:school>/open/", views.open_review, name="open"),
    path("<int:review>/", views.review, name="review"),
    path("<int:review>/agree/", views.agree, name="agree"),
    path("<int:review>/close/", views.close, name="close"),
    path("<int:review>/pupils/<int:row>/", views.row, name="row"),
    path("<int:review>/letters/", views.letter, name="letter"),
    path("<int:review>/letters/<int:row>/<int:to>.pdf", views.preview_pdf, name="preview_pdf"),
    path("letters/<int:message>/", views.sent, name="sent"),
    path("letters/<int:message>/letter.pdf", views.sent_pdf, name="sent_pdf"),
    path("letters/<int:message>/withdraw/", views.withdraw, name="withdraw"),
]
