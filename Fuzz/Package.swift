// swift-tools-version:6.2

import PackageDescription

/// Coverage-guided fuzz targets, apart from the product so that its builds never compile them. `Scripts/fuzz` builds and runs them.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .treatAllWarnings(as: .error),
]

let claims = Target.Dependency.product(name: "Claims", package: "nats-claims")
let nkeys = Target.Dependency.product(name: "Nkeys", package: "nats-claims")

let package = Package(
  name: "Fuzz",
  dependencies: [.package(name: "nats-claims", path: "..")],
  targets: [
    .target(name: "FuzzSupport", dependencies: [nkeys], swiftSettings: settings),
    .executableTarget(name: "FuzzKey", dependencies: ["FuzzSupport", nkeys], swiftSettings: settings),
    .executableTarget(name: "FuzzToken", dependencies: ["FuzzSupport", claims, nkeys], swiftSettings: settings),
    .executableTarget(name: "FuzzJSON", dependencies: ["FuzzSupport", claims], swiftSettings: settings),
    .executableTarget(name: "FuzzValidation", dependencies: ["FuzzSupport", claims, nkeys], swiftSettings: settings),
  ]
)
