"""Settings of a `web` channel."""

from typing import Annotated

from core.sdk import ChannelSettings, Label


class WebSettings(ChannelSettings):
    """The hosts that are the brand's own: a visit from one of them to another has no new source."""

    own_hosts: Annotated[
        tuple[str, ...],
        Label(
            "自有域名",
            "Own hosts",
            "从这些域名之间互相跳转不算新来源，例如 shop.example.com。",
            "Moving between these is no new source, for example shop.example.com.",
        ),
    ] = ()
    is_phone_trusted: Annotated[
        bool,
        Label(
            "信任 SDK 上报的手机号和邮箱",
            "Trust phone and e-mail sent by the SDK",
            "只有在号码已由你的系统验证时才打开；否则任何人都能冒用。",
            "Only when your system has verified them; otherwise anybody may claim another's.",
        ),
    ] = False
