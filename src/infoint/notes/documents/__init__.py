"""Builders: what each document of the practice says (practice §9). No format: that is a renderer's. One file per document."""

from datetime import date
from typing import TypeAlias

from infoint.model.contact import Contact
from infoint.model.exploration import Exploration
from infoint.model.follow_up import FollowUp
from infoint.model.interview import Interview
from infoint.notes.documents.comparison import comparison as comparison
from infoint.notes.documents.debrief_record import debrief_record as debrief_record
from infoint.notes.documents.due_list import due_list as due_list
from infoint.notes.documents.invitation_letter import invitation_letter as invitation_letter
from infoint.notes.documents.letter import letter as letter
from infoint.notes.documents.prep_sheet import prep_sheet as prep_sheet
from infoint.notes.documents.time_offer import time_offer as time_offer

Subject: TypeAlias = Interview | Contact | Exploration | FollowUp | date
"""What a document can be about."""
