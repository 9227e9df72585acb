"""Everything that can be set, one frozen section a component, read once at start.

An environment variable is `LACHAN_<SECTION>_<NAME>`, for example `LACHAN_WEB_PORT=8080`.
"""

from ipaddress import ip_address
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Database(Section):
    url: SecretStr | None = Field(
        None, description="Owner's URL of an outside PostgreSQL; empty: the embedded server is used"
    )
    app_url: SecretStr | None = Field(
        None, description="URL of the role that serves pages; empty: derived from the owner's"
    )
    intake_url: SecretStr | None = Field(
        None, description="URL of the role that writes scans; empty: derived from the owner's"
    )
    worker_url: SecretStr | None = Field(
        None, description="URL of the role that runs jobs; empty: derived from the owner's"
    )
    pool_size: int = Field(8, ge=1, le=100, description="Connections a process keeps for pages")
    statement_timeout_ms: int = Field(
        15_000, ge=100, description="Longest statement a page may run, in milliseconds"
    )


class Web(Section):
    host: str = Field("127.0.0.1", description="Address that the web server listens on")
    port: int = Field(8000, ge=1, le=65535, description="Port that the web server listens on")
    base_url: str = Field(
        "http://localhost:8000", description="Address that people reach; printed on posters"
    )
    trusted_hosts: tuple[str, ...] = Field(
        ("localhost", "127.0.0.1"), description="Host names served, as a JSON list; others get 400"
    )
    trusted_proxies: str = Field(
        "127.0.0.1", description="Proxies whose X-Forwarded-For and -Proto are believed"
    )
    max_body_bytes: int = Field(65_536, ge=1024, description="Largest request body, in bytes")
    body_seconds: float = Field(
        60,
        gt=0,
        description="A body has arrived within, seconds; for files one more for each 64 KiB taken",
    )
    rate_per_minute: int = Field(
        6_000, ge=1, description="Requests a minute from one address before 429"
    )


class Intake(Section):
    queue_size: int = Field(
        4_096, ge=1, description="Scans that may wait for a commit; one more is answered 503"
    )
    batch_size: int = Field(512, ge=1, description="Most scans written in one transaction")
    connections: int = Field(1, ge=1, le=16, description="Connections that write scans")
    offline_days: int = Field(7, ge=0, description="Oldest scan taken from a device, in days")
    future_seconds: int = Field(
        120, ge=0, description="How far a device's clock may run ahead, in seconds"
    )


class Identity(Section):
    resident_session_days: int = Field(180, ge=1, description="A resident stays signed in, days")
    officer_session_hours: int = Field(12, ge=1, description="An officer stays signed in, hours")
    officer_idle_minutes: int = Field(60, ge=1, description="An idle officer is signed out, min")
    code_minutes: int = Field(5, ge=1, description="Life of a one-time code, in minutes")
    code_attempts: int = Field(5, ge=1, description="Wrong tries before a one-time code is void")
    codes_per_hour: int = Field(5, ge=1, description="One-time codes sent to one phone an hour")
    codes_per_day: int = Field(20, ge=1, description="One-time codes sent to one phone a day")
    texts_per_hour: int = Field(
        20_000, ge=1, description="One-time codes a process sends an hour, to all phones together"
    )
    texts_abroad_per_hour: int = Field(
        300, ge=1, description="Of these, to numbers of other countries"
    )
    home_country_code: int = Field(84, ge=1, le=999, description="Calling code of this country")
    lockout_attempts: int = Field(5, ge=1, description="Wrong passwords before a lock-out")
    lockout_minutes: int = Field(15, ge=1, description="Length of a lock-out, in minutes")


