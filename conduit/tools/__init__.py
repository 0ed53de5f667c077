"""Tools, skills and memories that come with Conduit: all visible, all off until chosen."""

from conduit.tools.catalogue import Offer, Sources, chosen, offered
from conduit.tools.folder import Folder
from conduit.tools.memory import system_text
from conduit.tools.skill import Broken, Skill, Skills

__all__ = ["Broken", "Folder", "Offer", "Skill", "Skills", "Sources", "chosen", "offered", "system_text"]
