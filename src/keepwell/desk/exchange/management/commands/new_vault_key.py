"""`new_vault_key`: from the next intake on secrets are encrypted by a new key; the old ones go on decrypting."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from keepwell.desk.clients import sealing


class Command(BaseCommand):
    """Append a key to the vault's key file."""

    help = "Encrypt secrets by a new key from the next intake on."

    def handle(self, *_args: object, **_options: object) -> None:
        """Print one line: how many keys there are, and when the old ones may go."""
        n = sealing.add_key()
        self.stdout.write(
            f"{n} keys in {sealing.key_file()}: the last one encrypts from the next intake on. "
            "After two more intakes the lines above it may be removed"
        )
