import Testing

@testable import ClaimsNATS

@Suite("The hash of a store")
struct HashAgeTests {
  @Test("is made anew when the store changed, not sooner than after a fifth of a second")
  func changed() {
    var age = HashAge()
    #expect(age.isStale(sequence: 1, at: .at(0)))
    age.made(sequence: 1, from: .at(0), to: .at(0.001))
    #expect(!age.isStale(sequence: 2, at: .at(0.199)))
    #expect(age.isStale(sequence: 2, at: .at(0.2)))
    #expect(!age.isStale(sequence: 1, at: .at(0.2)))
  }

  @Test("is made anew after ten seconds though nothing changed, because claims end")
  func ends() {
    var age = HashAge()
    age.made(sequence: 1, from: .at(0), to: .at(0.001))
    #expect(!age.isStale(sequence: 1, at: .at(9.9)))
    #expect(age.isStale(sequence: 1, at: .at(10)))
  }

  @Test("takes no more than a twentieth of the time, however large the store is and however often it changes")
  func cost() {
    var age = HashAge()
    age.made(sequence: 1, from: .at(0), to: .at(1))
    #expect(!age.isStale(sequence: 2, at: .at(19.9)))
    #expect(age.isStale(sequence: 2, at: .at(20)))
  }
}
