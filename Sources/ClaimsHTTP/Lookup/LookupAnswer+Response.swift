import Claims
import HTTPTypes
import Hummingbird
import NIOCore

extension LookupAnswer {
  /// The answer for the framework, which adds the date.
  var response: Response {
    switch self {
    case .found(let token, let digest, let age):
      return Response(
        status: .ok,
        headers: [.contentType: Self.tokenType, .eTag: EntityTag.text(digest), .cacheControl: Self.cacheControl(age)],
        body: .init(byteBuffer: ByteBuffer(bytes: token.bytes)))
    case .notModified(let digest, let age):
      return Response(status: .notModified, headers: [.eTag: EntityTag.text(digest), .cacheControl: Self.cacheControl(age)])
    case .unknown:
      return .text(Self.unknownText, status: .notFound)
    case .tooMany:
      var response = Response.text(Self.tooManyText, status: .tooManyRequests)
      response.headers[.retryAfter] = "1"
      return response
    }
  }
}
