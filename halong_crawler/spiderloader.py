"""Every portal is a spider: ``scrapy list`` names them, ``scrapy crawl halong`` walks one."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

from scrapy import Request, Spider
from scrapy.settings import BaseSettings

from halong_crawler.learning.template import TemplateError
from halong_crawler.portal import BUILTIN, DescriptorError, Portal, find, load_all

if TYPE_CHECKING:
    from halong_crawler.spiders.portal import PortalSpider

Names = list[str]
"""Said out here: inside the loader, ``list`` is the method Scrapy asks for."""


class PortalSpiderLoader:
    """Scrapy's spider loader over portal descriptors: the archivist's first, then the built-in."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = tuple(folders)

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """Looks into the archive named by the setting ``HALONG_ARCHIVE``, if there is one."""
        archive = settings.get("HALONG_ARCHIVE")
        own = (Path(archive) / "portals",) if archive else ()
        return cls((*own, BUILTIN))

    def load(self, spider_name: str) -> type[Spider]:
        """The spider of a portal; ``KeyError`` if there is none, as Scrapy expects."""
        try:
            portal = find(spider_name, self.folders)
        except (DescriptorError, TemplateError) as error:
            raise KeyError(str(error)) from error
        return spider_class(portal)

    def list(self) -> Names:
        """The portals' names."""
        return sorted(load_all(*self.folders))

    def find_by_request(self, request: Request) -> Names:
        """The portals a request's URL belongs to."""
        portals = load_all(*self.folders).items()
        return [name for name, portal in portals if portal.covers(request.url)]


def spider_class(portal: Portal) -> type["PortalSpider"]:
    """The portal as a spider."""
    # Not at the top: naming the portals must not load the reader and the archive.
    from halong_crawler.spiders.portal import PortalSpider  # noqa: PLC0415

    return type(
        f"{portal.name.title().replace('_', '')}Spider",
        (PortalSpider,),
        {
            "name": portal.name,
            "portal": portal,
            "__module__": PortalSpider.__module__,
        },
    )
