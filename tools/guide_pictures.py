"""Take the pictures of guide and README: the home of each role of the made-up firm, both languages, wide and light.

`.venv/bin/python tools/guide_pictures.py http://127.0.0.1:8000` while `make run` serves the made-up firm. A picture is
what Chromium shows, with fewer shades of each colour, so that it stays small.
"""

from __future__ import annotations

import struct
import sys
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from keepwell.contract.codes import Role

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs/guide/pictures"
OF_THE_README = {("zh", Role.MANAGER): ROOT / "docs/picture.png"}
PASSWORD = "keepwell-demo"  # the documented one of the made-up firm
LANGUAGES = {"zh": "zh-hans", "en": "en"}
CHROMIUM = "/usr/bin/chromium"  # Debian's: no browser is ever downloaded
SIZE = ViewportSize(width=1440, height=900)
HEAD = b"\x89PNG\r\n\x1a\n"
CHANNELS = {2: 3, 6: 4}
COLOURS = 256


def chunks(png: bytes) -> dict[bytes, bytes]:
    """The parts of a PNG by name, those of the same name joined."""
    found: dict[bytes, bytes] = {}
    at = len(HEAD)
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        name = png[at + 4 : at + 8]
        found[name] = found.get(name, b"") + png[at + 8 : at + 8 + length]
        at += length + 12
    return found


def pixels(png: bytes) -> NDArray[np.uint8]:
    """Rows × columns × (red, green, blue) of a PNG of eight bits a channel, as Chromium writes it."""
    parts = chunks(png)
    width, height, depth, kind, *_rest = struct.unpack(">IIBBBBB", parts[b"IHDR"])
    if depth != 8 or kind not in CHANNELS:  # bits a channel
        raise ValueError(f"a PNG of depth {depth} and colour type {kind}; expected 8 bits of RGB or RGBA")
    step = CHANNELS[kind]
    lines = np.frombuffer(zlib.decompress(parts[b"IDAT"]), np.uint8).reshape(height, 1 + width * step)
    before = np.zeros(width * step, np.uint8)
    rows = []
    for line in lines:
        before = unfiltered(int(line[0]), line[1:], before, step)
        rows.append(before)
    return np.stack(rows).reshape(height, width, step)[:, :, :3]


def unfiltered(kind: int, line: NDArray[np.uint8], above: NDArray[np.uint8], step: int) -> NDArray[np.uint8]:
    """One row without its PNG filter."""
    if kind == 0:
        return line
    if kind == 2:  # "up" in the PNG standard
        return line + above
    if kind == 1:
        return np.cumsum(line.reshape(-1, step), axis=0, dtype=np.uint8).reshape(-1)
    told, up, out = line.tolist(), above.tolist(), [0] * line.size
    for i, value in enumerate(told):
        left = out[i - step] if i >= step else 0
        corner = up[i - step] if i >= step else 0
        near = (left + up[i]) // 2 if kind == 3 else nearest(left, up[i], corner)  # "average"
        out[i] = (value + near) & 255
    return np.array(out, np.uint8)


def nearest(left: int, up: int, corner: int) -> int:
    """The Paeth predictor of the PNG standard."""
    guess = left + up - corner
    return min((left, up, corner), key=lambda one: abs(guess - one))


def reduced(image: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """At most 256 colours, the most frequent, and for each pixel the nearest of them."""
    flat = image.reshape(-1, 3).astype(np.int32)
    code = flat[:, 0] << 16 | flat[:, 1] << 8 | flat[:, 2]
    known, inverse, count = np.unique(code, return_inverse=True, return_counts=True)
    colours = np.stack([known >> 16, known >> 8 & 255, known & 255], axis=1)
    palette = colours[np.argsort(-count, kind="stable")[:COLOURS]]
    choice = np.array([((palette - one) ** 2).sum(axis=1).argmin() for one in colours], np.uint8)
    return palette.astype(np.uint8), choice[inverse].reshape(image.shape[:2])


def written(palette: NDArray[np.uint8], image: NDArray[np.uint8]) -> bytes:
    """A PNG with a palette."""
    height, width = image.shape
    rows = np.concatenate([np.zeros((height, 1), np.uint8), image], axis=1)
    parts = {
        b"IHDR": struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0),
        b"PLTE": palette.tobytes(),
        b"IDAT": zlib.compress(rows.tobytes(), 9),
        b"IEND": b"",
    }
    body = [
        struct.pack(">I", len(told)) + name + told + struct.pack(">I", zlib.crc32(name + told))
        for name, told in parts.items()
    ]
    return HEAD + b"".join(body)


def small(png: bytes) -> bytes:
    """The same picture with at most 256 colours."""
    return written(*reduced(pixels(png)))


def enter(browser: Browser, address: str, role: str, language: str) -> Page:
    """The home of a role, without the offer of the tour."""
    page = browser.new_context(viewport=SIZE, base_url=address, reduced_motion="reduce").new_page()
    page.goto("/login/")
    page.fill("#id_username", role)
    page.fill("#id_password", PASSWORD)
    page.click("main button")
    page.wait_for_url(lambda url: "/login" not in url)
    page.goto("/me/")
    page.select_option("#id_language", language)
    page.select_option("#id_theme", "light")
    page.click("main form button")
    page.wait_for_load_state("networkidle")
    page.goto("/")
    if (offer := page.locator(".kw-help form button")).count():
        offer.click()
    page.wait_for_load_state("networkidle")
    return page


def main() -> int:
    """Write one picture a role and language."""
    (address,) = sys.argv[1:]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        for folder, language in LANGUAGES.items():
            (PICTURES / folder).mkdir(parents=True, exist_ok=True)
            for role in Role:
                page = enter(browser, address, str(role), language)
                picture = small(page.screenshot())
                (PICTURES / folder / f"{role}.png").write_bytes(picture)
                if place := OF_THE_README.get((folder, role)):
                    place.write_bytes(picture)
                page.context.close()
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
