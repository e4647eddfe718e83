import ClaimsRegistry
import Logging
import ServiceLifecycle
import Synchronization

/// Follows the operators' files: they are read about once a second, and at once when asked to.
///
/// They are read in full each time. That finds every kind of change alike (rewritten in place, renamed, a link that leads elsewhere, times and
/// sizes that were kept), and costs less than anything that could miss one: operators are few, and their tokens small.
struct OperatorWatch: Service {
  let files: [OperatorFile]
  let registry: Registry
  /// Asks that they be read now.
  let requests: AsyncStream<Void>
  let logger: Logger

  private static let interval = Duration.seconds(1)

  func run() async throws {
    let (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let asked = Asked()
    await cancelWhenGracefulShutdown {
      await withDiscardingTaskGroup { group in
        group.addTask {
          for await _ in requests {
            asked.value.store(true, ordering: .relaxed)
            wake.yield()
          }
        }
        group.addTask {
          while !Task.isCancelled {
            wake.yield()
            do { try await Task.sleep(for: Self.interval) } catch { break }
          }
          wake.finish()
        }
        await follow(wakes, asked)
        group.cancelAll()
      }
    }
  }

  /// One reading after the other: an older one never comes behind a newer.
  private func follow(_ wakes: AsyncStream<Void>, _ asked: Asked) async {
    var last = files.map(\.first)
    var isNoted: Bool?
    for await _ in wakes {
      let readings = files.map { $0.read() }
      let isAsked = asked.value.exchange(false, ordering: .relaxed)
      if isAsked { logger.notice("SIGHUP: the operators' files are read again", metadata: ["files": "\(files.count)"]) }
      if isAsked || readings != last {
        last = readings
        if registry.reloadOperators(readings) { isNoted = nil }
      }
      // Not cancelled with this service: a trust that is in force is noted. What failed is tried again.
      if isNoted != true {
        let isRepeated = isNoted == false
        isNoted = await Task { await registry.noteOperators(isRepeated: isRepeated) }.value
      }
    }
  }

  private final class Asked: Sendable {
    let value = Atomic<Bool>(false)
  }
}
