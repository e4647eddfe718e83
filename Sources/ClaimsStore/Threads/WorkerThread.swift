internal import CLinux
import Dispatch
import Foundation
import Glibc
import Synchronization

/// A thread for work that blocks, in the order in which it came. It ends with the object, after the work that it was given.
public final class WorkerThread: Sendable {
  /// What the thread shares with the object; it may outlive it by a moment.
  private final class Work: Sendable {
    private let waiting = Mutex<(work: [@Sendable () -> Void], isOver: Bool)>(([], false))
    private let signal = DispatchSemaphore(value: 0)

    func add(_ work: @escaping @Sendable () -> Void) {
      waiting.withLock { $0.work.append(work) }
      signal.signal()
    }

    func end() {
      waiting.withLock { $0.isOver = true }
      signal.signal()
    }

    func run() {
      while true {
        signal.wait()
        let (work, isOver) = waiting.withLock { waiting in
          defer { waiting.work = [] }
          return waiting
        }
        for body in work { body() }
        if isOver { return }
      }
    }
  }

  private static let mostNiceness: Int32 = 19

  private let work = Work()

  /// Starts a thread with a name of at most 15 characters, nicer than the one that starts it by so much of nice(1)'s units.
  public init(name: String, niceness: Int32 = 0) {
    let thread = Thread { [work] in
      // A system that refuses this runs the work all the same, only less politely.
      linux_name_thread(name)
      let which = __priority_which_t(PRIO_PROCESS.rawValue)
      if niceness != 0 { setpriority(which, 0, min(Self.mostNiceness, getpriority(which, 0) + niceness)) }
      work.run()
    }
    thread.start()
  }

  deinit { work.end() }

  /// Runs work on the thread, after what it was given before.
  public func run(_ body: @escaping @Sendable () -> Void) { work.add(body) }
}
