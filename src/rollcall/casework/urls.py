"""Routes of the room `casework`."""

app_name = "casework"
urlpatterns: list = []
