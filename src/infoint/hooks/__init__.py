"""How plugins get in: what they may offer (`specs`), who has offered what (`registry`), and a set of them at work (`host`)."""

from infoint.hooks.host import PluginFailure as PluginFailure, PluginHost as PluginHost, PluginInfo as PluginInfo
from infoint.hooks.registry import Registry as Registry
