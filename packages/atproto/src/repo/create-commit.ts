import {
  cidOf,
  createTidGenerator,
  encodeCbor,
  writeCar,
  type CarBlock,
  type Cid,
  type DataObject,
} from '../codec/index.ts'
import type { SigningKey } from '../crypto/index.ts'
import { signCommit } from './commit.ts'
import { repoErrors } from './errors.ts'
import { openMst, type Mst } from './mst.ts'
import type { BlockSource } from './mst-node.ts'
import type { RepoOperation } from './commit-message.ts'
import type { RepoState } from './verify-commit.ts'

/** One write of a commit. */
export type RepoWrite =
  | { readonly action: 'create' | 'update'; readonly path: string; readonly value: DataObject }
  | { readonly action: 'delete'; readonly path: string }

/** Options of {@link createCommit}. */
export interface CreateCommitOptions {
  /** Whose repository it is. */
  readonly did: string
  /** Signs the commit. */
  readonly key: SigningKey
  /** The state before; none for the first commit. */
  readonly previous?: RepoState | undefined
  /** Where the nodes of the state before come from. @default none, for the first commit */
  readonly source?: BlockSource | undefined
  /** What is created, updated and deleted, in this order. */
  readonly writes: readonly RepoWrite[]
  /** @default a TID of now, after the revision before */
  readonly rev?: string | undefined
}

/** A commit with everything that the event stream says of it. */
export interface CreatedCommit {
  readonly commit: CarBlock
  readonly state: RepoState
  readonly operations: readonly RepoOperation[]
  /** New blocks to keep: nodes, records and the commit. */
  readonly blocks: readonly CarBlock[]
  /** CAR for the event stream: new records, the commit, and the nodes that are needed to take the operations back. */
  readonly proof: Uint8Array
}

/**
 * Applies writes to a repository and signs the outcome, with the proof that `verifyCommit` needs.
 *
 * @throws `ATPROTO_MST_KEY_MISSING` for updates and deletes of what is not there, `ATPROTO_COMMIT_INVALID` for creates of what
 * is, `ATPROTO_PATH_INVALID`, `ATPROTO_VALUE_UNENCODABLE`
 * @example
 * ```ts
 * import { createSigningKey } from '@exprsn/atproto/crypto'
 * import { createCommit } from '@exprsn/atproto/repo'
 *
 * const writes = [{ action: 'create', path: 'com.example.note/1', value: { text: 'hello' } }] as const
 * const created = createCommit({ did: 'did:plc:example', key: createSigningKey('k256'), writes })
 * console.log(created.operations.length, created.blocks.length) // 1 3
 * ```
 */
export function createCommit(options: CreateCommitOptions): CreatedCommit {
  const { did, key, previous, writes, source = { get: () => undefined } } = options
  const rev = options.rev ?? createTidGenerator({ after: previous?.rev })()
  const tree = openMst({ source, root: previous?.data })
  const records: CarBlock[] = []
  const operations = writes.map((write) => apply(tree, write, records))
  const nodes: CarBlock[] = []
  const data = tree.root((block) => nodes.push(block))
  const commit = signCommit({ did, rev, data }, key)
  const blocks = distinct([...nodes, ...records, commit])
  const needed = blocksToInvert(data, operations, { get: (cid) => blocks.get(String(cid))?.bytes ?? source.get(cid) })
  const proof = writeCar([commit.cid], distinct([commit, ...needed, ...records]).values())
  return { commit, state: { rev, data }, operations, blocks: [...blocks.values()], proof }
}

function apply(tree: Mst, write: RepoWrite, records: CarBlock[]): RepoOperation {
  const { action, path } = write
  if (action === 'delete') return { action, path, cid: undefined, prev: tree.delete(path) }
  const bytes = encodeCbor(write.value)
  const cid = cidOf('dag-cbor', bytes)
  const prev = tree.get(path)
  if (action === 'update' && prev === undefined) throw repoErrors.ATPROTO_MST_KEY_MISSING({ path })
  if (action === 'create' && prev !== undefined) {
    throw repoErrors.ATPROTO_COMMIT_INVALID({ reason: `the record ${path} is already there` })
  }
  records.push({ cid, bytes })
  tree.set(path, cid)
  return { action, path, cid, prev }
}

/** Which nodes a verifier reads is found by doing what it does. */
function blocksToInvert(data: Cid, operations: readonly RepoOperation[], source: BlockSource): CarBlock[] {
  const read = new Map<string, CarBlock>()
  const recording: BlockSource = {
    get(cid) {
      const bytes = source.get(cid)
      if (bytes !== undefined) read.set(String(cid), { cid, bytes })
      return bytes
    },
  }
  const tree = openMst({ source: recording, root: data })
  recording.get(data)
  for (const { path } of operations) tree.get(path)
  for (const { path, prev } of operations.toReversed()) {
    if (prev === undefined) tree.delete(path)
    else tree.set(path, prev)
  }
  return [...read.values()]
}

function distinct(blocks: readonly CarBlock[]): Map<string, CarBlock> {
  return new Map(blocks.map((block) => [String(block.cid), block]))
}
