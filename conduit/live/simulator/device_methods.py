"""What the addresses of devices do: parameters, the chains of racks, and mapping parameters to MIDI."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from conduit.live.osc import Value
from conduit.live.simulator.devices import Chain, Parameter
from conduit.live.simulator.live_set import LiveSet
from conduit.live.simulator.objects import at
from conduit.live.simulator.targets import Args, Method, device

__all__ = ["DEVICE"]

_COLUMNS: Mapping[str, Callable[[Parameter], Value]] = {
    "name": lambda parameter: parameter.name,
    "value": lambda parameter: parameter.value,
    "min": lambda parameter: parameter.minimum,
    "max": lambda parameter: parameter.maximum,
    "is_quantized": lambda parameter: parameter.is_quantized,
    "value_string": lambda parameter: parameter.display,
}
_CHAIN_COLUMNS: Mapping[str, Callable[[Chain], Value]] = {
    "name": lambda chain: chain.name,
    "mute": lambda chain: chain.mute,
    "volume": lambda chain: chain.volume,
}


def _all(name: str) -> Method:
    return lambda live, args: [_COLUMNS[name](parameter) for parameter in device(live, args).parameters]


def _one(name: str) -> Method:
    def answer(live: LiveSet, args: Args) -> Sequence[Value]:
        parameters = device(live, args).parameters
        return [_COLUMNS[name](at(parameters, int(args[2])))]

    return answer


def _set_one(live: LiveSet, args: Args) -> Sequence[Value]:
    parameters = device(live, args).parameters
    index, value = args[2:4]
    _put(parameters, int(index), at(parameters, int(index)).at(value))
    return ()


def _set_all(live: LiveSet, args: Args) -> Sequence[Value]:
    """Set values from the first parameter on; what was set before one fails stays."""
    parameters = device(live, args).parameters
    for index, value in enumerate(args[2:]):
        _put(parameters, index, at(parameters, index).at(value))
    return ()


def _put(parameters: list[Parameter], index: int, parameter: Parameter) -> None:
    parameters[index] = parameter


def _chains(live: LiveSet, args: Args) -> list[Chain]:
    found = device(live, args)
    if found.chains is None:
        raise RuntimeError(f"Device '{found.name}' cannot have chains")
    return found.chains


def _chain_column(name: str) -> Method:
    return lambda live, args: [_CHAIN_COLUMNS[name](chain) for chain in _chains(live, args)]


def _set_chain(name: str) -> Method:
    def act(live: LiveSet, args: Args) -> Sequence[Value]:
        chains = _chains(live, args)
        index = int(args[2])
        chains[index] = at(chains, index).having(name, args[3])
        return ()

    return act


def _map_cc(live: LiveSet, args: Args) -> Sequence[Value]:
    track, place, parameter, channel, controller = (int(args[number]) for number in range(5))
    at(device(live, args).parameters, parameter)
    live.script.mappings.append((track, place, parameter, channel, controller))
    return ()


DEVICE: Mapping[str, Method] = {
    "/live/device/get/num_parameters": lambda live, args: [len(device(live, args).parameters)],
    "/live/device/set/parameters/value": _set_all,
    "/live/device/set/parameter/value": _set_one,
    "/live/device/get/num_chains": lambda live, args: [len(_chains(live, args))],
    "/live/midimap/map_cc": _map_cc,
    **{
        f"/live/device/get/parameters/{name}": _all(name)
        for name in ("name", "value", "min", "max", "is_quantized")
    },
    **{f"/live/device/get/parameter/{name}": _one(name) for name in ("value", "value_string", "name")},
    **{f"/live/device/get/chains/{name}": _chain_column(name) for name in ("name", "mute", "volume")},
    **{f"/live/device/set/chain/{name}": _set_chain(name) for name in ("name", "volume", "mute")},
}
