public import ArgumentParser
public import ClaimsNATS

extension SystemEvent.Kind: ExpressibleByArgument {}
