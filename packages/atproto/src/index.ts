/**
 * AT Protocol cross-posting, verified repositories and sync.
 *
 * @packageDocumentation
 */
export { cidOf, decodeCbor, encodeCbor, parseCid, type Cid, type DataObject, type DataValue } from './codec/index.ts'
export { createSigningKey, importSigningKey, verifySignature, type SigningKey } from './crypto/index.ts'
export {
  createCommit,
  createRepoArchive,
  decodeFrame,
  readCommitMessage,
  verifyCommit,
  verifyRecordProof,
  verifyRepo,
  type RepoRecord,
  type VerifiedCommit,
  type VerifiedRepo,
} from './repo/index.ts'
