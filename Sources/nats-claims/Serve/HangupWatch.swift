import ServiceLifecycle
import UnixSignals

/// Does on SIGHUP what is to be done.
struct HangupWatch: Service {
  /// SIGHUP; trapped before anything else, so that the signal never ends the process.
  let hangups: UnixSignalsSequence
  let action: @Sendable () -> Void

  func run() async throws {
    await cancelWhenGracefulShutdown {
      for await _ in hangups { action() }
    }
  }
}
