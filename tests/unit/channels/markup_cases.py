"""Replies and what each renderer makes of them."""

from __future__ import annotations

ZWS = "\u200b"

# Markdown -> Slack, Telegram, plain.
CASES = {
    "nothing": ("", "", "", ""),
    "only spaces": (" \n\n ", "", "", ""),
    "words": ("How much?", "How much?", "How much?", "How much?"),
    "paragraphs": ("One.\n\n\nTwo.", "One.\n\nTwo.", "One.\n\nTwo.", "One.\n\nTwo."),
    "a wrapped line": ("one\ntwo", "one two", "one two", "one two"),
    "a hard break": ("one  \ntwo\\\nthree", *("one\ntwo\nthree",) * 3),
    "bold": ("a **b** c", "a *b* c", "a <b>b</b> c", "a b c"),
    "italic": ("a _b_ *c*", "a _b_ _c_", "a <i>b</i> <i>c</i>", "a b c"),
    "bold before punctuation": (
        '(**a**, "**b**"): **c**.',
        '(*a*, "*b*"): *c*.',
        '(<b>a</b>, "<b>b</b>"): <b>c</b>.',
        '(a, "b"): c.',
    ),
    "half a word bold": (
        "auto**log**ous",
        f"auto{ZWS}*log*{ZWS}ous",
        "auto<b>log</b>ous",
        "autologous",
    ),
    "italic in bold": (
        "**a _b_ c**",
        "*a _b_ c*",
        "<b>a <i>b</i> c</b>",
        "a b c",
    ),
    "bold in italic": (
        "_a **b** c_",
        "_a_ *_b_* _c_",
        "<i>a </i><b><i>b</i></b><i> c</i>",
        "a b c",
    ),
    "bold meets italic": ("**a**_b_", f"*a*{ZWS}_b_", "<b>a</b><i>b</i>", "ab"),
    "half a bold word italic": (
        "**auto*log*ous**",
        f"*auto{ZWS}_log_{ZWS}ous*",
        "<b>auto<i>log</i>ous</b>",
        "autologous",
    ),
    "bold over a line": ("**a  \nb**", "*a*\n*b*", "<b>a</b>\n<b>b</b>", "a\nb"),
    "a link": (
        "see [the site](https://e.org/a)",
        "see <https://e.org/a|the site>",
        'see <a href="https://e.org/a">the site</a>',
        "see the site (https://e.org/a)",
    ),
    "a link with parentheses, ampersands and quotes": (
        '[a & (b) "c"](https://e.org/x_(y)?p=1&q=2&r="s")',
        '<https://e.org/x_(y)?p=1&amp;q=2&amp;r=%22s%22|a &amp; (b) "c">',
        '<a href="https://e.org/x_(y)?p=1&amp;q=2&amp;r=%22s%22">a &amp; (b) "c"</a>',
        'a & (b) "c" (https://e.org/x_(y)?p=1&q=2&r=%22s%22)',
    ),
    "a link with brackets and bars": (
        "[a [b] c|d](<https://e.org/x|y>)",
        "<https://e.org/x%7Cy|a [b] c|d>",
        '<a href="https://e.org/x%7Cy">a [b] c|d</a>',
        "a [b] c|d (https://e.org/x%7Cy)",
    ),
    "a bold link": (
        "**[a](https://e.org)b**",
        "*<https://e.org|a>b*",
        '<b><a href="https://e.org">a</a>b</b>',
        "a (https://e.org)b",
    ),
    "an address as its own label": (
        "[https://e.org/a](https://e.org/a), <https://e.org/b>, [e.org](https://e.org/)",
        "<https://e.org/a|https://e.org/a>, <https://e.org/b|https://e.org/b>, "
        "<https://e.org/|e.org>",
        '<a href="https://e.org/a">https://e.org/a</a>, '
        '<a href="https://e.org/b">https://e.org/b</a>, <a href="https://e.org/">e.org</a>',
        "https://e.org/a, https://e.org/b, https://e.org/",
    ),
    "no link that could act": (
        "[a](javascript:alert(1)) [b](data:text/html,x) [c](mailto:d@e.org) [f](/g) [h](https://)",
        *("a b c f h",) * 3,
    ),
    "no link at all": ("[a] (b) [c]: d", *("[a] (b) [c]: d",) * 3),
    "bullets": ("- a\n- **b**", "• a\n• *b*", "• a\n• <b>b</b>", "• a\n• b"),
    "bullets right after a line": (
        "**a**\n- b\n- c",
        "*a*\n\n• b\n• c",
        "<b>a</b>\n\n• b\n• c",
        "a\n\n• b\n• c",
    ),
    "numbers": ("1. a\n2. b\n\n3. c", *("1. a\n2. b\n3. c",) * 3),
    "numbers that go on": ("4. a\n5. b", *("4. a\n5. b",) * 3),
    "a year is no list": (
        "1986. It **began**.",
        "1986. It *began*.",
        "1986. It <b>began</b>.",
        "1986. It began.",
    ),
    "lists in lists": (
        "1. a\n   - b\n     1. c\n   - d\n2. e\n\n   f",
        *("1. a\n– b\n1. c\n– d\n2. e\nf",) * 3,
    ),
    "not in the subset": (
        "# a\n\n> b\n\n---\n\n    c\n\n| d | e |",
        f"# a\n\n{ZWS}&gt; b\n\n---\n\nc\n\n| d | e |",
        "# a\n\n&gt; b\n\n---\n\nc\n\n| d | e |",
        "# a\n\n> b\n\n---\n\nc\n\n| d | e |",
    ),
    "HTML": (
        '<b onclick="x">a</b> <!-- b --> &lt; &amp;',
        '&lt;b onclick="x"&gt;a&lt;/b&gt; &lt;!-- b --&gt; &amp;lt; &amp;amp;',
        '&lt;b onclick="x"&gt;a&lt;/b&gt; &lt;!-- b --&gt; &amp;lt; &amp;amp;',
        '<b onclick="x">a</b> <!-- b --> &lt; &amp;',
    ),
    "Slack's own commands": (
        "<!channel> <@U123> <#C1|x> <https://e.org|f>",
        "&lt;!channel&gt; &lt;@U123&gt; &lt;#C1|x&gt; <https://e.org%7Cf|https://e.org|f>",
        "&lt;!channel&gt; &lt;@U123&gt; &lt;#C1|x&gt; "
        '<a href="https://e.org%7Cf">https://e.org|f</a>',
        "<!channel> <@U123> <#C1|x> https://e.org|f (https://e.org%7Cf)",
    ),
    "marks as they stand": (
        "5 * 3 * 2, snake_case_name, ~10 miles, 3 *4",
        "5 * 3 * 2, snake_case_name, ∼10 miles, 3 ∗4",
        "5 * 3 * 2, snake_case_name, ~10 miles, 3 *4",
        "5 * 3 * 2, snake_case_name, ~10 miles, 3 *4",
    ),
    "a place with marks": (
        r"near Foo\*bar\*, \_Baz\_, ~Qux~ `Quux` <Corge> & Grault",
        "near Foo*bar∗, ˍBazˍ, ∼Qux∼ ˋQuuxˋ &lt;Corge&gt; &amp; Grault",
        "near Foo*bar*, _Baz_, ~Qux~ `Quux` &lt;Corge&gt; &amp; Grault",
        "near Foo*bar*, _Baz_, ~Qux~ `Quux` <Corge> & Grault",
    ),
    "a bold place with a mark": (
        r"**Foo\* Bar\_**",
        "*Foo∗ Barˍ*",
        "<b>Foo* Bar_</b>",
        "Foo* Bar_",
    ),
    "other scripts": ("**多少**钱 ¿cuánto? 🙂", f"*多少*{ZWS}钱 ¿cuánto? 🙂",
                      "<b>多少</b>钱 ¿cuánto? 🙂", "多少钱 ¿cuánto? 🙂"),
}  # fmt: skip
