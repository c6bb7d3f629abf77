"""Training of the diffusion refiner on out-of-fold coarse maps, synthetic damage and perfect maps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from idgbr.refiner.acceptance import boundaries, refinable
from idgbr.refiner.bridge import SIGMA
from idgbr.refiner.codes import CODE_BITS, CODE_ORDER, MAX_CLASSES
from idgbr.refiner.neighbours import OFFSETS
from idgbr.training.calibrate import BAND_WIDTH, is_calibration_place
from idgbr.training.curve_page import CURVES, CurveFile, CurvePage, CurveReader
from idgbr.training.damage import MOVES, damaged, identity, one_hot, pixel_classifier, without_ignored
from idgbr.training.label_states import by_pixel, codes_of, relations_of, shifted
from idgbr.training.labels import BUILDING, IGNORE
from idgbr.training.loop import console, train
from idgbr.training.networks import RefinerNet
from idgbr.training.places import LANDCOVER, Place
from idgbr.training.sampling import Crop, degrade, sample_crop, warp

GSD_RANGE_M = (0.07, 2.0)
#: How often each data set is drawn; `REGIONS` stands for places without sharp labels.
REGIONS = "colour regions"
_FLOOR = 0.02  # least likelihood: a class that lies beyond reach cannot be learned
_BUSY = 0.25  # share of boundary pixels beyond which regions by colour are mere texture
_SHARE = {"landcover_dubai_hitl": 0.28, "buildings_oam_drone": 0.30, "procedural": 0.30, REGIONS: 0.12}
_OTHER_SHARE = 0.30

#: A training sample as arrays, in the order of its batch.
Sample = tuple[NDArray[Any], ...]


class Batch(NamedTuple):
    """Tensors of one step; N samples, S px.

    image (N, bands, S, S) 0…1; labels (N, S, S) index of class or `IGNORE`; source (N, 5, S, S) coarse probabilities, 0
    for classes that take no part; table (N, 5, 4) their codes; weight (N, S, S).
    """

    image: Tensor
    labels: Tensor
    source: Tensor
    table: Tensor
    weight: Tensor


def deal_codes(classes: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Codes (classes, 4) dealt at random: `CODE_ORDER` with its bits permuted and flipped, its classes shuffled."""
    bits = (np.array(CODE_ORDER[:classes])[:, None] >> np.arange(CODE_BITS)) & 1
    if rng.random() < 0.3:
        bits = (rng.permutation(MAX_CLASSES)[:classes, None] >> np.arange(CODE_BITS)) & 1
    bits = bits[rng.permutation(classes)][:, rng.permutation(CODE_BITS)] ^ rng.integers(0, 2, CODE_BITS)
    return (2.0 * bits - 1.0).astype(np.float32)


def coarse_map(
    place: Place, crop: Crop, labels: NDArray[np.uint8], classes: int, single: int | None, rng: np.random.Generator
) -> NDArray[np.float32]:
    """A coarse map (S, S, classes) for the crop: damaged truth, out of fold, from a pixel classifier, or perfect.

    `labels` hold classes of `place`, or whether a pixel is of class `single`.
    """
    truth = without_ignored(labels)
    draw = rng.random()
    if draw < 0.15:
        return identity(truth, classes, rng)
    if draw < 0.24:
        found = pixel_classifier(crop.image, truth, classes, rng)
    elif draw < 0.44 and place.coarse:
        found = cut_out_of_fold(place, crop, single, rng)
    else:
        return damaged(truth, classes, rng)
    if rng.random() < 0.5:
        found = right_inside(found, truth, classes, float(rng.uniform(6, 24)))
    if rng.random() < 0.4:
        found = one_hot(found.argmax(2).astype(np.uint8), classes)
    return found


def cut_out_of_fold(place: Place, crop: Crop, single: int | None, rng: np.random.Generator) -> NDArray[np.float32]:
    """Stored out-of-fold probabilities on the crop's grid, sharpened or softened at random."""
    choices = sorted(place.coarse)
    key = choices[rng.integers(len(choices))]
    stored = warp(place.coarse[key], crop.to_place, crop.image.shape[0], place.gsd_m / key[1]).astype(np.float32)
    stored /= np.float32(255.0)
    if single is not None:
        stored = np.stack([1.0 - stored[..., single], stored[..., single]], 2)
    stored = np.maximum(stored, 1e-3) ** np.float32(np.exp(rng.normal(0, 0.4)))
    return np.asarray(stored / stored.sum(2, keepdims=True), np.float32)


