//! How far apart two words are, and how far a typing mistake may go.

/// Mistakes forgiven in a word: none below five letters, one from five, two from eight (DOMAIN §13).
pub fn distance_allowed(word: &str) -> usize {
    if !word.chars().all(char::is_alphabetic) {
        return 0;
    }
    match word.chars().count() {
        0..=4 => 0,
        5..=7 => 1,
        _ => 2,
    }
}

/// Whether a word too short to be guessed at (three or four letters) became so by a slip of the finger: a letter left out
/// (`gla`, gula), two swapped (`kpoi`, kopi) or one typed twice (`kopii`). Another letter in its place is another word.
pub fn is_slip(typed: &str, meant: &str) -> bool {
    let typed: Vec<char> = typed.chars().collect();
    let meant: Vec<char> = meant.chars().collect();
    if !is_short(typed.len()) || typed.first() != meant.first() {
        return false;
    }
    if typed.len() + 1 == meant.len() {
        return is_without_one(&typed, &meant);
    }
    if typed.len() == meant.len() {
        let apart: Vec<usize> = (0..typed.len())
            .filter(|at| typed.get(*at) != meant.get(*at))
            .collect();
        return matches!(apart.as_slice(), [one, two]
            if one + 1 == *two && typed.get(*one) == meant.get(*two) && typed.get(*two) == meant.get(*one));
    }
    typed.len() == meant.len() + 1
        && (1..typed.len()).any(|at| {
            typed.get(at) == typed.get(at - 1) && {
                let mut once = typed.clone();
                once.remove(at);
                once == meant
            }
        })
}

/// Whether slips are forgiven in a word of so many letters: shorter ones could be anything, longer ones are guessed at.
pub fn is_short(letters: usize) -> bool {
    (3..=4).contains(&letters)
}

fn is_without_one(shorter: &[char], longer: &[char]) -> bool {
    let same = shorter
        .iter()
        .zip(longer)
        .take_while(|(a, b)| a == b)
        .count();
    shorter.get(same..) == longer.get(same + 1..)
}

/// Letters to insert, drop, replace or swap with their neighbour to get from `a` to `b`; `None` above `max`.
pub fn distance(a: &str, b: &str, max: usize) -> Option<usize> {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    if a.len().abs_diff(b.len()) > max {
        return None;
    }
    // Optimal string alignment over three rows: the one before the last is needed for swaps.
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(b.len() + 1);
        row.push(i + 1);
        let mut least = i + 1;
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX - 1);
            let mut cost = (at(&last, j) + usize::from(x != y))
                .min(at(&last, j + 1) + 1)
                .min(at(&row, j) + 1);
            if i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x) {
                cost = cost.min(at(&before, j - 1) + 1);
            }
            least = least.min(cost);
            row.push(cost);
        }
        if least > max {
            return None;
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().filter(|distance| *distance <= max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swapped_neighbours_count_one() {
        assert_eq!(distance("bears", "beras", 1), Some(1));
        assert_eq!(distance("keripik", "keripik", 0), Some(0));
        assert_eq!(distance("kripk", "keripik", 2), Some(2));
        assert_eq!(distance("", "ab", 2), Some(2));
        assert_eq!(distance("kopi", "keripik", 2), None);
    }

    #[test]
    fn a_slip_is_a_letter_left_out_swapped_or_typed_twice() {
        for (typed, meant) in [
            ("gla", "gula"),
            ("smut", "semut"),
            ("kpoi", "kopi"),
            ("tehh", "teh"),
            ("mdu", "madu"),
        ] {
            assert!(is_slip(typed, meant), "{typed}");
        }
        for (typed, meant) in [
            ("sapu", "sapi"),
            ("gu", "gula"),
            ("gula", "gula"),
            ("ula", "gula"),
            ("kopi", "topi"),
        ] {
            assert!(!is_slip(typed, meant), "{typed}");
        }
    }

    #[test]
    fn short_words_and_figures_are_taken_as_typed() {
        assert_eq!(distance_allowed("teh"), 0);
        assert_eq!(distance_allowed("kopi"), 0);
        assert_eq!(distance_allowed("minyk"), 1);
        assert_eq!(distance_allowed("singkong"), 2);
        assert_eq!(distance_allowed("123456"), 0);
    }
}
