"""Every action that the audit trail is given anywhere is said in words, and none that is not."""

import ast
import re
from pathlib import Path
from typing import get_args

import lachan
from lachan.identity import audit
from lachan.kit.i18n import LANGUAGES, Catalogs
from lachan.safety.feedback import domain as feedback
from lachan.warnings import replies
from lachan.web.actions import action_key

SOURCE = Path(lachan.__file__).parent
_ACTION = re.compile(r"[a-z_]+\.[a-z_]+")
# Actions whose end is what somebody chose.
_CHOSEN = {
    "place.name_": ("accepted", "refused"),
    "place_report.": ("accepted", "refused"),
    "safety.feedback_": get_args(feedback.Decision),
    "warning.dispute_": get_args(replies.Decision),
}
_WRITERS = {"record", "_record", "_note"}


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def said_by(node: ast.expr, constants: dict[str, str]) -> set[str] | None:
    """Actions that an argument can be; None for one that is not an action."""
    match node:
        case ast.Constant(value=str(value)) if _ACTION.fullmatch(value):
            return {value}
        case ast.IfExp(body=body, orelse=orelse):
            return (said_by(body, constants) or set()) | (said_by(orelse, constants) or set())
        case ast.JoinedStr(values=[ast.Constant(value=str(start)), *_]) if start[-1] in "._":
            return {f"{start}{end}" for end in _CHOSEN[start]}
        case ast.Name(id=name) | ast.Attribute(attr=name) if name in constants:
            return {constants[name]}
    return None


def constants_of(tree: ast.AST) -> dict[str, str]:
    return {
        target.id: node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        and _ACTION.fullmatch(node.value.value)
    }


def recorded() -> tuple[set[str], list[str]]:
    """Actions recorded anywhere, and the calls of `audit.record` whose action was not found."""
    actions: set[str] = set()
    unread: list[str] = []
    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = {"OPENED": audit.OPENED} | constants_of(tree)
        passing = {
            id(call)
            for function in ast.walk(tree)
            if isinstance(function, ast.AsyncFunctionDef) and function.name in _WRITERS
            for call in ast.walk(function)
            if isinstance(call, ast.Call)
        }
        for call in ast.walk(tree):
            if not (isinstance(call, ast.Call) and name_of(call) in _WRITERS):
                continue
            given = [*call.args, *(keyword.value for keyword in call.keywords)]
            found = [said for node in given if (said := said_by(node, constants)) is not None]
            actions.update(*found)
            # One that only hands an action on is read where it is called.
            of_the_trail = ast.unparse(call.func) == "audit.record"
            if of_the_trail and not found and id(call) not in passing:
                unread.append(f"{path.relative_to(SOURCE)}:{call.lineno}")
    return actions, unread


def test_every_recorded_action_is_said_in_both_languages() -> None:
    actions, unread = recorded()
    catalogs = Catalogs()
    assert unread == []
    assert {"trace.requested", "visits.opened", "officer.enabled", "place.name_refused"} <= actions
    silent = [
        (action, lang)
        for action in sorted(actions)
        for lang in LANGUAGES
        if not catalogs.has(action_key(action), lang)
    ]
    assert silent == []


def test_no_sentence_is_kept_for_an_action_that_nothing_records() -> None:
    actions, _ = recorded()
    assert set(Catalogs().keys("audit-action-")) == {action_key(action) for action in actions}


def test_every_kind_of_thing_acted_on_has_a_name() -> None:
    kinds = {
        kind
        for path in SOURCE.rglob("*.py")
        for kind in re.findall(r"object=f\"([a-z_]+):", path.read_text(encoding="utf-8"))
    }
    catalogs = Catalogs()
    assert len(kinds) > 15
    assert [
        (kind, lang)
        for kind in sorted(kinds)
        for lang in LANGUAGES
        if not catalogs.has(f"audit-object-{kind}", lang)
    ] == []
