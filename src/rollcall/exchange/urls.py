"""Routes of the room `exchange`."""

app_name = "exchange"
urlpatterns: list = []
