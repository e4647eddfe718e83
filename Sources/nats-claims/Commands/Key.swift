import ArgumentParser
import Glibc
import Nkeys

/// `nats-claims key`
struct Key: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make keys and look at them.", subcommands: [KeyGenerate.self, KeyPublic.self])
}

/// `nats-claims key generate`
struct KeyGenerate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate", abstract: "Make a new key.",
    discussion: """
      Without --keys the seed is printed, so send it where nobody looks. With --keys it is kept in the key store, mode 0600, and only the \
      public key is printed.

      Examples:
        nats-claims key generate account --keys keys
        nats-claims key generate operator > operator.nk
      """)

  @Argument(help: "operator, account, user, server, cluster, curve, module or service.", completion: .list(Role.allCases.map(\.rawValue)))
  var role: String

  @Option(help: "The key store that is to keep the seed.", completion: .directory)
  var keys: String?

  func run() async throws {
    guard let role = Role(rawValue: role) else {
      throw ValidationError("there is no role \(role): choose one of \(Role.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    let pair = try KeyPair.generate(role)
    if let keys {
      try KeyStore(path: keys).save(pair)
      Console.print(pair.publicKey.text)
    } else {
      try pair.seedText().withUnsafeBytes { Console.write(Array($0) + [UInt8(ascii: "\n")]) }
      Console.note(pair.publicKey.text)
    }
  }
}

/// `nats-claims key public`
struct KeyPublic: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "public", abstract: "Print the public key of a seed.",
    discussion: """
      Examples:
        nats-claims key public operator.nk
        nats-claims key public user.creds
        cat operator.nk | nats-claims key public
      """)

  @Argument(help: "A file with a seed, plain or decorated; standard input when there is none or it is -.", completion: .file())
  var file: String?

  func run() async throws {
    let name = file ?? "-"
    do {
      guard let key = try name == "-" ? keyOnStandardInput() : SecretFile.withContents(of: name, publicKey) else {
        throw CommandFailure("\(name): there is no such file")
      }
      Console.print(key.text)
    } catch let error as NkeyError {
      throw CommandFailure("\(name): \(error.message)")
    }
  }

  private func keyOnStandardInput() throws -> PublicKey {
    try SecretFile.withContents(ofDescriptor: STDIN_FILENO, name: "standard input", publicKey)
  }

  /// A bare seed may be of any role; in a decorated text it is an operator's, an account's or a user's.
  private func publicKey(ofSeedIn text: UnsafeRawBufferPointer) throws -> PublicKey {
    let text = text.trimmed
    let pair = text.count == KeyPair.seedTextCount ? try KeyPair(seedUTF8: text) : try DecoratedText.keyPair(utf8: text)
    return pair.publicKey
  }
}
