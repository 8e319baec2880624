import { CborReader, indexCar, type CarIndex, type Cid, type CarLimits, type DataObject } from '../codec/index.ts'
import { checkCommitSignature, readCommit, type Commit } from './commit.ts'
import { repoErrors } from './errors.ts'
import { walkMst } from './walk-mst.ts'

/** Options of {@link verifyRepo}. */
export interface VerifyRepoOptions extends CarLimits {
  /** The account that the repository must be of. @default whichever the commit names */
  readonly did?: string | undefined
  /** The account's key as a did:key. `false` leaves the signature unchecked, for archives whose key is no longer known. */
  readonly signingKey: string | false
  /**
   * When records are decoded: `eager` finds records that are not canonical DAG-CBOR at once, `lazy` when they are asked for.
   * Their hashes are checked in any case.
   * @default 'eager'
   */
  readonly records?: 'eager' | 'lazy' | undefined
  /** Accepts commits of version 2, too. @default false */
  readonly legacy?: boolean | undefined
}

/** A record of a verified repository. */
export interface RepoRecord {
  /** Collection and record key, as in `app.bsky.feed.post/3k…`. */
  readonly path: string
  readonly cid: Cid
  readonly value: DataObject
}

/**
 * Verifies a repository that came as a CAR: every block has its hash, the commit is signed by the key, the tree has the one
 * shape that its keys allow, every record is there and canonical. All of it is in memory.
 *
 * @throws `ATPROTO_CAR_INVALID`, `ATPROTO_CAR_LIMIT`, `ATPROTO_CBOR_INVALID`, `ATPROTO_COMMIT_INVALID`,
 * `ATPROTO_COMMIT_SIGNATURE_INVALID`, `ATPROTO_MST_INVALID`, `ATPROTO_MST_BLOCK_MISSING`, `ATPROTO_REPO_INVALID`
 * @example
 * ```ts
 * import { createSigningKey } from '@exprsn/atproto/crypto'
 * import { createRepoArchive, verifyRepo } from '@exprsn/atproto/repo'
 *
 * const key = createSigningKey('k256')
 * const records = { 'com.example.note/1': { $type: 'com.example.note', text: 'hello' } }
 * const car = createRepoArchive({ did: 'did:plc:example', key, records })
 * const repo = verifyRepo(car, { did: 'did:plc:example', signingKey: key.didKey })
 * console.log(repo.size, repo.get('com.example.note/1')?.value.text) // 1 hello
 * ```
 */
export function verifyRepo(bytes: Uint8Array, options: VerifyRepoOptions): VerifiedRepo {
  const { did, signingKey, records = 'eager', legacy, ...limits } = options
  const car = indexCar(bytes, limits)
  const [root, ...others] = car.roots
  if (root === undefined || others.length > 0)
    throw repoErrors.ATPROTO_REPO_INVALID({ reason: 'it does not have one root' })
  const block = car.get(root)
  if (block === undefined) throw repoErrors.ATPROTO_REPO_INVALID({ reason: 'its commit is missing' })
  const commit = readCommit(block, { legacy })
  if (did !== undefined && commit.did !== did)
    throw repoErrors.ATPROTO_REPO_INVALID({ reason: `it is of ${commit.did}` })
  if (signingKey !== false) checkCommitSignature(block, signingKey)
  const repo = new VerifiedRepo(car, root, commit)
  if (records === 'eager') repo.decodeAll()
  return repo
}

/** A repository whose hashes, signature and tree have been checked. Made by {@link verifyRepo}. */
export class VerifiedRepo {
  readonly did: string
  /** The revision; undefined only in commits of version 2. */
  readonly rev: string | undefined
  /** The CID of the commit. */
  readonly cid: Cid
  readonly commit: Commit
  /** Nodes of the tree. */
  readonly nodes: number
  /** Blocks of the archive that are neither the commit, nor a node, nor a record: their hashes are right, but nothing leads to them. */
  readonly unreferenced: number
  readonly #car: CarIndex
  readonly #paths: string[] = []
  readonly #blocks: number[] = []
  readonly #reader = new CborReader()
  #values: DataObject[] | undefined
  #numbers: Map<string, number> | undefined

  /** For {@link verifyRepo}. */
  constructor(car: CarIndex, cid: Cid, commit: Commit) {
    this.did = commit.did
    this.rev = commit.rev
    this.cid = cid
    this.commit = commit
    this.#car = car
    const root = car.find(commit.data.bytes, 0)
    if (root < 0) throw repoErrors.ATPROTO_MST_BLOCK_MISSING({ cid: String(commit.data) })
    const seen = new Uint8Array(car.size)
    let distinct = 0
    this.nodes = walkMst(car, root, (path, value) => {
      const block = car.find(car.bytes, value)
      if (block < 0) throw repoErrors.ATPROTO_REPO_INVALID({ reason: `the record ${path} is missing` })
      distinct += 1 - seen[block]!
      seen[block] = 1
      this.#paths.push(path)
      this.#blocks.push(block)
    })
    this.unreferenced = car.size - 1 - this.nodes - distinct
  }

  /** How many records there are. */
  get size(): number {
    return this.#paths.length
  }

  /** The paths of all records, in order. */
  get paths(): readonly string[] {
    return this.#paths
  }

  /** The record at a path; undefined when there is none. */
  get(path: string): RepoRecord | undefined {
    this.#numbers ??= new Map(this.#paths.map((known, number) => [known, number]))
    const number = this.#numbers.get(path)
    return number === undefined ? undefined : this.#record(number)
  }

  /** All records, in the order of their paths. */
  *records(): Generator<RepoRecord, void, undefined> {
    for (let number = 0; number < this.#paths.length; number++) yield this.#record(number)
  }

  /** Decodes what has not been decoded yet. */
  decodeAll(): void {
    this.#values ??= this.#blocks.map((block, number) => this.#decode(block, number))
  }

  #record(number: number): RepoRecord {
    const block = this.#blocks[number]!
    const value = this.#values?.[number] ?? this.#decode(block, number)
    return { path: this.#paths[number]!, cid: this.#car.cidOf(block), value }
  }

  #decode(block: number, number: number): DataObject {
    const start = this.#car.startOf(block)
    // A map is all that a record can be; the data model allows more.
    if (this.#car.bytes[start]! >> 5 !== 5) {
      throw repoErrors.ATPROTO_REPO_INVALID({ reason: `the record ${this.#paths[number]} is not a map` })
    }
    return this.#reader.decode(this.#car.bytes, start, this.#car.endOf(block)) as DataObject
  }
}
