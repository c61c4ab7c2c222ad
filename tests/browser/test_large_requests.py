"""What is too large is answered by the real server, not by a connection that breaks."""

from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

FORM, FILES, OTHER = (
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=cut",
    "application/octet-stream",
)
PART = b'--cut\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n%s\r\n--cut--\r\n'


@pytest.mark.parametrize(
    "method, address, kind, sent, status",
    [
        ("POST", "/login/", FORM, b"text=" + b"x" * 5_000_000, 413),
        ("POST", "/clients/", FORM, b"text=" + b"x" * 5_000_000, 413),
        ("POST", "/nowhere/", FORM, b"text=" + b"x" * 5_000_000, 413),
        ("POST", "/login/", FORM, b"&".join(b"f%d=1" % at for at in range(10_000)), 413),
        ("POST", "/login/", FILES, PART % (b"x" * 40_000_000), 413),
        ("POST", "/login/", FILES, PART % (b"x" * 20_000_000), 403),  # no token: the form's own refusal
        ("POST", "/login/", OTHER, b"x" * 5_000_000, 403),
        ("PUT", "/login/", OTHER, b"x" * 5_000_000, 405),
    ],
)
def test_what_is_too_large_is_answered(
    bare_desk: str, method: str, address: str, kind: str, sent: bytes, status: int
) -> None:
    """The answer is heard by who sent it, though nobody reads all that was sent."""
    connection = HTTPConnection(urlsplit(bare_desk).netloc, timeout=60)
    try:
        connection.request(method, address, sent, {"Content-Type": kind})
        answer = connection.getresponse()
        page = answer.read().decode()
    finally:
        connection.close()
    assert answer.status == status
    assert ("data-sentence" in page) == (method == "POST")
