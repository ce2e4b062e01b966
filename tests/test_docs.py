"""The pages: everything public is in them, every snippet in them runs, every link leads somewhere. `.ci/run` builds them."""

import ast
import builtins
import re
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from inspect import signature
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

from infoint import errors
from infoint.codec import search
from infoint.hooks import discovery, specs

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(page for page in DOCS.rglob("*.md") if "_build" not in page.parts)
RUN = [ROOT / "README.md", *PAGES]
LINKING = [*RUN, ROOT / "CONTRIBUTING.md", *sorted(ROOT.glob("plugins/*/README.md"))]

REFERENCE = "\n".join(page.read_text(encoding="utf-8") for page in sorted((DOCS / "reference").rglob("*.md")))
DESCRIBED = set(re.findall(r"^\.\. auto(?:class|function|exception|data):: ([\w.]+)$", REFERENCE, re.MULTILINE))
"""Full names that have an entry of their own."""
LINKED = dict(re.findall(r"\{py:\w+\}`([\w.]+) <([\w.]+)>`", REFERENCE))
"""A name that has none → the entry of the same thing under another name."""

OTHER_LANGUAGES = {"console", "csv", "html", "json", "markdown", "text", "toml"}
"""What stands in a page without being run."""
DIRECTIVES = {"{eval-rst}", "{figure}", "{image}", "{important}", "{note}", "{seealso}", "{tip}", "{toctree}", "{warning}"}
MARKDOWN = MarkdownIt("commonmark").enable("table")


def relative(page: Path) -> str:
    return str(page.relative_to(ROOT))


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def tokens(text: str) -> list[Token]:
    """All of them, those within lines too."""
    return [one for token in MARKDOWN.parse(text) for one in (token, *(token.children or ()))]


# ── what is proved ────────────────────────────────────────────────────────────────────────────────
def test_every_test_the_page_on_hostile_text_names_is_there() -> None:
    """The page would promise a proof that is gone."""
    rows = re.findall(r"^\| .* \| `([\w./-]+\.py)` \| (.*) \|$", read(DOCS / "explanation" / "hostile-text.md"), re.MULTILINE)
    assert len(rows) >= 12
    for file, cells in rows:
        shared = [ROOT / "tests" / "test_hostile_text.py", ROOT / "tests" / "notes" / "test_renderer_contract.py"]
        there = {
            node.name
            for one in (ROOT / file, *shared)
            for node in ast.parse(read(one)).body
            if isinstance(node, ast.FunctionDef | ast.ClassDef)
        }
        named = re.findall(r"`(\w+)`", cells)
        assert named
        assert set(named) <= there, file


# ── names ────────────────────────────────────────────────────────────────────────────────────────
def public_names() -> list[str]:
    """Those written down; `test_public_names` sees to it that they are those there are."""
    return read(ROOT / "tests" / "public_names.golden.txt").split()


def found(name: str) -> object:
    place, _, last = name.rpartition(".")
    return getattr(import_module(place), last)


def is_described(name: str) -> bool:
    """By an entry of its own, by a link to the entry of the very same thing, or, for a module, by a link to its page."""
    if name in DESCRIBED:
        return True
    if name in LINKED:
        return LINKED[name] in DESCRIBED and found(LINKED[name]) is found(name)
    return f"`{name}`](" in REFERENCE or (name == "infoint.events" and "`infoint.events`" in REFERENCE)


def test_every_public_name_is_described() -> None:
    """Somebody would meet a name in code that the reference does not know."""
    assert [name for name in public_names() if not is_described(name)] == []


def test_what_is_described_is_there() -> None:
    """The reference would promise what cannot be imported."""
    assert [
        name for name in sorted(DESCRIBED) if not hasattr(import_module(name.rpartition(".")[0]), name.rpartition(".")[2])
    ] == []


# ── hooks ────────────────────────────────────────────────────────────────────────────────────────
HOOKS = [name for name in vars(specs) if name.startswith("infoint_")]


