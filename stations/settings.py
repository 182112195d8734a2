"""``configs/workshop.toml`` as checked values; the environment (``KIWERKSTATT_…``) outranks the file."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from models.errors import ModelError
from models.index.database_address import checked_database
from models.offline import Place
from models.room import RoomServer, checked_address
from stations.texts import Language

FILE = Path(__file__).resolve().parent.parent / "configs" / "workshop.toml"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Pin = Annotated[str, Field(pattern=r"^([0-9]{4,12})?$")]


class Room(_Part):
    """Where the page is served, and how people of the room come in."""

    port: int = Field(7860, ge=1, le=65535, description="Port of the page on this machine")
    open: bool = Field(False, description="Whether phones and other computers of the room may join")
    https_port: int = Field(
        0, ge=0, le=65535, description="Their port; 0 means 443, or 8443 where it is taken"
    )
    http_port: int = Field(0, ge=0, le=65535, description="Port that sends them there; 0: 80 or 8080")
    pin: Pin = Field("", description="PIN for everybody, 4 to 12 digits; empty means a new one each day")
    host_pin: Pin = Field("", description="PIN of the host panel; empty means a new one each day")
    wifi: str = Field("", max_length=32, description="Name of the room's Wi-Fi, for the wall")
    wifi_password: SecretStr = Field(SecretStr(""), description="Its password, for the wall")


class Limits(_Part):
    """What one person may ask for."""

    message_characters: int = Field(6000, ge=100, le=100_000, description="Longest message of one person")
    answer_tokens: int = Field(1024, ge=16, le=8192, description="Longest answer, in tokens")
    answer_seconds: int = Field(180, ge=5, le=3600, description="Longest time for one answer")
    people_waiting: int = Field(20, ge=1, le=500, description="How many may wait at one station")
    keep_days: int = Field(7, ge=1, le=3650, description="How long a visitor's recordings and texts are kept")
    idle_minutes: int = Field(10, ge=1, le=1440, description="How long an unused model stays loaded")


RoomAddress = Annotated[str, AfterValidator(lambda text: checked_address(text) if text.strip() else "")]


class Chat(_Part):
    """How chat engines are loaded, and whether another device of the room does the work."""

    context_tokens: int = Field(4096, ge=512, le=131_072, description="How much of a conversation is seen")
    people: int = Field(8, ge=1, le=32, description="How many get their answers at the same time")
    threads: int = Field(0, ge=0, le=256, description="Processor threads; 0 means what other programs leave")
    server: RoomAddress = Field("", description="OpenAI-compatible server in the room; empty means none")
    server_model: str = Field("", description="Model to ask for there; empty means the first it lists")
    server_key: SecretStr = Field(SecretStr(""), description="Key the server asks for; empty means none")

    @property
    def room_server(self) -> RoomServer | None:
        """The server of the room that answers, if there is one."""
        if not self.server:
            return None
        return RoomServer(address=self.server, model=self.server_model, key=self.server_key)

    @property
    def places(self) -> tuple[Place, ...]:
        """What the guard has to let through."""
        return (self.room_server.place,) if self.room_server else ()


DatabaseAddress = Annotated[str, AfterValidator(lambda text: checked_database(text) if text.strip() else "")]


class Retrieval(_Part):
    """In which collections everybody may search, and where they are kept."""

    shared: tuple[str, ...] = Field((), description="Collections that everybody in the room may ask")
    database: DatabaseAddress = Field(
        "", description="PostgreSQL server for shared collections; empty: files"
    )


class Workshop(BaseSettings):
    """Everything a host can set."""

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, env_prefix="KIWERKSTATT_", env_nested_delimiter="__", toml_file=FILE
    )

    stations: tuple[str, ...] = Field(
        ("chatbot",), min_length=1, description="Stations, in the order of tabs"
    )
    profile: Literal["auto", "mini", "standard", "large"] = Field("auto", description="Which models are used")
    language: Language = Field("de", description="Language of the page until somebody chooses")
    room: Room = Room()
    limits: Limits = Limits()
    chat: Chat = Chat()
    retrieval: Retrieval = Retrieval()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic passes all four
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read, in falling rank: what the command line says, the environment, the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_workshop(**spoken: object) -> Workshop:
    """Return the settings; ``spoken`` are those of the command line and outrank the rest.

    Raises:
        ModelError: ``settings.wrong`` naming the setting, ``settings.not_toml`` naming the line, or what is wrong with
            the server's address (see ``checked_address``).
    """
    try:
        return Workshop(**spoken)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        setting = ".".join(str(part) for part in first["loc"])
        raise ModelError("settings.wrong", setting=setting, problem=first["msg"], file=FILE.name) from error
    except ValueError as error:  # tomllib's own, with line and column
        raise ModelError("settings.not_toml", file=FILE.name, problem=str(error)) from error
