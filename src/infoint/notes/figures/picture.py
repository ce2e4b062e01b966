"""What every picture is: an SVG, what it shows in words, and where it is a graph the same as Mermaid and DOT text. How it is drawn
is each picture's own.
"""

from attrs import field, frozen

from infoint.errors import Unsupported
from infoint.notes.contract import Figure
from infoint.notes.lettering import one_line
from infoint.notes.svg import SAID


def _description(text: str) -> str:
    return one_line(text, SAID)


@frozen(kw_only=True)
class Picture:
    """A picture, the same bytes for the same facts. Notebooks show it by itself."""

    name: str
    """What it is: "coverage"; also a stem for a file."""
    title: str
    summary: str = field(default="", repr=False)
    """What is to be seen, in a line or two, as it stands under the title."""
    description: str = field(converter=_description, repr=False)
    """What it shows, in words, for those who cannot see it."""
    svg: str = field(repr=False)
    """A file of its own, for light and for dark pages. It holds no script and loads nothing."""
    mermaid_text: str = field(default="", repr=False)
    dot_text: str = field(default="", repr=False)

    @property
    def mermaid(self) -> str:
        """As Mermaid text, which GitHub and many wikis draw. Raises Unsupported for a picture that is no graph."""
        return self._text("Mermaid", self.mermaid_text)

    @property
    def dot(self) -> str:
        """As DOT text for Graphviz. Raises Unsupported for a picture that is no graph."""
        return self._text("DOT", self.dot_text)

    def figure(self, *, brief: bool = False, graph: bool = True) -> Figure:
        """As a block for a document. `brief`: described by the summary alone, where the facts stand beside it in words. `graph`: whether
        formats for readers that draw Mermaid hold it too.
        """
        described = (brief and self.summary) or self.description
        return Figure(self.svg, self.title, described, mermaid=self.mermaid_text if graph else "", titled=True)

    def _text(self, form: str, text: str) -> str:
        if not text:
            raise Unsupported(f"the picture {self.name!r} has no form in {form}; take its `svg`")
        return text

    def _repr_svg_(self) -> str:
        return self.svg

    def _repr_html_(self) -> str:
        """The same: where there is Markdown too, notebooks would take that before SVG, and HTML before both."""
        return self.svg

    def _repr_markdown_(self) -> str:
        """As notebooks show it where they draw nothing."""
        return self.figure()._repr_markdown_()
