import ClaimsRegistry
import ServerConfig

extension ServerOptions {
  /// The rules of admission.
  var admission: AdmissionPolicy { AdmissionPolicy(allowsVersion1: allowsVersion1, clockTolerance: clockTolerance.components.seconds) }
}
