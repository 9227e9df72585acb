"""Puts the plain Starlette routes into the OpenAPI document, beside those that FastAPI knows."""

from collections.abc import Sequence
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


def _schema(model: type[BaseModel], mode: str, components: dict[str, Any]) -> dict[str, str]:
    schema = model.model_json_schema(ref_template=_REF, mode=mode)  # type: ignore[arg-type]
    components.update(schema.pop("$defs", {}))
    components[model.__name__] = schema
    return {"$ref": _REF.format(model=model.__name__)}


def install(app: FastAPI, operations: Sequence[PlainOperation]) -> None:
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
