import Testing

extension SystemTests {
  /// What goes wrong between nats-servers and resolvers without us, and that it does not with us. By the numbers of the observations:
  ///
  /// | Observation | Proved by |
  /// |---|---|
  /// | 5: stores with a push in the same second swap their tokens for ever | `SameSecondTests` |
  /// | 6: a push of the previous token rolls an account back | `PackTests`, `FreshnessTests`, `RepairTests`, `ResolverPeerTests.rolledBack` |
  /// | 6: a deletion is undone by the next sync | `PackTests`, `ResolverPeerTests.deletions`, `PeerTests.deletions` |
  /// | 7: a merge stores garbage, and a foreign operator's claims | `PackTests`, `ResolverPeerTests.full`, `PeerTests.foreigner` |
  /// | 8: a file that was removed by hand keeps the others from expiring | `ExpiryTests` |
  /// | 9: a full resolver takes a foreign token, and lets nobody in after a restart | `ForeignTokenTests` |
  /// | 10: a server with a URL resolver never asks again | `URLResolverTests`, `RepairTests.unseen`, `DeliveryTests.confirmed` |
  /// | 10: and takes older claims | `RepairTests.rollback` |
  /// | 11: replies to updates, and to the question what a server holds, close the loop | `DeliveryTests`, `RepairTests.unseen` |
  @Suite("observed at nats-servers, and kept off")
  struct ObservationTests {}
}
