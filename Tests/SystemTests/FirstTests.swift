import Testing

extension SystemTests {
  @Suite struct FirstTests {
    @Test(arguments: NATSServerVersion.allCases) func smoke(version: NATSServerVersion) async throws {
      let organisation = try Organisation()
      let claims = try await ServerUnderTest(organisation)
      let server = try NATSServer(version, organisation, resolver: .url(port: claims.port))
      try await server.start()
      let account = try TestAccount(of: organisation)
      #expect(try await claims.http.push(account.token(), to: account.key).status == 200)
      let client = try await NATSClient(server, credentials: account.credentials())
      try await client.close()
    }
  }
}
