"""infoint's documents as PDF. Which documents there are, and what they say, is infoint's affair."""

from infoint import hookimpl
from infoint.notes.contract import NoteRenderer, RendererRegistrar
from infoint_pdf.problems import MissingGlyphs as MissingGlyphs, PdfFailed as PdfFailed


@hookimpl
def infoint_register_note_renderers(renderers: RendererRegistrar) -> None:
    """`ws.render(prep_sheet, talk, format="pdf")`, and "pdf-letter" for the other paper."""
    renderers.add("pdf", _on_a4)
    renderers.add("pdf-letter", _on_letter)


def _on_a4() -> NoteRenderer:
    # typst is loaded when somebody renders: an app that only has the plugin installed does not pay for it.
    from infoint_pdf.renderer import PdfRenderer

    return PdfRenderer()


def _on_letter() -> NoteRenderer:
    from infoint_pdf.renderer import PdfRenderer

    return PdfRenderer(paper="Letter")
