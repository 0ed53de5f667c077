from __future__ import annotations

import pytest

from conduit.live import LiveSet
from conduit.live.osc import Message
from conduit.live.simulator.device_library import LIBRARY, device
from conduit.live.simulator.devices import Parameter
from conduit.live.simulator.handlers import Handlers


@pytest.fixture
def handlers():
    live = LiveSet()
    live.tracks[0].devices += [device("Operator"), device("Reverb")]
    return Handlers(live)


def sent(handlers, address, *args):
    replies = handlers.handle(Message(f"/live/{address}", args)).replies
    return [(reply.address.removeprefix("/live/"), reply.args) for reply in replies]


def place(handlers, name, number=0):
    """Give the place of a parameter of a device on the first track."""
    return [p.name for p in handlers.live_set.tracks[0].devices[number].parameters].index(name)


def test_the_default_set_has_no_devices():
    assert sent(Handlers(LiveSet()), "track/get/num_devices", 0) == [("track/get/num_devices", (0, 0))]


def test_a_track_lists_its_devices(handlers):
    columns = [
        sent(handlers, f"track/get/devices/{name}", 0)[0][1] for name in ("name", "class_name", "type")
    ]

    assert columns == [(0, "Operator", "Reverb"), (0, "Operator", "Reverb"), (0, 1, 2)]


@pytest.mark.parametrize("name", LIBRARY)
def test_every_device_begins_with_its_switch_and_every_value_is_in_its_range_and_can_be_shown(name):
    parameters = device(name).parameters

    assert (parameters[0].name, parameters[0].display) == ("Device On", "On")
    assert all(p.minimum <= p.value <= p.maximum for p in parameters)
    assert all(p.at(value).display for p in parameters for value in (p.minimum, p.maximum))
    assert all(len(p.labels) == p.maximum - p.minimum + 1 for p in parameters if p.is_quantized)


@pytest.mark.parametrize(
    ("parameter", "value", "shown"),
    [
        (Parameter("Freq", 0, unit="Hz", shown=(20, 20000)), 0.0, "20.0 Hz"),
        (Parameter("Freq", 0, unit="Hz", shown=(20, 20000)), 1.0, "20.00 kHz"),
        (Parameter("Level", 0, unit="dB", shown=(float("-inf"), 0)), 0.0, "-inf dB"),
        (Parameter("Level", 0, unit="dB", shown=(float("-inf"), 0)), 0.5, "-6.0 dB"),
        (Parameter("Gain", 0, -15, 15, unit="dB", shown=(-15, 15)), -3.0, "-3.0 dB"),
        (Parameter("Dry/Wet", 0, unit="%", shown=(0, 100)), 0.5, "50 %"),
        (Parameter("Decay", 0, unit="ms", shown=(1, 10000)), 1.0, "10.00 s"),
        (Parameter("Transpose", 0, -48, 48, unit="st", shown=(-48, 48)), -12.0, "-12 st"),
        (Parameter("Shape", 0, 0, 2, labels=("Sine", "Saw", "Square")), 1.0, "Saw"),
        (Parameter("Macro 1", 0, 0, 127, shown=(0, 127)), 64.0, "64.00"),
    ],
)
def test_a_value_is_shown_in_its_unit(parameter, value, shown):
    assert parameter.at(value).display == shown


def test_a_parameter_is_set_and_read_in_lives_own_scale(handlers):
    number = place(handlers, "Filter Freq")

    assert sent(handlers, "device/set/parameter/value", 0, 0, number, 0.5) == []

    ids = (0, 0, number)
    assert sent(handlers, "device/get/parameter/value", *ids) == [("device/get/parameter/value", (*ids, 0.5))]
    assert sent(handlers, "device/get/parameter/value_string", *ids)[0][1] == (*ids, "812 Hz")


@pytest.mark.parametrize("value", [-0.1, 1.1])
def test_a_value_outside_the_range_is_refused_and_not_clamped(handlers, value):
    number = place(handlers, "Volume")
    before = sent(handlers, "device/get/parameter/value", 0, 0, number)

    ((_, (text,)),) = sent(handlers, "device/set/parameter/value", 0, 0, number, value)

    assert text == "Error handling OSC message: Invalid value. Check the parameters range with min/max"
    assert sent(handlers, "device/get/parameter/value", 0, 0, number) == before


def test_all_values_are_set_from_the_switch_on_and_those_before_a_bad_one_stay_set(handlers):
    sent(handlers, "device/set/parameters/value", 0, 1, 0.0, 0.25, 7.0, 0.75)

    assert sent(handlers, "device/get/parameters/value", 0, 1)[0][1][2:5] == (0.0, 0.25, 0.6)


def test_listening_to_a_parameter_tells_its_value_and_what_is_shown(handlers):
    number = place(handlers, "Dry/Wet", 1)
    ids = (0, 1, number)

    told = sent(handlers, "device/start_listen/parameter/value", *ids)
    updates = sent(handlers, "device/set/parameter/value", *ids, 0.25)
    sent(handlers, "device/stop_listen/parameter/value", *ids)

    getters = ("device/get/parameter/value", "device/get/parameter/value_string")
    assert told == list(zip(getters, [(*ids, 0.55), (*ids, "55 %")], strict=True))
    assert updates == list(zip(getters, [(*ids, 0.25), (*ids, "25 %")], strict=True))
    assert sent(handlers, "device/set/parameter/value", *ids, 0.5) == []


def test_who_listens_to_a_devices_name_is_told_it_without_ids(handlers):
    assert sent(handlers, "device/start_listen/name", 0, 1) == [("device/get/name", ("Reverb",))]


@pytest.mark.parametrize("name", ["class_name", "type"])
def test_class_and_type_of_a_device_cannot_be_listened_to(handlers, name):
    ((_, (text,)),) = sent(handlers, f"device/start_listen/{name}", 0, 0)

    assert text.endswith(f"'Device' object has no attribute 'add_{name}_listener'")


def test_a_device_is_deleted_and_undo_brings_it_back_as_it_was(handlers):
    sent(handlers, "device/set/parameter/value", 0, 0, 1, 3.0)
    sent(handlers, "track/delete_device", 0, 0)
    left = sent(handlers, "track/get/devices/name", 0)
    sent(handlers, "song/undo")

    assert left == [("track/get/devices/name", (0, "Reverb"))]
    assert sent(handlers, "device/get/parameter/value", 0, 0, 1)[0][1][3] == 3.0


def test_undo_takes_back_the_value_of_a_parameter(handlers):
    sent(handlers, "device/set/parameter/value", 0, 0, 1, 3.0)
    sent(handlers, "song/undo")

    assert sent(handlers, "device/get/parameter/value", 0, 0, 1)[0][1][3] == 0.0


def test_a_copied_track_has_devices_of_its_own(handlers):
    sent(handlers, "song/duplicate_track", 0)
    sent(handlers, "device/set/parameter/value", 1, 0, 1, 3.0)

    assert sent(handlers, "device/get/parameter/value", 0, 0, 1)[0][1][3] == 0.0


def test_a_controller_is_mapped_to_a_parameter_that_is_there(handlers):
    assert sent(handlers, "midimap/map_cc", 0, 1, 2, 0, 74) == []
    ((_, (text,)),) = sent(handlers, "midimap/map_cc", 0, 1, 99, 0, 74)

    assert handlers.live_set.script.mappings == [(0, 1, 2, 0, 74)]
    assert text.endswith("Index out of range")
