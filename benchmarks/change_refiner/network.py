"""The refiner's network over two dates, which meet at each scale of the guidance network.

Image and map meet in the first convolution of the guidance network, whose linear filters say nothing of what differs
between two dates. So its way down is run on both dates with shared weights, each with the map, and what it gives is
fused at its four scales; the way up, the denoiser and its steps follow once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import torch
from torch import Tensor, nn

from idgbr.training.networks import GuidanceNet, RefinerNet
from idgbr.training.scn import TemporalFusion

WIDTHS = (32, 64, 96, 128)
#: What the weights of the fusions are called, within `PairRefinerNet`.
_NEW = "guidance.dates."


class DateFusion(nn.Module):
    """What the other date adds to the features of the one in which the object stands.

        V + γ·(TFM(V, O) − TFM(V, V)), γ = 0 to begin with

    Equal dates give V exactly, whatever the weights; untrained, any two dates do. The mean of both dates in place of V
    would begin with double exposures, which a trained refiner has never seen.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.fuse = TemporalFusion(channels)
        self.gamma = nn.Parameter(torch.zeros(channels, 1, 1))

    def forward(self, both: Tensor) -> Tensor:
        """Features of both dates (2N, C, H, W), all of the visible date first, as those of one, (N, C, H, W)."""
        visible, _ = both.chunk(2)
        fused: Tensor = visible + self.gamma * (self.fuse(both) - self.fuse(torch.cat([visible, visible])))
        return fused


class PairGuidanceNet(GuidanceNet):
    """`GuidanceNet` of two dates: image (N, 2·bands, H, W), the date in which the object stands before the other."""

    def __init__(self, bands: int, widths: Sequence[int]) -> None:
        super().__init__(bands, widths)
        self.dates = nn.ModuleList(DateFusion(width) for width in widths)

    def forward(self, image: Tensor, related: Tensor, certainty: Tensor) -> tuple[Tensor, Tensor]:
        """Guidance features at strides 2 and 4."""
        both = (torch.cat(image.chunk(2, 1)), *(torch.cat([x, x]) for x in (related, certainty)))
        return self.decode([fuse(x) for fuse, x in zip(self.dates, self.encode(*both), strict=True)])


class PairRefinerNet(RefinerNet):
    """`RefinerNet` of two dates."""

    def __init__(self, bands: int = 3, widths: Sequence[int] = WIDTHS) -> None:
        super().__init__(bands, widths)
        self.guidance = PairGuidanceNet(bands, widths)

    def load_refiner(self, weights: Mapping[str, Tensor]) -> None:
        """Take over the weights of a refiner of one image; those of the fusions stay. Raises ValueError."""
        missing, unexpected = self.load_state_dict(weights, strict=False)
        wrong = [*unexpected, *(name for name in missing if not name.startswith(_NEW))]
        if wrong:
            raise ValueError(f"not the weights of a refiner of this size: {wrong[0]}")

    def fusions(self) -> Iterator[nn.Parameter]:
        """The weights that a refiner of one image does not have."""
        return (value for name, value in self.named_parameters() if name.startswith(_NEW))
