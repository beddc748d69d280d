"""`halong probe` on saved pages of real portals says what each is."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from halong_crawler.cli import main
from tests.places import SAVED
from tests.reading.test_saved_pages import ADDRESSES, PAGES, VERDICTS

pytestmark = pytest.mark.skipif(not PAGES.is_dir(), reason=f"no saved pages at {SAVED}")


@pytest.mark.parametrize("file", VERDICTS)
def test_probe_says_what_a_saved_page_is(file: str, tmp_path: Path) -> None:
    words = ["probe", str(PAGES / file), "--url", ADDRESSES[file], "--archive", str(tmp_path)]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 0, result.output
    verdict = VERDICTS[file]
    said = (
        "\narticle hanoi_sotttt-708168" if verdict == "article" else f"not an article: {verdict} "
    )
    assert said in result.output


def test_a_mirrored_page_names_its_own_address(tmp_path: Path) -> None:
    """Without --url the address is taken from the comment the mirror left in the file."""
    words = ["probe", str(PAGES / "hanoi_sotttt_login.html"), "--archive", str(tmp_path)]
    output = CliRunner().invoke(main, words).output
    assert "http://sotttt.hanoi.gov.vn/dang-nhap" in output
    assert "not an article: login" in output
