"""The form that opens a case: one page, the ward found by name, all of it right or nothing kept."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.responses import RedirectResponse, Response

from lachan.areas import store as areas
from lachan.areas.domain import Area
from lachan.cases import service
from lachan.cases.domain import Classification, is_under
from lachan.cases.schemas import NewCase, PersonIn
from lachan.diseases.profiles import all_profiles
from lachan.kit.clock import local_day, now
from lachan.kit.errors import InvalidInput, Problem
from lachan.kit.http.access import Transaction, Viewer
from lachan.kit.http.problems import fields_of
from lachan.tracing.service import access_contact
from lachan.web.place.sentences import say_problem
from lachan.web.rendering import page

_HITS: Final = 8
_WARD: Final = 2  # level of a ward in the current edition


class CaseForm(BaseModel):
    """All that was typed, as it was typed."""

    model_config = ConfigDict(frozen=True)

    phone: str = Field("", max_length=40)
    name: str = Field("", max_length=120)
    contact: str = Field("", pattern=r"^[0-9]{0,18}$")
    disease: str = Field("", max_length=40)
    classification: str = Field(Classification.CONFIRMED.value, max_length=20)
    onset_on: str = Field("", max_length=20)
    sampled_on: str = Field("", max_length=20)
    area: str = Field("", max_length=20)
    q: str = Field("", max_length=120)
    reason: str = Field("", max_length=300)
    go: Literal["open", "search"] = "open"


@dataclass(frozen=True, slots=True)
class _Wards:
    """Wards to choose from; `searched` tells an empty answer from no question."""

    found: tuple[Area, ...] = ()
    searched: bool = False


async def _wards(connection: Transaction, viewer: Viewer, form: CaseForm) -> _Wards:
    roots = viewer.roots(service.ROLE)
    if form.q.strip():
        hits = [
            hit.area
            for root in roots
            for hit in await areas.search(connection, form.q, limit=_HITS, root=root)
            if hit.area.level == _WARD
        ]
        return _Wards(tuple(hits[:_HITS]), searched=True)
    chosen = [form.area] if form.area else [root for root in roots if root.count(".") == _WARD]
    found = [await areas.get(connection, path) for path in chosen]
    return _Wards(tuple(area for area in found if area and is_under(area.path, roots)))


async def show_form(
    request: Request,
    viewer: Viewer,
    connection: Transaction,
    form: CaseForm,
    refused: Problem | None = None,
) -> Response:
    """The form with what was typed, and what is wrong with it."""
    wards = await _wards(connection, viewer, form)
    contact = await access_contact(connection, int(form.contact)) if form.contact else None
    errors = say_problem(request, refused) if refused else {}
    return page(
        request,
        "desk/case_new.html",
        status=refused.status if refused else 200,
        form=form,
        contact=contact,
        wards=wards.found,
        searched=wards.searched,
        # The only ward there is to choose is chosen.
        area=form.area or (wards.found[0].path if len(wards.found) == 1 else ""),
        profiles=all_profiles(),
        classifications=[one for one in Classification if one is not Classification.DISCARDED],
        today=local_day(now(), request.app.state.settings.zone),
        errors={name.replace("person.", ""): text for name, text in errors.items()},
    )


def _day(field: str, typed: str) -> date | None:
    if not typed.strip():
        return None
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        raise InvalidInput(fields={field: "desk-field-day"}) from None


async def _asked(connection: Transaction, form: CaseForm) -> NewCase:
    """What the API would have been sent. Raises `InvalidInput`, `NotFound`."""
    if form.contact:
        contact = await access_contact(connection, int(form.contact))
        person = PersonIn(person_id=contact.person_id)
    elif form.phone.strip():
        person = PersonIn(phone=form.phone, name=form.name or None)
    else:
        raise InvalidInput(fields={"phone": "identity-field-phone"})
    if not form.disease:
        raise InvalidInput(fields={"disease": "diseases-field-unknown"})
    onset, sampled = _day("onset_on", form.onset_on), _day("sampled_on", form.sampled_on)
    try:
        return NewCase(
            person=person,
            disease=form.disease,
            classification=Classification(form.classification),
            onset_on=onset,
            sampled_on=sampled,
            area=form.area or None,
            reason=form.reason,
        )
    except ValidationError as error:
        raise InvalidInput(fields=fields_of(error.errors())) from None
    except ValueError:
        raise InvalidInput(fields={"classification": "field-invalid"}) from None


async def take_form(
    request: Request, viewer: Viewer, connection: Transaction, form: CaseForm
) -> Response:
    """Open the case and go to it, or show the form again."""
    if form.go == "search":
        return await show_form(request, viewer, connection, form)
    state = request.app.state
    try:
        # A refusal leaves nobody enrolled, yet the page that explains it still reads.
        async with connection.begin_nested():
            case = await service.open_case(
                connection,
                viewer,
                state.keyring,
                await _asked(connection, form),
                moment=now(),
                zone=state.settings.zone,
            )
    except Problem as refused:
        return await show_form(request, viewer, connection, form, refused)
    return RedirectResponse(f"/desk/cases/{case.id}", status_code=303)
