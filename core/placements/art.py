"""The brand's own artwork for a placement: kept as stored files, one a side."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.files.models import StoredFile
from core.files.service import open_file, remove, store
from core.placements.models import Placement, PlacementArt
from core.placements.pictures import Picture
from core.sdk.placements import Artwork

ENDINGS = {"image/png": "png", "image/jpeg": "jpg"}


def keep_art(session: Session, placement: Placement, side: str, picture: Picture) -> PlacementArt:
    """Put the picture on this side, in place of the one before."""
    drop_art(session, placement, side)
    name = f"art-{side}.{ENDINGS[picture.media_type]}"
    row = PlacementArt(
        placement_number=placement.number,
        side=side,
        file_id=store(session, "art", name, [picture.body], sealed=True).id,
        media_type=picture.media_type,
        width=picture.width,
        height=picture.height,
    )
    session.add(row)
    session.flush()
    return row


def drop_art(session: Session, placement: Placement, side: str) -> None:
    """Take the picture off this side; none there is nothing to do."""
    for row in list_art(session, placement):
        if row.side == side:
            file = session.scalar(sa.select(StoredFile).where(StoredFile.id == row.file_id))
            if file is not None:
                remove(session, file)
            session.delete(row)
    session.flush()


def list_art(session: Session, placement: Placement) -> list[PlacementArt]:
    """The placement's pictures."""
    query = sa.select(PlacementArt).where(PlacementArt.placement_number == placement.number)
    return list(session.scalars(query.order_by(PlacementArt.side.desc())))


def artwork_of(session: Session, placement: Placement) -> tuple[Artwork, ...]:
    """The pictures with their bytes, for printing."""
    return tuple(
        Artwork.model_validate(
            {
                "side": row.side,
                "media_type": row.media_type,
                "body": b"".join(open_file(session, row.file_id).chunks()),
            }
        )
        for row in list_art(session, placement)
    )
