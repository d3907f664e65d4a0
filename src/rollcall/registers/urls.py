"""Routes of the room `registers`."""

app_name = "registers"
urlpatterns: list = []
