"""What type checkers say about programs that use infoint."""

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SOURCE = Path(__file__).parents[2] / "src"
pytest.importorskip("mypy")


def complaints(path: Path, tmp_path: Path) -> set[int]:
    """The lines that mypy --strict complains about."""
    settings = tmp_path / "mypy.ini"
    settings.write_text(f"[mypy]\nstrict = True\nmypy_path = {SOURCE}\ncache_dir = {tmp_path / 'cache'}\n", encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", str(settings), "--no-error-summary", "--no-pretty", str(path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert run.returncode in {0, 1}, run.stdout + run.stderr
    return {int(line.split(":")[1]) for line in run.stdout.splitlines() if ": error:" in line and path.name in line}


@pytest.mark.slow
def test_mistakes_are_type_errors(tmp_path: Path) -> None:
    """A mistake that the signatures should forbid would show only at run time."""
    program = HERE / "mistakes.py"
    wrong = {
        number for number, line in enumerate(program.read_text(encoding="utf-8").splitlines(), 1) if line.endswith("# wrong")
    }
    assert len(wrong) > 40
    assert complaints(program, tmp_path) == wrong


@pytest.mark.slow
def test_no_any_reaches_the_user(tmp_path: Path) -> None:
    """A value from a call of ours would be Any, and everything done with it go unchecked."""
    program = tmp_path / "program.py"
    program.write_text(
        "import infoint\n"
        "from infoint.notes import prep_sheet\n"
        "with infoint.open('memory:', zone='UTC') as ws:\n"
        "    ana = ws.contacts.add(infoint.Contact(name='Ana'))\n"
        "    talk = ws.interviews.plan(ana)\n"
        "    ana.nmae\n"
        "    talk.staus\n"
        "    ws.due()[0].follow_up.kin\n"
        "    ws.compare(infoint.Exploration(subject='x')).warnigs\n"
        "    ws.render(prep_sheet, talk).txt\n"
        "    ws.campaign().people(talk)[0].nme\n"
        "    infoint.PluginHost().policy().bnk\n"
        "    infoint.codec.load(infoint.Contact, {}).nam\n"
        "    infoint.Contcat\n",
        encoding="utf-8",
    )
    assert complaints(program, tmp_path) == set(range(6, 15))