def right_inside(
    found: NDArray[np.float32], truth: NDArray[np.uint8], classes: int, reach: float
) -> NDArray[np.float32]:
    """`found` near true boundaries, truth farther than `reach` px from them.

    Whole objects that a coarse network missed cannot be corrected at their boundary: they would only teach uncertainty.
    """
    distance = cv2.distanceTransform((~boundaries(truth)).astype(np.uint8), cv2.DIST_L2, 5)
    keep = np.clip((reach - distance) / np.float32(4.0) + np.float32(0.5), 0, 1)[..., None]
    return np.asarray(keep * found + (1 - keep) * one_hot(truth, classes), np.float32)


def boundary_weight(
    labels: NDArray[np.uint8], coarse: NDArray[np.uint8], certainty: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Loss weight (S, S): 1 at true or coarse boundaries, falling with distance; hardly any where nothing may change.

    At run time only pixels near coarse boundaries and doubtful ones can change (`idgbr.refiner.acceptance.refinable`).
    """
    edges = boundaries(labels) | boundaries(coarse)
    distance = cv2.distanceTransform((~edges).astype(np.uint8), cv2.DIST_L2, 5)
    weight = 0.25 + 0.75 * np.exp(-((distance / 4.0) ** 2))
    # Twice the usual band: it widens where the coarse map is coarser than the image.
    weight[~refinable(coarse, certainty, 2 * BAND_WIDTH)] *= 0.05
    return np.asarray(weight * (labels != IGNORE), np.float32)


def colour_regions(image: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Labels (S, S) of up to 5 classes by colour alone, from the smoothed image: their boundaries lie on image edges.

    Where no sharp labels exist, these teach on real textures that boundaries follow the image, whatever the classes.
    """
    smooth = cv2.bilateralFilter(image, 9, float(rng.uniform(20, 60)), float(rng.uniform(2, 5)))
    smooth = cv2.medianBlur(smooth, int(rng.choice([5, 7, 9])))
    colours = smooth.reshape(-1, 3).astype(np.float32)
    count = int(rng.integers(2, len(LANDCOVER) + 1))
    centres = colours[rng.choice(len(colours), count, replace=False)]
    for _ in range(6):
        nearest = ((colours[::7, None] - centres) ** 2).sum(2).argmin(1)
        centres = np.stack([colours[::7][nearest == k].mean(0) if (nearest == k).any() else centres[k]
                            for k in range(count)])  # fmt: skip
    labels = ((colours[:, None] - centres) ** 2).sum(2).argmin(1).reshape(image.shape[:2]).astype(np.uint8)
    return np.asarray(cv2.medianBlur(labels, int(rng.choice([5, 7, 9]))), np.uint8)


def labels_and_map(
    place: Place, crop: Crop, coarse_map: Callable[..., NDArray[np.float32]], rng: np.random.Generator, *,
    least_known: int, easy: bool,
) -> tuple[NDArray[np.uint8], NDArray[np.float32]] | None:  # fmt: skip
    """Labels (S, S) of a crop, of all classes or of one against the rest, and a coarse map (S, S, classes) of them.

    None if fewer than `least_known` pixels are known, or no boundary is. `easy` maps have only moved boundaries,
    others are made by `coarse_map`.
    """
    labels, classes, single = crop.labels, len(LANDCOVER), None
    if not place.sharp_labels:
        labels = colour_regions(crop.image, rng)
        if boundaries(labels).mean() > _BUSY:
            return None
    elif not place.full_labels or rng.random() < 0.5:
        present = np.unique(labels[labels < len(LANDCOVER)])
        single = int(rng.choice(present)) if place.full_labels and present.size else BUILDING
        labels = np.where(labels == IGNORE, IGNORE, (labels == single).astype(np.uint8)).astype(np.uint8)
        classes = 2
    valid = labels[labels != IGNORE]
    if valid.size < least_known or (valid == valid[0]).all():
        return None
    if easy:
        return labels, MOVES[rng.integers(len(MOVES))](without_ignored(labels), classes, rng)
    known = place if place.sharp_labels else replace(place, coarse={})
    return labels, coarse_map(known, crop, labels, classes, single, rng)


def make_sample(place: Place, size: int, rng: np.random.Generator, *, easy: bool = False) -> Sample | None:
    """One training sample as arrays in the order of `Batch`, or None if the crop has no boundary.

    `easy` samples have sharp labels, an unchanged image, and a coarse map with only moved boundaries.
    """
    crop = sample_crop(place, size, rng, gsd_range=GSD_RANGE_M, prefer_coarse=True)
    pair = labels_and_map(place, crop, coarse_map, rng, least_known=crop.labels.size // 2, easy=easy)
    if pair is None:
        return None
    coded = with_codes(*pair, rng)
    image = degrade(crop.image, rng) if not easy and rng.random() < 0.6 else crop.image
    return image, *coded


def with_codes(labels: NDArray[np.uint8], probabilities: NDArray[np.float32], rng: np.random.Generator) -> Sample:
    """Labels (S, S) and a coarse map (S, S, classes) as a sample holds them: all fields of `Batch` but the image."""
    most, classes = len(LANDCOVER), probabilities.shape[2]
    table = np.zeros((most, CODE_BITS), np.float32)
    table[:classes] = deal_codes(classes, rng)
    source = np.zeros((most, *labels.shape), np.float32)
    source[:classes] = np.moveaxis(probabilities, 2, 0)
    weight = boundary_weight(labels, probabilities.argmax(2).astype(np.uint8), probabilities.max(2))
    return labels, source, table, weight


def collated(samples: Sequence[Sample]) -> Batch:
    """Samples, arrays in the order of `Batch` with images (S, S, bands) uint8, as tensors."""
    return Batch(*stacked(samples))


def stacked(samples: Sequence[Sample]) -> list[Tensor]:
    """Each array of the samples stacked as a tensor; the first, images (S, S, bands) uint8, as float 0…1."""
    tensors = [torch.from_numpy(np.ascontiguousarray(np.stack(column))) for column in zip(*samples, strict=True)]
    image = tensors[0].permute(0, 3, 1, 2).float() / 255.0
    return [image.contiguous(memory_format=torch.channels_last), *tensors[1:]]


def transport_loss(weights: Tensor, source: Tensor, batch: Batch) -> Tensor:
    """Weighted negative log-likelihood of the true classes after transport of `source` (N, 5, S, S)."""
    labels = torch.where(batch.labels < source.shape[1], batch.labels, 0).long()[:, None]
    truth = torch.stack([shifted(source, int(r), int(c)).gather(1, labels)[:, 0] for r, c in OFFSETS], 1)
    likelihood = (by_pixel(weights).float().softmax(1) * truth).sum(1)
    return -((likelihood * (1 - _FLOOR) + _FLOOR).log() * batch.weight).sum() / (batch.weight.sum() + 1.0)


@torch.no_grad()
def transported(weights: Tensor, source: Tensor) -> Tensor:
    """`idgbr.refiner.transport.transport` of a batch, everywhere; (N, 5, S, S)."""
    share = by_pixel(weights).float().softmax(1)
    out = torch.zeros_like(source)
    for j, (row, col) in enumerate(OFFSETS):
        out += share[:, j : j + 1] * shifted(source, int(row), int(col))
    return out


def bridge_state(clean: Tensor, coarse: Tensor, time: Tensor, sigma: float) -> Tensor:
    """State of the bridge (`idgbr.refiner.bridge`) with fresh noise; time (N,)."""
    t = time[:, None, None, None]
    return (1 - t) * clean + t * coarse + sigma * (t * (1 - t)).sqrt() * torch.randn_like(clean)


def guided(net: nn.Module, batch: Batch) -> tuple[RefinerNet, Tensor, Tensor, tuple[Tensor, Tensor]]:
    """The network, coarse codes (N, 4, S, S), their relations (N, 12, S, S), and the guidance from them."""
    assert isinstance(net, RefinerNet)
    codes = codes_of(batch.source, batch.table)
    related = relations_of(codes)
    return net, codes, related, net.guidance(batch.image, related, batch.source.amax(1, keepdim=True))


def refiner_loss(net: nn.Module, batch: Batch, sigma: float = SIGMA) -> Tensor:
    """Loss at t = 1, and for a quarter of the batches at an earlier time too.

    The earlier state and its source are what the network itself made of the coarse map, never the truth: at run time
    it meets its own mistakes, and must not learn to trust a state that knows the answer.
    """
    net, codes, related, guidance = guided(net, batch)
    weights = net.denoiser(related, torch.ones(len(codes), device=codes.device), *guidance)
    loss = transport_loss(weights, batch.source, batch)
    if torch.rand(()) < 0.75:
        return loss
    own = transported(weights.detach(), batch.source)
    time = torch.rand(len(codes), device=codes.device) * 0.9 + 0.05
    state = relations_of(bridge_state(codes_of(own, batch.table), codes, time, sigma))
    return 0.5 * loss + 0.5 * transport_loss(net.denoiser(state, time, *guidance), own, batch)


def train_refiner(
    places: Sequence[Place], *, easy_steps: int, steps: int, folder: Path, name: str = "refiner", seed: int = 7,
    batch: int = 8, size: int = 128, learning_rate: float = 2e-3,
    loss: Callable[[nn.Module, Batch], Tensor] = refiner_loss, bands: int = 3,
) -> RefinerNet:  # fmt: skip
    """Train the refiner on places with sharp labels; resumes from its checkpoint.

    `easy_steps` on easy samples come before `steps` on all kinds of damage. With all kinds from the start, the network
    takes ten times as long to learn that boundaries follow the image. `loss` is that of the diffusion process;
    benchmarks pass others. `bands` is the number of bands of all places.
    """
    torch.manual_seed(seed)  # of the weights to begin with
    net = RefinerNet(bands)
    page = curve_page(folder, name, easy_steps, steps)
    for stage, count, easy in ((f"{name}_start", easy_steps, True), (name, steps, False)):
        weights = folder / f"{stage}.safetensors"
        if weights.exists():
            net.load_state_dict(load_file(weights))
            continue
        trained = train(
            net, batches(places, batch, size, easy=easy), loss, steps=count, folder=folder, name=stage,
            learning_rate=learning_rate, seed=seed, watch=lambda _net, _step: page.update(),
        )  # fmt: skip
        assert isinstance(trained, RefinerNet)
        net = trained
        save_file({k: v.contiguous() for k, v in net.state_dict().items()}, weights)
    page.end()
    return net.eval()


def curve_page(folder: Path, name: str, easy_steps: int, steps: int) -> CurvePage:
    """The page with the loss of the training in a run folder, said on the console; easy samples come first."""
    losses = [CurveFile(folder / f"{name}_start.csv"), CurveFile(folder / f"{name}.csv", first=easy_steps)]
    page = CurvePage(folder / CURVES, "a refiner", CurveReader(lambda: easy_steps + steps, losses))
    console.print(f"{page.path} shows the loss of the training; open it in a browser", highlight=False)
    return page


def batches(places: Sequence[Place], batch: int, size: int, *, easy: bool) -> Callable[[np.random.Generator], Batch]:
    """A function that draws a batch with a random generator."""

    def sample(place: Place, rng: np.random.Generator) -> Sample | None:
        return make_sample(place, size, rng, easy=easy)

    draw = sample_pools(places, _SHARE, sample, batch, easy=easy)
    return lambda rng: collated(draw(rng))


def sample_pools(
    places: Sequence[Place], shares: Mapping[str, float], make: Callable[[Place, np.random.Generator], Sample | None],
    count: int, *, easy: bool,
) -> Callable[[np.random.Generator], list[Sample]]:  # fmt: skip
    """A function that draws `count` samples with a random generator.

    A data set is drawn by its share, and in it a place by its side. Places for calibration are left out; `easy` leaves
    out those without sharp labels.
    """
    groups: dict[str, list[Place]] = {}
    for place in places:
        if not is_calibration_place(place) and (place.sharp_labels or not easy):
            groups.setdefault(place.dataset if place.sharp_labels else REGIONS, []).append(place)
    share = np.array([shares.get(d, _OTHER_SHARE) for d in groups])
    share /= share.sum()
    pools = list(groups.values())
    sides = [np.array([np.sqrt(p.labels.size) for p in pool]) for pool in pools]

    def draw(rng: np.random.Generator) -> list[Sample]:
        samples: list[Sample] = []
        while len(samples) < count:
            number = int(rng.choice(len(pools), p=share))
            place = pools[number][int(rng.choice(len(pools[number]), p=sides[number] / sides[number].sum()))]
            if sample := make(place, rng):
                samples.append(sample)
        return samples

    return draw
