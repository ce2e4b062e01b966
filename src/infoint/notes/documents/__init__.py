"""Builders: what each document of the practice says (practice §9). No format: that is a renderer's. One file per document."""

from datetime import date
from typing import TypeAlias

from infoint.model.contact import Contact
from infoint.model.exploration import Exploration
from infoint.model.follow_up import FollowUp
from infoint.model.interview import Interview
from infoint.notes.documents.comparison import comparison as comparison
from infoint.notes.documents.confirmation import confirmation as confirmation
from infoint.notes.documents.debrief_record import debrief_record as debrief_record
from infoint.notes.documents.dossier import dossier as dossier
from infoint.notes.documents.due_list import due_list as due_list
from infoint.notes.documents.employment_request import employment_request as employment_request
from infoint.notes.documents.field_report import field_report as field_report
from infoint.notes.documents.invitation_letter import invitation_letter as invitation_letter
from infoint.notes.documents.letter import letter as letter
from infoint.notes.documents.outreach import outreach as outreach
from infoint.notes.documents.prep_sheet import prep_sheet as prep_sheet
from infoint.notes.documents.time_offer import time_offer as time_offer
from infoint.notes.documents.weekly_agenda import weekly_agenda as weekly_agenda

Subject: TypeAlias = Interview | Contact | Exploration | FollowUp | date
"""What a document can be about."""
