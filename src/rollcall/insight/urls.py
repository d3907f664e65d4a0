"""Routes of the room `insight`."""

app_name = "insight"
urlpatterns: list = []
