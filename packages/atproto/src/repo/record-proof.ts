import { indexCar, writeCar, type CarBlock, type Cid, type DataObject, decodeCbor } from '../codec/index.ts'
import { checkCommitSignature, readCommit } from './commit.ts'
import { repoErrors } from './errors.ts'
import { openMst } from './mst.ts'
import type { BlockSource } from './mst-node.ts'

/**
 * Makes the CAR that proves which record stands at a path of a commit, or that none does: the commit, the nodes on the way
 * and the record. It is what `com.atproto.sync.getRecord` answers.
 *
 * @throws `ATPROTO_MST_BLOCK_MISSING`, `ATPROTO_MST_INVALID`, `ATPROTO_COMMIT_INVALID`
 * @example
 * ```ts
 * import { indexCar } from '@exprsn/atproto/codec'
 * import { createSigningKey } from '@exprsn/atproto/crypto'
 * import { createRecordProof, createRepoArchive, verifyRecordProof } from '@exprsn/atproto/repo'
 *
 * const key = createSigningKey('k256')
 * const path = 'com.example.note/1'
 * const did = 'did:plc:example'
 * const car = indexCar(createRepoArchive({ did, key, records: { [path]: { text: 'hello' } } }))
 * const proof = createRecordProof(car, car.roots[0]!, path)
 * console.log(verifyRecordProof(proof, { did, signingKey: key.didKey, path }).value) // { text: 'hello' }
 * ```
 */
export function createRecordProof(source: BlockSource, commit: Cid, path: string): Uint8Array {
  const blocks: CarBlock[] = []
  const recording: BlockSource = {
    get(cid) {
      const bytes = source.get(cid)
      if (bytes !== undefined) blocks.push({ cid, bytes })
      return bytes
    },
  }
  const { data } = readCommit(required(recording, commit))
  const record = openMst({ source: recording, root: data }).get(path)
  if (record !== undefined) required(recording, record)
  return writeCar([commit], blocks)
}

/** Options of {@link verifyRecordProof}. */
export interface VerifyRecordProofOptions {
  /** Whose repository it must be. */
  readonly did: string
  /** The account's key as a did:key. */
  readonly signingKey: string
  /** Collection and record key, such as `app.bsky.feed.post/3jui7kd54zh2y`. */
  readonly path: string
}

/** What a proof proves. */
export interface ProvenRecord {
  readonly rev: string | undefined
  /** undefined when the proof shows that there is no record. */
  readonly cid: Cid | undefined
  readonly value: DataObject | undefined
}

/**
 * Verifies the proof of a record, or of its absence.
 *
 * @throws `ATPROTO_CAR_INVALID`, `ATPROTO_COMMIT_INVALID`, `ATPROTO_COMMIT_SIGNATURE_INVALID`, `ATPROTO_MST_INVALID`,
 * `ATPROTO_MST_BLOCK_MISSING`
 */
export function verifyRecordProof(
  proof: Uint8Array,
  { did, signingKey, path }: VerifyRecordProofOptions,
): ProvenRecord {
  const car = indexCar(proof)
  const root = car.roots[0]
  if (root === undefined) throw repoErrors.ATPROTO_COMMIT_INVALID({ reason: 'the proof names no commit' })
  const block = required(car, root)
  const commit = readCommit(block)
  if (commit.did !== did) throw repoErrors.ATPROTO_COMMIT_INVALID({ reason: `it is of ${commit.did}` })
  checkCommitSignature(block, signingKey)
  const cid = openMst({ source: car, root: commit.data }).get(path)
  const value = cid === undefined ? undefined : (decodeCbor(required(car, cid)) as DataObject)
  return { rev: commit.rev, cid, value }
}

function required(source: BlockSource, cid: Cid): Uint8Array {
  const bytes = source.get(cid)
  if (bytes === undefined) throw repoErrors.ATPROTO_MST_BLOCK_MISSING({ cid: String(cid) })
  return bytes
}