def sections(page: Path, level: int) -> dict[str, str]:
    """Title, without its backticks → what stands below it."""
    parts = re.split(rf"^#{{1,{level}}} (.+)$", read(page), flags=re.MULTILINE)
    return {title.strip("`"): body for title, body in zip(parts[1::2], parts[2::2], strict=True)}


def hook_section(hook: str) -> str:
    return sections(DOCS / "reference" / "hooks.md", 3).get(hook, "")


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_is_described(hook: str) -> None:
    """A plugin's author would not learn of a hook, or would learn of one that looks otherwise."""
    assert f"`{hook}{_as_written(hook)}`" in " ".join(hook_section(hook).split()), (
        f"{hook} is missing, or has another signature"
    )


@pytest.mark.parametrize("hook", HOOKS)
def test_every_argument_of_a_hook_is_explained(hook: str) -> None:
    """A plugin's author would be given something without being told what it is."""
    told = hook_section(hook)
    assert [name for name in signature(getattr(specs, hook)).parameters if f"`{name}`: " not in told] == []
    assert "**Return**" in told


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_has_an_example_that_stands_alone(hook: str) -> None:
    """An author who copies it would miss an import, or a line from somewhere above."""
    code = "\n".join(token.content for token in tokens(hook_section(hook)) if token.type == "fence" and token.info == "python")
    tree = ast.parse(code)
    assert hook in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, f"no example for {hook}"
    assert sorted(_names_used(tree) - _names_made(tree) - set(dir(builtins))) == []


def _as_written(hook: str) -> str:
    """Its signature, with annotations by their last names."""
    told = signature(getattr(specs, hook))
    written = ", ".join(f"{name}: {_annotation(hook, name)}" for name in told.parameters)
    return f"({written}) -> {_annotation(hook, 'return')}"


def _annotation(hook: str, name: str) -> str:
    tree = ast.parse(read(Path(str(specs.__file__))))
    function = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == hook)
    wanted = function.returns if name == "return" else {one.arg: one.annotation for one in function.args.args}[name]
    assert wanted is not None
    return ast.unparse(wanted)


def _names_used(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def _names_made(tree: ast.AST) -> set[str]:
    made: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(ctx=ast.Store()):
                made.add(node.id)
            case ast.ClassDef() | ast.FunctionDef():
                made.add(node.name)
            case ast.arg():
                made.add(node.arg)
            case ast.alias():
                made.add(node.asname or node.name.partition(".")[0])
            case ast.ExceptHandler(name=str(name)):
                made.add(name)
    return made


# ── errors ───────────────────────────────────────────────────────────────────────────────────────
ERRORS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.InfointError)]


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
def test_every_error_is_described(kind: type[errors.InfointError]) -> None:
    """Whoever handles an error would not know its code, its facts, or what to do about it."""
    page = read(DOCS / "reference" / "errors.md")
    entries = re.split(r"^\.\. autoexception:: infoint\.errors\.(\w+)$", page, flags=re.MULTILINE)
    told = dict(zip(entries[1::2], entries[2::2], strict=True)).get(kind.__name__)
    assert told is not None, f"{kind.__name__} has no entry"
    if kind is errors.InfointError:
        return
    assert f":Code: ``{kind.code}``\n" in told, f"{kind.__name__}: the code is {kind.code}"
    assert f":Facts: {', '.join(f'``{fact}``' for fact in kind.shown)}\n" in told, (
        f"{kind.__name__}: the facts are {kind.shown}"
    )
    assert re.search(r":Comes when: \S", told), f"{kind.__name__}: when does it come?"
    assert re.search(r":What to do: \S", told), f"{kind.__name__}: what is there to do?"


