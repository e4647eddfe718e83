import NIOCore
import Synchronization

/// The open connections of a server by their event loops, so that one that lies idle can be closed when there are too many.
///
/// A cap alone would let whoever opens connections and says nothing keep everybody else out.
final class ConnectionPlaces: Sendable {
  private let loops = Mutex<[ObjectIdentifier: NIOLoopBound<LoopPlaces>]>([:])

  /// The places of an event loop, on which the caller is.
  func places(on loop: any EventLoop) -> LoopPlaces {
    loops.withLock { loops in
      if let places = loops[ObjectIdentifier(loop)] { return places }
      let places = NIOLoopBound(LoopPlaces(), eventLoop: loop)
      loops[ObjectIdentifier(loop)] = places
      return places
    }.value
  }

  /// Closes a connection that lies idle, on this event loop or on another.
  ///
  /// - Parameters:
  ///   - loop: on which the caller is.
  ///   - pause: how long it must have been idle.
  ///   - none: called when there is none, from any thread.
  func displaceIdle(from loop: any EventLoop, after pause: TimeAmount, none: @escaping @Sendable () -> Void) {
    if places(on: loop).displaceIdle(.now(), after: pause) { return }
    let others = loops.withLock { loops in loops.values.map { $0 } }.filter { $0.eventLoop !== loop }
    Self.displaceIdle(on: others[...], after: pause, none: none)
  }

  private static func displaceIdle(
    on loops: ArraySlice<NIOLoopBound<LoopPlaces>>, after pause: TimeAmount, none: @escaping @Sendable () -> Void
  ) {
    guard let first = loops.first else { return none() }
    first.eventLoop.execute {
      if !first.value.displaceIdle(.now(), after: pause) { displaceIdle(on: loops.dropFirst(), after: pause, none: none) }
    }
  }
}

/// The open connections of one event loop. It lives there.
final class LoopPlaces {
  /// How many connections are looked at to find one that lies idle: enough that it is nearly always among the oldest.
  private static let sample = 32

  private var connections: [ConnectionGuard] = []

  func add(_ connection: ConnectionGuard) {
    connection.place = connections.count
    connections.append(connection)
  }

  func remove(_ connection: ConnectionGuard) {
    guard let place = connection.place, connections.indices.contains(place), connections[place] === connection else { return }
    connection.place = nil
    let last = connections.removeLast()
    guard last !== connection else { return }
    connections[place] = last
    last.place = place
  }

  /// Closes the connection that lies idle the longest among some.
  ///
  /// - Parameters:
  ///   - now: the present.
  ///   - pause: how long it must have been idle.
  /// - Returns: false when none of them was.
  func displaceIdle(_ now: NIODeadline, after pause: TimeAmount) -> Bool {
    let some = (0..<min(Self.sample, connections.count)).compactMap { _ in connections.randomElement() }
    let idle = some.compactMap { connection in connection.idleSince.map { (connection: connection, since: $0) } }
    guard let oldest = idle.min(by: { $0.since < $1.since }), now - oldest.since >= pause else { return false }
    oldest.connection.displace()
    return true
  }
}

@available(*, unavailable)
extension LoopPlaces: Sendable {}
