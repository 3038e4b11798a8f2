"""The two pages of `/t/` for customers: both languages on one page, no script, no picture, a few hundred bytes."""

_STYLE = (
    "body{margin:0;min-height:100vh;display:flex;align-items:center;justify-content:center;background:#f5f6f8;"
    "color:#1b2430;font:16px/1.6 system-ui,-apple-system,'PingFang SC','Noto Sans SC',sans-serif}"
    "main{max-width:22rem;padding:2rem;text-align:center}h1{font-size:1.25rem;font-weight:600;margin:0 0 .5rem}"
    "p{margin:.25rem 0;color:#5b6675}"
    "@media(prefers-color-scheme:dark){body{background:#1b212a;color:#e6eaf0}p{color:#aab4c2}}"
)


def _page(title: str, chinese: str, english: str) -> bytes:
    return (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{title}</title><style>{_STYLE}</style>"
        f'<main><h1>{title}</h1><p>{chinese}</p><p lang="en">{english}</p></main></html>'
    ).encode()


UNKNOWN = _page(
    "没有找到这个链接",
    "它可能已经结束，或者少抄了几个字符。",
    "We could not find this link. It may have ended, or a character is missing.",
)
LATER = _page(
    "请稍等一分钟再试",
    "链接是好的，只是我们暂时忙不过来。",
    "The link is fine; we are busy for a moment. Please try again in a minute.",
)
