"""What the operator fills in for a podcast, and what is asked about one episode."""

from typing import Annotated

from pydantic import SecretStr

from core.sdk import ChannelSettings, Label, PlacementDetail


class PodcastSettings(ChannelSettings):
    """The account at the hosting service."""

    webhook_secret: Annotated[
        SecretStr, Label("签名密钥", "Signing secret", "对方后台给出，以 whsec_ 开头。", "From the service; whsec_....")
    ]


class PodcastDetail(PlacementDetail):
    """One episode."""

    spoken_word: Annotated[
        str, Label("口令", "Spoken word", "主播在节目里说的词。", "What the host says in the show.")
    ] = ""
    episode_id: Annotated[str, Label("节目编号", "Episode id", "对方后台的编号。", "Its number at the service.")] = ""
