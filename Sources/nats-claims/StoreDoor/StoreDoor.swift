import AsyncHTTPClient
import Claims
import ClaimsRegistry
import ClaimsStore
import Foundation
import NIOCore
import NIOHTTP1

/// A store on this machine, for commands that the open door does not have: through the administration door of the server that runs on it, or,
/// when none does, opened for the moment.
struct StoreDoor {
  let option: StoreOption

  /// What a command does with a registry of its own.
  typealias Offline = (_ registry: Registry, _ requester: Requester) async throws -> String

  /// Asks the server at `path` of the administration door, or else does the same here.
  ///
  /// - Returns: what is to be said.
  func ask(_ path: String, body: [UInt8] = [], offline: Offline) async throws -> String {
    let options = try option.options()
    let store: Store
    do {
      store = try Store(options, logger: ServerLog.quiet)
    } catch let error as StoreError where error.code == .locked {
      return try await askServer(path, body: body, reason: error)
    }
    do {
      let registry = Registry(store: store, trust: try await trust(store), metrics: MetricsRegistry(), logger: ServerLog.quiet)
      // A token that is older than what was in force must not bring a removed key back here either.
      if !option.operators.isEmpty { try await registry.resumeOperators(from: option.operators) }
      let text = try await offline(registry, .command(NSUserName()))
      await store.close()
      return text
    } catch {
      await store.close()
      throw error
    }
  }

  /// The operators named on the command line, else those that the store noted.
  private func trust(_ store: Store) async throws -> TrustedOperators {
    guard option.operators.isEmpty else { return TrustedOperators(try option.operators.map { try TrustedOperator(file: $0) }) }
    let noted = try await store.log.operators().filter(\.isTrusted).map { try TrustedOperator(text: $0.token.text) }
    guard !noted.isEmpty else { throw CommandFailure("the store knows no operator: name its token file with -operator") }
    return TrustedOperators(noted)
  }

  private func askServer(_ path: String, body: [UInt8], reason: StoreError) async throws -> String {
    let folder = try SocketFolder(option.state ?? option.directory + "/.nats-claims")
    let socket = folder.path(of: StateFolder.socketName)
    let host = socket.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? socket
    var request = HTTPClientRequest(url: "http+unix://\(host)\(path)")
    request.method = .POST
    request.body = .bytes(ByteBuffer(bytes: body))
    let answer: (status: HTTPResponseStatus, text: String)
    do {
      let response = try await HTTPClient.commands.execute(request, timeout: .seconds(30))
      let bytes = try await response.body.collect(upTo: 1 << 20)
      answer = (response.status, String(decoding: bytes.readableBytesView, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
    } catch {
      throw CommandFailure("\(reason.message); its administration door does not answer: \(HTTPClient.reason(error))")
    }
    withExtendedLifetime(folder) {}
    guard answer.status == .ok else { throw CommandFailure(answer.text) }
    return answer.text
  }
}
