import HummingbirdCore
import NIOCore

/// A connection that was accepted. The framework is not asked to serve it before ``FrameworkGate`` says so.
struct AcceptedConnection: ServerChildChannelValue {
  let channel: any Channel
}
