"""Web entry point for a WSGI server: `app`. Its process also does the jobs that are asked for."""

from planning.bootstrap import open_supervisor
from planning.settings import Settings
from planning.web import create_app

app = create_app()
open_supervisor(Settings.from_environment()).start()
