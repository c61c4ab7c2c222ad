"""The room of generations."""

from django.apps import AppConfig


class GenerationsConfig(AppConfig):
    """Which run do people see?"""

    name = "keepwell.desk.generations"
    label = "generations"
