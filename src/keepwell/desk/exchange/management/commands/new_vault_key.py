"""`new_vault_key`: from the next intake on secrets are encrypted by a new key; the old ones go on decrypting."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from keepwell.desk.clients import sealing
from keepwell.desk.identities.models import WriteBack


class Command(BaseCommand):
    """Append a key to the vault's key file."""

    help = "Encrypt secrets by a new key from the next intake on."

    def handle(self, *_args: object, **_options: object) -> None:
        """Print one line: how many keys there are, and when the old ones may go."""
        n = sealing.add_key()
        self.stdout.write(
            f"{n} keys in {sealing.key_file()}: the last one encrypts from the next intake on. "
            f"After two more intakes{_also()} the lines above it may be removed"
        )


def _also() -> str:
    """Write-backs lie encrypted by the key of their day until every row is answered, however long that takes."""
    waiting = WriteBack.objects.exclude(sealed=None).order_by("number").values_list("number", flat=True)
    numbers = ", ".join(map(str, waiting))
    return f", and once every row of write-back {numbers} is answered," if numbers else ""
