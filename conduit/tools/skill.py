"""Skills: folders with a SKILL.md that a model can list and load when it needs them.

A SKILL.md begins with front matter between ``---`` lines, in YAML: ``name``, the folder's own, and ``description``,
when to use it. Then come the instructions. Other files of the folder are its resources. The form is Anthropic's
Agent Skills. Skills are read anew at each use, so one may be edited while a notebook runs; one that cannot be
read is reported and does not hinder the others. Nothing in a skill is run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from conduit.engine.define import tool
from conduit.engine.risk import Tier
from conduit.engine.tool import Tool
from conduit.errors import SetupError
from conduit.messages.tokens import estimate_tokens
from conduit.tools.files import page
from conduit.tools.folder import Folder
from conduit.tools.near import meant

__all__ = ["MOST_TOKENS", "SHIPPED", "Broken", "Skill", "Skills", "skill_tools"]

MOST_TOKENS = 6_000
"""Instructions longer than this are refused: what is long belongs in resources, which are read when needed."""

SHIPPED = Path(__file__).parent / "skills"
"""The skills that come with Conduit."""

_FILE = "SKILL.md"
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NAME_LENGTH = 64
_DESCRIPTION_LENGTH = 1_024
_PARTS = re.compile(r"\A---[ \t]*\n(?P<front>.*?)^---[ \t]*$\n?(?P<body>.*)\Z", re.DOTALL | re.MULTILINE)
_FRONT_LENGTH = 4_000
_MOST_BRACKETS = 40  # the parser's time grows with the square of their depth
_MOST_SKILLS = 200
_MOST_RESOURCES = 100


@dataclass(frozen=True, slots=True)
class Skill:
    """What a model can load.

    Attributes:
        name: Lower case with hyphens; also the name of its folder.
        description: When to use it, one line.
        instructions: What it teaches, in Markdown.
        folder: Where it is.

    >>> Skills(SHIPPED).get("drum-programming").name
    'drum-programming'
    """

    name: str
    description: str
    instructions: str
    folder: Path

    @property
    def resources(self) -> list[str]:
        """The paths of its other files, below its folder; at most 100."""
        paths = (file.path for file in Folder(self.folder).files())
        return list(islice((path for path in paths if path != _FILE), _MOST_RESOURCES))


@dataclass(frozen=True, slots=True)
class Broken:
    """A folder that is no skill yet.

    Attributes:
        folder: Where it is.
        why: What to mend.

    >>> print(Broken(Path("swing"), "has no SKILL.md"))
    swing has no SKILL.md
    """

    folder: Path
    why: str

    def __str__(self) -> str:
        return f"{ascii(self.folder.name)[1:-1]} {self.why}"


class Skills:
    """The skills in some folders; of two with one name the first counts.

    Args:
        folders: Folders whose folders are skills. One that is not there is empty.

    >>> skills = Skills(SHIPPED)
    >>> sorted(skills.found()), skills.broken()
    (['drum-programming', 'live-set-etiquette', 'voice-leading'], [])
    """

    def __init__(self, *folders: str | Path) -> None:
        self.folders = tuple(Path(folder).expanduser() for folder in folders)

    @classmethod
    def installed(cls, *folders: str | Path) -> Skills:
        """Give the skills of some folders, then the user's own, then those that come with Conduit."""
        from platformdirs import user_data_path  # noqa: PLC0415  not needed where every folder is given

        return cls(*folders, user_data_path("conduit") / "skills", SHIPPED)

    def found(self) -> dict[str, Skill]:
        """Give the skills that can be loaded, by name."""
        return {one.name: one for one in reversed(list(self._read())) if isinstance(one, Skill)}

    def broken(self) -> list[Broken]:
        """Give the folders that are no skills, with what to mend in each."""
        return [one for one in self._read() if isinstance(one, Broken)]

    def get(self, name: str) -> Skill:
        """Give a skill.

        Raises:
            SetupError: There is none of this name, or it is broken.
        """
        found = self.found()
        if name in found:
            return found[name]
        for broken in self.broken():
            if broken.folder.name == name:
                raise SetupError(f"the skill {broken}")
        raise SetupError(f"there is no skill {meant(name[:_NAME_LENGTH], found)}", valid=sorted(found))

    def _read(self) -> Iterator[Skill | Broken]:
        for folder in self.folders:
            for place in _places(folder):
                try:
                    yield read_skill(_inside(place, folder))
                except (SetupError, OSError, RuntimeError) as error:
                    yield Broken(
                        place, getattr(error, "message", "") or f"cannot be read: {type(error).__name__}"
                    )


