import NIOCore
import NIOPosix

/// A plain connection: what is sent is exactly these bytes, what comes back is kept until asked for.
actor RawConnection {
  private let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>
  private var iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator?
  private var received = ""
  private var isOver = false

  private init(_ channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>) {
    self.channel = channel
  }

  /// Opens a connection for the length of `body`.
  @discardableResult
  static func open<Result: Sendable>(
    _ port: Int, _ body: @escaping @Sendable (RawConnection) async throws -> Result
  ) async throws -> Result {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    return try await channel.executeThenClose { inbound, outbound in
      let connection = RawConnection(channel)
      await connection.start(inbound, outbound)
      return try await body(connection)
    }
  }

  private var outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>?

  private func start(_ inbound: NIOAsyncChannelInboundStream<ByteBuffer>, _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>) {
    iterator = inbound.makeAsyncIterator()
    self.outbound = outbound
  }

  /// Sends text; an error means that the other side is gone.
  func send(_ text: String) async throws {
    try await outbound?.write(ByteBuffer(string: text))
  }

  /// Everything received once it contains a text, or once the connection ended.
  func receive(until text: String) async -> String {
    while !received.contains(text), await more() {}
    return received
  }

  /// Waits until a text was received so many times, or the connection ended.
  func receive(_ count: Int, of text: String) async {
    while received.components(text) < count, await more() {}
  }

  /// Everything received when the other side has ended the connection.
  func receiveAll() async -> String {
    while await more() {}
    return received
  }

  private func more() async -> Bool {
    guard !isOver, var iterator else { return false }
    do {
      if let bytes = try await iterator.next(isolation: self) {
        self.iterator = iterator
        received += String(buffer: bytes)
        return true
      }
    } catch {
      // A reset ends a connection as well as an orderly close.
    }
    isOver = true
    return false
  }
}
