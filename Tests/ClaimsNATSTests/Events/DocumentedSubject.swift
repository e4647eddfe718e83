import Testing

@testable import ClaimsNATS

/// One of the subjects of the system account that nats-server's documentation names, with what was seen on it.
struct DocumentedSubject: Sendable, CustomTestStringConvertible {
  /// What is expected of the message that was captured there, of each version.
  enum Reading: Sendable {
    /// An event, as its line for people.
    case event(old: String, new: String)
    /// The reply of a server to an endpoint, or to a plain ping, as the first row of its table.
    case reply(ServerEndpoint?, old: String, new: String)
  }

  /// The subject, with `<id>` where it names an account or a server.
  let subject: String
  /// The captured message, a file's name without its version.
  let sample: String
  let reading: Reading
  /// Why something else is in the sample than was sent on the subject; nil when it is just that.
  var remark: String?

  var testDescription: String { subject }
}

extension DocumentedSubject {
  /// All of them.
  static let all = events + replies + fleetReplies

  private static let events: [DocumentedSubject] = [
    DocumentedSubject(
      subject: "$SYS.ACCOUNT.<id>.CONNECT", sample: "account-connect",
      reading: .event(
        old: "2026-11-22T09:16:06.439Z  connect  <A>  s1  user <UA> (ua), name \"client-one\", from 127.0.0.1, python3 2.16.0",
        new: "2026-11-22T09:15:18.959Z  connect  <A> (A)  s1  user <UA> (ua), name \"client-one\", from 127.0.0.1, python3 2.16.0")),
    DocumentedSubject(
      subject: "$SYS.ACCOUNT.<id>.DISCONNECT", sample: "account-disconnect",
      reading: .event(
        old: """
          2026-11-22T09:16:07.447Z  disconnect  <A>  s2  user <UA> (ua), name "client-two", from 127.0.0.1, python3 2.16.0, rtt 2.1ms, \
          reason Client Closed
          """,
        new: """
          2026-11-22T09:15:19.979Z  disconnect  <A> (A)  s2  user <UA> (ua), name "client-two", from 127.0.0.1, python3 2.16.0, rtt 2.5ms, \
          reason Client Closed
          """)),
    DocumentedSubject(
      subject: "$SYS.ACCOUNT.<id>.DISCONNECT", sample: "account-disconnect-revoked",
      reading: .event(
        old: """
          2026-11-22T09:16:09.671Z  disconnect  <A>  s1  user <UA> (ua), name "client-one", from 127.0.0.1, python3 2.16.0, rtt 203.1ms, \
          reason Credentials Revoked
          """,
        new: """
          2026-11-22T09:15:22.217Z  disconnect  <A> (A)  s1  user <UA> (ua), name "to-be-revoked", from 127.0.0.1, python3 2.16.0, rtt 2ms, \
          reason Credentials Revoked
          """)),
    DocumentedSubject(
      subject: "$SYS.ACCOUNT.<id>.LEAFNODE.CONNECT", sample: "leafnode-connect",
      reading: .event(old: "2026-11-22T09:16:12.097Z  leaf-connect  <A>  s1  ", new: "2026-11-22T09:15:24.662Z  leaf-connect  <A>  s1  ")),
    DocumentedSubject(
      subject: "$SYS.ACCOUNT.<id>.LEAFNODE.DISCONNECT", sample: "leafnode-gone-disconnect",
      reading: .event(
        old: """
          2026-11-22T09:16:33.810Z  disconnect  <A>  s1  leaf node, user <UA> (ua), name "leaf1", from 127.0.0.1, 2.9.10, rtt 264µs, \
          reason Client Closed
          """,
        new: """
          2026-11-22T09:15:46.422Z  disconnect  <A> (A)  s1  leaf node, user <UA> (ua), name "leaf1", from 127.0.0.1, 2.14.0, rtt 351µs, \
          reason Client Closed
          """),
      remark: "no server of today sends it: a leaf node that goes comes on $SYS.ACCOUNT.<id>.DISCONNECT, with the kind Leafnode"),
    DocumentedSubject(
      subject: "$SYS.ACCOUNT.<id>.CLAIMS.UPDATE", sample: "account-claims-update",
      reading: .event(
        old: """
          now  update  <C> (C)  -  issued 2026-11-30 00:15:28 UTC, never expires, issuer <OC>, \
          jti 3ULYJOOT3567JETXNVLL5YG7GIFZWEQGYA2P5ZVU6CZV7RKYDKDA
          """,
        new: """
          now  update  <C> (C)  -  issued 2026-11-30 00:15:39 UTC, never expires, issuer <OC>, \
          jti GWXRYI2BHWYZBVRAHPPBQKWZMDMLTFEY3OU6FT4KNJGMJK77QVNQ
          """)),
    DocumentedSubject(
      subject: "$SYS.SERVER.ACCOUNT.<id>.CONNS", sample: "server-account-conns",
      reading: .event(
        old: "2026-11-22T09:16:06.439Z  connections  <A>  s1  connections 1, leaf nodes 0, in total 1",
        new: "2026-11-22T09:15:18.959Z  connections  <A> (A)  s1  connections 1, leaf nodes 0, in total 1")),
    DocumentedSubject(
      subject: "$SYS.SERVER.<id>.CLIENT.AUTH.ERR", sample: "client-auth-err",
      reading: .event(
        old: """
          2026-11-22T09:16:08.360Z  auth-error  <B>  s1  user <UB> (ub), from 127.0.0.1, python3 2.16.0, rtt 2.4ms, \
          reason Authentication Failure, account and user by its unverified token
          """,
        new: """
          2026-11-22T09:15:20.904Z  auth-error  <B>  s1  user <UB> (ub), from 127.0.0.1, python3 2.16.0, rtt 2.1ms, \
          reason Authentication Failure, account and user by its unverified token
          """)),
    DocumentedSubject(
      subject: "$SYS.SERVER.<id>.STATSZ", sample: "server-statsz",
      reading: .event(
        old: "2026-11-22T09:16:35.487Z  stats  -  s1  connections 2, subscriptions 91, memory 15.1 MiB, slow consumers 0",
        new: "2026-11-22T09:15:51.483Z  stats  -  s1  connections 2, subscriptions 123, memory 18.4 MiB, slow consumers 0")),
    DocumentedSubject(
      subject: "$SYS.SERVER.<id>.SHUTDOWN", sample: "server-shutdown",
      reading: .event(
        old: "2026-11-22T09:17:47.876Z  shutdown  -  s2  id <N>, version 2.9.10",
        new: "2026-11-22T09:16:43.320Z  shutdown  -  s2  id <N>, version 2.14.0")),
  ]

