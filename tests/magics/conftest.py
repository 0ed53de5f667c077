"""A real shell with Conduit in it, and the process's studio given back as it was."""

import pytest
from IPython.core.interactiveshell import InteractiveShell

from conduit import ScriptedClient
from conduit.studio import current


@pytest.fixture
def ip():
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "conduit")
    yield shell
    shell.run_line_magic("unload_ext", "conduit")
    InteractiveShell.clear_instance()


@pytest.fixture
def studio():
    """Give the studio; providers and the default that a test sets are gone after it."""
    made = current()
    found = made.providers
    clients, presets, default = dict(found.registry.clients), dict(found.registry.presets), found.default
    known, answers = dict(found.registry._known), found.router.answers
    yield made
    for client in set(found.registry.clients.values()) - set(clients.values()):
        made.call(client.close())
    found.registry.clients, found.registry.presets, found.default = clients, presets, default
    found.registry._known, found.router.answers = known, answers
    found.router.reset()
    if made.tools.names:
        made.tools.choose(())
    made.session.persona = ""
    made.forget()


@pytest.fixture
def script(studio):
    """Give a function that makes a scripted provider known."""

    def made(*replies, provider="scripted", **facts):
        client = ScriptedClient(replies, provider=provider, **facts)
        studio.add_client(client)
        return client

    return made