# ── the environment ──────────────────────────────────────────────────────────────────────────────
def switches() -> set[str]:
    """Names of environment variables, wherever in the sources they stand."""
    texts = [read(file) for file in [*(ROOT / "src").rglob("*.py"), ROOT / "conftest.py", *(ROOT / "tests").rglob("*.py")]]
    return {name for text in texts for name in re.findall(r"[\"'](INFOINT_[A-Z_]+)[\"']", text)}


def test_every_switch_is_described() -> None:
    """An app would behave otherwise on one machine, and nobody could look up why."""
    told = read(DOCS / "reference" / "environment.md")
    assert {discovery.ALLOWED, discovery.NONE_AT_ALL} <= switches()
    assert [name for name in sorted(switches()) if name not in told] == []


# ── what is searched ─────────────────────────────────────────────────────────────────────────────
def test_searched_fields_are_those_of_the_page() -> None:
    """Somebody would search for what is not looked through, and take it for not there; or not search for what is."""
    rows = re.findall(
        r"^\| an? ([\w-]+) \| (.*) \|$", sections(DOCS / "how-to" / "keep-a-database.md", 2)["Search"], re.MULTILINE
    )
    told = {name.title().replace("-", ""): set(re.findall(r"`(\w+)`", fields)) for name, fields in rows}
    assert told == searched_fields(read(Path(str(search.__file__))))


def searched_fields(source: str) -> dict[str, set[str]]:
    """By the kind's name; of an entity, and of the debrief in it."""
    function = next(node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef) and node.name == "text")
    match = next(node for node in function.body if isinstance(node, ast.Match))
    return {
        case.pattern.cls.id: {
            node.attr
            for statement in case.body
            for node in ast.walk(statement)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in {"entity", "debrief"}
        }
        for case in match.cases
        if isinstance(case.pattern, ast.MatchClass) and isinstance(case.pattern.cls, ast.Name)
    }


# ── commands ─────────────────────────────────────────────────────────────────────────────────────
def commands(text: str) -> Iterator[str]:
    """Lines of a console, and what else is set as code and begins with a command's name."""
    for token in tokens(text):
        if token.type in {"fence", "code_inline"} and (token.type == "code_inline" or token.info in {"console", ""}):
            yield from (line.removeprefix("$ ").strip() for line in token.content.splitlines())


def without_the_switch(text: str) -> list[str]:
    """Commands of ours on a place that a plugin knows, which do not take plugins in."""
    ours = [line for line in commands(text) if re.match(r"infoint \w", line)]
    return [line for line in ours if re.search(r" (?!sqlite:|memory:)[a-z+]+:\S", line) and " --plugins" not in line]


def installed_from_nowhere(text: str) -> list[str]:
    """What a page installs from an index and not from a folder too."""
    installs = [line for line in commands(text) if line.startswith("pip install ")]
    from_folders = {folder for line in installs for folder in re.findall(r"\./plugins/(\S+)", line)}
    from_index = {word for line in installs for word in re.findall(r"(?<!-e) (infoint\S*)", line)}  # after -e comes a folder
    return sorted(from_index - from_folders)


@pytest.mark.parametrize("page", LINKING, ids=relative)
def test_commands_do_what_the_page_says(page: Path) -> None:
    """Who types in what a page shows would be told that there is no such storage, or no such package."""
    assert without_the_switch(read(page)) == []
    assert installed_from_nowhere(read(page)) == []


def test_commands_that_do_not_are_found() -> None:
    """The test above would pass whatever is written."""
    assert without_the_switch(
        "```console\n$ infoint copy a.db vault:b\ninfoint due sqlite:a.db\n```\n`infoint check x:y --plugins`"
    ) == ["infoint copy a.db vault:b"]
    assert installed_from_nowhere("```\npip install infoint-pdf\n```") == ["infoint-pdf"]
    assert installed_from_nowhere("`pip install infoint[testing]`") == ["infoint[testing]"]
    assert installed_from_nowhere("```console\npip install . ./plugins/infoint-pdf\n```\n`pip install infoint-pdf`") == []


