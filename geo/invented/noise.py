"""Smooth chance: fields that wander like nature and never like dice."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Noise:
    """A smooth random field of mean 0 and standard deviation 1: a sum of plane waves.

    `waves` has shape (n, 2), radians per kilometre; `phases` shape (n,).
    """

    waves: Field
    phases: Field

    @classmethod
    def of_length(cls, km: float, rng: np.random.Generator, n: int = 48) -> "Noise":
        """Draw a field whose bumps are about `km` wide."""
        turn = rng.uniform(0.0, 2 * np.pi, n)
        rate = 2 * np.pi / (km * rng.uniform(0.7, 2.2, n))
        waves = np.column_stack([rate * np.cos(turn), rate * np.sin(turn)])
        return cls(waves, rng.uniform(0.0, 2 * np.pi, n))

    def at(self, xy: Field) -> Field:
        """Return the field at places `xy`, shape (n, 2): shape (n,)."""
        total: Field = np.zeros(len(xy))
        for wave, phase in zip(self.waves, self.phases, strict=True):
            total += np.cos(xy @ wave + phase)
        # Rounded, so that the last bit of a processor's cosine decides nothing.
        rounded: Field = np.round(total * np.sqrt(2 / len(self.phases)), 6)
        return rounded