def read_skill(folder: Path) -> Skill:
    """Read one skill.

    Raises:
        SetupError: It is broken; the message goes on where the folder's name stops.
    """
    try:
        text = Folder(folder).read(_FILE)
    except SetupError as error:
        raise SetupError(f"cannot be read: {error.message}") from error
    parts = _PARTS.match(re.sub(r"\r\n?", "\n", text))
    if parts is None:
        raise SetupError(
            f"has no front matter: begin its {_FILE} with a line ---, name, description, a line ---"
        )
    name, description = _front(parts["front"], folder=folder.name)
    body = parts["body"].strip()
    if not body:
        raise SetupError("has no instructions: write them below the front matter")
    if (tokens := estimate_tokens(body)) > MOST_TOKENS:
        raise SetupError(
            f"has about {tokens:,} tokens of instructions, more than {MOST_TOKENS:,}: move some into resource files"
        )
    return Skill(name, description, body, folder)


def skill_tools(skills: Skills, *, clean: Callable[[str], str]) -> tuple[Tool, ...]:
    """Make the tools that list skills, load one and read its resources.

    Args:
        skills: Where they are.
        clean: Takes keys out of a text.
    """

    @tool(tier=Tier.READ_ONLY)
    def list_skills() -> str:
        """List the skills there are: instructions for particular kinds of work, and when to use each."""
        lines = [f"{one.name}: {one.description}" for _, one in sorted(skills.found().items())]
        lines += [f"(broken: {broken})" for broken in skills.broken()]
        return clean("\n".join(lines) or "no skills")

    @tool(tier=Tier.READ_ONLY)
    def load_skill(name: str) -> str:
        """Load the instructions of a skill, before the work that it is for.

        Args:
            name: Its name as list_skills gives it.
        """
        skill = skills.get(name)
        resources = skill.resources
        more = f"\n\nResources, for read_skill_resource: {', '.join(resources)}" if resources else ""
        return clean(f"# Skill {skill.name}\n\n{skill.instructions}{more}")

    @tool(tier=Tier.READ_ONLY)
    def read_skill_resource(name: str, path: str, start_line: int = 1) -> str:
        """Read a resource of a skill, a page at a time.

        Args:
            name: The skill's name.
            path: The resource's path as load_skill gives it.
            start_line: The first line to read, from 1.
        """
        return page(Folder(skills.get(name).folder).read(path), start_line=start_line, clean=clean)

    return (list_skills.tool, load_skill.tool, read_skill_resource.tool)


def _places(folder: Path) -> list[Path]:
    try:
        inside = sorted(islice(folder.iterdir(), _MOST_SKILLS))
        return [place for place in inside if place.name[0] not in "._" and place.is_dir()]
    except OSError:
        return []


def _inside(place: Path, folder: Path) -> Path:
    if not place.resolve().is_relative_to(folder.resolve()):
        raise SetupError("is a link out of the skills' folder; put it there, or give its own folder")
    return place


def _front(text: str, *, folder: str) -> tuple[str, str]:
    facts = _yaml(text)
    name, description = facts.get("name"), facts.get("description")
    if not isinstance(name, str) or len(name) > _NAME_LENGTH or not _NAME.fullmatch(name):
        raise SetupError(
            "needs a name in its front matter: lower case letters, digits and single hyphens, up to 64"
        )
    if name != folder:
        raise SetupError(f"is named {name!r} in its front matter; give folder and skill one name")
    if not isinstance(description, str) or not description.strip():
        raise SetupError("needs a description in its front matter: a text that says when to use it")
    if len(description) > _DESCRIPTION_LENGTH:
        raise SetupError(
            f"has a description of {len(description):,} characters; at most {_DESCRIPTION_LENGTH:,}"
        )
    return name, " ".join(description.split())


def _yaml(text: str) -> dict[object, object]:
    import yaml  # noqa: PLC0415  only skills need it

    if len(text) > _FRONT_LENGTH:
        raise SetupError(f"has front matter of {len(text):,} characters; at most {_FRONT_LENGTH:,}")
    if text.count("[") + text.count("{") > _MOST_BRACKETS:
        raise SetupError(f"has more than {_MOST_BRACKETS} brackets in its front matter; write plain values")
    unwanted = (yaml.AnchorToken, yaml.AliasToken, yaml.TagToken)
    try:
        # References multiply (merging nine of nine of nine ...), and tags make objects.
        if any(isinstance(token, unwanted) for token in yaml.scan(text)):
            raise SetupError("has tags or references (! & *) in its front matter; write plain values")
        facts = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # ValueError: a 99th of May
        place = getattr(error, "problem_mark", None)
        where = f" at line {place.line + 2}" if place else ""
        raise SetupError(
            f"has front matter that is not YAML{where}; quote values that hold a colon"
        ) from error
    if not isinstance(facts, dict):
        raise SetupError("has front matter without fields; write name: and description:")
    return facts
