"""One frozen `Settings`: the only reader of the environment.

Each field is also an environment variable, `SIDESVAR_` and its name in capitals. README's table is
generated from the fields here.
"""

import json
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent

Origin = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/;,'\"*]+$", to_lower=True)]
"""A site as browsers name it: scheme, host and port, no path and no wildcard."""

Network = Annotated[str, AfterValidator(lambda text: str(ip_network(text)))]
"""An address or a network, like 10.0.0.7 or 10.0.0.0/8; kept as a network."""

OWN_MACHINE = ("127.0.0.1", "localhost", "::1")


class Settings(BaseSettings):
    """Everything that can be set, with its default and unit."""

    model_config = SettingsConfigDict(env_prefix="SIDESVAR_", frozen=True, extra="forbid")

    source: str = Field(
        str(ROOT / "corpus" / "pages"),
        description="What to answer from, one a line: a text, Markdown, HTML or PDF file, a folder of them, a URL or a "
        "sitemap URL",
    )
    index: Path = Field(ROOT / "index" / "built", description="Folder of the built index")
    embedder: str = Field(
        "bundled",
        description="`bundled` (the model that ships), or a sentence-transformers model by name or folder",
    )
    reader: str = Field("reader-da-en", description="Reader, a folder of `index/models`; empty for none")
    store: str = Field("faiss", description="Vector store")
    dense_weight: float = Field(
        0.6,
        ge=0,
        le=1,
        description="Share of meaning beside words in the search, more where words are unknown; 0 is words alone",
    )
    answerer: str = Field("extractive", description="`extractive` (no model), or `chat_model:PROVIDER:MODEL`")
    host: str = Field("127.0.0.1", description="Address to listen on")
    port: int = Field(7860, ge=0, le=65535, description="Port to listen on; 0 picks a free one")
    workers: int = Field(1, ge=1, le=64, description="Processes that answer; each loads the models")
    root_path: str = Field(
        "", pattern=r"^(/[\w.~-]+)*$", description="Path prefix behind a reverse proxy, like `/chat`"
    )
    trusted_proxies: tuple[Network, ...] = Field(
        ("127.0.0.1",),
        description="Proxies whose X-Forwarded-For says who asks, as a JSON list of addresses or networks",
    )
    max_question_chars: int = Field(1000, ge=1, description="Longest question, in characters")
    max_history: int = Field(6, ge=0, description="Earlier questions that a follow-up may refer to")
    max_body_bytes: int = Field(65536, ge=1, description="Largest request body, in bytes")
    max_wrong_answers: float = Field(
        0.1, gt=0, lt=1, description="Share of the questions that may get a wrong answer; sets the gate's threshold"
    )
    answer_timeout_s: float = Field(10.0, gt=0, description="Longest time for one answer, in seconds")
    feedback: Path | None = Field(None, description="SQLite file for thumbs and comments; none keeps only counts")
    feedback_questions: bool = Field(
        False, description="Keep the question with its thumb in that file, unless it holds personal data"
    )
    editor_tab: bool = Field(
        False,
        description="Tab that measures the answers: for an editor on their own machine, as it is open to all who can "
        "open the chat; refused for another host than this machine's",
    )
    allowed_origins: tuple[Origin, ...] = Field(
        (), description='Sites whose pages may use the widget, as a JSON list: `["https://www.example.dk"]`'
    )
    rate_limit_per_minute: int = Field(
        60, ge=0, description="Requests that one client may send in a minute; 0 for no limit"
    )
    max_concurrent: int = Field(64, ge=1, description="Requests under way at once, all clients together")
    body_timeout_s: float = Field(10.0, gt=0, description="Longest time for a request's body to arrive, in seconds")

    @field_validator("editor_tab")
    @classmethod
    def _only_on_this_machine(cls, value: bool, info: ValidationInfo) -> bool:
        if value and info.data.get("host", OWN_MACHINE[0]) not in OWN_MACHINE:
            raise ValueError(
                f"the editor's tab is for one's own machine: leave it off, or set host to {OWN_MACHINE[0]}"
            )
        if value and info.data.get("workers", 1) > 1:
            raise ValueError("it lives in one process: leave it off, or let workers be 1")
        return value

    @property
    def sources(self) -> list[str]:
        """The sources, in the order given."""
        return [line.strip() for line in self.source.splitlines() if line.strip()]

    @classmethod
    def table(cls) -> str:
        """The settings as a Markdown table: README's."""
        lines = ["| Variable | Default | Meaning |", "| --- | --- | --- |"]
        for name, field in cls.model_fields.items():
            default = field.get_default()
            told = json.dumps(default) if isinstance(default, tuple) else str(default).replace(f"{ROOT}/", "")
            value = "" if default in (None, "", ()) else f"`{told}`"
            lines.append(f"| `SIDESVAR_{name.upper()}` | {value} | {field.description} |")
        return "\n".join(lines)
