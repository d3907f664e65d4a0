"""Routes of the room `office`."""

app_name = "office"
urlpatterns: list = []
