"""What a full training is: architecture, steps, batches. Separate from the training, which needs torch."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SegmentConfig:
    """A full training.

    Attributes:
        architecture: A name in `idgbr.parameters.own_models.ARCHITECTURES`.
        prior: Folder of a model of kind prior, for diff-hrnet.
        width: Channels of the finest branch of HRNet.
        steps: Most steps of the optimizer.
        minutes: Most minutes of training; 0: no limit. Steps are planned to fit, so that the learning rate ends low.
        batch: Crops of a step; fewer if memory runs out.
        size: Side of a crop in px, a multiple of 32.
        learning_rate: Highest learning rate; pre-trained layers have a sixth of it.
        class_weights: Whether rare classes weigh more in the loss, by the root of their frequency.
        validation: Share of the labels that is set aside.
        looks: Looks at the validation blocks over all steps.
        patience: Looks without a better mIoU after which the training ends, in its second half.
        seed: Seed of crops, weights and split.
    """

    architecture: str = "backbone"
    prior: str | None = None
    width: int = 18
    steps: int = 4000
    minutes: float = 0.0
    batch: int = 8
    size: int = 256
    learning_rate: float = 1e-3
    class_weights: bool = True
    validation: float = 0.2
    looks: int = 20
    patience: int = 6
    seed: int = 1
