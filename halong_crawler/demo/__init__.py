"""Two small portals served on loopback, for trying Halong out and for its tests.

One is built as the custom CMS of Hạ Long city builds its pages, the other as the SharePoint
product of Quảng Ninh province does, traps included. All articles are invented. The files in
``content/`` hold what the pages print and also what must be read from them, so a test can
compare an archive with the truth.
"""

from halong_crawler.demo.descriptor import descriptor
from halong_crawler.demo.face import Face
from halong_crawler.demo.model import Block, DemoArticle
from halong_crawler.demo.server import DemoServer

__all__ = ["Block", "DemoArticle", "DemoServer", "Face", "descriptor"]
