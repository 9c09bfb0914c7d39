use super::*;

/// Makes a graph of commits `0..`, each with its parents by number; parents come before children.
fn graph(parents: &[&[Place]]) -> Graph {
    let mut graph = Graph {
        width: 20,
        ..Graph::default()
    };
    for (at, above) in parents.iter().enumerate() {
        let mut id = [0; 20];
        id[0] = at as u8;
        graph.ids.extend(id);
        graph.trees.extend(id);
        graph.starts.push(graph.parents.len() as u32);
        let heights = above.iter().map(|&it| {
            graph
                .heights
                .get(it as usize)
                .map_or(1, |height| height + 1)
        });
        graph.heights.push(heights.max().unwrap_or(0));
        graph.parents.extend_from_slice(above);
        graph.times.push(0);
        graph.index.add(at as Place, 20, &graph.ids);
    }
    graph.starts.push(graph.parents.len() as u32);
    graph
}

#[test]
fn an_id_leads_to_its_place() {
    let many: Vec<&[Place]> = vec![&[]; 200];
    let graph = graph(&many);
    for place in 0..200 {
        assert_eq!(graph.find(graph.id(place)), Some(place));
    }
    assert_eq!(graph.find(Oid::ZERO_SHA256), None);
}

#[test]
fn a_tip_reaches_itself_and_all_below() {
    let graph = graph(&[&[], &[0], &[0], &[1, 2], &[2]]);
    let reached: Vec<Place> = graph.reach([3]).iter().collect();
    assert_eq!(reached, [0, 1, 2, 3]);
    let mut new = graph.reach([4]);
    new.remove_all(&graph.reach([3]));
    assert_eq!(new.iter().collect::<Vec<_>>(), [4]);
    assert!(graph.is_ancestor(2, 4) && graph.is_ancestor(0, 3) && graph.is_ancestor(3, 3));
    assert!(!graph.is_ancestor(1, 4) && !graph.is_ancestor(4, 3));
}

#[test]
fn merge_bases_are_the_best_common_ancestors() {
    let line = graph(&[&[], &[0], &[1]]);
    assert_eq!(line.merge_bases(2, 0), [0]);
    assert_eq!(line.merge_bases(1, 1), [1]);
    let fork = graph(&[&[], &[0], &[1], &[1], &[2], &[0]]);
    assert_eq!(fork.merge_bases(4, 3), [1]);
    assert_eq!(fork.merge_bases(5, 3), [0]);
    // Both merged the other's first commit.
    let cross = graph(&[&[], &[0], &[0], &[1, 2], &[2, 1]]);
    assert_eq!(cross.merge_bases(3, 4), [2, 1]);
    let apart = graph(&[&[], &[]]);
    assert_eq!(apart.merge_bases(0, 1), [0; 0]);
}

#[test]
fn a_parent_that_is_not_here_is_told() {
    let mut graph = graph(&[&[], &[0]]);
    graph.parents[0] = ABSENT;
    assert!(graph.is_cut(1) && !graph.is_cut(0));
    assert_eq!((graph.first_parent(1), graph.count_parents(1)), (None, 1));
}
