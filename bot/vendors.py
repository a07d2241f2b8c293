"""Which vendors the configuration can enable, and how each becomes the settings of its client.

One line of ``VENDORS`` for each: its name, the secrets that its environment must hold, and the
function that puts table and secrets together. Nobody else lists vendors but ``bot.settings`` (the
shape of their tables) and ``bot.app`` (their clients).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from pydantic import BaseModel, SecretStr, ValidationError

from bot.complaints import Faulty, sentences
from bot.setting_types import Table
from bot.settings import Environment
from bot.tables import KriptomatTable, OakTable
from providers.kriptomat_paths import KriptomatSettings, Reading
from providers.oak_paths import OakReading, OakSettings

Secrets = Mapping[str, SecretStr]
Reading_ = TypeVar("Reading_", Reading, OakReading)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """One vendor that can be enabled."""

    name: str
    """As in ``[providers.NAME]``; upper case, it begins the names of its secrets."""
    title: str
    secrets: tuple[str, ...]
    """What its client needs from the environment: ``email`` is ``KRIPTOMAT_EMAIL``."""
    build: Callable[[Any, Secrets], BaseModel]
    """Table and secrets become settings. Raises pydantic.ValidationError."""

    def missing_secrets(self, env: Environment) -> Iterator[str]:
        for name, secret in self._secrets(env).items():
            if not secret or not secret.get_secret_value().strip():
                yield f"{self._variable(name)} is not set: {self.title} is enabled and needs it"

    def settings(self, table: Any, env: Environment) -> BaseModel:
        """Raises Faulty, with nothing about secrets that are not set."""
        given = {name: secret for name, secret in self._secrets(env).items() if secret}
        try:
            return self.build(table, given)
        except ValidationError as error:
            place = f"providers.{self.name}"
            missing = {f"{place}.{name}: is missing" for name in self.secrets}
            told = [one for one in sentences(error, place) if one not in missing]
            raise Faulty([self._of_secret(one) for one in told]) from None

    def _secrets(self, env: Environment) -> dict[str, SecretStr | None]:
        return {name: getattr(env, f"{self.name}_{name}") for name in self.secrets}

    def _variable(self, secret: str) -> str:
        return f"{self.name}_{secret}".upper()

    def _of_secret(self, sentence: str) -> str:
        """A secret is set in the environment, so that is the name to tell."""
        for name in self.secrets:
            place = f"providers.{self.name}.{name}:"
            sentence = sentence.replace(place, f"{self._variable(name)}:")
        return sentence


def _corrected(reading: Reading_, corrections: Table) -> Reading_:
    """Our reading of a vendor, with what the operator has found to be otherwise."""
    return replace(reading, **{key: one for key, one in corrections if one is not None})


def _kriptomat(table: KriptomatTable, secrets: Secrets) -> BaseModel:
    return KriptomatSettings(
        base_url=table.base_url,
        user_id=table.user_id,
        assets=frozenset(table.assets),
        quote=table.quote,
        key_lifetime=table.key_lifetime,
        fee_allowance=table.fee_allowance,
        first_order_at_most=table.first_order_at_most,
        login=table.login,
        reading=_corrected(Reading(), table.reading),
        **secrets,
    )


def _oak(table: OakTable, secrets: Secrets) -> BaseModel:
    return OakSettings(
        base_url=table.base_url,
        provider=table.provider,
        payment_method=table.payment_method,
        customer_id=table.customer_id,
        currency=table.currency,
        asset=table.asset,
        amount_unit=table.amount_unit,
        minimum=None if table.minimum is None else table.minimum.amount,
        fee_allowance=table.fee_allowance,
        first_order_at_most=table.first_order_at_most,
        reading=_corrected(OakReading(), table.reading),
        **secrets,
    )


VENDORS = (
    Vendor(
        name="kriptomat",
        title="Kriptomat",
        secrets=("email", "password", "client_id", "client_secret", "totp_secret"),
        build=_kriptomat,
    ),
    Vendor(
        name="oak",
        title="Oak Network",
        secrets=("client_id", "client_secret"),
        build=_oak,
    ),
)