# ── bad input ────────────────────────────────────────────────────────────────────────────────────
BAD_INPUT = re.findall(r"`([\w/-]+\.py)::(\w+)`", read(DOCS / "reference" / "bad-input.md"))


def is_a_test(file: str, name: str) -> bool:
    place = ROOT / file
    tree = ast.parse(read(place)) if place.is_file() else ast.Module([], [])
    return any(isinstance(node, ast.FunctionDef) and node.name == name for node in ast.walk(tree)) and name.startswith("test_")


def test_what_is_said_of_bad_input_is_tested() -> None:
    """The page names a test that was renamed or never written; or a row of it names none."""
    assert len(BAD_INPUT) > 40
    assert [f"{file}::{name}" for file, name in BAD_INPUT if not is_a_test(file, name)] == []
    rows = [
        line for line in read(DOCS / "reference" / "bad-input.md").splitlines() if line.startswith("| ") and "---" not in line
    ]
    assert [row for row in rows if "::test_" not in row and not row.startswith("| what comes")] == []
    assert not is_a_test("tests/test_docs.py", "test_of_nothing")
    assert not is_a_test("tests/test_docs.py", "is_a_test")


# ── snippets ─────────────────────────────────────────────────────────────────────────────────────
def code_that_is_not_run(text: str) -> Iterator[str]:
    """Blocks that might be Python to a reader and are not to Sybil."""
    for token in MARKDOWN.parse(text):
        line = (token.map or [0])[0] + 1
        if token.type == "code_block":
            yield f"line {line}: an indented block names no language"
        elif token.type == "fence" and (told := _not_run(token)):
            yield f"line {line}: {told}"
    yield from (f"skipped by {skip!r}" for skip in re.findall(r"^\s*<!--+[\s;]*(skip:.*)$", text, re.MULTILINE))


def _not_run(token: Token) -> str:
    name, _, argument = token.info.strip().partition(" ")
    if name in DIRECTIVES:
        return (
            "code in a directive"
            if re.search(r"^\s*(>>>|\.\. (code|doctest|testcode))|```", token.content, re.MULTILINE)
            else ""
        )
    if token.info == "python":
        return ""
    if name in OTHER_LANGUAGES and not argument:
        return "an interactive session that is not called python" if ">>> " in token.content else ""
    return f"{token.info!r} is neither python nor one of {', '.join(sorted(OTHER_LANGUAGES))}"


@pytest.mark.parametrize("page", RUN, ids=relative)
def test_no_python_is_kept_from_being_run(page: Path) -> None:
    """A snippet could rot unseen."""
    assert list(code_that_is_not_run(read(page))) == []


@pytest.mark.parametrize("page", RUN, ids=relative)
def test_every_snippet_is_run_once(page: Path) -> None:
    """Sybil and a reader would disagree about where a snippet begins, or two parsers would both take it."""
    begins = Counter(example.line for example in Sybil(parsers=[PythonCodeBlockParser()]).parse(page).examples())
    expected: Counter[int] = Counter()
    for token in MARKDOWN.parse(read(page)):
        if token.type == "fence" and token.info == "python":
            assert token.map
            lines = token.content.splitlines()
            prompts = [number for number, line in enumerate(lines, token.map[0] + 2) if line.startswith(">>> ")]
            # A session is run line by line, everything else as a whole.
            expected.update(prompts if lines[0].startswith(">>> ") else [token.map[0] + 1])
        if token.type == "html_block" and token.map and "invisible-code-block: python" in token.content:
            expected.update([token.map[0] + 1])  # what the reader has done already, as saving a file
    assert begins == expected


def test_every_page_is_run(pytestconfig: pytest.Config) -> None:
    """A page could stand where Sybil does not look, or be taken by two."""
    ours = next(
        one for one in pytestconfig.pluginmanager.get_plugins() if getattr(one, "__file__", "") == str(ROOT / "conftest.py")
    )
    assert [relative(page) for page in RUN if not ours.SNIPPETS.should_parse(page)] == []
    assert [type(parser) for parser in ours.SNIPPETS.parsers] == [PythonCodeBlockParser]


