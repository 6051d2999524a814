"""HTML pages: handlers that call a service and render a template."""
