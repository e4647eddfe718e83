import Claims
import ClaimsTestSupport
import Foundation
import Testing

@testable import ClaimsHTTP

@Suite("Entity tags")
struct EntityTagTests {
  private let tag = EntityTag.text(Token("a").digest)

  @Test("are the hash of the bytes")
  func text() {
    #expect(tag == "\"ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb\"")
  }

  @Test(
    "are found in lists, weak or strong, in any header line", arguments: ["TAG", "W/TAG", "\"x\", TAG", "\"x\",W/TAG ,\"y\"", "*", " TAG "])
  func found(_ pattern: String) {
    #expect(EntityTag.isNamed(tag, in: ["\"other\"", pattern.replacingOccurrences(of: "TAG", with: tag)]))
  }

  @Test("are not found in anything else", arguments: ["", "\"x\"", "TAGx", "w/TAG", "xTAG", "W/\"x\""])
  func notFound(_ pattern: String) {
    #expect(!EntityTag.isNamed(tag, in: [pattern.replacingOccurrences(of: "TAG", with: tag)]))
  }

  @Test("must have their quotes")
  func quotes() {
    #expect(!EntityTag.isNamed(tag, in: [String(tag.dropFirst().dropLast())]))
  }
}

@Suite("The Date header")
struct HTTPDateTests {
  @Test("agrees with Foundation on every day of a century and on odd seconds")
  func agrees() {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(identifier: "GMT")
    formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    for day in stride(from: Int64(0), to: 47_500, by: 13) {
      let seconds = day * 86_400 + (day * 7919) % 86_400
      #expect(HTTPDate.format(seconds) == formatter.string(from: Date(timeIntervalSince1970: TimeInterval(seconds))))
    }
  }

  @Test("follows the clock")
  func caches() {
    let date = HTTPDate()
    #expect(date.text(784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
    #expect(date.text(784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
    #expect(date.text(951_782_400) == "Tue, 29 Feb 2000 00:00:00 GMT")
  }
}

@Suite("Caching")
struct CacheControlTests {
  @Test(
    "is never longer than a minute, never past the token's end, never negative",
    arguments: [(0, 60), (1000, 60), (130, 30), (101, 1), (100, 0), (50, 0)] as [(Int64, Int64)])
  func ages(_ expires: Int64, _ age: Int64) {
    #expect(LookupAnswer.age(expires: expires, now: 100) == age)
    #expect(LookupAnswer.cacheControl(age) == "max-age=\(age), must-revalidate")
  }
}

@Suite("The route table")
struct RouteTableTests {
  @Test(
    "knows the paths of the program",
    arguments: [
      "/jwt/v1/accounts", "/jwt/v1/accounts/", "/jwt/v1/operator", "/jwt/v1/accounts/NOTAKEY", "/jwt/v1/operators/NOTAKEY", "/healthz",
      "/metrics",
    ])
  func known(_ path: String) {
    guard case .known = Routes.table(.everything).resolve(path) else {
      Issue.record("\(path) is not known")
      return
    }
  }

  @Test(
    "says where a path written differently lies",
    arguments: [
      ("/jwt/v1/accounts//", "/jwt/v1/accounts/"), ("/jwt/v1//accounts/KEY", "/jwt/v1/accounts/KEY"),
      ("/jwt/v1/operator/", "/jwt/v1/operator"),
      ("/JWT/v1/operator", "/jwt/v1/operator"), ("/jwt/v1/accounts/KEY/", "/jwt/v1/accounts/KEY"),
      ("/JWT/V1/Accounts/KEY", "/jwt/v1/accounts/KEY"), ("/JWT/V1/Operators/KEY/", "/jwt/v1/operators/KEY"),
      ("//healthz", "/healthz"),
    ])
  func elsewhere(_ path: String, _ right: String) {
    #expect(Routes.table(.everything).resolve(path) == .elsewhere(right))
  }

  @Test(
    "does not know others",
    arguments: [
      "/", "", "/nope", "/jwt/v1/accounts/KEY/x", "/jwt/v1/operators/", "/jwt/v1/operators/KEY/x",
      "/jwt/v1/accounts/..%2f..%2fetc%2fpasswd", "/jwt/v2/accounts/K",
    ])
  func unknown(_ path: String) {
    #expect(Routes.table(.everything).resolve(path) == .unknown)
  }
}
