"""A set in few words, for a model and for a person: what is where, and what sounds. Values only."""

from __future__ import annotations

from itertools import groupby

from conduit.live.snapshot import SetSnapshot, TrackSnapshot

__all__ = ["set_text"]

_FULL = 0.85  # the fader at 0 dB
_MOVED = 0.01


def set_text(snapshot: SetSnapshot) -> str:
    """Write a set as lines: tempo, metre and key, then each track with its devices and the clips in its slots.

    Tracks of one kind that stand together and hold nothing share a line.
    """
    facts = [f"{snapshot.tempo:g} bpm", str(snapshot.meter)]
    facts += [snapshot.key] if snapshot.key else []
    facts += ["playing" if snapshot.is_playing else "stopped", _scenes(snapshot)]
    lines = [", ".join(facts)]
    for (is_plain, is_midi), some in groupby(
        snapshot.tracks, key=lambda track: (_is_plain(track), track.is_midi)
    ):
        tracks = list(some)
        if is_plain and len(tracks) > 1:
            kind = "MIDI, no instrument" if is_midi else "audio"
            names = ", ".join(repr(track.name) for track in tracks)
            lines.append(f"tracks {tracks[0].number}-{tracks[-1].number} ({kind}), empty: {names}")
        else:
            lines += [_line(track, snapshot) for track in tracks]
    return "\n".join(lines)


def _scenes(snapshot: SetSnapshot) -> str:
    named = [f"{number} {name!r}" for number, name in enumerate(snapshot.scenes, 1) if name]
    said = f"{len(snapshot.scenes)} scene{'s' * (len(snapshot.scenes) != 1)}"
    return f"{said} ({', '.join(named)})" if named else said


def _is_plain(track: TrackSnapshot) -> bool:
    return not (any(track.slots) or track.devices or _mixed(track))


def _mixed(track: TrackSnapshot) -> list[str]:
    """Say what of the mixer is not as in a fresh track."""
    said = [word for word, on in (("muted", track.mute), ("solo", track.solo), ("armed", track.arm)) if on]
    if abs(track.volume - _FULL) > _MOVED:
        said.append(f"volume {track.volume:.2f}")
    if abs(track.panning) > _MOVED:
        said.append(f"pan {track.panning:+.2f}")
    return said


def _line(track: TrackSnapshot, snapshot: SetSnapshot) -> str:
    sounds = ", ".join(device.name for device in track.devices)
    kind = "MIDI" if track.is_midi else "audio"
    if track.is_midi and not track.has_instrument:
        sounds = f"{sounds}, no instrument" if sounds else "no instrument"
    about = "; ".join([f"{kind}: {sounds}" if sounds else kind, *_mixed(track)])
    clips = []
    for number, slot in enumerate(track.slots, 1):
        if slot is not None:
            bars = slot.length / snapshot.meter.bar
            state = (
                " playing" if track.playing_slot == number else " fired" if track.fired_slot == number else ""
            )
            clips.append(f"slot {number} {slot.name!r} {bars:g} bar{'s' * (bars != 1)}{state}")
    return f"track {track.number} {track.name!r} ({about}): {', '.join(clips) or 'no clips'}"
