"""Tools, skills and memories that come with Conduit: all visible, all off until chosen."""
