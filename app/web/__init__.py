"""HTTP in, HTML out: handlers parse, call one service and answer. The only layer that knows FastAPI and Jinja."""
