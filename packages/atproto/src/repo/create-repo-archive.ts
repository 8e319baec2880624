import { cidOf, createTidGenerator, encodeCbor, writeCar, type CarBlock, type DataObject } from '../codec/index.ts'
import type { SigningKey } from '../crypto/index.ts'
import { buildMst } from './build-mst.ts'
import { signCommit } from './commit.ts'

/** Options of {@link createRepoArchive}. */
export interface RepoArchiveOptions {
  /** Whose repository it is. */
  readonly did: string
  /** Signs the commit. */
  readonly key: SigningKey
  /** Records by path. */
  readonly records: Readonly<Record<string, DataObject>>
  /** The revision, a TID. @default now */
  readonly rev?: string | undefined
}

/**
 * Makes the CAR of a whole repository: its commit, its tree and its records.
 *
 * @throws `ATPROTO_PATH_INVALID`, `ATPROTO_VALUE_UNENCODABLE`
 * @example
 * ```ts
 * import { createSigningKey } from '@exprsn/atproto/crypto'
 * import { createRepoArchive } from '@exprsn/atproto/repo'
 *
 * const car = createRepoArchive({ did: 'did:plc:example', key: createSigningKey('p256'), records: {} })
 * console.log(car instanceof Uint8Array) // true
 * ```
 */
export function createRepoArchive({ did, key, records, rev = createTidGenerator()() }: RepoArchiveOptions): Uint8Array {
  const values = Object.entries(records).map(([path, record]) => {
    const bytes = encodeCbor(record)
    return { path, cid: cidOf('dag-cbor', bytes), bytes }
  })
  const tree = buildMst(values.map(({ path, cid }) => [path, cid]))
  const commit = signCommit({ did, rev, data: tree.root }, key)
  // Equal records are one block.
  const blocks = new Map<string, CarBlock>()
  for (const { cid, bytes } of [commit, ...tree.blocks, ...values]) blocks.set(String(cid), { cid, bytes })
  return writeCar([commit.cid], blocks.values())
}
