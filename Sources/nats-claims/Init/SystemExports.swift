import Claims

/// The two exports that a system account has by custom: they let an account's own users see their account's events and figures.
enum SystemExports {
  private static let documentation = "https://docs.nats.io/nats-server/configuration/sys_accounts"

  static var all: [Export] {
    var streams = Export(.stream, subject: Subject("$SYS.ACCOUNT.*.>"))
    streams.name = "account-monitoring-streams"
    streams.accountTokenPosition = 3
    streams.description = "Account specific monitoring stream"
    streams.infoURL = documentation
    var services = Export(.service, subject: Subject("$SYS.REQ.ACCOUNT.*.*"))
    services.name = "account-monitoring-services"
    services.responseType = .stream
    services.accountTokenPosition = 4
    services.description = "Request account specific monitoring services for: SUBSZ, CONNZ, LEAFZ, JSZ and INFO"
    services.infoURL = documentation
    return [streams, services]
  }
}
