/// What `GET /jwt/v1/help` says.
enum HelpPage {
  static let text = """
    nats-claims: an account server for NATS

    GET /jwt/v1/accounts/
      Answers 200: the question a nats-server with `resolver: URL(...)` asks at its start.

    GET /jwt/v1/accounts/<key>
      The account's JWT, byte for byte as it was pushed; 404 when there is none. HEAD works too.
      If-None-Match is answered with 304 when the ETag (the SHA-256 of the JWT) is named.
      ?text=true    the JWT as text/plain
      ?decode=true  header and claims as readable JSON
      ?check=true   404 when the JWT is expired
      ?notify=true  announce the account to the nats-servers again, at most once a second

    POST /jwt/v1/accounts/<key>
      The body is an account JWT of this account, signed by a trusted operator. 200 means: it is on stable
      storage, it is served, and it will be announced on $SYS.ACCOUNT.<key>.CLAIMS.UPDATE.
      202 says that a signing service has it, and that nothing is stored yet.
      400 says what is wrong with it, 409 that a newer one is stored or that the account belongs to another
      operator, 413 that it is too large, 507 and 503 that it could not be stored now.

    DELETE /jwt/v1/accounts/<key>
      The body is a delete claim (a generic JWT, iss = sub = an operator key, nats.accounts = [keys]):
      the same that $SYS.REQ.CLAIMS.DELETE takes. It works once, and never removes claims newer than itself.
      nats-servers that resolve accounts by URL cannot be told of a deletion. Where a key of the operator is at
      hand (serve --keys), closing claims are stored with it and announced: servers drop the account's clients.
      A second line of the body may hold closing claims that you signed: account claims of the same iat with
      limits.conn 0, limits.leaf 0 and an exp; `nats-claims delete` sends them.
      Without either the answer names the nats-servers that still hold the account, and so does /readyz.

    POST /jwt/v1/activations
      The body is an activation JWT, signed by an account that is known here or by one of its signing keys.

    GET /jwt/v1/activations/<hash>
      The newest activation of this hash, with or without its padding; ?text=true and ?decode=true as above.

    GET /jwt/v1/operator
      The operator's JWT, of several the first one's; ?text=true and ?decode=true as above.

    GET /jwt/v1/operators/<key>
      The JWT of any trusted operator; 404 for others.

    GET /jwt/v1/pack?max=<n>
      Lines of <key>|<jwt>, sorted by key; 10000 at most, a negative number for all.

    GET /api/openapi.json
      Describes the JSON for programs under /api/v1/.

    GET /healthz   200 while the process answers
    GET /readyz    whether claims are served, with the warnings an operator should know
    GET /metrics   figures in the Prometheus text format

    """
}
