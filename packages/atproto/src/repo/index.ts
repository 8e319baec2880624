/**
 * Repositories of the AT Protocol: verified as a whole, commit by commit, and record by record; read, changed and compared
 * as the Merkle search trees that they are.
 *
 * @packageDocumentation
 */
export { buildMst, type BuiltMst } from './build-mst.ts'
export {
  checkCommitSignature,
  readCommit,
  signCommit,
  type Commit,
  type ReadCommitOptions,
  type UnsignedCommit,
} from './commit.ts'
export { readCommitMessage, type CommitMessage, type RepoOperation } from './commit-message.ts'
export { createCommit, type CreateCommitOptions, type CreatedCommit, type RepoWrite } from './create-commit.ts'
export { createRepoArchive, type RepoArchiveOptions } from './create-repo-archive.ts'
export { decodeFrame, type StreamError, type StreamMessage } from './decode-frame.ts'
export { diffMst, type MstChange, type MstSide } from './diff-mst.ts'
export { encodeErrorFrame, encodeFrame } from './encode-frame.ts'
export { repoErrors } from './errors.ts'
export { createMst, openMst, type Mst, type OpenMstOptions } from './mst.ts'
export type { BlockSource } from './mst-node.ts'
export {
  createRecordProof,
  verifyRecordProof,
  type ProvenRecord,
  type VerifyRecordProofOptions,
} from './record-proof.ts'
export { isRecordPath, splitPath, type RecordPath } from './record-path.ts'
export { verifyRepo, type RepoRecord, type VerifiedRepo, type VerifyRepoOptions } from './verify-repo.ts'
export {
  verifyCommit,
  type RepoState,
  type VerifiedCommit,
  type VerifiedOperation,
  type VerifyCommitOptions,
} from './verify-commit.ts'
