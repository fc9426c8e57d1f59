//! Which limit groups a node asks for and which it lets go, so that the nodes of an installation share them evenly. Pure.

use std::collections::{BTreeMap, BTreeSet};

/// Who holds what at the moment, as the database says.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// The nodes that send, this one among them.
    pub nodes: BTreeSet<String>,
    /// Each limit group that is held, and by whom.
    pub holders: BTreeMap<String, String>,
}

/// What a node does about the limit groups that there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// To renew, or to take because nobody holds them.
    pub ask: Vec<String>,
    /// To let go as soon as nothing of them is on the wire; part of what is asked for until then.
    pub leave: BTreeSet<String>,
}

impl Standing {
    fn held_by<'a>(&'a self, node: &'a str, groups: &'a BTreeSet<String>) -> impl Iterator<Item = &'a String> {
        groups.iter().filter(move |group| self.holders.get(*group).is_some_and(|holder| holder == node))
    }

    /// The share of `node` in these groups. It keeps what it holds unless another node has at least two fewer.
    pub fn share_of(&self, node: &str, groups: &BTreeSet<String>) -> Share {
        let mut ask: Vec<String> = self.held_by(node, groups).cloned().collect();
        let fewest = self.nodes.iter().map(|one| self.held_by(one, groups).count()).min().unwrap_or_default();
        let fair = groups.len().div_ceil(self.nodes.len().max(1));
        let uneven = usize::from(ask.len() >= fewest + 2);
        let too_many = ask.len().saturating_sub(fair).max(uneven);
        let leave = ask.iter().rev().take(too_many).cloned().collect();
        let free = groups.iter().filter(|group| !self.holders.contains_key(*group));
        let wanted = fair.saturating_sub(ask.len());
        ask.extend(free.take(wanted).cloned());
        Share { ask, leave }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn names(prefix: &str, count: usize) -> BTreeSet<String> {
        (0..count).map(|number| format!("{prefix}{number:02}")).collect()
    }

    fn counts(standing: &Standing) -> Vec<usize> {
        standing.nodes.iter().map(|node| standing.holders.values().filter(|one| *one == node).count()).collect()
    }

    /// Each node in turn lets go and takes, as it would with its next renewals.
    fn settle(standing: &mut Standing, groups: &BTreeSet<String>) {
        for _ in 0..2 * groups.len() + 2 {
            for node in standing.nodes.clone() {
                let share = standing.share_of(&node, groups);
                for group in share.ask {
                    standing.holders.entry(group).or_insert_with(|| node.clone());
                }
                for group in share.leave {
                    standing.holders.remove(&group);
                }
            }
        }
    }

    proptest! {
        #[test]
        fn every_group_finds_a_holder_and_no_node_has_two_more_than_another(
            groups in 0..12usize,
            nodes in 1..5usize,
            held in prop::collection::vec(0..6usize, 12),
        ) {
            let (groups, nodes) = (names("group", groups), names("node", nodes));
            let everyone: Vec<String> = nodes.iter().cloned().collect();
            let holders = groups.iter().zip(&held).filter_map(|(group, at)| Some((group.clone(), everyone.get(*at)?.clone())));
            let mut standing = Standing { holders: holders.collect(), nodes };
            settle(&mut standing, &groups);
            prop_assert_eq!(standing.holders.len(), groups.len());
            let counts = counts(&standing);
            prop_assert!(counts.iter().max().unwrap() - counts.iter().min().unwrap() <= 1, "{:?}", counts);
        }
    }

    #[test]
    fn a_lone_node_keeps_everything_and_lets_nothing_go() {
        let groups = names("group", 5);
        let standing = Standing { nodes: names("node", 1), holders: BTreeMap::new() };
        let share = standing.share_of("node00", &groups);
        assert_eq!(share, Share { ask: groups.into_iter().collect(), leave: BTreeSet::new() });
    }

    #[test]
    fn what_another_node_holds_is_not_asked_for() {
        let groups = names("group", 2);
        let holders = BTreeMap::from([("group00".to_owned(), "node01".to_owned())]);
        let standing = Standing { nodes: names("node", 2), holders };
        assert_eq!(standing.share_of("node00", &groups).ask, ["group01"]);
    }
}
