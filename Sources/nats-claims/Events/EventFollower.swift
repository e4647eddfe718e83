import Claims
import ClaimsNATS
import ClaimsRegistry
import Glibc
import UnixSignals

/// Prints what servers tell until there were enough events, or a signal comes.
struct EventFollower: Sendable {
  let session: SystemSession
  let filter: EventFilter
  var limit: Int?
  var json = false

  /// Follows, and ends the session.
  func run() async {
    async let notes: Void = ConnectionNotes(session: session).run()
    let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await print() }
      group.addTask {
        for await _ in signals { break }
        // Whoever reads the output may have stopped: a second signal ends at once.
        signal(SIGINT, SIG_DFL)
        signal(SIGTERM, SIG_DFL)
      }
      await group.next()
      group.cancelAll()
    }
    await session.close()
    await notes
  }

  private func print() async {
    var repeats = EventRepeats()
    var drops = DropNotes()
    var left = limit ?? .max
    following: for await messages in session.messages {
      for message in messages {
        drops.tell(session.dropped)
        guard let event = SystemEvent(message), repeats.isNew(event) else { continue }
        let reading = EventReading(event)
        guard filter.admits(reading) else { continue }
        let line = EventLine(reading, arrival: TimePoint.text(milliseconds: WallClock.system.milliseconds()))
        Console.print(json ? line.json.jsonText : line.text)
        left -= 1
        if left == 0 { break following }
      }
    }
    drops.tell(session.dropped, isLast: true)
  }
}

/// Tells that events were dropped, once a second at most.
private struct DropNotes {
  private var told = 0
  private var last: ContinuousClock.Instant?

  mutating func tell(_ dropped: Int, isLast: Bool = false) {
    guard dropped > told, isLast || last.map({ $0.duration(to: .now) >= .seconds(1) }) ?? true else { return }
    Console.note("\(dropped - told) events were dropped: they come faster than they can be written")
    told = dropped
    last = .now
  }
}
