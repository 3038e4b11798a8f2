"""What the operator fills in for short videos: a section a vendor, each optional. What is not filled in is off."""

from typing import Annotated, Literal, Self

from pydantic import SecretStr, StringConstraints, model_validator

from core.sdk import ChannelSettings, Label, PlacementDetail, Section
from core.sdk.fields import (
    MAPPING_EN,
    MAPPING_ZH,
    NOTHING,
    DailyCalls,
    HookHeader,
    HookMapping,
    HookSecret,
    HookStyle,
    Mapping,
    VendorId,
)
from core.sdk.mapped import read_mapping

DOUYIN = Section("抖音数据", "Douyin figures")
OCEAN = Section("巨量引擎线索", "Leads of Oceanengine")
RED = Section("小红书聚光线索", "Leads of Xiaohongshu")
META = Section("Meta 线索广告", "Meta lead ads")
TIKTOK = Section("TikTok 线索", "Leads of TikTok")
GOOGLE = Section("Google 线索表单", "Google lead forms")
CONSENT = Section("表单里的同意", "Consent in the forms")
EXPORT = Section("导出表格", "Exports")


class VideoSettings(ChannelSettings):
    """A brand's short videos, whichever platforms they are on."""

    douyin_open_id: Annotated[
        VendorId,
        Label("账号 open_id", "Open id of the account", "授权后得到。", "Told with the grant.", section=DOUYIN),
    ] = ""
    douyin_token: Annotated[
        SecretStr,
        Label(
            "Access token",
            "Access token",
            "企业号授权的 token，读取 30 天内视频的数据；到期后换新的。",
            "Of a business account: reads figures of videos of the last 30 days. Renew it when it ends.",
            section=DOUYIN,
        ),
    ] = NOTHING
    douyin_client_key: Annotated[
        VendorId,
        Label(
            "应用的 client_key", "Client key of the app", "自动换新 token 用。", "To renew the token.", section=DOUYIN
        ),
    ] = ""
    douyin_refresh_token: Annotated[
        SecretStr,
        Label(
            "Refresh token",
            "Refresh token",
            "和 client_key 一起填：token 到期后自动换新，直到 refresh token 也到期。",
            "With the client key: an ended token is renewed by itself, until the refresh token ends, too.",
            section=DOUYIN,
        ),
    ] = NOTHING
    ocean_token: Annotated[
        SecretStr,
        Label("Access token", "Access token", "Marketing API 的 token。", "Of the Marketing API.", section=OCEAN),
    ] = NOTHING
    ocean_advertisers: Annotated[
        tuple[str, ...],
        Label("广告主 ID", "Advertiser ids", "拉取它们的线索。", "Their leads are fetched.", section=OCEAN),
    ] = ()
    ocean_local_accounts: Annotated[
        tuple[str, ...],
        Label(
            "本地推账户 ID",
            "Local ads account ids",
            "线索会说明来自短视频还是直播、自然还是付费。",
            "Their leads tell short video from live, organic from paid.",
            section=OCEAN,
        ),
    ] = ()
    ocean_takes_live: Annotated[
        bool,
        Label(
            "也收直播线索",
            "Take leads of live sessions, too",
            "已有直播渠道时不要打开，否则会记两次。",
            "Leave off where a livestream channel takes them: they would count twice.",
            section=OCEAN,
        ),
    ] = False
    feiyu_token: Annotated[
        SecretStr,
        Label(
            "飞鱼推送口令",
            "Token of Feiyu's push",
            "推送地址写成 回调地址?token=这个口令。飞鱼不签名，没有口令不接收。",
            "Enter the address at Feiyu as webhook address?token=this. Feiyu signs nothing: without it none is taken.",
            section=OCEAN,
        ),
    ] = NOTHING
    red_token: Annotated[
        SecretStr,
        Label(
            "推送 Token", "Token of the push", "聚光后台设置的 token。", "As set in 聚光; signs each push.", section=RED
        ),
    ] = NOTHING
    meta_app_secret: Annotated[
        SecretStr,
        Label("App secret", "App secret", "核对推送签名。", "Checks X-Hub-Signature-256.", section=META),
    ] = NOTHING
    meta_verify_token: Annotated[
        SecretStr,
        Label("Verify token", "Verify token", "填地址时 Meta 会问。", "Asked when the address is set.", section=META),
    ] = NOTHING
    meta_page_token: Annotated[
        SecretStr,
        Label("Page access token", "Page access token", "读取线索内容。", "Reads the leads.", section=META),
    ] = NOTHING
    meta_form_ids: Annotated[
        tuple[str, ...],
        Label(
            "表单 ID",
            "Form ids",
            "每隔一会儿补拉，推送漏了也不丢。",
            "Also fetched, should a push be lost.",
            section=META,
        ),
    ] = ()
    meta_version: Annotated[
        str,
        StringConstraints(pattern=r"^v\d{1,2}\.\d$"),
        Label("Graph API 版本", "Graph API version", section=META),
    ] = "v23.0"
    tiktok_secret: Annotated[
        SecretStr,
        Label("Client secret", "Client secret", "核对 Tiktok-Signature。", "Checks Tiktok-Signature.", section=TIKTOK),
    ] = NOTHING
    tiktok_mapping: Annotated[
        Mapping, Label("字段对应", "Field mapping", MAPPING_ZH, MAPPING_EN, is_long=True, section=TIKTOK)
    ] = ""
    google_key: Annotated[
        SecretStr,
        Label("Google key", "Google key", "表单里填的密钥。", "As typed in at the form.", section=GOOGLE),
    ] = NOTHING
    hook_secret: HookSecret = NOTHING
    hook_style: HookStyle = "standard_webhooks"
    hook_header: HookHeader = "X-Signature"
    hook_mapping: HookMapping = ""
    consent_wording: Annotated[
        str,
        StringConstraints(max_length=500),
        Label(
            "表单里的同意语",
            "Sentence of consent",
            "照抄表单上的句子；不填就不记同意。",
            "As it stands in the form. Empty: nobody has agreed.",
            is_long=True,
            section=CONSENT,
        ),
    ] = ""
    consent_field: Annotated[
        str,
        StringConstraints(max_length=100),
        Label(
            "同意的勾选项",
            "Box of consent",
            "勾选项的名字；不填表示提交就是同意。",
            "Name of the box; empty where sending the form agrees.",
            section=CONSENT,
        ),
    ] = ""
    order_formats: Annotated[
        tuple[str, ...],
        Label(
            "收哪些流量体裁",
            "Formats that are taken",
            "抖店订单表里“流量体裁”是这些的才收；留空全收。",
            "Of an order export, rows whose 流量体裁 is one of these. Empty takes all.",
            section=EXPORT,
        ),
    ] = ("短视频",)
    export_columns: Annotated[
        tuple[str, ...],
        Label(
            "改了名的列",
            "Renamed columns",
            "每项“标准列名=表里的列名”，例如 播放量=观看次数。",
            "One each as standard=theirs, such as 播放量=Plays.",
            section=EXPORT,
        ),
    ] = ()
    daily_calls: DailyCalls = 0

    @model_validator(mode="after")
    def _mappings_are_readable(self) -> Self:
        for name in ("tiktok_mapping", "hook_mapping"):
            try:
                read_mapping(getattr(self, name))
            except ValueError as error:
                raise ValueError(f"{name}: {error}") from None
        if any("=" not in pair for pair in self.export_columns):
            raise ValueError("export_columns: write each as standard=theirs")
        return self


