"""Strings that somebody may put wherever a log lets him choose, each made to act somewhere."""

from __future__ import annotations

from typing import Final

STRINGS: Final = {
    "escapes": "\x1b[2J\x1b]0;owned\x07\x1b]8;;http://evil.example\x07x\x1b]8;;\x07",
    "eight-bit escapes": "\x9b31m\x90\x9d0;owned\x9c\x85",
    "line ends": "a\nb\r\nc\x0b\x0c\u2028d\u2029\x1e",
    "backspaces": "rm -rf\b\b\b\b\b\bls\x7f\x00",
    "bidi controls": "\u202etxt.exe\u2066\u200f\u061c\u2069",
    "zero width": "ad\u200bmin\u2060\ufeff\u00ad",
    "rich markup": "[bold red]x[/] [link=file:///etc/passwd]y[/link] [@click=app.quit]z[/]",
    "broken rich markup": "[/] [/bold] [ [red \\[ [[",
    "a formula": '=HYPERLINK("http://evil.example","x")',
    "a formula with a command": "@SUM(1+1)*cmd|' /C calc'!A0",
    "a formula behind a tab": "\t=1+1",
    "a formula behind a plus": "+1\"'=1",
    "HTML": "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg/onload=alert(1)>",
    "an entity": "&lt;b&gt;&#x202e;&amp;",
    "Markdown": "](javascript:alert(1)) ![x](http://evil.example/x.png) **b** `c` | d |",
    "SQL": "'; DROP TABLE segments; --",
    "a query": "x' UNION SELECT sql FROM sqlite_master --",
    "a path": "../../../../etc/passwd",
    "an absolute path": "/dev/null",
    "a template": "{{7*7}} ${7*7} {0.__class__} %s %(x)s {x!r}",
    "an attribute": "__class__",
    "a prototype": "__proto__",
    "an option": "--help",
    "a shell": "$(touch owned) `touch owned` ; touch owned #",
    "a surrogate": "\udfff \ud800",
    "an emoji": "👩‍👩‍👧‍👦🏴‍☠️ e\u0301",
    "wide": "ＡＢＣ漢字" * 20,
    "long": "A" * 5000,
    "nothing": " ",
}
"""By what they try."""
