"""A job gives one result, in whatever way it is run."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from idgbr.checkpoint import journal
from tests.backend.engine_cases import CASES, ENGINES, Case, Result, previewed


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Case]:
    """The jobs by name, whose files are made once."""
    return cache(lambda name: CASES[name](tmp_path_factory.mktemp(name)))


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Case], Result]:
    """What a job gives that is run in this process, undisturbed."""
    found: dict[str, Result] = {}

    def result(case: Case) -> Result:
        if case.job not in found:
            found[case.job] = case.run(tmp_path_factory.mktemp("expected"))
        return found[case.job]

    return result


@pytest.fixture
def prepared(cases: Callable[[str], Case], monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Case]:
    """A job by name; its models are found, its journal does not pause, and networks use one thread."""

    def prepare(name: str) -> Case:
        case = cases(name)
        monkeypatch.setenv("IDGBR_MODELS", str(case.models))
        monkeypatch.setenv("IDGBR_THREADS", "1")
        monkeypatch.setattr(journal, "SYNC_INTERVAL_S", 0.0)
        return case

    return prepare


@pytest.mark.parametrize("job", CASES)
@pytest.mark.parametrize("engine", ENGINES)
def test_each_engine_gives_the_bytes_of_a_local_run(
    prepared: Callable[[str], Case], expected: Callable[[Case], Result], engine: str, job: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    if engine == "cluster":
        pytest.importorskip("distributed", reason="Dask is not installed (the extra idgbr[cluster])")
    case = prepared(job)
    wanted = expected(case)
    found = ENGINES[engine](case, tmp_path / engine, monkeypatch)
    assert found.summary == wanted.summary
    assert found.summary["changed_pixels"] > 0
    assert found.summary["polygons"] >= 2
    assert found.layer == wanted.layer
    assert found.rasters == wanted.rasters


@pytest.mark.parametrize("job", ["segment", "refine"])
def test_the_preview_shows_the_pixels_of_the_jobs(prepared: Callable[[str], Case], job: str, tmp_path: Path) -> None:
    shown, made = previewed(prepared(job), tmp_path / "preview")
    assert shown.keys() == {"COARSE", "REFINED"}
    assert shown == made
    assert shown["COARSE"] != shown["REFINED"]
