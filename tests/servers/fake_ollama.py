"""Ollama's own API in small, where no package registry has an Ollama: it looks at the request, as Ollama does.

Its models, errors and shapes are those of the recordings, except what ``/api/show`` says and how thinking looks,
which are after Ollama's documentation. A prompt has one token for four characters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from servers.fault import Asked, FaultServer, Reply
from servers.recordings import recorded, replay
from servers.streams import Tokens, Tool, ollama_answer, ollama_stream

N_CTX = 4096
"""The context of a request that does not ask for one, as recorded."""

FAILED = "an error was encountered while running the model: unexpected EOF"

TOLD = {
    ("GET", "/"): "root",
    ("GET", "/api/version"): "version",
    ("GET", "/api/ps"): "ps",
}
"""What does not hang on the request, and its recording."""


@contextmanager
def fake_ollama(
    *,
    text: str = "Hi! How can I assist you today?",
    arguments: str = '{"bpm":128}',
    thinking: str = "Hm.",
    fails_after: int | None = None,
    extra: Mapping[str, Sequence[str]] | None = None,
) -> Iterator[FaultServer]:
    """Start a fake Ollama; replies added to the server come before its own.

    Args:
        text: What every model says.
        arguments: What it calls the first of the tools with, where it is offered any.
        thinking: What a model that can think thinks.
        fails_after: Words after which every answer fails; none does where it is not given.
        extra: Models beside the recorded ones and what they can do: ``completion``, ``tools``, ``thinking``.
    """
    models = recorded("ollama/qwen-tools/tags").json()["models"]
    models += [_made_up(models[0], name, can) for name, can in (extra or {}).items()]
    ollama = _Ollama(
        text=text, arguments=arguments, thinking=thinking, fails_after=fails_after, models=tuple(models)
    )
    with FaultServer(answer=ollama.answer) as server:
        yield server


def _made_up(pattern: dict[str, Any], name: str, can: Sequence[str]) -> dict[str, Any]:
    return {**pattern, "name": name, "model": name, "capabilities": list(can)}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ollama:
    text: str
    arguments: str
    thinking: str
    fails_after: int | None
    models: tuple[dict[str, Any], ...]

    def answer(self, asked: Asked) -> Reply:
        match asked.method, asked.path:
            case "POST", "/api/chat":
                return self._read(asked) or self._chat(asked.json())
            case "POST", "/api/show":
                return self._read(asked) or self._show(asked.json()["model"])
            case "GET", "/api/tags":
                return Reply.json({"models": self.models})
            case told if told in TOLD:
                return replay(f"ollama/smollm2/{TOLD[told]}")
        return replay("ollama/qwen-tools-v1/count_tokens")

    def _read(self, asked: Asked) -> Reply | None:
        try:
            asked.json()
        except ValueError:
            return _error("unexpected EOF", status=400)
        return None

    def _find(self, name: str) -> dict[str, Any] | None:
        return next((model for model in self.models if model["name"] == _tagged(name)), None)

    def _show(self, name: str) -> Reply:
        model = self._find(name)
        if not model:
            return _error(f"model '{_tagged(name)}' not found", status=404)
        details = dict(model["details"])
        family, n_ctx, n_embd = (
            details["family"],
            details.pop("context_length"),
            details.pop("embedding_length"),
        )
        info = {"general.architecture": family, f"{family}.context_length": n_ctx}
        return Reply.json(
            {
                "modelfile": f"FROM {name}",
                "parameters": "",
                "template": "{{ .Prompt }}",
                "details": details,
                "model_info": {**info, f"{family}.embedding_length": n_embd},
                "capabilities": model["capabilities"],
                "modified_at": model["modified_at"],
            }
        )

    def _chat(self, chat: dict[str, Any]) -> Reply:
        if refusal := self._refuse(chat):
            return refusal
        if not chat.get("messages"):
            return Reply(body=ollama_answer(model=chat["model"], finish="load", usage=False))
        n_in, n_ctx = _n_tokens(chat), chat.get("options", {}).get("num_ctx", N_CTX)
        if n_in <= n_ctx:
            return _send(chat, self._say(chat, n_in=n_in))
        if chat.get("truncate", True):
            # The oldest part of the prompt is dropped and nobody is told.
            return _send(chat, _Answer(tokens=Tokens(n_in=n_ctx // 2 + 2, n_out=1)))
        return _too_long(n_in=n_in, n_ctx=n_ctx)

    def _refuse(self, chat: dict[str, Any]) -> Reply | None:
        name = chat["model"]
        model = self._find(name)
        if not model:
            return _error(f"model '{name}' not found", status=404)
        if chat.get("think") and "thinking" not in model["capabilities"]:
            return _error(f'"{name}" does not support thinking', status=400)
        if chat.get("tools") and "tools" not in model["capabilities"]:
            return _error(f"registry.ollama.ai/library/{_tagged(name)} does not support tools", status=400)
        return None

    def _say(self, chat: dict[str, Any], *, n_in: int) -> _Answer:
        thinking = self.thinking if chat.get("think") else ""
        tool = self._call(chat)
        words = () if tool else tuple(re.findall(r"\s*\S+", self.text))
        if self.fails_after is not None:
            tokens = Tokens(n_in=n_in, n_out=self.fails_after)
            return _Answer(tokens=tokens, words=words[: self.fails_after], thinking=thinking, error=FAILED)
        limit = chat.get("options", {}).get("num_predict", -1)
        cut = 0 <= limit < len(words)
        words = words[:limit] if cut else words
        tokens = Tokens(n_in=n_in, n_out=len(words) or len(self.arguments))
        finish = "length" if cut else "stop"
        return _Answer(tokens=tokens, words=words, tool=tool, thinking=thinking, finish=finish)

    def _call(self, chat: dict[str, Any]) -> Tool | None:
        if not chat.get("tools") or chat["messages"][-1]["role"] == "tool":
            return None
        return chat["tools"][0]["function"]["name"], self.arguments


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    tokens: Tokens
    words: tuple[str, ...] = ()
    tool: Tool | None = None
    thinking: str = ""
    finish: str = "stop"
    error: str = ""


def _send(chat: dict[str, Any], answer: _Answer) -> Reply:
    """Stream an answer, unless it was asked for in one piece; there an error is a status."""
    text = "".join(answer.words)
    if chat.get("stream", True):
        body = ollama_stream(
            text,
            model=chat["model"],
            tool=answer.tool,
            thinking=answer.thinking,
            pieces=answer.words or 1,
            finish=answer.finish,
            tokens=answer.tokens,
            error=answer.error,
        )
        return Reply.ndjson(body)
    if answer.error:
        return _error(answer.error, status=500)
    body = ollama_answer(
        text,
        model=chat["model"],
        tool=answer.tool,
        thinking=answer.thinking,
        finish=answer.finish,
        tokens=answer.tokens,
    )
    return Reply(body=body)


def _tagged(name: str) -> str:
    return name if ":" in name else f"{name}:latest"


def _n_tokens(chat: dict[str, Any]) -> int:
    said = sum(len(message.get("content", "")) for message in chat["messages"])
    offered = len(json.dumps(chat["tools"])) if chat.get("tools") else 0
    return -(-(said + offered) // 4)


def _error(message: str, *, status: int) -> Reply:
    return Reply.json({"error": message}, status=status)


def _too_long(*, n_in: int, n_ctx: int) -> Reply:
    message = (
        f"request ({n_in} tokens) exceeds the available context size ({n_ctx} tokens), try increasing it"
    )
    facts = {"code": 400, "message": message, "type": "exceed_context_size_error"}
    inner = {"error": {**facts, "n_prompt_tokens": n_in, "n_ctx": n_ctx}}
    return _error(json.dumps(inner, separators=(",", ":")), status=400)
