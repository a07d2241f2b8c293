"""Which vendors the configuration can enable, and how each becomes the settings of its client.

One line of ``VENDORS`` for each: its name, the secrets that its environment must hold, and the
function that puts table and secrets together. Nobody else lists vendors but ``bot.tables`` (the
shape of their tables), ``bot.settings`` (their secrets) and ``bot.app`` (their clients).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from pydantic import BaseModel, SecretStr, ValidationError

from bot.complaints import Faulty, sentences
from bot.setting_types import Table
from bot.settings import Environment
from bot.tables import CoinsPhTable, KriptomatTable, OakTable
from providers.coins_ph_paths import CoinsPhReading, CoinsPhSettings
from providers.kriptomat_paths import KriptomatReading, KriptomatSettings
from providers.oak_paths import OakReading, OakSettings

Secrets = Mapping[str, SecretStr]
ReadingT = TypeVar("ReadingT", KriptomatReading, CoinsPhReading, OakReading)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """One vendor that can be enabled."""

    name: str
    """As in ``[providers.NAME]``; upper case, it begins the names of its secrets."""
    title: str
    secrets: tuple[str, ...]
    """What its client needs from the environment: ``email`` is ``KRIPTOMAT_EMAIL``."""
    instead: tuple[str, ...] = ()
    """Or these, and then none of ``secrets``."""
    build: Callable[[Any, Secrets], BaseModel]
    """Table and secrets become settings. Raises pydantic.ValidationError."""

    def missing_secrets(self, env: Environment) -> Iterator[str]:
        given = self._secrets(env)
        unset = [
            name for name, one in given.items() if not one or not one.get_secret_value().strip()
        ]
        if self.instead and not set(self.instead) & set(unset):
            return
        either = f" (or {self._variables(self.instead)})" if self.instead else ""
        for name in self.secrets:
            if name in unset:
                needs = f"{self.title} is enabled and needs it{either}"
                yield f"{self._variable(name)} is not set: {needs}"

    def settings(self, table: Any, env: Environment) -> BaseModel:
        """Raises Faulty, with nothing about secrets that are not set."""
        given = {name: secret for name, secret in self._secrets(env).items() if secret}
        try:
            return self.build(table, given)
        except ValidationError as error:
            place = f"providers.{self.name}"
            named = (*self.secrets, *self.instead)
            missing = {f"{place}.{name}: is missing" for name in named}
            told = [one for one in sentences(error, place) if one not in missing]
            raise Faulty([self._of_secret(one) for one in told]) from None

    def _secrets(self, env: Environment) -> dict[str, SecretStr | None]:
        named = (*self.secrets, *self.instead)
        return {name: getattr(env, f"{self.name}_{name}") for name in named}

    def _variables(self, secrets: tuple[str, ...]) -> str:
        return " and ".join(self._variable(name) for name in secrets)

    def _variable(self, secret: str) -> str:
        return f"{self.name}_{secret}".upper()

    def _of_secret(self, sentence: str) -> str:
        """A secret is set in the environment, so that is the name to tell."""
        for name in (*self.secrets, *self.instead):
            place = f"providers.{self.name}.{name}:"
            sentence = sentence.replace(place, f"{self._variable(name)}:")
        return sentence


def _corrected(reading: ReadingT, corrections: Table) -> ReadingT:
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
        reading=_corrected(KriptomatReading(), table.reading),
        **secrets,
    )


def _coins_ph(table: CoinsPhTable, secrets: Secrets) -> BaseModel:
    return CoinsPhSettings(
        base_url=table.base_url,
        quote_url=table.quote_url,
        payment_method=table.payment_method,
        target_account_id=table.target_account_id,
        targets=table.targets,
        send_rate=table.send_rate,
        quote=table.quote,
        fee_allowance=table.fee_allowance,
        first_order_at_most=table.first_order_at_most,
        reading=_corrected(CoinsPhReading(), table.reading),
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
        name="coins_ph",
        title="Coins.ph",
        secrets=("api_key", "api_secret"),
        instead=("token",),
        build=_coins_ph,
    ),
    Vendor(
        name="oak",
        title="Oak Network",
        secrets=("client_id", "client_secret"),
        build=_oak,
    ),
)
