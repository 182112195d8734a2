"""The voice print model CAM++ as an ONNX file, rebuilt from its PyTorch checkpoint.

CAM++ (Wang et al. 2023, arXiv:2303.00332; 3D-Speaker, Apache-2.0) reads 80 mel bands every 10 ms and gives 192 numbers
that are alike for the same voice. What only scales the output of a convolution (batch normalisation) is folded into it.
Windows have a fixed length below two seconds, so that the model's pooling over segments of 100 steps of 20 ms is the
mean over the whole window.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.errors import ModelError
from models.speakers.checkpoint import BAD_FILE, Weights, read_checkpoint
from models.speakers.onnx_file import Network

Doubles = npt.NDArray[np.float64]
FILE = "campplus.onnx"
BANDS, FRAMES, NUMBERS = 80, 148, 192
"""Of a window of 1.5 seconds: mel bands, frames of 25 ms every 10 ms, and numbers of its print."""
STEPS = FRAMES // 2
CHANNELS = 32
"""Of the part that sees bands and frames as a picture; it leaves an eighth of the bands."""
BLOCKS = ((12, 1), (24, 2), (16, 2))
"""Layers of each dense block, and how far apart its kernels reach."""
EPSILON = 1e-5
"""PyTorch's own in batch normalisation."""


def rebuild(checkpoint: Path, folder: Path) -> None:
    """Write ``campplus.onnx``: from windows x 1 x 80 bands x 148 frames to windows x 192 numbers.

    Raises:
        ModelError: ``store.build_failed`` when the checkpoint is not what it should be.
    """
    try:
        made = _Camplus(read_checkpoint(checkpoint)).file()
    except BAD_FILE as error:
        raise ModelError("store.build_failed", file=checkpoint.name, problem=str(error)) from error
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE).write_bytes(made)


@dataclass
class _Camplus:
    """Lays the network's layers one after the other; names are those of the checkpoint."""

    weights: Weights
    network: Network = field(default_factory=Network)

    def file(self) -> bytes:
        """Return the ONNX file."""
        steps = self._frames_to_steps(self._picture())
        for number, (layers, reach) in enumerate(BLOCKS, start=1):
            steps = self._block(steps, f"xvector.block{number}", layers, reach)
            steps = self._relu(self._scaled(steps, f"xvector.transit{number}.nonlinear.batchnorm"))
            steps = self._conv(steps, f"xvector.transit{number}.linear")
        steps = self._relu(self._scaled(steps, "xvector.out_nonlinear.batchnorm"))
        dense = self._conv(
            self._statistics(steps), "xvector.dense.linear", "xvector.dense.nonlinear.batchnorm"
        )
        numbers = self.network.node("Flatten", [dense], axis=1)
        shape = ("windows", 1, BANDS, FRAMES)
        return self.network.file({"bands": shape}, numbers, ("windows", NUMBERS))

    def _picture(self) -> str:
        """Add the residual network over bands and frames; return channels x bands as one row of channels."""
        seen = self._relu(self._conv("bands", "head.conv1", "head.bn1"))
        for layer in (1, 2):
            for place, stride in ((0, 2), (1, 1)):
                seen = self._residual(seen, f"head.layer{layer}.{place}", stride)
        seen = self._relu(self._conv(seen, "head.conv2", "head.bn2", stride=2))
        form = self.network.constant(np.array([0, CHANNELS * BANDS // 8, FRAMES], np.int64))
        return self.network.node("Reshape", [seen, form])

    def _residual(self, seen: str, name: str, stride: int) -> str:
        other = self._relu(self._conv(seen, f"{name}.conv1", f"{name}.bn1", stride=stride))
        other = self._conv(other, f"{name}.conv2", f"{name}.bn2")
        if stride > 1:
            seen = self._conv(seen, f"{name}.shortcut.0", f"{name}.shortcut.1", stride=stride)
        return self._relu(self.network.node("Add", [other, seen]))

    def _frames_to_steps(self, frames: str) -> str:
        norm = "xvector.tdnn.nonlinear.batchnorm"
        return self._relu(self._conv(frames, "xvector.tdnn.linear", norm, stride=2))

    def _block(self, steps: str, name: str, layers: int, reach: int) -> str:
        """Add a dense block: every layer sees what all before it found."""
        for number in range(1, layers + 1):
            found = self._masked_layer(steps, f"{name}.tdnnd{number}", reach)
            steps = self.network.node("Concat", [steps, found], axis=1)
        return steps

    def _masked_layer(self, steps: str, name: str, reach: int) -> str:
        """Add a layer whose output is weighed by what the whole window sounds like (context-aware masking)."""
        seen = self._relu(self._scaled(steps, f"{name}.nonlinear1.batchnorm"))
        seen = self._relu(self._conv(seen, f"{name}.linear1", f"{name}.nonlinear2.batchnorm"))
        local = self._conv(seen, f"{name}.cam_layer.linear_local", reach=reach)
        mean = self._mean(seen)
        whole = self.network.node("Add", [mean, mean])  # mean of the window plus mean of the segment
        whole = self._relu(self._conv(whole, f"{name}.cam_layer.linear1"))
        mask = self.network.node("Sigmoid", [self._conv(whole, f"{name}.cam_layer.linear2")])
        return self.network.node("Mul", [local, mask])

    def _statistics(self, steps: str) -> str:
        """Add mean and standard deviation over the window (of a sample: n - 1)."""
        mean = self._mean(steps)
        away = self.network.node("Sub", [steps, mean])
        spread = self._mean(self.network.node("Mul", [away, away]))
        corrected = self.network.constant(np.array([STEPS / (STEPS - 1)]))
        spread = self.network.node("Sqrt", [self.network.node("Mul", [spread, corrected])])
        return self.network.node("Concat", [mean, spread], axis=1)

    def _conv(self, seen: str, name: str, norm: str = "", *, stride: int = 1, reach: int = 1) -> str:
        """Add a convolution that keeps the length, and fold the normalisation that follows it into its weights.

        ``stride`` is that of the first axis: bands of a picture, or frames.
        """
        weight = self.weights[f"{name}.weight"].astype(np.float64)
        bias = self.weights.get(f"{name}.bias", np.zeros(len(weight))).astype(np.float64)
        sizes = weight.shape[2:]
        if norm:
            scale, shift = self._scale_and_shift(norm)
            weight, bias = weight * scale.reshape(-1, 1, *[1] * len(sizes)), bias * scale + shift
        return self.network.node(
            "Conv",
            [seen, self.network.constant(weight), self.network.constant(bias)],
            strides=(stride, 1)[: len(sizes)],
            pads=[size // 2 * reach for size in sizes] * 2,
            dilations=[reach] * len(sizes),
        )

    def _scaled(self, seen: str, norm: str) -> str:
        """Add a normalisation that no convolution precedes."""
        scale, shift = (self.network.constant(each.reshape(-1, 1)) for each in self._scale_and_shift(norm))
        return self.network.node("Add", [self.network.node("Mul", [seen, scale]), shift])

    def _scale_and_shift(self, norm: str) -> tuple[Doubles, Doubles]:
        mean, spread = (self.weights[f"{norm}.running_{each}"].astype(np.float64) for each in ("mean", "var"))
        scale = self.weights.get(f"{norm}.weight", np.ones(len(mean))) / np.sqrt(spread + EPSILON)
        return scale, self.weights.get(f"{norm}.bias", np.zeros(len(mean))) - mean * scale

    def _mean(self, steps: str) -> str:
        return self.network.node("ReduceMean", [steps], axes=(2,), keepdims=1)

    def _relu(self, seen: str) -> str:
        return self.network.node("Relu", [seen])
