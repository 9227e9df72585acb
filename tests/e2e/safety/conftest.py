"""The phones of a facility: the app's own, and one in which axe may look."""

from tests.e2e.places.conftest import narrow
from tests.e2e.resident.conftest import app_phone

__all__ = ["app_phone", "narrow"]
