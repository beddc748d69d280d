"""A descriptor's tables of facts: how a portal is treated, its TLS, what is expected of it."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cryptography import x509
from pydantic import BaseModel, ConfigDict, Field, field_validator

_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


class Facts(BaseModel):
    """What a descriptor's tables share: nothing changes, and no unknown key is let through."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Minimum(Facts):
    """What the archive must hold of the portal, or publishing stops."""

    articles: int = Field(default=0, ge=0, description="a whole number of articles")


class Politeness(Facts):
    """How the portal is to be treated, where it differs from Halong's manners."""

    delay: float | None = Field(default=None, ge=0, description="seconds between two requests")
    concurrency: int = Field(default=1, ge=1, description="how many requests at a time, 1 or more")
    user_agent: str | None = Field(default=None, min_length=1, description="the User-Agent to send")
    depth: int | None = Field(
        default=None, ge=1, description="how many links away from the seeds to go"
    )
    quiet: str | None = Field(
        default=None, description='hours without requests, such as "22:00-05:00"'
    )

    @field_validator("quiet")
    @classmethod
    def _quiet_is_a_span(cls, value: str | None) -> str | None:
        if value is not None:
            found = _SPAN.fullmatch(value.replace(" ", ""))
            if found is None or found.group(1, 2) == found.group(3, 4):
                raise ValueError(
                    f"{value!r} is no span of hours; write it like 22:00-05:00, in the portal's "
                    "time zone"
                )
        return value

    def quiet_until(self, now: datetime, zone: str) -> datetime | None:
        """The end of the quiet hours ``now`` (aware) lies in; None outside of them.

        The hours are those of ``zone``, the portal's time zone.
        """
        if self.quiet is None:
            return None
        first, last = (time.fromisoformat(part) for part in self.quiet.replace(" ", "").split("-"))
        here = now.astimezone(ZoneInfo(zone))
        clock = here.time().replace(tzinfo=None)
        if first < last:
            inside, next_day = first <= clock < last, False
        else:
            inside, next_day = clock >= first or clock < last, clock >= first
        if not inside:
            return None
        day = here.date() + timedelta(days=int(next_day))
        return datetime.combine(day, last, tzinfo=here.tzinfo)


class Tls(Facts):
    """Whom to trust beyond the system's certificate authorities."""

    ca: Path | None = Field(
        default=None, description='a file of PEM certificates beside the descriptor, "ca.pem"'
    )

    @field_validator("ca")
    @classmethod
    def _ca_holds_certificates(cls, value: Path | None) -> Path | None:
        if value is not None:
            try:
                x509.load_pem_x509_certificates(value.read_bytes())
            except (OSError, ValueError) as error:
                why = getattr(error, "strerror", None) or "it holds no PEM certificates"
                raise ValueError(
                    f"{str(value)!r} cannot be used ({why}); put the file beside the descriptor"
                ) from error
        return value


def beside(descriptor: Path, data: dict[str, Any]) -> dict[str, Any]:
    """A descriptor's data with the files it names found in its own folder."""
    tls = data.get("tls")
    if isinstance(tls, dict) and isinstance(tls.get("ca"), str):
        data["tls"] = tls | {"ca": str(descriptor.parent / tls["ca"])}
    return data
