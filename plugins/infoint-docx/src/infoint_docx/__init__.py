"""infoint's documents as .docx. Which documents there are, and what they say, is infoint's affair."""

from infoint import hookimpl
from infoint.notes.contract import NoteRenderer, RendererRegistrar


@hookimpl
def infoint_register_note_renderers(renderers: RendererRegistrar) -> None:
    """`ws.render(prep_sheet, talk, format="docx")`, and "docx-letter" for the other paper."""
    renderers.add("docx", _on_a4)
    renderers.add("docx-letter", _on_letter)


def _on_a4() -> NoteRenderer:
    # python-docx is loaded when somebody renders: an app that only has the plugin installed does not pay for it.
    from infoint_docx.renderer import DocxRenderer

    return DocxRenderer()


def _on_letter() -> NoteRenderer:
    from infoint_docx.renderer import DocxRenderer

    return DocxRenderer(paper="Letter")
