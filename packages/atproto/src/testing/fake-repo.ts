import { cidOf, encodeCbor, indexCar, writeCar, type CarBlock, type Cid, type DataObject } from '../codec/index.ts'
import type { SigningKey } from '../crypto/index.ts'
import {
  buildMst,
  createCommit,
  createRecordProof,
  type CreatedCommit,
  type RepoState,
  type RepoWrite,
} from '../repo/index.ts'

/** A record as the fake keeps it. */
export interface StoredRecord {
  readonly cid: Cid
  readonly value: DataObject
}

/** One account's repository in memory. */
export class FakeRepo {
  readonly did: string
  /** Signs the commits from now on. */
  key: SigningKey
  readonly #blocks = new Map<string, Uint8Array>()
  readonly #records = new Map<string, StoredRecord>()
  #state: RepoState | undefined
  #commit: CarBlock | undefined

  constructor(did: string, key: SigningKey) {
    this.did = did
    this.key = key
  }

  /** The revision and the root of the tree. */
  get state(): RepoState {
    return this.#state!
  }

  /** The last commit. */
  get commit(): CarBlock {
    return this.#commit!
  }

  /** Every record by its path, in no order. */
  get records(): ReadonlyMap<string, StoredRecord> {
    return this.#records
  }

  /**
   * Applies writes as one commit, or none of them.
   *
   * @throws `ATPROTO_MST_KEY_MISSING`, `ATPROTO_COMMIT_INVALID`, `ATPROTO_PATH_INVALID`
   */
  apply(writes: readonly RepoWrite[], rev: string): CreatedCommit {
    const source = { get: (cid: Cid) => this.#blocks.get(String(cid)) }
    const created = createCommit({ did: this.did, key: this.key, previous: this.#state, source, writes, rev })
    for (const { cid, bytes } of created.blocks) this.#blocks.set(String(cid), bytes)
    for (const write of writes) {
      if (write.action === 'delete') this.#records.delete(write.path)
      else this.#records.set(write.path, { cid: cidOf('dag-cbor', encodeCbor(write.value)), value: write.value })
    }
    this.#state = created.state
    this.#commit = created.commit
    return created
  }

  /** The whole repository as a CAR, as `com.atproto.sync.getRepo` answers it. */
  archive(): Uint8Array {
    const entries = [...this.#records].map(([path, { cid }]) => [path, cid] as const)
    const blocks = new Map<string, CarBlock>()
    for (const block of [this.commit, ...buildMst(entries).blocks]) blocks.set(String(block.cid), block)
    for (const [, cid] of entries) blocks.set(String(cid), { cid, bytes: this.#blocks.get(String(cid))! })
    return writeCar([this.commit.cid], blocks.values())
  }

  /** The CAR that proves a record, or that there is none. */
  proof(path: string): Uint8Array {
    const archive = indexCar(this.archive())
    return createRecordProof(archive, this.commit.cid, path)
  }

  /** Goes back to what another repository holds: a host that was restored from an older backup. */
  restore(older: FakeRepo): void {
    this.#records.clear()
    for (const [path, record] of older.records) this.#records.set(path, record)
    this.#state = older.state
    this.#commit = older.commit
  }

  /** A copy that later writes do not touch. */
  snapshot(): FakeRepo {
    const copy = new FakeRepo(this.did, this.key)
    for (const [cid, bytes] of this.#blocks) copy.#blocks.set(cid, bytes)
    copy.restore(this)
    return copy
  }
}