class Messages(Section):
    gateway: Literal["outbox", "http", "smpp"] = Field(
        "outbox", description="How text messages leave: development outbox, HTTP or SMPP"
    )
    http_url: str = Field("", description="Address of the HTTP text-message gateway")
    http_token: SecretStr = Field(SecretStr(""), description="Bearer token of the HTTP gateway")
    smpp_host: str = Field("127.0.0.1", description="Host of the SMPP centre")
    smpp_port: int = Field(2775, description="Port of the SMPP centre")
    smpp_system_id: str = Field("", description="System id for binding")
    smpp_password: SecretStr = Field(SecretStr(""), description="Password for binding")
    sender: str = Field("LACHAN", description="Sender shown on the phone")


class Retention(Section):
    visit_days: int = Field(21, ge=1, description="Visits and scans are dropped after, days")
    event_hours: int = Field(24, ge=1, description="Live events can be replayed for, hours")
    message_hours: int = Field(24, ge=1, description="Sent text messages are kept for, hours")


class Warnings(Section):
    batch_size: int = Field(500, ge=1, description="Warnings delivered in one transaction")
    most_recipients: int = Field(
        5_000, ge=1, description="More people than this are warned only by a second officer"
    )
    most_share_percent: int = Field(
        20, ge=1, le=100, description="So is a larger share of the residents of the area, percent"
    )
    share_floor: int = Field(
        100, ge=0, description="Up to so many people the share does not matter"
    )
    most_an_hour: int = Field(
        20_000,
        ge=1,
        description="People warned within an hour, over all cases; beyond, a second looks",
    )
    most_warnings_an_hour: int = Field(
        60, ge=1, description="Warnings approved within an hour; beyond, a second officer looks"
    )
    staged_above: int = Field(
        2_000, ge=0, description="A warning to more people than this goes to a few of them first"
    )
    stage_first: int = Field(200, ge=1, description="So many are told first")
    stage_minutes: int = Field(3, ge=1, description="The others are told so many minutes later")
    dispute_first_seen: int = Field(
        50, ge=1, description="Of so many who saw a warning first, disputes are counted"
    )
    dispute_least: int = Field(5, ge=1, description="Fewer disputes than this stop nothing")
    dispute_share_percent: int = Field(
        20, ge=1, le=100, description="A larger share of disputes among them stops the sending"
    )
    text_after_minutes: int = Field(
        15, ge=0, description="Unopened for so long and no push: a text message; 0: never"
    )
    texts_per_hour: int = Field(2_000, ge=0, description="Warnings sent as texts, at most an hour")
    public_days: int = Field(
        14, ge=1, le=90, description="A place stays on the public list for, unless told otherwise"
    )
    trial_cases: int = Field(
        100, ge=1, le=1000, description="Past cases on which a version of the rules is tried"
    )
    streams_per_person: int = Field(
        5, ge=1, description="Live connections one person may hold open in one process"
    )
    heartbeat_seconds: float = Field(
        20, gt=0, description="A quiet live connection is spoken on, and its session checked, every"
    )


class Push(Section):
    contact: str = Field(
        "",
        pattern=r"^(mailto:[^@\s]+@[\w.-]+|https://[\w.-]+)?$",
        description="mailto: or https: address for push services to complain to; empty: admin@host",
    )
    hosts: tuple[str, ...] = Field(
        (
            "fcm.googleapis.com",
            "updates.push.services.mozilla.com",
            "*.push.services.mozilla.com",
            "web.push.apple.com",
            "*.push.apple.com",
            "*.notify.windows.com",
        ),
        description="Push services that browsers may name; *. stands for any one name before",
    )
    test_origins: tuple[str, ...] = Field(
        (), description="Origins taken besides, even on this machine: for tests only"
    )
    ttl_hours: int = Field(24, ge=1, le=672, description="A push waits for a phone that is off")
    most_attempts: int = Field(6, ge=1, le=20, description="A push is tried so often")
    at_once: int = Field(20, ge=1, le=200, description="Pushes under way at a time")
    leave_minutes_before: int = Field(
        5, ge=0, le=120, description="Reminder to leave, so long before the usual stay's end"
    )


