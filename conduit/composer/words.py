"""The words of a brief: what each means, in English and a little of five neighbours.

One table for each kind of meaning; ``lookup`` joins them. Words are folded: small letters without accents,
hyphens as spaces. A phrase may have up to four words; the longest that fits wins.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from conduit.band.genre import GENRES
from conduit.composer.mode_words import MODES
from conduit.composer.page import fold

__all__ = ["MODES", "NEAREST", "PIECE_WORDS", "ROLES", "SOUNDS", "Meaning", "filler", "genre_words", "lookup"]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a word says.

    Attributes:
        kind: Which table it is from: ``role``, ``genre``, ``style``, ``energy``, ``mood``, ``mode``, ….
        value: What it puts into the brief.
        sure: Whether it is about music even when it stands alone.
    """

    kind: str
    value: str
    sure: bool


ROLES: dict[str, str] = {
    "bass": (
        "bass, bassline, basslines, bass line, bass lines, basses, sub, subbass, sub bass, low end, 808 bass, "
        "basslinie, basslauf, ligne de basse, basse, linea de bajo, bajo, linea di basso, basso, linha de baixo, "
        "baixo"
    ),
    "drums": (
        "drums, drum, beat, beats, drum beat, drum pattern, drum loop, drum groove, drumbeat, groove, percussion, "
        "perc, breaks, rhythm, drumkit, drum kit, drum machine, schlagzeug, trommeln, batterie, bateria, batteria, "
        "percusion, percussioni, percussao, rythme, ritmo, rhythmus"
    ),
    "chords": (
        "chords, chord, chord progression, progression, stab, stabs, chord stabs, keys, piano, rhodes, organ, "
        "clav, clavinet, wurlitzer, wurli, guitar, comping, harmony, harmonies, electric piano, "
        "akkorde, akkord, accords, acordes, accordi, harmonie, skank"
    ),
    "pad": (
        "pad, pads, strings, string pad, atmosphere, atmospheres, drone, drones, choir, swell, swells, wash, "
        "flache, flachen, nappe, nappes, colchon, tappeto, almofada"
    ),
    "lead": (
        "lead, leads, lead line, melody, melodies, melodic line, hook, hooks, topline, top line, riff, riffs, "
        "tune, motif, solo, theme, melodie, melodia"
    ),
    "arp": (
        "arp, arps, arpeggio, arpeggios, arpeggiated, arpeggiator, arpeggiation, arpeggios line, sequence, "
        "sequencer, arpege, arpeges, arpegio, arpegios, pluck, plucks"
    ),
    "texture": (
        "texture, textures, soundscape, soundscapes, ear candy, riser, risers, bells, sound effect, sound effects, "
        "fx, sfx, textur, texturen, textura, texturas"
    ),
}

_SOUNDS = "keys piano rhodes organ clav clavinet wurlitzer wurli guitar strings choir bells"
SOUNDS = frozenset(_SOUNDS.split()) | {"electric piano"}
"""Words for a part that name an instrument: before a melody, a bass line or an arpeggio they name its sound."""

PIECE_WORDS: dict[str, str] = {
    "kick": "kick, kicks, kick drum, kick drums, bass drum, bass drums, bd",
    "snare": "snare, snares, snare drum, snare drums",
    "clap": "clap, claps, handclap, handclaps",
    "rim": "rim, rims, rimshot, rimshots, rim shot, rim shots, sidestick",
    "hats": "hat, hats, hihat, hihats, hi hat, hi hats, high hat, high hats",
    "closed hats": "closed hat, closed hats, closed hi hat, closed hi hats, closed hihats",
    "open hats": "open hat, open hats, open hi hat, open hi hats, open hihats",
    "toms": "tom, toms, tom tom, tom toms",
    "ride": "ride, rides, ride cymbal",
    "crash": "crash, crashes, crash cymbal",
    "cymbals": "cymbal, cymbals",
    "shaker": "shaker, shakers",
    "tambourine": "tambourine, tambourines",
    "cowbell": "cowbell, cowbells",
    "conga": "conga, congas, bongo, bongos",
    "clave": "clave, claves",
}
"""Words for each piece of ``music.kit.PIECES``; every one of them asks for drums."""

NEAREST = frozenset(
    {"bossa nova", "bossa", "afrobeat", "big band", "ska", "dancehall", "salsa", "cumbia", "baile funk",
     "moombahton", "goa", "psytrance", "eurodance", "drill", "phonk", "neurofunk", "soul",
     "neo soul", "rnb", "r&b", "metal", "punk", "post punk", "krautrock", "ebm", "miami bass", "new age",
     "cinematic", "hardcore", "gabber", "afro house"}
)  # fmt: skip
"""Genre words that have no facts of their own: ``genre_words`` gives the nearest genre that has."""

