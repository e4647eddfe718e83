import ClaimsRegistry
import Logging
import ServiceLifecycle
struct NATSOptions { var servers: [String]; var credentialsFile: String?; var certificateAuthorityFile: String?; init(servers: [String]) { self.servers = servers } }
struct NATSBridge: Service { init(options: NATSOptions, registry: Registry, metrics: MetricsRegistry, logger: Logger) {} ; func run() async throws { try await gracefulShutdown() } }
