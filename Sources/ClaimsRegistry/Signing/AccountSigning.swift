import Synchronization

/// What becomes of claims that an account signed itself, as users of a managed operator push them.
public final class AccountSigning: Sendable {
  /// Whether they are signed here, with an operator's key that is at hand.
  public let isLocal: Bool
  private let attached = Mutex<(any SigningService)?>(nil)

  /// Creates what refuses them, or signs them here; a service may be attached later.
  public init(isLocal: Bool = false) {
    self.isLocal = isLocal
  }

  /// Tells whom to ask.
  public func attach(_ service: any SigningService) {
    attached.withLock { $0 = service }
  }

  /// Whether there is somebody who signs.
  var isEnabled: Bool { isLocal || service != nil }

  var service: (any SigningService)? { attached.withLock { $0 } }
}
