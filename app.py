"""Web entry point for a WSGI server: `app`."""

from planning.web import create_app

app = create_app()
