/**
 * Identities of the AT Protocol: handles resolved and verified in both directions, did:plc with its whole history, did:web,
 * keys kept sealed, and statements about who is who.
 *
 * @packageDocumentation
 */
export {
  createIdentityResolver,
  type IdentityResolver,
  type IdentityResolverOptions,
  type ResolveOptions,
} from './create-identity-resolver.ts'
export {
  createKeyCustody,
  type CustodyCallOptions,
  type KeyCustody,
  type KeyCustodyOptions,
  type NewKey,
} from './custody/key-custody.ts'
export type { KeptKey, KeyPurpose } from './custody/key-entry.ts'
export { parseDidDocument, type DidDocument, type DidService, type ParseDidDocumentOptions } from './did-document.ts'
export { didWebDocument, didWebUrl, type DidWebAccount, type DidWebJson } from './did-web.ts'
export { createTxtResolver, type TxtAnswer, type TxtResolver, type TxtResolverOptions } from './dns/txt-resolver.ts'
export { identityErrors } from './errors.ts'
export { dnsHandleLookup } from './handle/dns-handle-lookup.ts'
export type { HandleLookup, LookupOutcome } from './handle/handle-lookup.ts'
export { httpsHandleLookup, type HttpsHandleLookupOptions } from './handle/https-handle-lookup.ts'
export type { HandleProblem, HandleResolution } from './handle/resolve-handle.ts'
export type { HandleAudit, HandleVerdict, Identity } from './identity.ts'
export {
  createPlc,
  type NewPlcIdentity,
  type Plc,
  type PlcChangeOptions,
  type PlcCreated,
  type PlcOptions,
  type PlcResult,
} from './plc/create-plc.ts'
export type { PlcChange, PlcDifference } from './plc/plc-change.ts'
export {
  httpPlcDirectory,
  type HttpPlcDirectoryOptions,
  type PlcCallOptions,
  type PlcDirectory,
} from './plc/plc-directory.ts'
export { documentOfState } from './plc/plc-document.ts'
export { verifyPlcLog, type PlcEntry, type PlcLog, type VerifyPlcLogOptions } from './plc/plc-log.ts'
export {
  operationCid,
  readPlcOperation,
  stateOf,
  type PlcLegacyCreate,
  type PlcOperation,
  type PlcService,
  type PlcState,
  type PlcTombstone,
  type PlcUpdate,
  type UnsignedPlcOperation,
} from './plc/plc-operation.ts'
export type { PlcPlan, PlcWarning } from './plc/plc-plan.ts'
export { recoveryPaths, type RecoveryPath, type RecoveryPathsOptions } from './plc/plc-recovery.ts'
export { didOfGenesis, signOperation, type Signer } from './plc/plc-signature.ts'
export { resolveIdentity, verifyHandle } from './resolve-identity.ts'
export {
  createVerifications,
  type ListedVerification,
  type RecordWriter,
  type VerificationAudit,
  type VerificationProblem,
  type Verifications,
  type VerificationsOptions,
} from './verification/create-verifications.ts'
export {
  readVerification,
  verificationCollection,
  verificationRecord,
  type NewVerification,
  type VerificationRecord,
} from './verification/verification-record.ts'
