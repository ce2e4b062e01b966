"""Documents as trees, and renderers that turn any tree into a format. Every name loads its module on first use."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infoint.notes.comparison_csv import comparison_csv as comparison_csv
    from infoint.notes.contract import (
        Block as Block,
        Bullets as Bullets,
        Checklist as Checklist,
        Document as Document,
        Fields as Fields,
        Figure as Figure,
        Inline as Inline,
        Link as Link,
        Markdown as Markdown,
        NoteRenderer as NoteRenderer,
        Paragraph as Paragraph,
        Quote as Quote,
        Rendered as Rendered,
        Section as Section,
        Strong as Strong,
        Table as Table,
        Text as Text,
        WritingSpace as WritingSpace,
    )
    from infoint.notes.document_json import JsonRenderer as JsonRenderer, load_document as load_document
    from infoint.notes.documents import (
        Subject as Subject,
        comparison as comparison,
        confirmation as confirmation,
        debrief_record as debrief_record,
        dossier as dossier,
        due_list as due_list,
        employment_request as employment_request,
        field_report as field_report,
        invitation_letter as invitation_letter,
        letter as letter,
        outreach as outreach,
        prep_sheet as prep_sheet,
        time_offer as time_offer,
        weekly_agenda as weekly_agenda,
    )
    from infoint.notes.eml import EmlRenderer as EmlRenderer, mailto as mailto
    from infoint.notes.figures import (
        Picture as Picture,
        draw_coverage as draw_coverage,
        draw_peaks as draw_peaks,
        draw_pipeline as draw_pipeline,
        draw_preview as draw_preview,
        draw_referrals as draw_referrals,
        draw_timeline as draw_timeline,
    )
    from infoint.notes.html import HtmlRenderer as HtmlRenderer
    from infoint.notes.markdown import MarkdownRenderer as MarkdownRenderer
    from infoint.notes.renderers import render as render
    from infoint.notes.text import TextRenderer as TextRenderer
    from infoint.notes.wordings import (
        Wordings as Wordings,
        read_wordings as read_wordings,
        shipped_wordings as shipped_wordings,
        wording_fields as wording_fields,
    )
else:
    from infoint.lazy import lazy_names

    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            "infoint.notes.contract": (
                "Block",
                "Bullets",
                "Checklist",
                "Document",
                "Fields",
                "Figure",
                "Inline",
                "Link",
                "Markdown",
                "NoteRenderer",
                "Paragraph",
                "Quote",
                "Rendered",
                "Section",
                "Strong",
                "Table",
                "Text",
                "WritingSpace",
            ),
            "infoint.notes.comparison_csv": ("comparison_csv",),
            "infoint.notes.document_json": ("JsonRenderer", "load_document"),
            "infoint.notes.documents": (
                "Subject",
                "comparison",
                "debrief_record",
                "due_list",
                "invitation_letter",
                "time_offer",
                "letter",
                "prep_sheet",
                "confirmation",
                "dossier",
                "employment_request",
                "field_report",
                "outreach",
                "weekly_agenda",
            ),
            "infoint.notes.eml": ("EmlRenderer", "mailto"),
            "infoint.notes.figures": (
                "Picture",
                "draw_coverage",
                "draw_peaks",
                "draw_pipeline",
                "draw_preview",
                "draw_referrals",
                "draw_timeline",
            ),
            "infoint.notes.html": ("HtmlRenderer",),
            "infoint.notes.markdown": ("MarkdownRenderer",),
            "infoint.notes.renderers": ("render",),
            "infoint.notes.text": ("TextRenderer",),
            "infoint.notes.wordings": ("Wordings", "read_wordings", "shipped_wordings", "wording_fields"),
        },
    )
