"""One webhook address for every vendor: who is calling is told by the mark that each of them carries."""

from core.sdk import Request
from plugins.short_video.door import Door
from plugins.short_video.settings import VideoSettings
from plugins.short_video.vendors.google import GOOGLE
from plugins.short_video.vendors.mapped import ANYBODY, TIKTOK
from plugins.short_video.vendors.meta import META
from plugins.short_video.vendors.oceanengine import FEIYU
from plugins.short_video.vendors.xiaohongshu import RED

DOORS = (META, RED, TIKTOK, FEIYU, GOOGLE, ANYBODY)


def door_of(request: Request, settings: VideoSettings) -> Door:
    """The door that this request is for; what nobody's mark is on goes to the operator's own system."""
    return next(door for door in DOORS if door.knows(request, settings))
