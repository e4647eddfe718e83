import Logging
import ServiceLifecycle

/// Follows the files of certificates and bearer tokens: they are looked at about once a second.
struct DoorWatch: Service {
  let doors: Doors
  let logger: Logger

  private static let interval = Duration.seconds(1)

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        do { try await Task.sleep(for: Self.interval) } catch { return }
        doors.reloadChanged(logger: logger)
      }
    }
  }
}
