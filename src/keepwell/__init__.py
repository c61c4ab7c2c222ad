"""Keepwell (守客): a securities firm's work with the clients it already has.

Importing this package loads nothing: the engine's libraries come with the room that needs them.
"""

__version__ = "0.1.0"
