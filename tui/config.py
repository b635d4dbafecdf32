"""Config: a person's settings, in a TOML file where their system keeps such files."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

VARIABLE: Final = "KEYLEDGER_CONFIG"
"""Names another file."""

THEMES: Final = (
    "keyledger-dark", "keyledger-light", "ansi-dark", "ansi-light", "textual-dark", "textual-light",
    "nord", "gruvbox", "catppuccin-mocha", "catppuccin-latte", "dracula", "tokyo-night", "monokai",
    "flexoki", "solarized-dark", "solarized-light", "rose-pine", "atom-one-dark", "atom-one-light",
)  # fmt: skip
"""Themes of the dashboard; the ansi ones take the terminal's own colours."""


class ConfigError(Exception):
    """A file of settings that cannot be used.

    Attributes:
        path: the file.
        troubles: what is the matter, a sentence each.
    """

    def __init__(self, path: Path, troubles: tuple[str, ...]) -> None:
        super().__init__(f"{path}: {'; '.join(troubles)}")
        self.path = path
        self.troubles = troubles


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """A person's settings.

    Attributes:
        theme: of the dashboard.
        keys: what is pressed, by binding id, as far as it differs from the usual.
    """

    theme: str = THEMES[0]
    keys: Mapping[str, str] = field(default_factory=dict)


def path() -> Path:
    """Return where the settings lie, whether there are any or not."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named)
    from platformdirs import user_config_path

    return user_config_path("keyledger", appauthor=False) / "keyledger.toml"


def load() -> Config:
    """Read the settings; the usual ones where there is no file.

    Raises:
        ConfigError: the file cannot be read, or says something that means nothing.
    """
    import tomllib

    file = path()
    try:
        written = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Config()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(file, (str(error),)) from error
    troubles = tuple(_troubles(written))
    if troubles:
        raise ConfigError(file, troubles)
    dashboard = written.get("dashboard", {})
    return Config(theme=dashboard.get("theme", THEMES[0]), keys=dict(dashboard.get("keys", {})))


def _troubles(written: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for everything that means nothing here."""
    yield from (f"nothing is named {name!r}" for name in written if name != "dashboard")
    dashboard = written.get("dashboard", {})
    if not isinstance(dashboard, dict):
        yield "[dashboard] is no table"
        return
    for name in dashboard:
        if name not in {"theme", "keys"}:
            yield f"nothing is named {name!r} in [dashboard]"
    theme = dashboard.get("theme", THEMES[0])
    if theme not in THEMES:
        yield f"no theme is named {theme!r}; there are: {', '.join(THEMES)}"
    keys = dashboard.get("keys", {})
    if isinstance(keys, dict):
        yield from _key_troubles(keys)
    else:
        yield "[dashboard.keys] is no table"


def _key_troubles(keys: Mapping[str, Any]) -> Iterator[str]:
    from tui.dashboard.keymap import scopes, usual_keys

    usual = usual_keys()
    for name, value in keys.items():
        if name not in usual:
            yield f"no binding is named {name!r}; keyledger config show lists them"
        elif not isinstance(value, str) or not all(part.strip() for part in value.split(",")):
            yield f'the keys of {name!r} are no text like "x" or "ctrl+x,f8"'
    texts = {name: value for name, value in keys.items() if isinstance(value, str)}
    for scope in scopes():
        pressed: dict[str, str] = {}
        for one in scope:
            for key in texts.get(one.id, one.keys).split(","):
                other = pressed.setdefault(key.strip(), one.id)
                if other != one.id and (one.id in texts or other in texts):
                    yield f"{key.strip()!r} would do both {other} and {one.id}"


def spelled(config: Config) -> Iterator[str]:
    """Yield the settings in force as a file of settings, every binding included."""
    from tui.dashboard.keymap import bindings

    yield "[dashboard]"
    yield f'theme = "{config.theme}"'
    yield ""
    yield "[dashboard.keys]"
    for section, keys in bindings().items():
        yield f"# {section}"
        for key in keys:
            mine = config.keys.get(key.id, key.keys)
            yield f'{key.id} = "{mine}"  # {key.tooltip}'
