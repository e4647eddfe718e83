extension ConfigParser {
  /// The value of `$name`: of a key before it in this or an enclosing map, or of the environment.
  mutating func variable(_ name: String, at position: ConfigPosition) throws(ConfigError) -> ConfigValue {
    for index in scopes.indices.reversed() {
      if let value = scopes[index].takeVariable(name) { return value.moved(to: position) }
    }
    guard let text = source.environment[name] else {
      throw error("the variable $\(name) is neither a key before it nor in the environment", at: position)
    }
    guard depth < Self.deepest else { throw error("the variable $\(name) leads back to itself", at: position) }
    var parser = ConfigParser(text, file: "$\(name)", source: source, depth: depth + 1)
    do throws(ConfigError) {
      return try parser.onlyValue().moved(to: position)
    } catch {
      throw ConfigError("the environment's value of $\(name) cannot be read (\(error.message)): it needs quotes within it", at: position)
    }
  }
}
