"""The drums of the built-in synth: the General MIDI percussion map as an electronic kit.

Each row of ``KIT`` says how a drum is made, where it stands and how loud it is; drums of one family share a
function. Metal is six detuned square waves, as in the drum machines of the eighties, with noise on top.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from conduit.audio.oscillator import Floats, band, seconds
from conduit.audio.voice import SAMPLE_RATE_HZ, Stereo

__all__ = ["KIT", "Drum", "drum_of"]

_TURN = np.float32(2 * np.pi)
_METAL_HZ = (205.3, 304.4, 369.6, 522.7, 540.0, 800.0)
_HATS = 1
_OPENING_S = 0.0006


@dataclass(frozen=True, slots=True)
class Drum:
    """One drum.

    Attributes:
        make: Renders it at a strength of 0-1, which changes its colour; mono ``(n_frames,)`` or stereo.
        pan: Where it stands, -1 (left) to 1.
        level_db: Its peak at velocity 96.
        choke: Drums of one class other than 0 cut each other off.
    """

    make: Callable[[float], Floats]
    pan: float
    level_db: float
    choke: int = 0

    def body(self, strength: float) -> Stereo:
        """Render the drum in its place, shape ``(2, n_frames)``."""
        sound = np.atleast_2d(self.make(strength))
        angle = np.float32(np.pi / 4 * (1 + self.pan))
        sides = np.array([[np.cos(angle)], [np.sin(angle)]], dtype=np.float32)
        placed = sound * sides
        placed[:, -256:] *= np.linspace(1, 0, 256, dtype=np.float32)
        out: Stereo = (placed * (10 ** (self.level_db / 20) / np.abs(placed).max())).astype(np.float32)
        return out


def drum_of(pitch: int) -> Drum:
    """Give the drum of a pitch; one that General MIDI leaves empty is a wood block tuned by its pitch."""
    return KIT.get(pitch) or Drum(partial(_block, hz=220 * 2 ** ((pitch - 57) / 24)), 0.2, -12)


def _time(length_s: float) -> Floats:
    return seconds(int(length_s * SAMPLE_RATE_HZ))


def _fall(t: Floats, time_s: float) -> Floats:
    out: Floats = np.exp(t * np.float32(-1 / time_s))
    return out


def _noise(t: Floats, seed: int, *, stereo: bool = False) -> Floats:
    shape = (2, len(t)) if stereo else (1, len(t))
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32) * np.float32(0.33)


def _drop(t: Floats, hz: float, *, by_hz: float, in_s: float) -> Floats:
    """Give a sine whose pitch falls by ``by_hz`` to ``hz``."""
    phase = hz * t - by_hz * in_s * np.expm1(t * np.float32(-1 / in_s))
    out: Floats = np.sin(phase * _TURN)
    return out


def _kick(strength: float, *, hz: float, punch_hz: float, length_s: float, click: float) -> Floats:
    """A sine that drops into place, driven a little, and the click of the beater."""
    t = _time(length_s * 3.2)
    tone = _drop(t, hz, by_hz=punch_hz, in_s=0.022) + 0.35 * _drop(t, hz, by_hz=5 * punch_hz, in_s=0.004)
    body = np.tanh(1.7 * tone * np.minimum(_fall(t, length_s) * 1.25, 1))
    beater = band(_noise(t, 36) * _fall(t, 0.0022), low_hz=1400, high_hz=9000)
    out: Floats = body * np.minimum(t / np.float32(_OPENING_S), 1) + (click * (0.4 + strength)) * beater[0]
    return out


def _snare(strength: float, *, hz: float, snap: float, length_s: float) -> Floats:
    """Two modes of the head, wires of noise, and the crack of the stick."""
    t = _time(0.6)
    head = _drop(t, hz, by_hz=hz * 0.7, in_s=0.009) * _fall(t, 0.075)
    head += 0.55 * _drop(t, hz * 1.78, by_hz=hz * 0.5, in_s=0.006) * _fall(t, 0.045)
    wires = band(_noise(t, 38, stereo=True), low_hz=1400, high_hz=7500, order=1)
    wires *= 0.75 * _fall(t, length_s) + 0.6 * _fall(t, length_s * 0.22)
    crack = band(_noise(t, 40) * _fall(t, 0.004), low_hz=2200, high_hz=9000)
    out: Floats = np.tanh(1.1 * head + snap * (0.75 + 0.5 * strength) * wires + 0.9 * strength * crack)
    return out


def _clap(strength: float) -> Floats:
    """Three hands within 25 ms and the room behind them."""
    t = _time(0.55)
    level = 0.42 * _fall(np.maximum(t - 0.024, 0), 0.085) * (t >= np.float32(0.024))
    for at_s in (0.0, 0.0105, 0.0205):
        level += _fall(np.abs(t - np.float32(at_s)), 0.0034) * (t >= np.float32(at_s))
    wide = _noise(t, 39, stereo=True) + 1.2 * _noise(t, 139)
    hands = wide * level
    return band(hands, low_hz=850, high_hz=2400 + 1400 * strength) + 0.15 * band(
        hands, low_hz=3500, high_hz=8000
    )


def _modes(t: Floats, hz: tuple[float, ...], decay_s: tuple[float, ...]) -> Floats:
    """Sum a few struck modes, each softer than the one before."""
    pairs = enumerate(zip(hz, decay_s, strict=True))
    modes = [np.sin(_TURN * f * t) * _fall(t, d) * np.float32(0.8**i) for i, (f, d) in pairs]
    out: Floats = np.sum(modes, axis=0, dtype=np.float32)
    return out


def _rim(strength: float) -> Floats:
    """A stick across the rim: two short modes and a click."""
    t = _time(0.16)
    click = band(_noise(t, 37) * _fall(t, 0.0018), low_hz=2500, high_hz=11_000)
    out: Floats = _modes(t, (1720.0, 520.0, 2750.0), (0.013, 0.017, 0.007)) + (0.5 + strength) * click[0]
    return out


def _block(strength: float, *, hz: float, decay_s: float = 0.028) -> Floats:
    """Wood: a short clear mode, a higher one gone at once."""
    t = _time(max(0.12, decay_s * 8))
    tock = band(_noise(t, 76) * _fall(t, 0.001), low_hz=1500)
    out: Floats = _modes(t, (hz, hz * 2.57), (decay_s, decay_s * 0.3)) + 0.4 * strength * tock[0]
    return out


def _squares(phases: list[Floats]) -> Floats:
    """Sum square waves given by their phases in cycles."""
    waves = [np.sign((phase - np.floor(phase)) - np.float32(0.5)) for phase in phases]
    out: Floats = np.sum(waves, axis=0, dtype=np.float32)
    return out


def _metal(t: Floats, *, tune: float) -> Floats:
    return _squares([f * tune * t for f in _METAL_HZ]) / np.float32(6)


def _hat(strength: float, *, decay_s: float, low_hz: float) -> Floats:
    """Square waves and noise far above the rest, with a sharper tip when struck hard."""
    t = _time(min(1.4, decay_s * 7 + 0.05))
    source = _metal(t, tune=1.63) * 0.9 + _noise(t, 42, stereo=True)
    level = 0.8 * _fall(t, decay_s) + (0.3 + 0.5 * strength) * _fall(t, 0.006)
    return band(source, low_hz=low_hz, high_hz=15_000, order=4) * level


def _cymbal(
    strength: float, *, decay_s: float, low_hz: float, metal: float, tune: float, ping_hz: float
) -> Floats:
    """Wide noise and metal that darkens as it dies; a ride has a ping, a crash a swell."""
    t = _time(min(3.2, decay_s * 5 + 0.1))
    source = metal * _metal(t, tune=tune) + _noise(t, int(low_hz + 100 * tune), stereo=True)
    bright = band(source, low_hz=low_hz * 1.6, high_hz=12_000) * _fall(t, decay_s * 0.45)
    dark = band(source, low_hz=low_hz, high_hz=low_hz * 2.6) * _fall(t, decay_s)
    tip = band(source, low_hz=5000, high_hz=14_000) * _fall(t, 0.012) * np.float32(0.4 + 0.5 * strength)
    out: Floats = (0.5 + 0.6 * strength) * bright + dark + tip
    if ping_hz:
        out = 0.55 * out + 0.16 * _modes(t, (ping_hz, ping_hz * 1.483, ping_hz * 2.19), (0.32, 0.22, 0.12))
    return out


def _tom(strength: float, *, hz: float) -> Floats:
    """A head that drops a third, with some of its skin."""
    t = _time(0.8)
    tone = _drop(t, hz, by_hz=hz * (0.5 + 0.4 * strength), in_s=0.035) * _fall(t, 0.19)
    skin = band(_noise(t, 41) * _fall(t, 0.018), low_hz=300, high_hz=4000)
    out: Floats = np.tanh(1.4 * tone) + (0.35 + 0.4 * strength) * skin[0]
    return out


def _hand(strength: float, *, hz: float, decay_s: float) -> Floats:
    """A hand drum: a clear tone with a slap."""
    t = _time(max(0.2, decay_s * 7))
    tone = _drop(t, hz, by_hz=hz * 0.22, in_s=0.012) * _fall(t, decay_s)
    tone += 0.3 * np.sin(_TURN * 2.31 * hz * t) * _fall(t, decay_s * 0.35)
    slap = band(_noise(t, 63) * _fall(t, 0.005), low_hz=900, high_hz=6000)
    out: Floats = tone + (0.3 + 0.7 * strength) * slap[0]
    return out


def _cowbell(strength: float, *, hz: float) -> Floats:
    """Two squares a fifth apart through a band."""
    t = _time(0.5)
    squares = _squares([hz * t, hz * 1.482 * t])
    level = 0.6 * _fall(t, 0.016) + (0.3 + 0.2 * strength) * _fall(t, 0.1)
    return band(squares, low_hz=hz * 1.1, high_hz=hz * 4.5) * level


def _grains(strength: float, *, low_hz: float, swell_s: float, decay_s: float) -> Floats:
    """Beads and shot: noise that swells and stops."""
    t = _time(swell_s + decay_s * 7)
    level = np.minimum(t / np.float32(swell_s), 1) ** 2 * _fall(
        np.maximum(t - np.float32(swell_s), 0), decay_s
    )
    out: Floats = (
        band(_noise(t, 70, stereo=True), low_hz=low_hz, high_hz=9000 + 5000 * strength, order=3) * level
    )
    return out


def _jingles(strength: float) -> Floats:
    """A tambourine: small bells over a rattle."""
    t = _time(0.45)
    bells = _modes(t, (5230.0, 6890.0, 8370.0, 9910.0), (0.09, 0.07, 0.08, 0.05))
    rattle = band(_noise(t, 54, stereo=True), low_hz=5500, order=3)
    return 0.2 * bells + rattle * (_fall(t, 0.05) + (0.5 + strength) * _fall(t, 0.008))


def _rattle(strength: float, *, rate_hz: float, hz: float, length_s: float) -> Floats:
    """A row of clicks: vibraslap, guiro, whistle's pea."""
    t = _time(length_s)
    ticks = np.exp(-14 * (t * np.float32(rate_hz) % 1)).astype(np.float32)
    source = band(_noise(t, 58), low_hz=hz * 0.7, high_hz=hz * 1.6)[0] + 0.4 * np.sin(_TURN * hz * t)
    out: Floats = source * ticks * _fall(t, length_s * 0.32) * np.float32(0.7 + 0.3 * strength)
    return out


