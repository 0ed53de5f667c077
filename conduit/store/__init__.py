"""Where conversations, clips, plans and usage last: a database."""