def test_what_would_not_be_run_is_found() -> None:
    """The tests above would pass whatever is written."""
    for block in (
        "```py\nx\n```",
        "```\nx\n```",
        "```Python\nx\n```",
        "```python title\nx\n```",
        "    x = 1",
        "~~~pycon\n>>> x\n~~~",
    ):
        assert list(code_that_is_not_run(f"Text:\n\n{block}\n")) != [], block
    for block in (
        "```{code-block} python\nx\n```",
        "```{eval-rst}\n.. code-block:: python\n\n   x\n```",
        "```text\n>>> x\n```",
    ):
        assert list(code_that_is_not_run(block)) != [], block
    assert list(code_that_is_not_run("<!-- skip: next -->\n\n```python\nx\n```")) != []
    assert list(code_that_is_not_run("```python\nx\n```\n\n```console\n$ x\n```")) == []


# ── links ────────────────────────────────────────────────────────────────────────────────────────
def anchors(text: str) -> set[str]:
    """Of headings, as GitHub and the site make them."""
    inline = [after for token, after in pairwise(MARKDOWN.parse(text)) if token.type == "heading_open"]
    shown = ["".join(part.content for part in token.children or () if part.type in {"text", "code_inline"}) for token in inline]
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in shown}


def targets(text: str) -> Iterator[str]:
    """Of links and pictures, but for those to other places."""
    for token in tokens(text):
        if token.type in {"link_open", "image"}:
            target = str(token.attrs["href" if token.type == "link_open" else "src"])
            if not re.match(r"[a-z]+:", target):
                yield target
        if token.type in {"html_block", "html_inline"}:
            yield from re.findall(r"(?:src|href|srcset)=\"(?![a-z]+:)([^\"]+)\"", token.content)


def leads_nowhere(page: Path, target: str) -> str:
    """What is wrong with a link; "" = nothing."""
    path, _, anchor = target.partition("#")
    there = (page.parent / unquote(path)).resolve() if path else page
    if not there.is_relative_to(ROOT) or not there.exists():
        return f"{target}: no such file"
    if DOCS in page.parents and DOCS not in there.parents:
        return f"{target}: is not on the site; name the file instead of linking it"
    if anchor and (there.suffix != ".md" or anchor not in anchors(read(there))):
        return f"{target}: no such heading"
    return ""


@pytest.mark.parametrize("page", LINKING, ids=relative)
def test_links_lead_somewhere(page: Path) -> None:
    """A reader would be sent to a page, a file or a heading that is not there."""
    assert [told for target in targets(read(page)) if (told := leads_nowhere(page, target))] == []


def test_links_that_lead_nowhere_are_found() -> None:
    """The test above would pass whatever is written."""
    page = DOCS / "index.md"
    text = (
        '[a](no.md) [b](index.md#no) ![c](no.png) [d](https://oak.example) [e](../README.md) <img src="no.svg"> [f](index.md)'
    )
    assert [target for target in targets(text) if leads_nowhere(page, target)] == [
        "no.md",
        "index.md#no",
        "no.png",
        "../README.md",
        "no.svg",
    ]


def test_every_page_can_be_reached() -> None:
    """A page would be on no list of contents, and found by nobody."""
    listed: set[Path] = set()
    for page in PAGES:
        for tree in re.findall(r"^```\{toctree\}\n(.*?)^```", read(page), re.DOTALL | re.MULTILINE):
            for entry in tree.splitlines():
                if entry and not entry.startswith(":"):
                    name = re.sub(r".*<(.*)>", r"\1", entry)
                    listed |= set(page.parent.glob(f"{name}.md"))
    assert [relative(page) for page in PAGES if page not in listed and page != DOCS / "index.md"] == []
