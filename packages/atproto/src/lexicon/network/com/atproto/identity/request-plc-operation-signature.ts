// Written by scripts/generate-network.ts.

/** The types of `com.atproto.identity.requestPlcOperationSignature`. */
export interface ComAtprotoIdentityRequestPlcOperationSignatureTypes {
  readonly 'com.atproto.identity.requestPlcOperationSignature': {}
}
