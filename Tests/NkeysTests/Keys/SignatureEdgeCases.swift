/// A public key and a signature at the edges of Ed25519.
///
/// Made for this table by plain arithmetic, in the kinds that "Taming the many EdDSAs" (Chalkias, Garillot, Nikolaenko, 2020)
/// lists: points of small and mixed order, encodings and scalars that are not reduced. Go's verdict was computed by the same arithmetic, after
/// the steps of its `ed25519.Verify`. The fourteen encodings of points of small order as keys are in `PublicKeyTests`.
struct SignatureEdgeCase: Sendable, CustomStringConvertible {
  let description: String
  let key: String
  let message: String
  let signature: String
  /// False for keys that are refused before any signature is looked at.
  let keyIsTaken: Bool
  let verifies: Bool
  /// What Go's `crypto/ed25519` says: it refuses an S that is not reduced, compares R's bytes without the cofactor, and looks at no order.
  let goVerifies: Bool
  /// Why our answer is what it is; libsodium 1.0.18 decides.
  let why: String

  init(
    _ description: String, key: String, message: String, signature: String, keyIsTaken: Bool = true, verifies: Bool, goVerifies: Bool,
    why: String
  ) {
    self.description = description
    self.key = key
    self.message = message
    self.signature = signature
    self.keyIsTaken = keyIsTaken
    self.verifies = verifies
    self.goVerifies = goVerifies
    self.why = why
  }

