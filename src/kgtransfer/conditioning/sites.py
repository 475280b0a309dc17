"""Names of submodules -> the sites where a condition can enter, and how wide they are."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from kgtransfer.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["channel_axis", "recorded", "replaced", "site_widths", "submodule", "widths"]

GIVE_EXAMPLE = "give example=, an input of one sample, or width="


def site_widths(
    backbone: nn.Module,
    at: Sequence[str],
    width: int | Mapping[str, int] | None = None,
    example: Any = None,
) -> Mapping[str, int]:
    """Channels of the outputs of some submodules: as given, as the backbone says, or by a run.

    Args:
        backbone: any module; its own `width` tells of its output, and timm's `pretrained_cfg` of
            its input.
        at: dotted names of its submodules; "" is the backbone itself.
        width: if it is known: one number, or one by name.
        example: an input to run through, a tensor or a tuple of inputs.

    Raises:
        ConfigError: there is no submodule of a name, it is never called, or nothing tells what an
            input looks like.
    """
    if width is not None:
        given = dict.fromkeys(at, width) if isinstance(width, int) else width
        if missing := [name for name in at if name not in given]:
            raise ConfigError(f"no width for {missing[0]!r}", cure="give one for each name of at=")
        return given
    own = getattr(backbone, "width", None)
    if example is None and isinstance(own, int) and set(at) == {""}:
        return {"": own}
    if example is not None:
        return widths(backbone, at, example)
    image = _timm_image(backbone)
    if image is None:
        raise ConfigError(
            f"nothing tells what an input of {type(backbone).__name__} looks like",
            cure=GIVE_EXAMPLE,
        )
    for name in at:
        submodule(backbone, name)
    try:
        return widths(backbone, at, image)
    except (AssertionError, RuntimeError, ValueError) as error:
        raise ConfigError(
            f"an image {tuple(image.shape)}, which the model says that it takes, does not pass it "
            f"({error})",
            cure=GIVE_EXAMPLE,
        ) from error


def widths(backbone: nn.Module, at: Sequence[str], example: Any) -> dict[str, int]:
    """Channels of the outputs of some submodules, found by running an example through.

    Args:
        backbone: any module.
        at: dotted names of its submodules; "" is the backbone itself.
        example: an input `[1, ...]`, or a tuple of inputs.

    Raises:
        ConfigError: there is no submodule of a name, it is never called, or gives no tensor.
    """
    outputs: dict[str, Any] = {}
    hooks = [
        submodule(backbone, name).register_forward_hook(partial(_keep, outputs, name))
        for name in at
    ]
    modes = {module: module.training for module in backbone.modules()}
    try:
        with torch.no_grad():
            backbone.eval()(*(example if isinstance(example, tuple) else (example,)))
    finally:
        for module, training in modes.items():
            module.training = training
        for hook in hooks:
            hook.remove()
    if missing := [name for name in at if name not in outputs]:
        raise ConfigError(f"the backbone never calls {', '.join(missing)}", cure="name others")
    if other := [name for name, out in outputs.items() if not isinstance(out, Tensor)]:
        raise ConfigError(
            f"{other[0] or 'the backbone'} gives a {type(outputs[other[0]]).__name__}, no tensor",
            cure="name a submodule whose output is one tensor",
        )
    layout = getattr(backbone, "output_fmt", "NCHW")
    return {name: out.shape[channel_axis(out, layout)] for name, out in outputs.items()}


def _timm_image(backbone: nn.Module) -> Tensor | None:
    """An empty image of the size that a timm model says it is made for, on its device."""
    config = getattr(backbone, "pretrained_cfg", None) or getattr(backbone, "default_cfg", None)
    if config is None:
        return None
    size = config.get("input_size") if isinstance(config, dict) else config.input_size
    parameter = next(backbone.parameters(), None)
    like = torch.zeros(()) if parameter is None else parameter
    return None if size is None else like.new_zeros(1, *size)


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
    outputs: list[Tensor] = []
    hook = module.register_forward_hook(lambda _m, _i, out: outputs.append(out), prepend=True)
    try:
        yield outputs
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


def _keep(outputs: dict[str, Any], name: str, _module: Any, _inputs: Any, out: Any) -> None:
    outputs[name] = out