PACES: dict[str, str] = {
    "slow": "slow, slowly, lento, langsam, langsame, lent, lente, adagio",
    "fast": "fast, quick, fast tempo, uptempo, up tempo, presto, schnell, schnelle, rapide, rapido, veloce",
}

STYLES: dict[str, str] = {
    "syncopated": (
        "syncopated, syncopation, syncopations, off grid, syncopee, sincopado, sincopada, synkopiert, synkopierte"
    ),
    "sparse": (
        "sparse, spacious, space, breathing, breathy, stripped, stripped back, simple, empty, airy, minimalist, "
        "fewer notes, restrained, einfach, einfache, simples, semplice, sencillo"
    ),
    "busy": "busy, dense, complex, intricate, lots of notes, frantic, virtuosic, detailed, full",
    "rolling": "rolling, rolling bass, galloping, gallop",
    "offbeat": "offbeat, off beat, offbeats, off beats, pumping",
    "octaves": "octaves, octave jumps, octave bass",
    "walking": "walking, walking bass",
    "808": "808, 808s, 808 bass",
    "dub": "dubby",
    "minimal": "minimalistic",
    "drone": "droning, droney",
    "funk": "slap, slap bass, groovy bass",
    "four on the floor": "four on the floor, 4 on the floor, four to the floor, 4x4",
    "half time": "half time, halftime",
    "steppers": "steppers, stepper",
    "one drop": "one drop",
    "swung": "swung, swing, swinging, shuffle, shuffled, shuffling",
    "straight": "straight, unswung, no swing, no shuffle, without swing, without shuffle",
    "rich": "lush, rich, extended, sevenths, 7ths, ninths, 9ths, jazzy chords, complex chords, seventh chords",
    "triads": "triads, triad, power chords",
    "stabs": "stabby, stab pattern, staccato",
    "held": "sustained, long, long chords, held, legato, slow moving, evolving",
    "gated": "gated, trance gate, pulsing, pulse, sidechained",
    "up": "up, upward, upwards, rising, ascending",
    "down": "down, downward, downwards, falling, descending",
    "updown": "up and down, updown, up down",
    "eighths": "eighths, eighth, 8ths, 8th, eighth notes, 8th notes",
    "sixteenths": "sixteenths, sixteenth, 16ths, 16th, sixteenth notes, 16th notes",
    "random": "random, randomised, randomized, scattered",
    "driving": "driving",
    "tresillo": "tresillo, 3 3 2",
    "waltz": "oom pah pah, oompah",
    "rolled": "rolled, strummed",
    "riser": "riser, risers",
    "bells": "bells",
}

ENERGIES: dict[float, str] = {
    0.15: "still, static, meditative, sleepy, peaceful, barely there, very soft, very calm, whispering",
    0.3: (
        "calm, soft, gentle, quiet, mellow, relaxed, chill, chilled, chilling, soothing, slow, subtle, delicate, "
        "laid back, lazy, smooth, tender, subdued, ruhig, ruhige, doux, douce, suave, tranquilo, calmo"
    ),
    0.45: "warm, dreamy, floating, hazy, deep, hypnotic, moody, melancholic, nostalgic",
    0.7: (
        "energetic, lively, upbeat, uptempo, punchy, groovy, bouncy, danceable, bright, tight, urgent, euphoric, "
        "energisch, energico, energique"
    ),
    0.85: (
        "hard, heavy, aggressive, loud, intense, powerful, big, massive, fast, wild, dirty, angry, epic, banging, "
        "raw, brutal, distorted, hart, forte, fuerte, dur"
    ),
    0.95: "full on, maximum, extreme, crazy, peak, furious, relentless, insane",
}

MOODS: dict[str, str] = {
    "minor": (
        "dark, sad, melancholic, gloomy, brooding, menacing, sinister, moody, haunting, spooky, eerie, dunkel, "
        "dunkle, dunklen, sombre, triste, oscuro, scuro, traurig, mysterious"
    ),
    "major": (
        "happy, bright, joyful, uplifting, cheerful, sunny, hopeful, positive, playful, frohlich, heureux, "
        "alegre, felice, allegro"
    ),
}

REGISTERS: dict[str, str] = {
    "-1": "low, lower, deep down",
    "1": "high, higher, up high",
}

