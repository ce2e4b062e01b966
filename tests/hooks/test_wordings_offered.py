"""Wordings of plugins: who offers which, which of them an explorer reads, and what is wrong with one."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from types import ModuleType
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

import infoint
from infoint import Campaign, Contact, Interview, OpenWorkspace, PluginHost
from infoint.errors import ImportRejected, InvalidValue, NameClash, NoProvider, PluginError
from infoint.notes import Document, Paragraph, Section, Wordings, prep_sheet, shipped_wordings
from infoint.testing import check_plugin

MakePlugin = Callable[..., ModuleType]
Texts = Mapping[str, object]


def greets(a_plugin: MakePlugin, name: str = "acme", **greetings: str) -> ModuleType:
    """A plugin that offers a greeting under each name; `_` stands for ":" and "-" for itself."""

    def offer(wordings: object) -> None:
        for key, text in greetings.items():
            wordings.add(key.replace("__", ":").replace("_", "-"), lambda text=text: {"letter": {"greeting": text}})  # type: ignore[attr-defined]  # a plugin's, as it comes

    return a_plugin(name, infoint_register_wordings=offer)


def greeting(host: PluginHost, language: str, style: str | None = None) -> str:
    return host.wordings_in(language, style=style).say("letter.greeting", names="Ana")


# ── which is read ────────────────────────────────────────────────────────────────────────────────
def test_ours_come_in_as_anybody_s() -> None:
    """What is shipped would be another text in a workspace than outside of one."""
    host = PluginHost()
    assert host.wordings.names == ("en", "es")
    for language in ("en", "es", "es-MX", "fr"):
        assert host.wordings_in(language) == shipped_wordings(language)


def test_the_nearest_that_is_offered_is_read(a_plugin: MakePlugin) -> None:
    """A regional text would be read by nobody, or by everybody; or a style in another language than one's own."""
    acme = greets(
        a_plugin, es_mx="MX {names}", fr="FR {names}", en__warm="warm {names}", fr__warm="doux {names}", es_mx__cool="MX cool"
    )
    host = PluginHost([acme])
    assert greeting(host, "es-MX") == "MX Ana"
    assert greeting(host, "es") == "Buenos días, Ana:"
    assert greeting(host, "fr-CA") == "FR Ana"
    assert host.wordings_in("fr").say("letter.thank-you.subject") == "Thank you for our talk"
    assert greeting(host, "fr", "warm") == "doux Ana"
    assert greeting(host, "de", "warm") == "warm Ana"
    assert greeting(host, "es", "warm") == "Buenos días, Ana:", "a style of English does not change the language"
    assert greeting(host, "es-MX", "cool") == "MX cool"
    assert host.wordings_in("es-MX", style="cool").say("list.and", others="A", last="B") == "A y B"
    assert [greeting(host, "en", style) for style in ("", "warm")] == ["Dear Ana,", "warm Ana"]


def test_the_host_has_a_style(a_plugin: MakePlugin) -> None:
    """An app would have to say at each letter how its house writes."""
    acme = greets(a_plugin, en__warm="warm {names}")
    host = PluginHost([acme], style="warm")
    assert (host.style, greeting(host, "en"), greeting(host, "en", "")) == ("warm", "warm Ana", "Dear Ana,")
    with infoint.open("memory:", plugins=[acme], style="warm", zone="Europe/Madrid") as ws:
        assert greeting(ws.engine.plugins, "en") == "warm Ana"
    with pytest.raises(InvalidValue, match="give it to that one"):
        infoint.open("memory:", plugins=host, style="warm")


def test_a_style_nobody_offers_is_refused_at_once(a_plugin: MakePlugin) -> None:
    """A mistyped style would go unnoticed, and every letter out as always."""
    acme = greets(a_plugin, en__warm="warm {names}")
    for ask in (lambda: PluginHost([acme], style="wram"), lambda: PluginHost([acme]).wordings_in("en", style="wram")):
        with pytest.raises(NoProvider, match="no style of wordings named 'wram'; there are: warm"):
            ask()


