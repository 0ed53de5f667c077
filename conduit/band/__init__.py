"""The band: who plays what. Genres as data, and a renderer for each role that plays in one.

A renderer is a pure function of a ``Setting`` and a seeded ``Random``; ``parts`` has the table of them. What all of
them agree on is ``harmony``.
"""

from conduit.band.genre import GENRES, Genre
from conduit.band.parts import INSTRUMENTS, RENDERERS
from conduit.band.phrase import Setting

__all__ = ["GENRES", "INSTRUMENTS", "RENDERERS", "Genre", "Setting"]
