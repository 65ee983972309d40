"""What the self-built app's door needs to know: credentials, address, and how long anything may take."""

from dataclasses import dataclass, field

from pydantic import SecretStr

API_URL = "https://qyapi.weixin.qq.com"
_NONE = SecretStr("")


@dataclass(frozen=True, kw_only=True)
class AppTiming:
    """Time-outs in seconds.

    WeCom drops a callback that is not answered in 5 s and calls again (page 90238): `passive` is how long an
    answer may take to go out on the call itself, from the call's arrival. A good answer is kept for
    `remembered`, because a call whose answer was lost comes again. `card` is how long the code of a pressed
    card lives (72 h, page 94888).
    """

    passive: float = 4.0
    remembered: float = 60.0
    card: float = 72 * 3600.0
    upload: float = 9.0
    download: float = 20.0


@dataclass(frozen=True, kw_only=True)
class AppConfig:
    """One self-built app (自建应用); without `token` and `aes_key` it speaks, but hears nothing."""

    corp_id: str
    agent_id: int
    secret: SecretStr
    token: SecretStr = _NONE
    aes_key: SecretStr = _NONE
    api_url: str = API_URL
    timing: AppTiming = field(default_factory=AppTiming)

    @property
    def speaks(self) -> bool:
        """Whether it has what the API asks for."""
        return bool(self.corp_id and self.agent_id and self.secret.get_secret_value())

    @property
    def hears(self) -> bool:
        """Whether its callback can be checked and read."""
        return bool(self.corp_id and self.token.get_secret_value() and self.aes_key.get_secret_value())
