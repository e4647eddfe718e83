import Claims

@testable import ClaimsNATS

/// How a server of ours announces what is stored.
extension SimManager {
  func announce(_ event: AnnouncerCore.Event) {
    for action in announcer.handle(event) {
      switch action {
      case .read(let position, let limit):
        let records = Array(store.log.dropFirst(Int(position)).prefix(limit))
        later { $0.announce(.read(records)) }
      case .publish(let batch): publish(batch)
      case .saveCursor(let cursor): store.cursor = cursor
      default: break
      }
    }
  }

  /// Does something in a moment, unless the program ended until then.
  private func later(_ action: @escaping (SimManager) -> Void) {
    let life = life
    world.network.after(.milliseconds(2)) { [self] in if self.life == life { action(self) } }
  }

  private func publish(_ batch: [AnnouncerCore.Announcement]) {
    let (session, fails) = (session, failsNext)
    failsNext = false
    for announcement in batch {
      handle(.announced(announcement.account, sequence: announcement.sequence))
      if isUp, !fails || world.network.chance(0.5) { publish(announcement) }
    }
    later { manager in
      guard fails || manager.session != session || !manager.isUp else {
        return manager.announce(.published(batch.map { _ in .sent }))
      }
      for announcement in batch { manager.handle(.notAnnounced(sequence: announcement.sequence)) }
      manager.announce(.failed(NATSError(.closed, "the connection is closed")))
      if fails, manager.session == session { manager.loseLink() }
    }
  }

  private func publish(_ announcement: AnnouncerCore.Announcement) {
    guard let token = store.tokens[announcement.token.digest] else { return }
    counts.announcements += 1
    let session = session
    world.publish(announcement.account, token, from: node) { [self] reply, server in
      guard self.session == session else { return }
      handle(.replied(reply, token: DeliveryLedger.token(of: announcement.sequence), server))
    }
  }
}