  private static let replies: [DocumentedSubject] = [
    DocumentedSubject(
      subject: "$SYS.REQ.SERVER.PING", sample: "req-server-ping",
      reading: .reply(
        nil, old: "s1 | <N> | 2.9.10 | c1 | 127.0.0.1 | 10s | 2 | 3 | 95 | 13.4 MiB | 0%",
        new: "s1 | <N> | 2.14.0 | c1 | 127.0.0.1 | 10s | 2 | 2 | 128 | 17.7 MiB | 0%")),
    DocumentedSubject(
      subject: "$SYS.REQ.SERVER.<id>.STATSZ", sample: "req-server-id-statsz",
      reading: .reply(
        .statsz, old: "s1 | 2 | 10 | 3 | 95 | 123 | 68.7 KiB | 33 | 16.1 KiB | 0 | 13.5 MiB | 0%",
        new: "s1 | 2 | 10 | 2 | 128 | 101 | 75.4 KiB | 29 | 17.6 KiB | 0 | 17.9 MiB | 2%")),
    DocumentedSubject(
      subject: "$SYS.REQ.SERVER.<id>.VARZ", sample: "req-server-id-varz",
      reading: .reply(
        .varz, old: "s1 | 2.9.10 | 127.0.0.1:14600 | 12s | 2/65536 | 95 | 1 | 1 | 36 | 129 | 0 | 13.5 MiB | 0%",
        new: "s1 | 2.14.0 | 127.0.0.1:14640 | 13s | 2/65536 | 128 | 4 | 1 | 32 | 107 | 0 | 17.9 MiB | 0%")),
    DocumentedSubject(
      subject: "$SYS.REQ.SERVER.<id>.CONNZ", sample: "req-server-id-connz",
      reading: .reply(
        .connz, old: "s1 | 7 | Client | - | - | - | 127.0.0.1:33350 | 3 | 15 | 95 | 572µs | 11s | 0s | python3 | 2.16.0",
        new: "s1 | 12 | Client | - | - | - | 127.0.0.1:47242 | 3 | 16 | 82 | 658µs | 11s | 0s | python3 | 2.16.0")),
    DocumentedSubject(
      subject: "$SYS.REQ.SERVER.<id>.ROUTEZ", sample: "req-server-id-routez",
      reading: .reply(
        .routez, old: "s1 | 5 | <N> | 127.0.0.1:34716 | - | 39 | 24 | 41 | 277µs | 0 B | 14s",
        new: "s1 | 6 | s2 | 127.0.0.1:44260 | - | 0 | 0 | 0 | 417µs | 0 B | 14s")),
    DocumentedSubject(
      subject: "$SYS.REQ.SERVER.<id>.GATEWAYZ", sample: "req-server-id-gatewayz",
      reading: .reply(
        .gatewayz, old: "s1 | own | c1 | - | 127.0.0.1:14613 | - | -", new: "s1 | own | c1 | - | 127.0.0.1:14653 | - | -")),
    DocumentedSubject(
      subject: "$SYS.REQ.SERVER.<id>.LEAFZ", sample: "req-server-id-leafz",
      reading: .reply(
        .leafz, old: "s1 | - | <A> | 127.0.0.1:48802 | 4 | 0 | 0 | 264µs", new: "s1 | leaf1 | <A> | 127.0.0.1:55102 | 5 | 0 | 0 | 351µs")),
    DocumentedSubject(
      subject: "$SYS.REQ.SERVER.<id>.SUBSZ", sample: "req-server-id-subsz",
      reading: .reply(
        .subsz, old: "s1 | 95 | 36 | 127 | 32 | 82 | 36.6% | 3 | 2.2", new: "s1 | 128 | 37 | 164 | 36 | 84 | 34.5% | 3 | 2.2")),
  ]

