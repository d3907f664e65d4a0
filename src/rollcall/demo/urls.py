"""Routes of the room `demo`."""

app_name = "demo"
urlpatterns: list = []
