"""R199: what an act has to say is read by whoever acted, however slow the line."""

from collections.abc import Callable

from django.test import Client

PART = {"hx-request": "true"}


def test_r199_a_part_asked_for_by_itself_does_not_take_what_the_next_page_says(
    log_in: Callable[..., Client],
) -> None:
    browser = log_in("compliance")
    settings = {"language": "zh-hans", "theme": "light", "single_keys": "on"}
    assert browser.post("/me/", settings).status_code == 302
    assert "已保存" not in browser.get("/audit/log/", headers=PART).content.decode()  # of the page before
    assert "已保存" in browser.get("/me/").content.decode()
    assert "已保存" not in browser.get("/me/").content.decode()
