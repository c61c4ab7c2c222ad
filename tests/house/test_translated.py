"""Every visible string of the desk is told in 简体中文 too."""

from babel.messages.catalog import Catalog

from tools.messages import block, of_template, read, untranslated, visible


def test_every_visible_string_is_translated() -> None:
    assert visible()
    assert untranslated(read(), visible()) == []


def test_the_scan_can_fail() -> None:
    assert untranslated(Catalog(locale="zh_Hans"), {"Clients": "clients/list.html"}) == [
        "clients/list.html: Clients"
    ]


def test_templates_are_read_as_django_reads_them() -> None:
    text = '{% translate "A" %}{{ x|default:_("B") }}{% blocktranslate trimmed count n=2 %}\n {{ n }} day\n'
    text += "{% plural %}{{ n }} days{% endblocktranslate %}"
    assert list(of_template(text)) == ["A", "B", ("%(n)s day", "%(n)s days")]
    assert block("100% of {{ all }}", trimmed=False) == "100%% of %(all)s"