OCTAVES: dict[str, str] = {
    "-1": "octave lower, octave down, octave below",
    "1": "octave higher, octave up, octave above",
    "-2": "two octaves lower, two octaves down, 2 octaves lower, 2 octaves down",
    "2": "two octaves higher, two octaves up, 2 octaves higher, 2 octaves up",
}

_SURE_STYLES = frozenset(
    {"syncopated", "rolling", "offbeat", "octaves", "808", "dub", "four on the floor", "half time", "steppers",
     "one drop", "swung", "rich", "triads", "gated", "tresillo", "walking"}
)  # fmt: skip

_FILLER = (
    # English
    "nothing remove mute delete lose change changed changes instead alone a ableton about add adds again "
    "all also am an and another any anything approximately are around "
    "arrangement as at bar bars based basic be beat-long beautiful been being best between bit both bpm break "
    "breakdown bridge build buildup but by can catchy chorus classic clip clips come compose composes cool "
    "could create creates do does drop during each end ending every favore feel feeling feels few fill fills "
    "first fit fits fitting flavor flavour for from generate generates get give gives go going good great had "
    "has have he hello here hey hi hint how i idea ideas if in instrument interesting into intro is it its just "
    "keep keeps key kind last let lets like likes line lines little live long-ish loop looped looping loops lot "
    "love lovely made main make makes making many may maybe me measure measures meter metre midi might mine "
    "mode modern mood more most much music musical my need needs new next nice no not note notes now of off "
    "ok okay old on one ones only onto or other our out outro over part parts pattern patterns perhaps piece "
    "play playing plays please pls plus pretty proper put quick quite ready really repeat repeated repeating "
    "repeats roughly same sample scale school section seed session set shall she short should show signature "
    "simple-ish so some something song songs sort sound sounding sounds standard start starting style styled "
    "suitable synth synthesiser synthesizer synths take tempo than thank thanks that the their them then "
    "there these they think this those through time to too touch track tracks try two type typical under "
    "until up us use using variation variations varying verse very via vibe vibes vibey want wants was we "
    "were what when where which while who will with within without would write writes writing written yes you "
    "your "
    # German, French, Spanish, Italian, Portuguese
    "ein eine einen einer eines der die das den dem und oder mit ohne fur im auf bitte mach mache mir schreib "
    "schreibe takt takte takten un une le la les des du de et ou avec sans pour en sur fais moi ecris s'il "
    "vous plait mesure mesures una uno el los las y o con sin para por haz hazme escribe compases compas "
    "favor il lo gli dei della del di e per senza nel fammi scrivi battute battuta um uma os dos em com sem "
    "faca escreva compassos compasso "
)


@cache
def filler() -> frozenset[str]:
    """Give the words that say nothing about the music and are nothing that was left out."""
    return frozenset(_FILLER.split())


def genre_words() -> dict[str, str]:
    """Give the words for each genre there is: its name, and what else it is called."""
    return {name: ", ".join((name, *genre.aliases)) for name, genre in GENRES.items()}


def lookup() -> dict[str, tuple[Meaning, ...]]:
    """Give the meanings of every folded word and phrase."""
    return _lookup(GENRES.edition)


@cache
def _lookup(edition: int) -> dict[str, tuple[Meaning, ...]]:
    del edition  # a genre that was added has words of its own
    found: dict[str, tuple[Meaning, ...]] = {}
    tables: list[tuple[str, dict[str, str], bool]] = [
        ("role", ROLES, True),
        ("genre", genre_words(), True),
        ("style", STYLES, False),
        ("mood", MOODS, False),
        ("energy", {str(energy): words for energy, words in ENERGIES.items()}, False),
        ("register", REGISTERS, False),
        ("octave", OCTAVES, False),
        ("mode", MODES, True),
        ("pace", PACES, False),
        ("role", {"drums": ", ".join(PIECE_WORDS.values())}, True),
    ]
    for kind, table, sure in tables:
        for value, words in table.items():
            meaning = Meaning(kind, value, sure or value in _SURE_STYLES)
            for word in words.split(","):
                folded = fold(word.strip())
                found[folded] = (*found.get(folded, ()), meaning)
    for words in STYLES.values():
        for word in words.split(", "):
            part = found.get(word.rpartition(" ")[2], ()) if " " in word else ()
            if not any(meaning.kind == "role" for meaning in found[word]):  # a walking bass is a bass
                found[word] += tuple(meaning for meaning in part if meaning.kind == "role")
    return found
