"""The base of widgets whose front end takes the code that all views of a page share."""

from __future__ import annotations

from typing import ClassVar

import traitlets

from conduit.widgets.shelf import shelf, shelf_code, shelf_version
from conduit.widgets.widget import Intent, Widget

__all__ = ["SharedCode"]


class SharedCode(Widget):
    """A widget that says where the shared code is, and sends it to a front end that cannot look there."""

    INTENTS: ClassVar[dict[str, dict[str, type]]] = {"code": {}}

    shelf = traitlets.Unicode("").tag(sync=True)
    version = traitlets.Unicode("").tag(sync=True)

    @traitlets.default("shelf")
    def _default_shelf(self) -> str:
        return f"IPY_MODEL_{shelf().model_id}"

    @traitlets.default("version")
    def _default_version(self) -> str:
        return shelf_version()

    def act(self, intent: Intent) -> None:
        """Send the code where it is asked for; hand on everything else."""
        if intent["type"] == "code":
            self.send({"type": "code"}, buffers=[code.encode() for code in shelf_code()])
        else:
            super().act(intent)
