"""Routes of the room `casework`."""

from django.urls import path

from rollcall.casework import views

app_name = "casework"
urlpatterns = [
    path("casework/<slug:school>/", views.cases, name="cases"),
    path("casework/pupils/<int:pupil>/", views.pupil, name="pupil"),
    path("reviews/", views.reviews, name="reviews"),
    path("reviews/<slug:school>/open/", views.open_review, name="open"),
    path("reviews/<int:review>/", views.review, name="review"),
    path("reviews/<int:review>/agree/", views.agree, name="agree"),
    path("reviews/<int:review>/close/", views.close, name="close"),
    path("reviews/<int:review>/pupils/<int:row>/", views.row, name="row"),
    path("reviews/<int:review>/letters/", views.letter, name="letter"),
    path("reviews/<int:review>/letters/<int:row>/<int:to>.pdf", views.preview_pdf, name="preview_pdf"),
    path("reviews/letters/<int:message>/", views.sent, name="sent"),
    path("reviews/letters/<int:message>/letter.pdf", views.sent_pdf, name="sent_pdf"),
    path("reviews/letters/<int:message>/withdraw/", views.withdraw, name="withdraw"),
]
