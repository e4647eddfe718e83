import Testing

/// The built program, real nats-servers of two versions, real clients.
@Suite("system", .staged)
struct SystemTests {}