  /// Each server of the fleet replies by itself: these are one's.
  private static let fleetReplies: [DocumentedSubject] = [
    DocumentedSubject(
      subject: "$SYS.REQ.SERVER.PING.VARZ", sample: "req-server-ping-varz",
      reading: .reply(
        .varz, old: "s1 | 2.9.10 | 127.0.0.1:55391 | 4s | 3/65536 | 111 | 1 | 1 | 23 | 62 | 0 | 13.7 MiB | 0%",
        new: "s1 | 2.14.0 | 127.0.0.1:46475 | 3s | 3/65536 | 144 | 4 | 1 | 18 | 40 | 0 | 17.3 MiB | 1%")),
    DocumentedSubject(
      subject: "$SYS.REQ.SERVER.PING.CONNZ", sample: "req-server-ping-connz",
      reading: .reply(
        .connz, old: "s1 | 7 | Client | nats-claims | - | - | 127.0.0.1:49056 | 18 | 9 | 37 | 1.622024ms | 5s | 1s | C | 3.4.1",
        new: "s1 | 12 | Client | listener | - | - | 127.0.0.1:47146 | 3 | 2 | 3 | 758µs | 4s | 0s | python3 | 2.16.0")),
    DocumentedSubject(
      subject: "$SYS.REQ.SERVER.PING.ROUTEZ", sample: "req-server-ping-routez",
      reading: .reply(
        .routez, old: "s1 | 5 | <N> | 127.0.0.1:57725 | - | 39 | 16 | 26 | 2.266877ms | 0 B | 6s",
        new: "s1 | 10 | s2 | 127.0.0.1:48612 | - | 0 | 0 | 0 | 472µs | 0 B | 5s")),
    DocumentedSubject(
      subject: "$SYS.REQ.SERVER.PING.GATEWAYZ", sample: "req-server-ping-gatewayz",
      reading: .reply(
        .gatewayz, old: "s1 | own | c1 | - | 127.0.0.1:59393 | - | -",
        new: "s1 | own | c1 | - | 127.0.0.1:43253 | - | -")),
    DocumentedSubject(
      subject: "$SYS.REQ.SERVER.PING.LEAFZ", sample: "req-server-ping-leafz",
      reading: .reply(
        .leafz, old: "s1 | - | <C> | 127.0.0.1:54500 | 4 | 0 | 0 | 917µs",
        new: "s1 | leaf1 | <C> | 127.0.0.1:57322 | 5 | 0 | 0 | 1.624773ms")),
    DocumentedSubject(
      subject: "$SYS.REQ.SERVER.PING.SUBSZ", sample: "req-server-ping-subsz",
      reading: .reply(
        .subsz, old: "s1 | 116 | 38 | 116 | 0 | 69 | 44.9% | 4 | 1.7",
        new: "s1 | 149 | 34 | 149 | 0 | 56 | 39.3% | 4 | 1.7")),
  ]
}
