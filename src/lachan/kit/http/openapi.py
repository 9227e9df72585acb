"""Puts the plain Starlette routes into the OpenAPI document, beside those that FastAPI knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

_REF = "#/components/schemas/{model}"
_PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "fields": {"type": "object", "additionalProperties": {"type": "string"}},
        "request_id": {"type": ["string", "null"]},
    },
    "required": ["type", "title", "status", "detail", "code"],
}
_ANY_PROBLEM = {
    "description": "Problem",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
_METHODS = frozenset({"get", "post", "put", "patch", "delete"})


@dataclass(frozen=True, slots=True)
class PlainOperation:
    """A route outside FastAPI, as its document should show it."""

    path: str
    method: str
    summary: str
    tag: str
    takes: type[BaseModel]
    gives: type[BaseModel]
    status: int


@dataclass(frozen=True, slots=True)
class PlainRead:
    """A GET outside FastAPI that gives something else than JSON.

    `query` names its parameters, each with a sentence; those of the path are integers.
    """

    path: str
    summary: str
    tag: str
    media_type: str
    query: Mapping[str, str]


def _read(one: PlainRead) -> dict[str, Any]:
    names = [part[1:-1] for part in one.path.split("/") if part.startswith("{")]
    return {
        "summary": one.summary,
        "tags": [one.tag],
        "parameters": [
            *(
                {"name": name, "in": "path", "required": True, "schema": {"type": "integer"}}
                for name in names
            ),
            *(
                {"name": name, "in": "query", "description": said, "schema": {"type": "string"}}
                for name, said in one.query.items()
            ),
        ],
        "responses": {
            "200": {
                "description": "Done",
                "content": {one.media_type: {"schema": {"type": "string", "format": "binary"}}},
            },
            "304": {"description": "Unchanged"},
        },
    }


def _schema(model: type[BaseModel], mode: str, components: dict[str, Any]) -> dict[str, str]:
    schema = model.model_json_schema(ref_template=_REF, mode=mode)  # type: ignore[arg-type]
    components.update(schema.pop("$defs", {}))
    components[model.__name__] = schema
    return {"$ref": _REF.format(model=model.__name__)}


def install(
    app: FastAPI, operations: Sequence[PlainOperation], reads: Sequence[PlainRead] = ()
) -> None:
    """Make `app.openapi()` tell the whole API; errors are problem+json everywhere."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is not None:
            return app.openapi_schema
        made = get_openapi(
            title=app.title,
            version=app.version,
            description="Errors are RFC 9457 problem+json with a stable `code`.",
            routes=app.routes,
        )
        components = made.setdefault("components", {}).setdefault("schemas", {})
        components["Problem"] = _PROBLEM
        for operation in operations:
            made["paths"].setdefault(operation.path, {})[operation.method] = {
                "summary": operation.summary,
                "tags": [operation.tag],
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": _schema(operation.takes, "validation", components)
                        }
                    },
                },
                "responses": {
                    str(operation.status): {
                        "description": "Done",
                        "content": {
                            "application/json": {
                                "schema": _schema(operation.gives, "serialization", components)
                            }
                        },
                    }
                },
            }
        for one in reads:
            made["paths"].setdefault(one.path, {})["get"] = _read(one)
        for path in made["paths"].values():
            for method in _METHODS & path.keys():
                answers = path[method]["responses"]
                # FastAPI announces its own error shape, which we never send.
                answers.pop("422", None)
                answers["4XX"] = answers["5XX"] = _ANY_PROBLEM
        components.pop("HTTPValidationError", None)
        components.pop("ValidationError", None)
        made["components"]["securitySchemes"] = {"session": {"type": "http", "scheme": "bearer"}}
        made["security"] = [{}, {"session": []}]
        app.openapi_schema = made
        return made

    app.openapi = document  # type: ignore[method-assign]
