"""The kiosk's scripts run as those of the residents' app do."""

from tests.unit.web.app.conftest import run_script

__all__ = ["run_script"]
