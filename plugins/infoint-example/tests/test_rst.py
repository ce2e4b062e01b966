"""All that a renderer's author writes to know that the format is right."""

import infoint_example
import pytest
from infoint_example.rst import RstRenderer

from infoint import PluginHost
from infoint.errors import NoProvider
from infoint.notes import Document, Link, NoteRenderer, Paragraph, Section, Table
from infoint.testing import RendererContract


class TestRstRenderer(RendererContract):
    """The contract of every renderer, test by test."""

    def make_renderer(self) -> NoteRenderer:
        """One to be tested."""
        return RstRenderer()


def test_format_is_there_with_the_plugin_only() -> None:
    """The format would not be offered, or would belong to somebody else."""
    assert PluginHost([infoint_example]).note_renderers.owner("rst") == "infoint_example"
    with pytest.raises(NoProvider):
        PluginHost().note_renderers.get("rst")


def test_source_reads_as_it_should() -> None:
    """The markup would not be what reStructuredText wants."""
    route = Paragraph(("By the *old* mill: ", Link("the way", "https://oak.example/way"), "\nor by bus"))
    table = Table(("Topic", "Said"), (("Pay", "- fair"),), caption="Heard")
    document = Document(
        name="sheet", title="Talk with Zoë", sections=(Section(key="way", title="1. Way", blocks=(route, table)),)
    )
    assert RstRenderer().render(document).decode() == (
        "Talk with Zoë\n"
        "==============\n"
        "\n"
        "\\ 1. Way\n"
        "--------\n"
        "\n"
        "| By the \\*old\\* mill: \\ `the way <https://oak.example/way>`__\\ \n"
        "| or by bus\n"
        "\n"
        ".. list-table:: Heard\n"
        "   :header-rows: 1\n"
        "\n"
        "   * - Topic\n"
        "     - Said\n"
        "   * - Pay\n"
        "     - \\ - fair\n"
    )