class Video(PlacementDetail):
    """One video or note, as its platform knows it; leads, figures and orders find it by these ids."""

    platform: Annotated[
        Literal[
            "douyin",
            "kuaishou",
            "xiaohongshu",
            "wechat_channels",
            "bilibili",
            "tiktok",
            "instagram",
            "youtube",
            "other",
        ],
        Label(
            "平台",
            "Platform",
            options=(
                ("douyin", "抖音", "Douyin"),
                ("kuaishou", "快手", "Kuaishou"),
                ("xiaohongshu", "小红书", "Xiaohongshu"),
                ("wechat_channels", "微信视频号", "WeChat Channels"),
                ("bilibili", "哔哩哔哩", "Bilibili"),
                ("tiktok", "TikTok", "TikTok"),
                ("instagram", "Instagram", "Instagram"),
                ("youtube", "YouTube", "YouTube"),
                ("other", "其他", "Other"),
            ),
        ),
    ] = "douyin"
    item_id: Annotated[
        str, Label("视频或笔记 ID", "Id of the video or note", "多个用逗号隔开。", "Several: with commas.")
    ] = ""
    author_id: Annotated[
        str, Label("达人 ID", "Creator's id", "抖音号或达人 ID。", "As the platform's exports and leads name them.")
    ] = ""
    author: Annotated[str, Label("达人", "Creator")] = ""
    ad_id: Annotated[str, Label("广告 ID", "Ad id", "投流时填。", "Where the video is also an ad.")] = ""
    url: Annotated[str, Label("视频网址", "Address of the video")] = ""
