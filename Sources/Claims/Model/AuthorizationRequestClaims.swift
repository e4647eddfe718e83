public import Nkeys

/// A server's question to an authorization service: may this client come in?
public struct AuthorizationRequestClaims: Hashable, Sendable {
  /// The members that all claims share.
  public var common = CommonClaims()
  /// The server that asks.
  public var server = ServerIdentity()
  /// The key that the service's answer must be about.
  public var userKey: KeyReference = ""
  /// The client.
  public var client = ClientInformation()
  /// What the client sent.
  public var connectOptions = ConnectOptions()
  /// The client's TLS connection; nil without TLS.
  public var tls: ClientTLS?
  /// A value that the answer must repeat.
  public var requestNonce = ""
  /// Words to find the claims by.
  public var tags: [String] = []
  /// The kind as it is written.
  public var typeText = ""
  /// The version of the format.
  public var version = 0
  /// Members of the `nats` object that this version does not know.
  public var unknown = UnknownMembers()

  init() {}

  /// A request, as the reference's constructor makes it.
  public init(subject: KeyReference) {
    common.sub = subject
  }
}

/// The server that asks an authorization service.
public struct ServerIdentity: Hashable, Sendable {
  /// Its name.
  public var name = ""
  /// Its host.
  public var host = ""
  /// Its public key.
  public var id: KeyReference = ""
  /// Its version.
  public var version = ""
  /// Its cluster.
  public var cluster = ""
  /// Its tags.
  public var tags: [String] = []
  /// Its curve key, when answers are sealed.
  public var xkey: KeyReference = ""
  /// Members that this version does not know.
  public var unknown = UnknownMembers()

  /// All members empty.
  public init() {}
}

/// The client that wants to come in.
public struct ClientInformation: Hashable, Sendable {
  /// Its address.
  public var host = ""
  /// The server's number for it.
  public var id: UInt64 = 0
  /// Its user.
  public var user = ""
  /// The name it gave.
  public var name = ""
  /// Its tags.
  public var tags: [String] = []
  /// The tag that is its name.
  public var nameTag = ""
  /// Client, leaf node and so on.
  public var kind = ""
  /// NATS, MQTT or WebSocket.
  public var type = ""
  /// Its MQTT identifier.
  public var mqttID = ""
  /// What it had to sign.
  public var nonce = ""
  /// Members that this version does not know.
  public var unknown = UnknownMembers()

  /// All members empty.
  public init() {}
}

/// What a client sent when it connected.
public struct ConnectOptions: Hashable, Sendable {
  /// Its token.
  public var jwt = ""
  /// Its public key.
  public var nkey: KeyReference = ""
  /// Its signature.
  public var signature = ""
  /// Its plain token.
  public var authToken = ""
  /// Its user name.
  public var user = ""
  /// Its password.
  public var password = ""
  /// Its name.
  public var name = ""
  /// The language of its library.
  public var language = ""
  /// The version of its library.
  public var version = ""
  /// The version of the protocol.
  public var protocolVersion = 0
  /// Members that this version does not know.
  public var unknown = UnknownMembers()

  /// All members empty.
  public init() {}
}

/// A client's TLS connection.
public struct ClientTLS: Hashable, Sendable {
  /// The version of TLS.
  public var version = ""
  /// The cipher.
  public var cipher = ""
  /// The client's certificates.
  public var certificates: [String] = []
  /// The chains that were verified; an entry may be null.
  public var verifiedChains: [[String]?] = []
  /// Members that this version does not know.
  public var unknown = UnknownMembers()

  /// All members empty.
  public init() {}
}

extension AuthorizationRequestClaims: ClaimsModel {
  static let type = ClaimType.authorizationRequest

  static let layout = whole(
    \.common, unknown: \.common.unknown,
    nats: JSONLayout(
      unknown: \.unknown,
      [
        .member("server_id", \.server, always: true), .member("user_nkey", \.userKey, always: true),
        .member("client_info", \.client, always: true), .member("connect_opts", \.connectOptions, always: true),
        .member("client_tls", \.tls), .member("request_nonce", \.requestNonce), .member("tags", \.tags), .member("type", \.typeText),
        .member("version", \.version),
      ]))
}

extension ServerIdentity: JSONObject {
  static let layout = JSONLayout<Self>(
    unknown: \.unknown,
    [
      .member("name", \.name, always: true), .member("host", \.host, always: true), .member("id", \.id, always: true),
      .member("version", \.version), .member("cluster", \.cluster), .member("tags", \.tags), .member("xkey", \.xkey),
    ])
}

extension ClientInformation: JSONObject {
  static let layout = JSONLayout<Self>(
    unknown: \.unknown,
    [
      .member("host", \.host), .member("id", \.id), .member("user", \.user), .member("name", \.name), .member("tags", \.tags),
      .member("name_tag", \.nameTag), .member("kind", \.kind), .member("type", \.type), .member("mqtt_id", \.mqttID),
      .member("nonce", \.nonce),
    ])
}

extension ConnectOptions: JSONObject {
  static let layout = JSONLayout<Self>(
    unknown: \.unknown,
    [
      .member("jwt", \.jwt), .member("nkey", \.nkey), .member("sig", \.signature), .member("auth_token", \.authToken),
      .member("user", \.user), .member("pass", \.password), .member("name", \.name), .member("lang", \.language),
      .member("version", \.version), .member("protocol", \.protocolVersion, always: true),
    ])
}

extension ClientTLS: JSONObject {
  static let layout = JSONLayout<Self>(
    unknown: \.unknown,
    [
      .member("version", \.version), .member("cipher", \.cipher), .member("certs", \.certificates),
      .member("verified_chains", \.verifiedChains),
    ])
}
