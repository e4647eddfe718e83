import Testing

@testable import Claims

@Suite("maps in the order of their keys' bytes")
struct ClaimsMapTests {
  @Test("keys are sorted, and the last entry of a key stays")
  func order() {
    let map = ClaimsMap([("b", 1), ("a", 2), ("b", 3), ("é", 4), ("Z", 5)])
    #expect(map.keys == ["Z", "a", "b", "é"])
    #expect(map.values == [5, 2, 3, 4])
  }

  @Test("keys that Swift takes as equal but differ in bytes stay apart")
  func canonicalEquivalence() {
    var map: ClaimsMap<Int> = ["\u{E9}": 1, "e\u{301}": 2]
    #expect(map.count == 2)
    map["e\u{301}"] = nil
    #expect(map["\u{E9}"] == 1 && map["e\u{301}"] == nil)
  }

  @Test("it behaves as a dictionary does", arguments: 0..<20)
  func behavesAsADictionary(_ round: Int) {
    var generator = SeededGenerator(UInt64(round))
    var map: ClaimsMap<Int> = [:]
    var dictionary: [String: Int] = [:]
    for step in 0..<200 {
      let key = String(Int.random(in: 0..<40, using: &generator))
      if Bool.random(using: &generator) {
        map[key] = step
        dictionary[key] = step
      } else if Bool.random(using: &generator) {
        map[key] = nil
        dictionary[key] = nil
      } else {
        map.merge([(key, -step), (key, step)])
        dictionary[key] = step
      }
    }
    #expect(map.keys == dictionary.keys.sorted())
    #expect(map.allSatisfy { dictionary[$0.key] == $0.value })
  }
}
