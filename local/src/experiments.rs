//! Experiments, as the server and the command line manage them.

use assign::Experiments;
use runtime::Services;
use store::Store;
use webhooks::ApiRoot;

/// The experiments of a store.
pub(crate) fn experiments(store: Store) -> Experiments {
    Experiments {
        store,
        root: ApiRoot::relative(),
        clock: Services::system_clock(),
    }
}
