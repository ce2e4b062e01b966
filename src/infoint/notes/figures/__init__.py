"""Pictures: what each draws of an exploration or a campaign, as SVG and where it is a graph as text. One file per picture."""

from infoint.notes.figures.coverage import draw_coverage as draw_coverage
from infoint.notes.figures.peaks import draw_peaks as draw_peaks
from infoint.notes.figures.picture import Picture as Picture
from infoint.notes.figures.pipeline import draw_pipeline as draw_pipeline
from infoint.notes.figures.preview import draw_preview as draw_preview
from infoint.notes.figures.referrals import draw_referrals as draw_referrals
from infoint.notes.figures.timeline import draw_timeline as draw_timeline