def _bell(strength: float, *, hz: float, decay_s: float) -> Floats:
    """A small bell: agogo, triangle."""
    t = _time(min(2.2, decay_s * 6))
    tip = band(_noise(t, 80) * _fall(t, 0.001), low_hz=4000)
    modes = _modes(t, (hz, hz * 1.51, hz * 2.74), (decay_s, decay_s * 0.6, decay_s * 0.4))
    out: Floats = modes + 0.5 * strength * tip[0]
    return out


def _glide(strength: float, *, hz: float, by_hz: float, length_s: float) -> Floats:
    """A tone that slides: cuica, whistle."""
    t = _time(length_s)
    level = np.minimum(t / np.float32(0.01), 1) * _fall(t, length_s * 0.3)
    breath = band(_noise(t, 78), low_hz=hz, high_hz=hz * 2)[0]
    out: Floats = (_drop(t, hz, by_hz=by_hz, in_s=length_s * 0.3) + 0.25 * strength * breath) * level
    return out


_TOMS_HZ = {41: 76.0, 43: 92.0, 45: 110.0, 47: 131.0, 48: 155.0, 50: 185.0}
_HANDS = {60: (430.0, 0.05), 61: (310.0, 0.06), 62: (370.0, 0.035), 63: (340.0, 0.12), 64: (225.0, 0.15),
         65: (520.0, 0.11), 66: (380.0, 0.13)}  # fmt: skip
