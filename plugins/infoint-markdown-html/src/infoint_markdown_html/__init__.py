"""infoint's HTML pages with the explorer's own notes rendered. Everything else on the page is infoint's own renderer's."""

from infoint import hookimpl
from infoint.notes.contract import NoteRenderer, RendererRegistrar


@hookimpl
def infoint_register_note_renderers(renderers: RendererRegistrar) -> None:
    """`ws.render(debrief_record, talk, format="html+markdown")`."""
    renderers.add("html+markdown", _html)


def _html() -> NoteRenderer:
    # Imported when somebody renders: an app that only has the plugin installed does not pay for it.
    from infoint.notes import HtmlRenderer
    from infoint_markdown_html.notes import notes_as_html

    return HtmlRenderer(markdown=notes_as_html)
