"""`rollcall serve`: the pages, and the worker that sends messages beside them, until asked to stop."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from rollcall.office import serving


class Command(BaseCommand):
    """For a real installation; `rollcall init` has made its database."""

    help = "Serve the pages, with the worker beside them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen, and with how many processes."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2, help="web processes, each with four threads")
        parser.add_argument("--no-worker", action="store_true", help="`rollcall worker` runs elsewhere")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse a database that is not up to date, for its pages would only show errors."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise CommandError(
                "The database is not up to date: run `rollcall init`, or `rollcall migrate` after a change."
            )
        host, port = options["host"], options["port"]
        commands = [serving.web(host, port, options["workers"])]
        if not options["no_worker"]:
            commands.append(serving.worker())
        try:
            serving.check_port(host, port)
        except serving.CannotServe as error:
            raise CommandError(str(error)) from error
        connection.close()
        code = serving.run_together(commands, lambda: self.stdout.write(f"Rollcall is at http://{host}:{port}"))
        if code:
            raise CommandError("The server or the worker has ended by itself; see the lines above.", returncode=code)
