"""Requests to models in a line: model, prompt, parser, and what joins them."""
