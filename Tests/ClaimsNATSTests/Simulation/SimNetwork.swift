import ClaimsTestSupport

/// A network with a clock of its own: messages take time, get lost, come twice, overtake each other, and do not cross partitions.
final class SimNetwork {
  /// What happens to messages.
  struct Weather {
    var loss = 0.0
    var duplicates = 0.0
    var delay = 1...5

    static let calm = Weather()
    static let storm = Weather(loss: 0.15, duplicates: 0.1, delay: 1...400)
  }

  private(set) var now = Duration.zero
  var random: SeededGenerator
  var weather = Weather.calm
  /// Which side of the partition each node is on.
  var sides: [Int]

  private let start = ContinuousClock.now
  /// When something is due, in milliseconds, and in which order it was asked for: as one number, the least of all in front.
  private var heap: [Int] = []
  private var actions: [Int: () -> Void] = [:]
  private var order = 0

  init(nodes: Int, seed: UInt64) {
    random = SeededGenerator(seed: seed)
    sides = Array(repeating: 0, count: nodes)
  }

  /// The time as the machines take it.
  var instant: ContinuousClock.Instant { start + now }

  func chance(_ probability: Double) -> Bool { probability > 0 && Double.random(in: 0..<1, using: &random) < probability }

  func isConnected(_ left: Int, _ right: Int) -> Bool { sides[left] == sides[right] }

  /// Sends a message from a node to another.
  func send(from sender: Int, to receiver: Int, _ arrival: @escaping () -> Void) {
    guard isConnected(sender, receiver) else { return }
    for _ in 0..<(chance(weather.duplicates) ? 2 : 1) where !chance(weather.loss) {
      after(.milliseconds(Int.random(in: weather.delay, using: &random)), arrival)
    }
  }

  /// Has something done after so many milliseconds.
  func after(_ delay: Duration, _ action: @escaping () -> Void) {
    order += 1
    let due = Self.milliseconds(now + delay) << 24 | order
    actions[due] = action
    push(due)
  }

  /// Lets time pass.
  func run(for duration: Duration) {
    let end = now + duration
    let last = (Self.milliseconds(end) + 1) << 24
    while let next = heap.first, next < last {
      pop()
      now = .milliseconds(next >> 24)
      actions.removeValue(forKey: next)?()
    }
    now = end
  }

  private static func milliseconds(_ time: Duration) -> Int { Int(time / .milliseconds(1)) }

  private func push(_ due: Int) {
    heap.append(due)
    var place = heap.count - 1
    while place > 0 {
      let parent = (place - 1) / 2
      guard due < heap[parent] else { break }
      heap[place] = heap[parent]
      place = parent
    }
    heap[place] = due
  }

  /// Takes the first, and has the last sink from its place.
  private func pop() {
    let last = heap.removeLast()
    guard !heap.isEmpty else { return }
    var place = 0
    while true {
      var child = 2 * place + 1
      if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
      guard child < heap.count, heap[child] < last else { break }
      heap[place] = heap[child]
      place = child
    }
    heap[place] = last
  }
}
