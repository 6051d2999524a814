"""The JSON API: handlers that parse, call a service and present its answer."""
