"""Conducts: practice, storage, calendar, notes and plugins for one explorer. Holds no rule of its own."""

from infoint.workspace.calendar_export import CalendarExport as CalendarExport, FolderWritten as FolderWritten
from infoint.workspace.contacts import Contacts as Contacts
from infoint.workspace.engine import Engine as Engine, OpenWorkspace as OpenWorkspace, open as open
from infoint.workspace.erasing import Erased as Erased
from infoint.workspace.erasing_again import ErasedAgain as ErasedAgain
from infoint.workspace.erasure_ledger import Forgotten as Forgotten
from infoint.workspace.explorations import Explorations as Explorations
from infoint.workspace.follow_ups import FollowUps as FollowUps
from infoint.workspace.interviews import Interviews as Interviews
from infoint.workspace.purging import Purged as Purged, PurgedPerson as PurgedPerson
from infoint.workspace.workspace import Workspace as Workspace
