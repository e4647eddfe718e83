// swift-tools-version:6.2

import PackageDescription

/// The settings of every target: Swift 6 mode comes with the tools version.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .treatAllWarnings(as: .error),
]

/// System libraries and packages, by the names the targets use.
let sodium: Target.Dependency = "CSodium"
let cnats: Target.Dependency = "CNATS"
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let coreMetrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")

let package = Package(
  name: "nats-claims",
  products: [
    .executable(name: "nats-claims", targets: ["nats-claims"]),
    .library(name: "Nkeys", targets: ["Nkeys"]),
    .library(name: "Claims", targets: ["Claims"]),
    // For tests alone: a library that is loaded in front of the C library and makes the disk fail.
    .library(name: "FaultInjection", type: .dynamic, targets: ["FaultInjection"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
    .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
    .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
  ],
  targets: [
    .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
    .systemLibrary(name: "CNATS", pkgConfig: "libnats", providers: [.apt(["libnats-dev"])]),
    .target(name: "CLinux"),
    .target(name: "Nkeys", dependencies: [sodium], swiftSettings: settings),
    .target(name: "Claims", dependencies: ["Nkeys", sodium, crypto], swiftSettings: settings),
    .target(name: "ClaimsStore", dependencies: ["Claims", "CLinux", "Nkeys", grdb, sqlite, crypto, logging], swiftSettings: settings),
    .target(
      name: "ClaimsRegistry",
      dependencies: ["ClaimsStore", "Claims", "Nkeys", crypto, logging, coreMetrics, serviceLifecycle],
      swiftSettings: settings),
    .target(
      name: "ClaimsHTTP",
      dependencies: [
        "ClaimsRegistry", "ClaimsStore", "Claims", "Nkeys", hummingbird, hummingbirdCore, httpTypes, logging, coreMetrics, crypto,
        nioCore, nioHTTP1, nioHTTPTypes, nioPosix, nioSSL, nioTLS, serviceLifecycle,
      ],
      resources: [.embedInCode("API/openapi.json")],
      swiftSettings: settings),
    .target(
      name: "ClaimsNATS",
      dependencies: ["ClaimsRegistry", "ClaimsStore", "Claims", "Nkeys", cnats, crypto, logging, coreMetrics, serviceLifecycle],
      swiftSettings: settings),
    .target(name: "ServerConfig", dependencies: [logging], swiftSettings: settings),
    .executableTarget(
      name: "nats-claims",
      dependencies: [
        "ClaimsHTTP", "ClaimsNATS", "ClaimsRegistry", "ClaimsStore", "Claims", "Nkeys", "ServerConfig", argumentParser, asyncHTTPClient,
        logging, nioCore,
        nioHTTP1, nioSSL, serviceLifecycle, unixSignals,
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "bench-tokens", dependencies: ["Claims", "Nkeys"], path: "Benchmarks/Tokens", swiftSettings: settings),
    .target(name: "FaultInjection", path: "Tests/FaultInjection"),
    .target(name: "BenchSupport", dependencies: ["Nkeys"], path: "Benchmarks/Support", swiftSettings: settings),
    .executableTarget(name: "bench-load", dependencies: ["BenchSupport"], path: "Benchmarks/Load", swiftSettings: settings),
    .executableTarget(
      name: "bench-claims", dependencies: ["BenchSupport", "Claims"], path: "Benchmarks/Claims", swiftSettings: settings),
    .target(name: "CSpawn", path: "Tests/CSpawn"),
    .target(name: "TestSupport", dependencies: ["CSpawn"], path: "Tests/TestSupport", swiftSettings: settings),
    .target(
      name: "ClaimsTestSupport", dependencies: ["ClaimsRegistry", "ClaimsStore", "Claims", "Nkeys", "TestSupport"],
      path: "Tests/ClaimsTestSupport",
      swiftSettings: settings),
    .testTarget(name: "ServerConfigTests", dependencies: ["ServerConfig"], swiftSettings: settings),
    .testTarget(name: "NkeysTests", dependencies: ["Nkeys", "TestSupport", sodium], swiftSettings: settings),
    .testTarget(name: "ClaimsTests", dependencies: ["Claims", "Nkeys", "TestSupport", sodium, crypto], swiftSettings: settings),
    .testTarget(
      name: "ClaimsStoreTests", dependencies: ["ClaimsStore", "Claims", "Nkeys", "ClaimsTestSupport", grdb, logging],
      swiftSettings: settings),
    .testTarget(
      name: "ClaimsRegistryTests",
      dependencies: ["ClaimsRegistry", "ClaimsStore", "Claims", "Nkeys", "ClaimsTestSupport", coreMetrics, logging],
      swiftSettings: settings),
    .testTarget(
      name: "ClaimsHTTPTests",
      dependencies: [
        "ClaimsHTTP", "ClaimsRegistry", "ClaimsStore", "Claims", "Nkeys", "ClaimsTestSupport", "TestSupport", asyncHTTPClient, httpTypes,
        logging, nioCore, nioEmbedded, nioSSL,
        nioHTTP1, nioHTTPTypes, nioPosix, serviceLifecycle,
      ], swiftSettings: settings),
    .testTarget(
      name: "ClaimsNATSTests",
      dependencies: ["ClaimsNATS", "ClaimsRegistry", "ClaimsStore", "Claims", "Nkeys", "ClaimsTestSupport", "TestSupport", logging],
      swiftSettings: settings),
    .testTarget(
      name: "SystemTests",
      dependencies: [
        "nats-claims", "ClaimsHTTP", "ClaimsNATS", "ClaimsStore", "Claims", "Nkeys", "ServerConfig", "ClaimsTestSupport", "TestSupport",
        nioCore,
      ],
      exclude: ["Python"],
      swiftSettings: settings),
  ]
)