_CRASH = partial(_cymbal, low_hz=3000, metal=0.5, ping_hz=0)
_RIDE = partial(_cymbal, low_hz=4200, metal=0.8, tune=1.9)
KIT: dict[int, Drum] = {
    35: Drum(partial(_kick, hz=44, punch_hz=120, length_s=0.17, click=0.35), 0, -7),
    36: Drum(partial(_kick, hz=50, punch_hz=190, length_s=0.12, click=0.8), 0, -6.5),
    37: Drum(_rim, 0.12, -9),
    38: Drum(partial(_snare, hz=188, snap=0.95, length_s=0.13), 0.02, -5.5),
    39: Drum(_clap, -0.05, -8),
    40: Drum(partial(_snare, hz=232, snap=1.15, length_s=0.085), 0.02, -6),
    42: Drum(partial(_hat, decay_s=0.036, low_hz=6800), 0.22, -14, _HATS),
    44: Drum(partial(_hat, decay_s=0.024, low_hz=5200), 0.22, -16, _HATS),
    46: Drum(partial(_hat, decay_s=0.21, low_hz=6400), 0.22, -14.5, _HATS),
    49: Drum(partial(_CRASH, decay_s=0.75, tune=1.21), -0.3, -10),
    52: Drum(partial(_cymbal, decay_s=0.5, low_hz=1900, metal=1.0, tune=0.91, ping_hz=0), 0.4, -11),
    55: Drum(partial(_CRASH, decay_s=0.3, tune=1.57), 0.3, -11),
    57: Drum(partial(_CRASH, decay_s=0.65, tune=1.38), 0.35, -10),
    51: Drum(partial(_RIDE, decay_s=0.7, ping_hz=3150), 0.35, -14),
    53: Drum(partial(_bell, hz=2090, decay_s=0.35), 0.35, -15),
    59: Drum(partial(_RIDE, decay_s=0.6, ping_hz=2640), -0.35, -14),
    54: Drum(_jingles, -0.25, -14),
    56: Drum(partial(_cowbell, hz=545), 0.2, -13),
    58: Drum(partial(_rattle, rate_hz=27, hz=2600, length_s=1.0), -0.4, -13),
    67: Drum(partial(_bell, hz=920, decay_s=0.14), 0.4, -14),
    68: Drum(partial(_bell, hz=690, decay_s=0.16), 0.4, -14),
    69: Drum(partial(_grains, low_hz=4600, swell_s=0.012, decay_s=0.03), -0.35, -14),
    70: Drum(partial(_grains, low_hz=5600, swell_s=0.03, decay_s=0.022), 0.3, -14),
    71: Drum(partial(_glide, hz=2350, by_hz=150, length_s=0.2), -0.3, -17),
    72: Drum(partial(_glide, hz=2250, by_hz=170, length_s=0.55), -0.3, -17),
    73: Drum(partial(_rattle, rate_hz=95, hz=3300, length_s=0.14), 0.35, -13),
    74: Drum(partial(_rattle, rate_hz=70, hz=2900, length_s=0.4), 0.35, -13),
    75: Drum(partial(_block, hz=2480, decay_s=0.03), -0.2, -12),
    76: Drum(partial(_block, hz=1180), 0.3, -11),
    77: Drum(partial(_block, hz=830), 0.3, -11),
    78: Drum(partial(_glide, hz=640, by_hz=-260, length_s=0.2), -0.2, -13),
    79: Drum(partial(_glide, hz=400, by_hz=260, length_s=0.3), -0.2, -13),
    80: Drum(partial(_bell, hz=4350, decay_s=0.05), 0.45, -17),
    81: Drum(partial(_bell, hz=4350, decay_s=0.38), 0.45, -17),
} | {
    pitch: Drum(partial(_tom, hz=hz), -0.45 + 0.17 * i, -8) for i, (pitch, hz) in enumerate(_TOMS_HZ.items())
} | {
    pitch: Drum(partial(_hand, hz=hz, decay_s=fall_s), -0.3, -9) for pitch, (hz, fall_s) in _HANDS.items()
}  # fmt: skip
"""Drum of each pitch, 35-81 (General MIDI 1 percussion key map)."""
