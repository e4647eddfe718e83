import ClaimsTestSupport

/// A network with a clock of its own: messages take time, get lost, come twice, overtake each other, and do not cross partitions.
final class SimNetwork {
  private struct Due {
    let time: Duration
    let order: Int
    let action: () -> Void

    static func < (left: Due, right: Due) -> Bool { left.time != right.time ? left.time < right.time : left.order < right.order }
  }

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
  private var heap: [Due] = []
  private var order = 0

  init(nodes: Int, seed: UInt64) {
    random = SeededGenerator(seed: seed)
    sides = Array(repeating: 0, count: nodes)
  }

  /// The time as the machines take it.
  var instant: ContinuousClock.Instant { start + now }

  func chance(_ probability: Double) -> Bool { Double.random(in: 0..<1, using: &random) < probability }

  func isConnected(_ left: Int, _ right: Int) -> Bool { sides[left] == sides[right] }

  /// Sends a message from a node to another.
  func send(from sender: Int, to receiver: Int, _ arrival: @escaping () -> Void) {
    guard isConnected(sender, receiver) else { return }
    for _ in 0..<(chance(weather.duplicates) ? 2 : 1) where !chance(weather.loss) {
      after(.milliseconds(Int.random(in: weather.delay, using: &random)), arrival)
    }
  }

  func after(_ delay: Duration, _ action: @escaping () -> Void) {
    order += 1
    push(Due(time: now + delay, order: order, action: action))
  }

  /// Lets time pass.
  func run(for duration: Duration) {
    let end = now + duration
    while let next = heap.first, next.time <= end {
      pop()
      now = next.time
      next.action()
    }
    now = end
  }

  private func push(_ due: Due) {
    heap.append(due)
    var place = heap.count - 1
    while place > 0, heap[place] < heap[(place - 1) / 2] {
      heap.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  private func pop() {
    let last = heap.removeLast()
    guard !heap.isEmpty else { return }
    heap[0] = last
    var place = 0
    while true {
      let children = [2 * place + 1, 2 * place + 2].filter { $0 < heap.count }
      guard let least = children.min(by: { heap[$0] < heap[$1] }), heap[least] < heap[place] else { return }
      heap.swapAt(place, least)
      place = least
    }
  }
}
