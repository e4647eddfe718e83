import ClaimsStore
import Logging
public import ServiceLifecycle
import Synchronization

/// Follows what others do to the directory's files while the server runs, and what they did while it was stopped.
///
/// The kernel's notices tell which files to look at within moments; a scan of the whole directory at the start, at times, and whenever notices
/// were lost finds the rest.
public final class DirectoryWatch: Service {
  /// How often the directory is looked at.
  public struct Intervals: Sendable {
    /// Between two scans, while the kernel gives notices.
    public var withNotices = Duration.seconds(60)
    /// Between two scans when it does not, as on network file systems.
    public var withoutNotices = Duration.milliseconds(500)
    /// How long a file that is bad or gone is left alone before it is believed: editors and copies take moments.
    public var doubt = Duration.milliseconds(200)
    /// The longest pause between two looks at a file that stays doubtful, or that cannot be judged: each pause is twice the one before.
    public var longestDoubt = Duration.seconds(5)

    /// Creates the default intervals.
    public init() {}
  }

  private enum Signal: Sendable {
    case notices
    /// Another look, after this pause.
    case look(at: Set<String>, after: Duration)
    case scan

    var isScan: Bool {
      guard case .scan = self else { return false }
      return true
    }
  }

  /// How long notices are gathered before they are looked at.
  private static let gathering = Duration.milliseconds(50)
  /// How many files are looked at together: their pushes share commits.
  private static let width = 64

  /// How many times as long as a scan the pause after it is.
  private static let scanShare = 10

  private let directory: TokenDirectory
  private let lastScan = Mutex(Duration.zero)
  private let judge: any FileJudge
  private let intervals: Intervals
  private let logger: Logger
  private let signals: AsyncStream<Signal>
  private let source: AsyncStream<Signal>.Continuation

  /// Creates the watch; files are looked at while it runs.
  ///
  /// - Parameters:
  ///   - registry: where pushes go, and whose directory is watched.
  ///   - intervals: how often to look.
  public init(registry: Registry, intervals: Intervals = Intervals()) {
    directory = registry.store.directory
    judge = registry.store.options.isReadOnly ? FollowingJudge(registry) : GuardingJudge(registry)
    self.intervals = intervals
    logger = registry.logger
    (signals, source) = AsyncStream.makeStream()
  }

  /// Looks at files until the service is cancelled or shut down.
  public func run() async throws {
    await cancelWhenGracefulShutdown { await self.watch() }
  }

  private func watch() async {
    let notices = makeNotices()
    await withDiscardingTaskGroup { group in
      if let notices {
        group.addTask { [source] in
          for await _ in notices.signals {
            // What happens in a moment is looked at together.
            do { try await Task.sleep(for: Self.gathering) } catch { return }
            source.yield(.notices)
          }
        }
      }
      group.addTask { await self.scanAtTimes(hasNotices: notices != nil) }
      var hasScanned = false
      var due = DueLooks()
      for await signal in signals {
        if case .look(let names, _) = signal { due.begin(names) }
        // A scan that failed is made again at its time, and is then still the first.
        guard let names = await names(signal, notices) else { continue }
        let doubtful = due.add(await look(at: names, isStart: signal.isScan && !hasScanned))
        if signal.isScan { hasScanned = true }
        guard !doubtful.isEmpty else { continue }
        let pause = pause(after: signal)
        group.addTask { [source] in
          do { try await Task.sleep(for: pause) } catch { return }
          source.yield(.look(at: doubtful, after: pause))
        }
      }
      group.cancelAll()
    }
    notices?.stop()
  }

  /// How long to wait before what is doubtful is looked at again.
  private func pause(after signal: Signal) -> Duration {
    guard case .look(_, let last) = signal else { return intervals.doubt }
    return min(last * 2, intervals.longestDoubt)
  }

  private func makeNotices() -> DirectoryNotices? {
    do throws(FileError) {
      let type = try directory.fileSystemType
      guard !type.isNetwork else {
        logger.notice(
          "the directory is scanned: the kernel does not tell what others change on a network file system",
          metadata: ["type": "\(type.name)"])
        return nil
      }
      return try DirectoryNotices(directory)
    } catch {
      logger.warning("the kernel gives no notices of changed files: the directory is scanned instead", metadata: ["error": "\(error)"])
      return nil
    }
  }

  /// Asks for a scan at once and at times; one that takes long is followed by a long pause.
  private func scanAtTimes(hasNotices: Bool) async {
    while !Task.isCancelled {
      source.yield(.scan)
      let pause = max(hasNotices ? intervals.withNotices : intervals.withoutNotices, lastScan.withLock { $0 } * Self.scanShare)
      do { try await Task.sleep(for: pause) } catch { return source.finish() }
    }
    source.finish()
  }

  /// The files to look at; nil when the directory cannot be scanned.
  private func names(_ signal: Signal, _ notices: DirectoryNotices?) async -> Set<String>? {
    switch signal {
    case .look(let names, _): return names
    case .scan: return await suspects()
    case .notices:
      let taken = notices?.take() ?? DirectoryNotices.Notices()
      guard taken.everything else { return await judge.suspects(among: taken.names) }
      return taken.names.union(await suspects() ?? [])
    }
  }

  private func suspects() async -> Set<String>? {
    let start = ContinuousClock.now
    defer {
      lastScan.withLock { $0 = start.duration(to: .now) }
      Memory.giveBack()
    }
    do {
      return try await judge.suspects()
    } catch {
      logger.error("the directory cannot be scanned; it is tried again", metadata: ["error": "\(error)"])
      return nil
    }
  }

  /// Looks at files, some at a time, and gives the names that need another look.
  private func look(at names: Set<String>, isStart: Bool) async -> Set<String> {
    var doubtful: Set<String> = []
    await withTaskGroup(of: (String, Bool).self) { group in
      var waiting = names.makeIterator()
      let next = { [judge] (group: inout TaskGroup<(String, Bool)>) in
        guard !Task.isCancelled, let name = waiting.next() else { return }
        group.addTask { (name, await judge.look(at: name, isStart: isStart)) }
      }
      for _ in 0..<Self.width { next(&group) }
      while let (name, again) = await group.next() {
        if again { doubtful.insert(name) }
        next(&group)
      }
    }
    return doubtful
  }
}
