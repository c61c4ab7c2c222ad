"""Every address names a permission; a foreign key points to its own room or a lower floor."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import ForeignKey, Model
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, path

# What everybody who is logged in may do for themselves, and what nobody needs a log-in for, by name.
OWN = {"people:home", "people:logout", "people:me", "people:password"}
WITHOUT_LOGIN = {"people:login", "people:language", "people:theme", "people:health"}
NO_PERMISSION = OWN | WITHOUT_LOGIN
LOWER = ("exchange", "rooms", "work", "gates", "clients", "people", "audit", "records", "generations", "ui")


def addresses(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, Any]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{space}{entry.name}", entry.callback
        else:
            yield from addresses(entry, f"{space}{entry.namespace}:" if entry.namespace else space)


def open_doors(resolver: URLResolver) -> list[str]:
    found = addresses(resolver)
    return [name for name, view in found if name not in NO_PERMISSION and not getattr(view, "permission", "")]


def floor(label: str) -> int:
    return LOWER.index(label) if label in LOWER else LOWER.index("rooms")


def upward(models: list[type[Model]]) -> Iterator[str]:
    for model in models:
        own = model._meta.app_label
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey):
                label = field.related_model._meta.app_label
                if label != own and floor(label) <= floor(own):
                    yield f"{own}.{field} points up or across to {label}"


def test_every_address_names_a_permission() -> None:
    assert len(list(addresses(get_resolver()))) > 5
    assert open_doors(get_resolver()) == []


def test_only_the_log_in_is_open_to_whoever_comes() -> None:
    unguarded = {
        name for name, view in addresses(get_resolver()) if not getattr(view, "login_required", True)
    }
    assert unguarded <= WITHOUT_LOGIN
    assert any("login" in layer.lower() for layer in settings.MIDDLEWARE)


def test_foreign_keys_point_to_their_own_room_or_lower() -> None:
    models = [model for model in apps.get_models() if model.__module__.startswith("keepwell.desk")]
    assert models
    assert list(upward(models)) == []


def test_the_log_holds_no_key_to_anyone() -> None:
    keys = [
        f
        for model in apps.get_app_config("audit").get_models()
        for f in model._meta.get_fields()
        if f.is_relation
    ]
    assert [str(key) for key in keys if getattr(key, "concrete", False)] == []


def test_the_walk_can_fail() -> None:
    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    class Planted:
        url_patterns = (path("x", view, name="x"),)

    assert open_doors(Planted()) == ["x"]  # type: ignore[arg-type]  # only its url_patterns are read
    assert floor("books") < floor("clients") < floor("people") < floor("audit")