def test_without_any_wordings_there_is_nothing_to_say(a_plugin: MakePlugin, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some text of ours would come in by another door than a plugin's."""
    monkeypatch.setattr("infoint.hooks.host.builtin", a_plugin("silent", infoint_question_sets=lambda: ()))
    with pytest.raises(NoProvider, match="no wording named 'es'"):
        PluginHost().wordings_in("es")
    with pytest.raises(PluginError, match=r"wordings 'es'\.list\.and: is missing") as caught:
        PluginHost([greets(a_plugin, es="Hola")]).wordings_in("es")
    assert caught.value.plugin == "acme"


def test_each_is_made_once(a_plugin: MakePlugin) -> None:
    """Every letter would read a file."""
    made: list[int] = []

    def texts() -> Texts:
        made.append(1)
        return {}

    host = PluginHost([a_plugin("acme", infoint_register_wordings=lambda wordings: wordings.add("fr", texts))])
    assert made == []
    assert host.wordings_in("fr") is host.wordings_in("fr-CA")
    assert made == [1]


def test_wordings_are_taken_as_well_as_texts(a_plugin: MakePlugin) -> None:
    """Whoever has made them as the reference shows would be told that they are no TOML, or lose what lies between theirs and ours."""
    french = Wordings(
        name="fr", texts={"letter.greeting": "FR {names}", "letter.closing": "Bien à vous"}, base=shipped_wordings()
    )
    warm = Wordings(name="fr:warm", texts={"letter.greeting": "doux {names}"}, base=french)

    def offer(wordings: object) -> None:
        for made in (french, warm):
            wordings.add(made.name, lambda made=made: made)  # type: ignore[attr-defined]  # a plugin's, as it comes

    host = PluginHost([a_plugin("acme", infoint_register_wordings=offer), greets(a_plugin, "house", en__warm="warm {names}")])
    assert [greeting(host, "fr", style) for style in ("", "warm")] == ["FR Ana", "doux Ana"]
    assert host.wordings_in("fr", style="warm").say("letter.closing", me="Kim") == "Bien à vous"
    alone = PluginHost([a_plugin("acme", infoint_register_wordings=lambda wordings: wordings.add("fr:warm", lambda: warm))])
    assert alone.wordings_in("fr", style="warm").say("letter.closing", me="Kim") == "Bien à vous"
    spanish = Wordings(name="es:warm", texts={"letter.greeting": "Querida {names}"}, base=shipped_wordings())
    other = PluginHost([a_plugin("acme", infoint_register_wordings=lambda wordings: wordings.add("es:warm", lambda: spanish))])
    assert other.wordings_in("es", style="warm").say("list.and", others="A", last="B") == "A y B", "English would hide Spanish"


# ── names ────────────────────────────────────────────────────────────────────────────────────────
def test_a_name_has_one_owner(a_plugin: MakePlugin) -> None:
    """Which of two texts is sent would depend on the order of plugins; and ours could be replaced unseen."""
    with pytest.raises(NameClash) as caught:
        PluginHost([greets(a_plugin, es="Hola")])
    assert (caught.value.name, caught.value.owners) == ("es", ("infoint", "acme"))
    with pytest.raises(NameClash, match="'en:warm' is offered by one and by two"):
        PluginHost([greets(a_plugin, "one", en__warm="A"), greets(a_plugin, "two", en__warm="B")])


@pytest.mark.parametrize("name", ["es-MX", "EN", "en:", "en:Warm", "spanish language", "", None])
def test_names_are_tags_or_styles(a_plugin: MakePlugin, name: str) -> None:
    """A wording would be offered under a name no language leads to."""
    plugin = a_plugin("acme", infoint_register_wordings=lambda wordings: wordings.add(name, dict))
    with pytest.raises(PluginError, match="needs a language tag in small letters"):
        PluginHost([plugin])


# ── what is wrong with one ───────────────────────────────────────────────────────────────────────
def broken() -> Texts:
    raise OSError("private")


@pytest.mark.parametrize(
    ("texts", "cause", "problem"),
    [
        (
            lambda: {"letter": {"greting": "Hi"}},
            InvalidValue,
            "wordings 'fr'.letter.greting: is no key of ours; did you mean letter.greeting?",
        ),
        (lambda: {"letter.greeting": "Hi {me}"}, InvalidValue, "has no field {me}; there are: {names}"),
        (lambda: {"letter.greeting": "Hi {names.x}"}, InvalidValue, "only a plain name stands in braces"),
        (lambda: Path("missing.toml"), ImportRejected, "FileNotFoundError, the file 'missing.toml' cannot be read"),
        (lambda: None, InvalidValue, "needs texts by key, a TOML file or its path, or Wordings; got NoneType"),
        (lambda: Wordings(name="de", texts={}, base=shipped_wordings()), InvalidValue, "is 'de', offered as 'fr'"),
        (broken, OSError, "its wording 'fr' could not be made: OSError"),
    ],
)
def test_what_is_wrong_is_told_with_its_plugin(
    a_plugin: MakePlugin, texts: Callable[[], object], cause: type[Exception], problem: str
) -> None:
    """Whoever reads the error could not tell which plugin to mend, or which of its texts."""
    acme = a_plugin("acme", infoint_register_wordings=lambda wordings: wordings.add("fr", texts))
    for ask in (lambda: PluginHost([acme]).wordings_in("fr"), lambda: check_plugin(acme)):
        with pytest.raises(PluginError) as caught:
            ask()
        assert caught.value.plugin == "acme"
        assert problem in str(caught.value)
        assert "private" not in str(caught.value)
        assert isinstance(caught.value.__cause__, cause)


def test_a_right_one_passes_the_check(a_plugin: MakePlugin) -> None:
    """A right plugin would be refused."""
    check_plugin(greets(a_plugin, fr="Bonjour {names},", fr__warm="Salut", es_mx__warm="Hola"))


# ── in a workspace ───────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def ws(a_plugin: MakePlugin) -> OpenWorkspace:
    def offer(wordings: object) -> None:
        wordings.add("en:brief", lambda: {"prep-sheet.title": "{names}", "letter.greeting": "{names}:"})  # type: ignore[attr-defined]  # a plugin's, as it comes

    plugin = a_plugin("acme", infoint_register_wordings=offer)
    clock = lambda: datetime(2026, 11, 2, 9, tzinfo=ZoneInfo("Europe/Madrid"))  # noqa: E731  # a clock that stands
    return infoint.open("memory:", plugins=[plugin], style="brief", zone="Europe/Madrid", clock=clock)


@pytest.fixture
def talk(ws: OpenWorkspace) -> Interview:
    return ws.interviews.plan(ws.contacts.add(Contact(name="Ana Ruiz", emails=("ana@oak.example",))))


def test_a_workspace_passes_them_on(ws: OpenWorkspace, talk: Interview) -> None:
    """A plugin's words would be read only where somebody passes them by hand."""
    assert ws.document(prep_sheet, talk).title == "Ana Ruiz"
    assert ws.propose_times(talk).letter().text.count("Ana Ruiz:") == 1
    ws.set_profile(evolve(ws.profile(), language="es-MX"))
    assert ws.document(prep_sheet, talk).title == "Conversación con Ana Ruiz"
    assert ws.propose_times(talk, until=ws.now().date() + timedelta(days=3)).letter().text.count("Buenos días, Ana Ruiz:") == 1


def test_builders_that_know_of_no_wordings_are_left_alone(ws: OpenWorkspace, talk: Interview) -> None:
    """An app's own builder would be given what it does not take, or lose what it was given."""

    def mine(interview: Interview, campaign: Campaign) -> Document:
        return Document(name="acme:mine", title="Mine", sections=(Section(key="a", title="", blocks=(Paragraph("b"),)),))

    def with_a_default(interview: Interview, campaign: Campaign, *, wordings: str = "no wordings") -> Document:
        return Document(name="acme:mine", title=wordings, sections=())

    def asking(interview: Interview, campaign: Campaign, *, wordings: Wordings | None = None) -> Document:
        return Document(name="acme:mine", title=wordings.name if wordings else "none", sections=())

    assert ws.document(mine, talk).title == "Mine"
    assert ws.document(with_a_default, talk).title == "no wordings"
    assert ws.document(asking, talk).title == "en:brief"
    assert ws.document(partial(asking, wordings=shipped_wordings("es")), talk).title == "es"
