import AsyncHTTPClient
import Claims
import Foundation
import NIOCore
import NIOHTTP1
import Nkeys

/// A token behind any URL.
struct URLSource {
  let url: String

  init(_ url: String) { self.url = url }

  func token() async throws -> Token {
    do {
      let response = try await HTTPClient.commands.execute(HTTPClientRequest(url: url), timeout: .seconds(30))
      guard response.status == .ok else { throw CommandFailure("\(url): \(response.status.code) \(response.status.reasonPhrase)") }
      let body = try await response.body.collect(upTo: Token.maximumSize + 2)
      let text = String(decoding: body.readableBytesView, as: UTF8.self)
      return Token(DecoratedText.token(in: text).trimmingCharacters(in: .whitespacesAndNewlines))
    } catch let failure as CommandFailure {
      throw failure
    } catch {
      throw CommandFailure("\(url) cannot be fetched: \(HTTPClient.reason(error))")
    }
  }
}