class Safety(Section):
    offline_hours: int = Field(
        12, ge=0, description="A check made without network is taken so long after, hours"
    )
    answer_hours: int = Field(
        48, ge=1, description="A place answers a report from the public within, hours"
    )
    reports_per_place: int = Field(
        20, ge=1, description="More reports than this on one place a day wait for an inspector"
    )
    reports_per_source: int = Field(
        5, ge=1, description="So do more than this a day from one person or one address"
    )
    reporter_days: int = Field(
        30, ge=1, description="Who sent a report is forgotten so long after it ended, days"
    )
    confirmed_weight: int = Field(
        4, ge=1, description="Confirmed reports of several people that weigh so much turn a place"
    )
    photo_bytes: int = Field(8_388_608, ge=1024, description="Largest photo taken, in bytes")
    photo_pixels: int = Field(50_000_000, ge=10_000, description="Largest photo opened, in pixels")
    whole_photo_pixels: int = Field(
        16_000_000,
        ge=10_000,
        description="Largest photo that is read whole, as PNG, WebP and some JPEG are, in pixels",
    )
    photo_days: int = Field(60, ge=1, description="Photos are kept for, days")
    check_days: int = Field(400, ge=30, description="Daily checks are kept for, days")


def _is_at_hand(base_url: str) -> bool:
    """Whether only this machine or its own network is reached at `base_url`."""
    host = urlsplit(base_url).hostname or ""
    try:
        return ip_address(host).is_private
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local"))


class Map(Section):
    live_ms: int = Field(
        200, ge=50, le=2_000, description="Changes of this long are told to open maps together, ms"
    )
    most_viewers: int = Field(
        10_000, ge=1, description="Open maps a process keeps up to date; one more is answered 503"
    )
    most_viewers_per_address: int = Field(
        1_000,
        ge=1,
        description="Open maps of one address that a process keeps up to date; behind one address"
        " of a mobile network are many phones",
    )
    embed_sites: tuple[str, ...] = Field(
        ("*",), description="Sites that may show the map in a frame, as a JSON list; *: all"
    )


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="LACHAN_",
        env_nested_delimiter="_",
        env_nested_max_split=1,
        frozen=True,
        extra="forbid",
    )

    mode: Literal["development", "production"] = Field(
        "development", description="production hides /dev pages and wants https"
    )
    data_dir: Path = Field(Path("var"), description="Folder of the embedded server and the keys")
    key_file: Path | None = Field(None, description="The key file; empty: keys.json in data_dir")
    timezone: str = Field("Asia/Ho_Chi_Minh", description="Zone that decides what a day is")
    log: Literal["json", "console"] = Field("console", description="Shape of the log")
    database: Database = Database()
    web: Web = Web()
    intake: Intake = Intake()
    identity: Identity = Identity()
    messages: Messages = Messages()
    retention: Retention = Retention()
    warnings: Warnings = Warnings()
    push: Push = Push()
    map: Map = Map()
    safety: Safety = Safety()

    @model_validator(mode="after")
    def _no_development_in_public(self) -> Self:
        # Development shows every one-time code, and its officers' passwords stand in the source.
        if self.mode == "development" and not _is_at_hand(self.web.base_url):
            raise ValueError(
                "LACHAN_WEB_BASE_URL is an address that strangers reach: set LACHAN_MODE=production"
            )
        return self

    @model_validator(mode="after")
    def _sealed_on_the_way(self) -> Self:
        # Sessions and health data do not travel in the clear, whatever stands in front of us.
        if self.mode == "production" and not self.secure and not _is_at_hand(self.web.base_url):
            raise ValueError("LACHAN_WEB_BASE_URL has to begin with https:// in production")
        return self

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def keys_path(self) -> Path:
        return self.key_file or self.data_dir / "keys.json"

    @property
    def secure(self) -> bool:
        """Whether people reach us over TLS, so that cookies may be marked Secure."""
        return self.web.base_url.startswith("https://")
