"""The places of a backbone where a condition can enter, and how wide they are."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from kgtransfer.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["channel_axis", "recorded", "replaced", "submodule", "widths"]


def widths(backbone: nn.Module, at: Sequence[str], example: Tensor) -> dict[str, int]:
    """Channels of the outputs of some submodules, found by running an example through.

    Args:
        backbone: any module.
        at: dotted names of its submodules; "" is the backbone itself.
        example: an input, `[1, ...]`.

    Raises:
        ConfigError: there is no submodule of a name, or it is never called.
    """
    outputs: dict[str, Tensor] = {}
    hooks = [
        submodule(backbone, name).register_forward_hook(partial(_keep, outputs, name))
        for name in at
    ]
    was_training = backbone.training
    try:
        with torch.no_grad():
            backbone.eval()(example)
    finally:
        backbone.train(was_training)
        for hook in hooks:
            hook.remove()
    if missing := [name for name in at if name not in outputs]:
        raise ConfigError(f"the backbone never calls {', '.join(missing)}", cure="name others")
    layout = getattr(backbone, "output_fmt", "NCHW")
    return {name: out.shape[channel_axis(out, layout)] for name, out in outputs.items()}


def channel_axis(output: Tensor, layout: str = "NCHW") -> int:
    """Which axis of a submodule's output holds the channels.

    Args:
        output: maps `[batch, ., ., .]`, tokens `[batch, n, channels]` or vectors.
        layout: of maps, as timm's `output_fmt` says it; "NHWC" for Swin.
    """
    return 1 if output.ndim == 4 and layout == "NCHW" else output.ndim - 1


def submodule(backbone: nn.Module, name: str) -> nn.Module:
    """A submodule by its dotted name.

    Raises:
        ConfigError: there is none.
    """
    try:
        return backbone.get_submodule(name)
    except AttributeError as error:
        raise ConfigError(
            f"the backbone has no submodule {name!r}",
            cure="use a name of backbone.named_modules(), or '' for its output",
        ) from error


@contextmanager
def recorded(module: nn.Module) -> Iterator[list[Tensor]]:
    """While it lasts, a module's outputs as they are made, before any condition."""
    found: list[Tensor] = []
    hook = module.register_forward_hook(lambda _m, _i, out: found.append(out), prepend=True)
    try:
        yield found
    finally:
        hook.remove()


@contextmanager
def replaced(module: nn.Module, output: Tensor) -> Iterator[None]:
    """While it lasts, a module gives this output, whatever it is given; conditions follow."""
    hook = module.register_forward_hook(lambda _m, _i, _out: output, prepend=True)
    try:
        yield
    finally:
        hook.remove()


def _keep(outputs: dict[str, Tensor], name: str, _module: Any, _inputs: Any, out: Tensor) -> None:
    outputs[name] = out
