//! Cells: where in a text a pair of units stands, told just exactly enough.
//!
//! A text's units are numbered by cells, in order: a cell is a run of units in which none occurs twice, and neither do any
//! two neighbouring cells hold the same unit. From one unit to the next the cell stays or is the next one; only where a unit follows
//! itself (`常常`) it is the next but one. A pair stands in the cell of its first unit.
//!
//! Then `AB` in cell x and `BC` in cell y are `ABC` exactly if y is x or x + 1 (x + 2 if A is B). For the B of `AB` stands in one
//! of these cells, so does the B of `BC`, and there is only one B in both. And so on for every further unit.
//! Cells hold about seven units of Chinese, so that telling one takes three bits less than telling a place.

use crate::search::units::UnitId;

/// Where each unit was met last; one for each thread, used again for text after text.
#[derive(Debug)]
pub struct Last {
    /// By unit: the text's number, and the place in it. Room for all plain characters at once, which costs nothing while it is
    /// zero.
    met: Vec<[u32; 2]>,
    text: u32,
    /// Places at which the next cell begins; twice the same for the next but one.
    steps: Vec<u32>,
}

impl Default for Last {
    fn default() -> Self {
        Self { met: vec![[0; 2]; 0x1_0000], text: 0, steps: Vec::new() }
    }
}

impl Last {
    /// Numbers the cells of a text's units into `cells`, and calls `first` for each unit that was not met before.
    pub fn number(&mut self, units: &[UnitId], cells: &mut Vec<u32>, mut first: impl FnMut(UnitId)) {
        self.text = self.text.wrapping_add(1);
        if self.text == 0 {
            self.met.fill([0; 2]);
            self.text = 1;
        }
        self.steps.clear();
        for (at, &unit) in units.iter().enumerate() {
            let at = u32::try_from(at).unwrap_or(u32::MAX);
            if self.met.len() <= unit as usize {
                self.met.resize(unit as usize + 1, [0; 2]);
            }
            let [text, before] = std::mem::replace(&mut self.met[unit as usize], [self.text, at]);
            if text == self.text {
                self.part(before, at);
            } else {
                first(unit);
            }
        }
        cells.clear();
        let (mut cell, mut steps) = (0, self.steps.iter().peekable());
        for at in 0..units.len() {
            while steps.next_if(|&&step| step as usize == at).is_some() {
                cell += 1;
            }
            cells.push(cell);
        }
    }

    /// Sees to two steps after `before`, the last of them at `at` at the latest: as late as may be, so that they serve
    /// the units that come next as well.
    fn part(&mut self, before: u32, at: u32) {
        if before + 1 == at {
            // Only here a step is of two cells, and it is no other than two.
            self.steps.extend([at, at]);
            return;
        }
        match self.steps.iter().rev().take(2).filter(|&&step| step > before).count() {
            0 => self.steps.extend([at - 1, at]),
            1 => self.steps.push(at),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn cells(units: &[u32]) -> Vec<u32> {
        let mut cells = Vec::new();
        Last::default().number(units, &mut cells, |_| {});
        cells
    }

    /// What a list of a pair says: its cells in a text.
    fn told(units: &[u32], cells: &[u32], pair: &[u32]) -> BTreeSet<u32> {
        units.windows(2).zip(cells).filter(|(found, _)| *found == pair).map(|(_, &cell)| cell).collect()
    }

    fn is_told(units: &[u32], cells: &[u32], run: &[u32]) -> bool {
        let mut reached = told(units, cells, &run[..2]);
        for at in 1..run.len() - 1 {
            let next = told(units, cells, &run[at..at + 2]);
            let steps = if run[at - 1] == run[at] { 2..=2 } else { 0..=1 };
            reached = next
                .into_iter()
                .filter(|&y| steps.clone().any(|step| y >= step && reached.contains(&(y - step))))
                .collect();
        }
        !reached.is_empty()
    }

    #[test]
    fn a_unit_that_comes_again_is_two_cells_away() {
        assert_eq!(cells(&[1, 2, 3, 4]), [0, 0, 0, 0]);
        assert_eq!(cells(&[1, 2, 1]), [0, 1, 2]);
        assert_eq!(cells(&[1, 1, 1]), [0, 2, 4]);
    }

    proptest! {
        #[test]
        fn neighbouring_cells_hold_no_unit_twice(units in prop::collection::vec(0_u32..9, 0..120)) {
            let cells = cells(&units);
            for (at, pair) in cells.windows(2).enumerate() {
                let step = pair[1] - pair[0];
                prop_assert!(if units[at] == units[at + 1] { step == 2 } else { step <= 1 }, "{cells:?}");
            }
            for a in 0..units.len() {
                for b in a + 1..units.len() {
                    prop_assert!(units[a] != units[b] || cells[b] - cells[a] >= 2, "{units:?} {cells:?}");
                }
            }
        }

        #[test]
        fn what_cells_tell_is_what_the_text_holds(
            units in prop::collection::vec(0_u32..6, 0..60),
            run in prop::collection::vec(0_u32..6, 3..7),
        ) {
            let cells = cells(&units);
            let holds = units.windows(run.len()).any(|window| window == run);
            prop_assert_eq!(is_told(&units, &cells, &run), holds);
            for window in units.windows(run.len()) {
                prop_assert!(is_told(&units, &cells, window));
            }
        }
    }
}
