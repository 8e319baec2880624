import type { Random } from '@exprsn/core'
import { createTidGenerator, formatTid, type DataObject } from '../../src/codec/index.ts'
import { importSigningKey } from '../../src/crypto/index.ts'
import { createCommit, type CreatedCommit, type RepoState, type RepoWrite } from '../../src/repo/index.ts'

/** The account of the samples. */
export const did = 'did:plc:abcdefghijklmnopqrstuvwx'

/** Its key. */
export const key = importSigningKey('k256', new Uint8Array(32).fill(7))

const collections = ['app.bsky.feed.post', 'app.bsky.feed.like', 'app.bsky.graph.follow']

/** Records by path, as many as asked for, always the same for a seed. */
export function sampleRecords(count: number, random: Random): Record<string, DataObject> {
  const records: Record<string, DataObject> = {}
  for (let number = 0; number < count; number++) {
    const collection = collections[random.uint32() % 3]!
    const rkey = formatTid({ microseconds: 1_700_000_000_000_000 + random.uint32() * 1000, clockId: number % 1024 })
    records[`${collection}/${rkey}`] = { $type: collection, text: `record ${number} – ünïcode`, number, langs: ['en'] }
  }
  return records
}

/** A repository that random writes go into, with every block it ever had. */
export class SampleRepo {
  readonly blocks = new Map<string, Uint8Array>()
  readonly records = new Map<string, DataObject>()
  readonly random: Random
  state: RepoState | undefined
  #number = 0
  readonly #tid = createTidGenerator({ clockId: 1 })

  constructor(random: Random) {
    this.random = random
  }

  /** One commit of as many writes; none hits a path twice. */
  commit(count: number): CreatedCommit {
    const paths = new Set<string>()
    const writes: RepoWrite[] = []
    while (writes.length < count) {
      const write = this.#write()
      if (!paths.has(write.path)) writes.push(write)
      paths.add(write.path)
    }
    return this.apply(writes)
  }

  apply(writes: readonly RepoWrite[]): CreatedCommit {
    const source = { get: (cid: unknown) => this.blocks.get(String(cid)) }
    const created = createCommit({ did, key, previous: this.state, source, writes, rev: this.#tid() })
    for (const write of writes) {
      if (write.action === 'delete') this.records.delete(write.path)
      else this.records.set(write.path, write.value)
    }
    for (const { cid, bytes } of created.blocks) this.blocks.set(String(cid), bytes)
    this.state = created.state
    return created
  }

  #write(): RepoWrite {
    const known = [...this.records.keys()]
    const kind = this.random.uint32() % 4
    if (known.length > 0 && kind < 2) {
      const path = known[this.random.uint32() % known.length]!
      return kind === 0 ? { action: 'delete', path } : { action: 'update', path, value: { edited: this.#number++ } }
    }
    const path = `com.example.note/${this.random.uint32().toString(36)}`
    return { action: 'create', path, value: { note: this.#number++ } }
  }
}
