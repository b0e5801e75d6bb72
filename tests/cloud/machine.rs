//! The deployed workflow, its execution started through the port that every door uses.

use domain::{Brief, RunId, RunState};
use runtime::{Begun, Files};

use crate::deployed::cloud;
use crate::support::SMALL;

#[tokio::test]
async fn an_execution_makes_a_video() {
    let runs = cloud().runs().await;
    let _shared = cloud().shared().await;
    let brief: Brief = serde_json::from_str(SMALL).unwrap();
    let id = RunId::new(1_763_856_000_000, 1);
    let begun = runs.begin(id, brief, Files::Uploaded, None).await.unwrap();
    let Begun::New(run) = begun else {
        panic!("{begun:?}")
    };
    let run = cloud().ended(&run.id).await;
    assert_eq!(run.state, RunState::Approved, "{run:?}\n{}", cloud().logs());
}
