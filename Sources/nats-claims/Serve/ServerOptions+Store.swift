import ClaimsStore
import ServerConfig

extension ServerOptions {
  /// How the store is opened.
  var store: Store.Options {
    var store = Store.Options(directory: directory, layout: isSharded ? .sharded : .flat)
    store.state = state
    store.isReadOnly = isReadOnly
    store.rebuildsLog = rebuildsLog
    store.tokenBytes = tokenCache
    store.retention = Retention(versions: keptVersions, tombstoneDays: keptTombstoneDays)
    return store
  }
}
