"""The code of the README, and of the how-to where that is at hand, does what they say."""

import io
import re
from contextlib import redirect_stdout
from pathlib import Path

import pytest

import infoint

README = Path(__file__).parents[1] / "README.md"
HOW_TO = Path(__file__).parents[3] / "docs" / "how-to" / "vault.md"


# infoint's own pages run what is called python, which here would need the plugin.
@pytest.mark.parametrize(("page", "fence"), [(README, "py"), (HOW_TO, "text")], ids=["README", "how-to"])
def test_code_of_the_pages_runs(page: Path, fence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever copies the first lines of a page gets an error for it."""
    blocks = re.findall(rf"^```{fence}\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert blocks
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    printed = io.StringIO()
    with redirect_stdout(printed):
        for block in blocks:
            exec(compile(block, str(page), "exec"), names)  # noqa: S102  # our own page
    assert printed.getvalue() == "", "a vault that was just made has no problems"
    with infoint.open("vault:interviews", discover=True) as ws:
        assert [(one.name, one.organization) for one in ws.contacts.find()] == [("Ana Ruiz", "Oak Labs")]
    (file,) = (tmp_path / "interviews" / "default" / "contact").glob("ana-ruiz-????????.md")
    assert "organization: Oak Labs" in file.read_text(encoding="utf-8")
