#![expect(clippy::unwrap_used, reason = "a test may stop")]

use super::*;

fn dag(seconds: &[f64], after: &[&[usize]]) -> Result<Dag, DagError> {
    let nodes = seconds
        .iter()
        .enumerate()
        .map(|(at, &s)| (char::from(b'a' + at as u8).to_string(), s))
        .collect();
    Dag::new(nodes, after.iter().map(|list| list.to_vec()).collect())
}

#[test]
fn a_cycle_is_named_along_its_path() {
    let error = dag(&[1.0; 4], &[&[], &[3, 0], &[1], &[2]]).unwrap_err();
    assert_eq!(
        error,
        DagError::Cycle {
            path: ["b", "c", "d", "b"].map(String::from).to_vec()
        }
    );
    assert!(error.to_string().contains("b -> c -> d -> b"), "{error}");
}

#[test]
fn what_hangs_behind_a_cycle_is_not_named() {
    let error = dag(&[1.0; 3], &[&[2], &[2], &[1]]).unwrap_err();
    assert_eq!(
        error,
        DagError::Cycle {
            path: ["b", "c", "b"].map(String::from).to_vec()
        }
    );
}

#[test]
fn wrong_input_is_refused_by_name() {
    assert_eq!(
        dag(&[1.0], &[&[0]]).unwrap_err(),
        DagError::SelfLoop { task: "a".into() }
    );
    assert_eq!(
        dag(&[1.0], &[&[7]]).unwrap_err(),
        DagError::OutOfRange {
            task: "a".into(),
            index: 7,
            tasks: 1
        }
    );
    assert_eq!(
        dag(&[-1.0], &[&[]]).unwrap_err(),
        DagError::Seconds {
            task: "a".into(),
            seconds: -1.0
        }
    );
    assert!(matches!(
        dag(&[f64::NAN], &[&[]]),
        Err(DagError::Seconds { .. })
    ));
    assert!(matches!(
        dag(&[f64::INFINITY], &[&[]]),
        Err(DagError::Seconds { .. })
    ));
    assert!(matches!(
        dag(&[1.0], &[]),
        Err(DagError::Length {
            found: 0,
            tasks: 1,
            ..
        })
    ));
    let twice = Dag::new(
        vec![("x".into(), 1.0), ("x".into(), 1.0)],
        vec![vec![], vec![]],
    );
    assert_eq!(twice.unwrap_err(), DagError::Duplicate { task: "x".into() });
}

#[test]
fn the_order_keeps_to_the_file_where_it_can() {
    let graph = dag(&[1.0; 4], &[&[3], &[], &[1], &[]]).unwrap();
    assert_eq!(graph.order(), [1, 2, 3, 0]);
    assert_eq!(graph.levels(), [1, 0, 1, 0]);
    assert_eq!(graph.before(1), [2]);
}

#[test]
fn the_critical_path_is_the_longest_chain() {
    let graph = dag(&[2.0, 1.0, 5.0, 1.0], &[&[], &[0], &[], &[1, 2]]).unwrap();
    assert_eq!(graph.critical_path(), (6.0, vec![2, 3]));
    assert_eq!(graph.upward_ranks(), [4.0, 2.0, 6.0, 1.0]);
    assert_eq!(graph.earliest_starts(), [0.0, 2.0, 0.0, 5.0]);
    let slower = graph.with_seconds(vec![9.0, 1.0, 5.0, 1.0]).unwrap();
    assert_eq!(slower.critical_path(), (11.0, vec![0, 1, 3]));
    assert!(matches!(
        graph.with_seconds(vec![1.0]),
        Err(DagError::Length { .. })
    ));
    assert_eq!(dag(&[], &[]).unwrap().critical_path(), (0.0, vec![]));
}

#[test]
fn the_reduction_drops_what_others_imply() {
    let graph = dag(&[1.0; 4], &[&[], &[0], &[0, 1], &[0, 1, 2, 1]])
        .unwrap()
        .reduced();
    assert_eq!((graph.after(2), graph.after(3)), (&[1][..], &[2][..]));
    assert_eq!(graph.before(0), [1]);
}
