"""The process: platforms, web, command line, sandbox, wiring."""
