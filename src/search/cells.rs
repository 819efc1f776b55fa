//! Cells: positions in a text that are just exact enough to tell whether pairs of units follow each
//! other.
//!
//! The units of a text are numbered by cells, in order. No unit occurs twice in a cell or in two
//! neighbouring cells. From one unit to the next the cell's number stays the same or increases by
//! 1; where a unit follows itself (`常常`) it increases by 2. The cell of a pair is that of its
//! first unit.
//!
//! Let `AB` be in cell x and `BC` in cell y. Then they are `ABC` exactly if y is x or x + 1 (x + 2
//! if A is B): the B of `AB` is in one of these cells, the B of `BC` too, and both cells together
//! hold only one B. The same is true for every further unit.
//!
//! A cell holds about seven units of Chinese, so that a cell takes three bits less than a position.

use crate::search::units::UnitId;

/// Numbers the cells of texts. Each thread has one and uses it for text after text.
#[derive(Debug)]
pub struct CellNumbering {
    /// The last occurrence of each unit: the text's number, and the index in its units. Allocated
    /// for all plain characters at once, which costs no memory as long as it is zero.
    last: Vec<[u32; 2]>,
    /// The current text's number, from 1.
    text: u32,
    /// Indices of the units at which the cell's number increases by 1. An index that occurs twice
    /// increases it by 2.
    steps: Vec<u32>,
}

impl Default for CellNumbering {
    fn default() -> Self {
        Self { last: vec![[0; 2]; 0x1_0000], text: 0, steps: Vec::new() }
    }
}

impl CellNumbering {
    /// Writes the cell of each unit of a text to `cells`, and calls `first` with each unit at its
    /// first occurrence.
    pub fn number_cells(&mut self, units: &[UnitId], cells: &mut Vec<u32>, mut first: impl FnMut(UnitId)) {
        self.text = self.text.wrapping_add(1);
        if self.text == 0 {
            self.last.fill([0; 2]);
            self.text = 1;
        }
        self.steps.clear();
        for (at, &unit) in units.iter().enumerate() {
            let at = u32::try_from(at).unwrap_or(u32::MAX);
            if self.last.len() <= unit as usize {
                self.last.resize(unit as usize + 1, [0; 2]);
            }
            let [text, before] = std::mem::replace(&mut self.last[unit as usize], [self.text, at]);
            if text == self.text {
                self.separate(before, at);
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

    /// Puts the two occurrences of a unit two cells apart: adds the steps that are missing between
    /// `before` and `at`, as late as possible, so that they separate the next repeated units as
    /// well.
    fn separate(&mut self, before: u32, at: u32) {
        if before + 1 == at {
            // A unit that follows itself: the only step of two cells, and always of two.
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
        CellNumbering::default().number_cells(units, &mut cells, |_| {});
        cells
    }

    /// The cells of a pair, as its list has them.
    fn cells_of(units: &[u32], cells: &[u32], pair: &[u32]) -> BTreeSet<u32> {
        units.windows(2).zip(cells).filter(|(found, _)| *found == pair).map(|(_, &cell)| cell).collect()
    }

    /// True if the cells of its pairs say that the text holds a run.
    fn cells_hold(units: &[u32], cells: &[u32], run: &[u32]) -> bool {
        let mut reached = cells_of(units, cells, &run[..2]);
        for at in 1..run.len() - 1 {
            let next = cells_of(units, cells, &run[at..at + 2]);
            let steps = if run[at - 1] == run[at] { 2..=2 } else { 0..=1 };
            reached = next
                .into_iter()
                .filter(|&y| steps.clone().any(|step| y >= step && reached.contains(&(y - step))))
                .collect();
        }
        !reached.is_empty()
    }

    #[test]
    fn a_repeated_unit_is_two_cells_away() {
        assert_eq!(cells(&[1, 2, 3, 4]), [0, 0, 0, 0]);
        assert_eq!(cells(&[1, 2, 1]), [0, 1, 2]);
        assert_eq!(cells(&[1, 1, 1]), [0, 2, 4]);
    }

    proptest! {
        #[test]
        fn no_unit_occurs_twice_in_neighbouring_cells(units in prop::collection::vec(0_u32..9, 0..120)) {
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
        fn cells_hold_exactly_the_runs_of_the_text(
            units in prop::collection::vec(0_u32..6, 0..60),
            run in prop::collection::vec(0_u32..6, 3..7),
        ) {
            let cells = cells(&units);
            let holds = units.windows(run.len()).any(|window| window == run);
            prop_assert_eq!(cells_hold(&units, &cells, &run), holds);
            for window in units.windows(run.len()) {
                prop_assert!(cells_hold(&units, &cells, window));
            }
        }
    }
}
