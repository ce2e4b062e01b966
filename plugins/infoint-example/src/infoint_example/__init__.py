"""An example plugin: documents as reStructuredText, and what is still open with somebody on the sheet for the next talk."""

from infoint import hookimpl
from infoint.notes.contract import NoteRenderer, RendererRegistrar
from infoint_example.still_open import infoint_note_sections as infoint_note_sections


@hookimpl
def infoint_register_note_renderers(renderers: RendererRegistrar) -> None:
    """`ws.render(prep_sheet, talk, format="rst")`."""
    renderers.add("rst", _rst)


def _rst() -> NoteRenderer:
    # Imported when somebody renders: an app that only has the plugin installed does not pay for it.
    from infoint_example.rst import RstRenderer

    return RstRenderer()
