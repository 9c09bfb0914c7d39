//! History's shape in a file, so that the next audit reads only what is new. Commits never change: what the file holds
//! stays true, and what it lacks is read from the objects.

use std::io;
use std::path::Path;

use super::ABSENT;
use super::index::Index;
use super::read::Found;
use crate::git::summed::{self, Head};

/// The form of the file.
const HEAD: &Head = b"pddgrph3";

/// Reads the file; none where it is not there, damaged, or of ids of another length than `width`.
pub(super) fn read(path: &Path, width: usize) -> Option<Found> {
    let data = summed::read(path, HEAD)?;
    let mut rest = data.as_slice();
    let [wide, commits, links] = std::array::from_fn(|_| number(&mut rest));
    let (commits, links) = (commits?, links?);
    if wide? != width {
        return None;
    }
    let mut part = |count: usize, each: usize| part(&mut rest, count.checked_mul(each)?);
    let ids = part(commits, width)?.to_vec();
    let trees = part(commits, width)?.to_vec();
    let starts = part(commits, 4)?.as_chunks().0;
    let parents = part(links, 4)?.as_chunks().0;
    let times = part(commits, 8)?.as_chunks().0;
    let starts: Vec<u32> = starts.iter().map(|it| u32::from_le_bytes(*it)).collect();
    let parents: Vec<u32> = parents.iter().map(|it| u32::from_le_bytes(*it)).collect();
    let is_place = |&place: &u32| place == ABSENT || (place as usize) < commits;
    let is_sound = starts.is_sorted()
        && starts.last().is_none_or(|&last| last as usize <= links)
        && parents.iter().all(is_place);
    is_sound.then(|| Found {
        width,
        index: Index::of(width, &ids),
        ids,
        trees,
        starts,
        parents,
        times: times.iter().map(|it| i64::from_le_bytes(*it)).collect(),
    })
}

/// Writes the file.
///
/// # Errors
/// The folder is not there, or cannot be written to.
pub(super) fn write(path: &Path, found: &Found) -> io::Result<()> {
    let mut data = Vec::new();
    for count in [found.width, found.times.len(), found.parents.len()] {
        data.extend((count as u64).to_le_bytes());
    }
    data.extend(&found.ids);
    data.extend(&found.trees);
    data.extend(found.starts.iter().flat_map(|it| it.to_le_bytes()));
    data.extend(found.parents.iter().flat_map(|it| it.to_le_bytes()));
    data.extend(found.times.iter().flat_map(|it| it.to_le_bytes()));
    summed::write(path, HEAD, &data)
}

fn number(rest: &mut &[u8]) -> Option<usize> {
    let (first, after) = rest.split_first_chunk::<8>()?;
    *rest = after;
    usize::try_from(u64::from_le_bytes(*first)).ok()
}

fn part<'d>(rest: &mut &'d [u8], length: usize) -> Option<&'d [u8]> {
    let (first, after) = rest.split_at_checked(length)?;
    *rest = after;
    Some(first)
}
