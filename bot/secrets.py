"""Every secret of a configuration, so that the log can hide them wherever they turn up."""

from pydantic import SecretStr

from bot.config import Config


def secret_values(config: Config) -> list[str]:
    """The values, shortest or longest alike; never print this."""
    tokens = [config.slack_bot_token, config.slack_app_token]
    for settings in config.vendors.values():
        fields = (getattr(settings, name) for name in type(settings).model_fields)
        tokens += [value for value in fields if isinstance(value, SecretStr)]
    return [token.get_secret_value() for token in tokens]