  static let all: [SignatureEdgeCase] = [
    SignatureEdgeCase(
      "S = 0, key and R of small order",
      key: "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
      message: "24c07ef3dc463f59b29670acab4ecb48e2a19161d1698882503e3ab261cc24b1",
      signature:
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"
        + "0000000000000000000000000000000000000000000000000000000000000000",
      keyIsTaken: false, verifies: false, goVerifies: true,
      why: "libsodium refuses a key of small order, for which anybody can sign; so do we when the key is made"),
    SignatureEdgeCase(
      "key of small order, R of mixed order",
      key: "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
      message: "93ab0e99af621a19f3f081bbba9597c7854319dff4b28c0501967fa0f8aa71e2",
      signature:
        "13270f1bb2eacb3ea1c4535479d912afbd07a5e534a3b2e2efa8824f73da8c59"
        + "2c0d8442d7e78bac31eebea2df5a6ed97685aae764fcfc19b2ef43df81477a0a",
      keyIsTaken: false, verifies: false, goVerifies: true,
      why: "libsodium refuses a key of small order, for which anybody can sign; so do we when the key is made"),
    SignatureEdgeCase(
      "key of mixed order, R of small order",
      key: "622d56cf2c93b63e2fb3b19ac1a91fc1690e6526c7bd2bcba721a9de296e7a6c",
      message: "d211f6a6004dba5792f13b0399b9b6361ef31571af4e6ecd9603ca162b374b3c",
      signature:
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"
        + "50f6ece02f75a5205cedc0d22473e6666f56a170036250a85edfa64e4ce07c0e",
      verifies: false, goVerifies: true,
      why: "libsodium refuses an R of small order, which no honest signer makes"),
    SignatureEdgeCase(
      "key and R of mixed order, the equation without cofactor holds",
      key: "622d56cf2c93b63e2fb3b19ac1a91fc1690e6526c7bd2bcba721a9de296e7a6c",
      message: "3f7fd171486b64505da4baffd35b950e83ecab9be5395fe4b508fe44a15a4a15",
      signature:
        "a59c275826dfb0b017a6ca0cbd00b93e5d08fdafd3b0471061a0af60784b53cf"
        + "f8f339286335c82d969ab19fed0b113a00b646bc239ba8469101a33f86a76a04",
      verifies: true, goVerifies: true,
      why: "both compare without the cofactor, and mixed order alone is no reason for either"),
    SignatureEdgeCase(
      "key and R of mixed order, only the equation with cofactor holds",
      key: "622d56cf2c93b63e2fb3b19ac1a91fc1690e6526c7bd2bcba721a9de296e7a6c",
      message: "40ab06a41fbe61d95bb170a40c4bffdf1baf2a6c2ce1848016a45c24d6a80dbe",
      signature:
        "a59c275826dfb0b017a6ca0cbd00b93e5d08fdafd3b0471061a0af60784b53cf"
        + "ffcfd3af95ed5d291be2eee7b722a09250f28e82394ecfd8cfb4a04159c7a508",
      verifies: false, goVerifies: false,
      why: "neither multiplies by the cofactor"),
    SignatureEdgeCase(
      "key of mixed order, R of prime order, only the equation with cofactor holds",
      key: "622d56cf2c93b63e2fb3b19ac1a91fc1690e6526c7bd2bcba721a9de296e7a6c",
      message: "73f552e3d193a46603c0ecc65ba95b20458d06fc2b1a198f2a24cf313d10688b",
      signature:
        "363c8f9b102410b0833925813ddf7b8d798ac4b4be008181634232395115173e"
        + "0af103e83f301cba275cd9b56f4258506e2709535c87c80f208bfafc6f21b30c",
      verifies: false, goVerifies: false,
      why: "neither multiplies by the cofactor"),
    SignatureEdgeCase(
      "all as it should be",
      key: "ef5e91858ae8fcfaeea941454e334d9a280ae9876f432a58fb61f8c2f07afbf3",
      message: "40ab06a41fbe61d95bb170a40c4bffdf1baf2a6c2ce1848016a45c24d6a80dbe",
      signature:
        "363c8f9b102410b0833925813ddf7b8d798ac4b4be008181634232395115173e"
        + "958cc0a11f3730725a9aceaaa1a3716cd94d5625acf4ec32afb2c4cbc66fba01",
      verifies: true, goVerifies: true,
      why: "an honest signature"),
    SignatureEdgeCase(
      "S + L",
      key: "ef5e91858ae8fcfaeea941454e334d9a280ae9876f432a58fb61f8c2f07afbf3",
      message: "40ab06a41fbe61d95bb170a40c4bffdf1baf2a6c2ce1848016a45c24d6a80dbe",
      signature:
        "363c8f9b102410b0833925813ddf7b8d798ac4b4be008181634232395115173e"
        + "8260b6fe399a42ca3037c64d809d5081d94d5625acf4ec32afb2c4cbc66fba11",
      verifies: false, goVerifies: false,
      why: "S must be below the order (RFC 8032, 5.1.7), or every signature would have a second form"),
    SignatureEdgeCase(
      "S + 8 L",
      key: "ef5e91858ae8fcfaeea941454e334d9a280ae9876f432a58fb61f8c2f07afbf3",
      message: "40ab06a41fbe61d95bb170a40c4bffdf1baf2a6c2ce1848016a45c24d6a80dbe",
      signature:
        "363c8f9b102410b0833925813ddf7b8d798ac4b4be008181634232395115173e"
        + "fd2b6f89f24fc3320d818bc296726913da4d5625acf4ec32afb2c4cbc66fba81",
      verifies: false, goVerifies: false,
      why: "S must be below the order (RFC 8032, 5.1.7), also where only its top bits tell"),
    SignatureEdgeCase(
      "R is not reduced and of small order, hashed as written",
      key: "622d56cf2c93b63e2fb3b19ac1a91fc1690e6526c7bd2bcba721a9de296e7a6c",
      message: "40ab06a41fbe61d95bb170a40c4bffdf1baf2a6c2ce1848016a45c24d6a80dbe",
      signature:
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
        + "9f93d119f38d18fda8371bb9ea647a0ca8824348770bb5531b32c04e800e5801",
      verifies: false, goVerifies: false,
      why: "both compare R's bytes with a reduced point; libsodium refuses it earlier, for its order"),
    SignatureEdgeCase(
      "R is not reduced and of small order, hashed as reduced",
      key: "622d56cf2c93b63e2fb3b19ac1a91fc1690e6526c7bd2bcba721a9de296e7a6c",
      message: "0d2a3ea70340c70ea7538a75dbc6c4ea1d4883b3183520424e60844156bbc949",
      signature:
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
        + "fa7ad19d4a44d9314666a883e54d134ba4850eae54e65fd4633c5c254c340f0d",
      verifies: false, goVerifies: false,
      why: "both hash and compare R's bytes as they are written"),
    SignatureEdgeCase(
      "key is not reduced and of small order, hashed as written",
      key: "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
      message: "40ab06a41fbe61d95bb170a40c4bffdf1baf2a6c2ce1848016a45c24d6a80dbe",
      signature:
        "363c8f9b102410b0833925813ddf7b8d798ac4b4be008181634232395115173e"
        + "2c0d8442d7e78bac31eebea2df5a6ed97685aae764fcfc19b2ef43df81477a0a",
      keyIsTaken: false, verifies: false, goVerifies: true,
      why: "libsodium refuses a key that is not reduced; Go reduces it and takes the signature"),
    SignatureEdgeCase(
      "key is not reduced, of other order",
      key: "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      message: "40ab06a41fbe61d95bb170a40c4bffdf1baf2a6c2ce1848016a45c24d6a80dbe",
      signature:
        "363c8f9b102410b0833925813ddf7b8d798ac4b4be008181634232395115173e"
        + "2c0d8442d7e78bac31eebea2df5a6ed97685aae764fcfc19b2ef43df81477a0a",
      keyIsTaken: false, verifies: false, goVerifies: false,
      why: "libsodium refuses a key that is not reduced; Go reduces it, and the signature does not fit"),
  ]
}
