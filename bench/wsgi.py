"""The program as it is served, with the bench's clock instead of the real one."""

import logging

import rollcall.wsgi  # first, for it prepares Django
from bench.clock import Clock
from rollcall.demo import middleware

CLOCK = Clock.from_environment()
middleware.time_shown = lambda row, wall: CLOCK.shown()
logging.disable(logging.WARNING)  # a mark that meets another's is answered 409, which is no news here
application = rollcall.wsgi.application
