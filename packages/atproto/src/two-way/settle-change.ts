import { ExprsnError } from '@exprsn/core'
import type { Transaction } from '@exprsn/core/database'
import { toDataJson, type DataObject, type DataValue } from '../codec/index.ts'
import type { RecordMap } from '../publish/index.ts'
import type { Agreements, AnyTwoWayMapping } from './agreements.ts'
import type { AgreedRow, PendingConflict } from './item-row.ts'

/** A record as another has written it. */
export interface WrittenRecord {
  readonly collection: string
  readonly rkey: string
  readonly uri: string
  readonly cid: string
  readonly value: DataObject
}

/** The item that such a record stands for. */
export interface IncomingItem {
  readonly item: unknown
  /** Of what the mapping makes of it. */
  readonly digest: string
}

/** The ways in which a change of another ends: each makes host, publisher and agreement say the same, in one transaction. */
export class ChangeSettler {
  readonly #agreements: Agreements
  readonly #records: RecordMap

  constructor(agreements: Agreements, records: RecordMap) {
    this.#agreements = agreements
    this.#records = records
  }

  /** The item of a record; undefined when it is none of the host's, or not what its schema allows. */
  async incoming(
    definition: AnyTwoWayMapping,
    { value, uri, rkey }: Pick<WrittenRecord, 'value' | 'uri' | 'rkey'>,
    { current, id }: { readonly current: unknown; readonly id: string | undefined },
  ): Promise<IncomingItem | undefined> {
    const { mapping } = definition
    const item = mapping.fromRecord?.(value, { uri, rkey, current })
    if (item === undefined) return undefined
    const checked = await mapping.source?.['~standard'].validate(item)
    if (checked?.issues !== undefined || (id !== undefined && mapping.identity(item) !== id)) return undefined
    return { item, digest: this.#agreements.digest(definition, item) }
  }

  /** Makes the record of another what the next edit builds on. */
  async adopt(
    tx: Transaction,
    { collection, rkey, cid, value }: WrittenRecord,
    row: AgreedRow,
    remote: IncomingItem | undefined,
  ): Promise<AgreedRow> {
    const { mapping, id } = row
    const definition = this.#agreements.definition(mapping)
    const createdAt = this.#createdAt(definition, remote, value.createdAt)
    await this.#records.adopt(tx, { mapping, id, collection, rkey, cid, value, createdAt })
    return this.#agreements.save(tx, {
      ...row,
      origin: row.origin === 'new' ? 'remote' : row.origin,
      baseCid: cid,
      baseRecord: toDataJson(value),
      baseDigest: remote?.digest ?? row.baseDigest,
      conflict: undefined,
      conflictAt: undefined,
    })
  }

  /** Gives the host what another has written. */
  async take(tx: Transaction, written: WrittenRecord, row: AgreedRow, remote: IncomingItem): Promise<void> {
    const { mapping, id } = row
    const definition = this.#agreements.definition(mapping)
    const adopted = await this.adopt(tx, written, row, remote)
    // Before the host is told: what it puts because of that is known.
    await this.#agreements.save(tx, { ...adopted, ...this.#told(remote.digest) })
    const call = { tx, did: this.#agreements.did }
    await definition.local.save(remote.item, call)
    // A host may store something else than it was given: that, too, is what both sides agree on.
    const stored = await definition.local.read(id, call)
    const digest = stored === undefined ? remote.digest : this.#agreements.digest(definition, stored)
    if (digest === remote.digest) return
    const saved = await this.#agreements.lock(tx, mapping, id)
    await this.#agreements.save(tx, { ...saved, localDigest: digest, baseDigest: digest })
  }

  /** Has the host's item written over what came; its deletion when it has none any more. */
  async keepLocal(
    tx: Transaction,
    written: WrittenRecord,
    row: AgreedRow,
    { local, conflict }: { readonly local: unknown; readonly conflict?: PendingConflict | undefined },
  ): Promise<void> {
    const definition = this.#agreements.definition(row.mapping)
    const remote = await this.incoming(definition, written, { current: local, id: row.id })
    const adopted = await this.adopt(tx, written, row, remote)
    if (local === undefined) await this.#agreements.unpublish(tx, adopted)
    else await this.publish(tx, adopted, local, conflict)
  }

  /** Deletes on both sides what a merge made nothing of. */
  async removeBoth(tx: Transaction, written: WrittenRecord, row: AgreedRow, local: unknown): Promise<void> {
    const adopted = await this.#saveDeleted(tx, await this.adopt(tx, written, row, undefined), 'local')
    await this.#agreements.unpublish(tx, adopted)
    await this.#removeLocal(tx, row, local)
  }

  /** Gives both sides an item that neither has. */
  async saveAndPublish(tx: Transaction, row: AgreedRow, item: unknown, conflict?: PendingConflict): Promise<void> {
    const definition = this.#agreements.definition(row.mapping)
    await this.#agreements.save(tx, { ...row, ...this.#told(this.#agreements.digest(definition, item)) })
    const call = { tx, did: this.#agreements.did }
    await definition.local.save(item, call)
    const stored = (await definition.local.read(row.id, call)) ?? item
    await this.publish(tx, await this.#agreements.lock(tx, row.mapping, row.id), stored, conflict)
  }

  /** What the lexicon does not allow must not stop the stream: where a conflict is given, it waits for a decision. */
  async publish(tx: Transaction, row: AgreedRow, item: unknown, conflict?: PendingConflict): Promise<void> {
    const alive = { ...row, deleted: undefined, deletedAt: undefined }
    try {
      await tx.transaction((inner) => this.#agreements.publish(inner, alive, item))
    } catch (error) {
      const isInvalid = ExprsnError.is(error) && error.code === 'ATPROTO_PUBLISH_ITEM_INVALID'
      if (!isInvalid || conflict === undefined) throw error
      await this.hold(tx, row, conflict)
    }
  }

  /** Deletes the host's item, as its record was. */
  async takeRemoval(tx: Transaction, row: AgreedRow, local: unknown): Promise<void> {
    await this.#records.adoptRemoval(tx, row.mapping, row.id)
    await this.#saveDeleted(tx, row, 'remote')
    await this.#removeLocal(tx, row, local)
  }

  /** Takes the record for gone and the item for new. */
  async startAnew(tx: Transaction, row: AgreedRow): Promise<AgreedRow> {
    await this.#records.adoptRemoval(tx, row.mapping, row.id)
    return this.#agreements.save(tx, { ...row, ...withoutBase, deleted: undefined, deletedAt: undefined })
  }

  /** Leaves both sides as they are until somebody decides. */
  async hold(tx: Transaction, row: AgreedRow, conflict: PendingConflict): Promise<void> {
    const conflictAt = row.conflictAt ?? this.#agreements.clock.now()
    await this.#agreements.save(tx, { ...row, conflict, conflictAt })
  }

  /** What was written to one record of a thread is written over, or left as it is. */
  async settlePart(
    tx: Transaction,
    row: AgreedRow,
    part: { readonly collection: string; readonly rkey: string; readonly cid: string | undefined },
    local: unknown,
  ): Promise<void> {
    await this.#records.adoptPart(tx, part.collection, part.rkey, part.cid)
    const settled = await this.#agreements.save(tx, { ...row, conflict: undefined, conflictAt: undefined })
    if (local !== undefined) await this.publish(tx, settled, local)
  }

  #saveDeleted(tx: Transaction, row: AgreedRow, deleted: 'local' | 'remote'): Promise<AgreedRow> {
    const deletedAt = this.#agreements.clock.now()
    return this.#agreements.save(tx, { ...row, ...withoutBase, localDigest: undefined, deleted, deletedAt })
  }

  async #removeLocal(tx: Transaction, { mapping, id }: AgreedRow, local: unknown): Promise<void> {
    if (local === undefined) return
    await this.#agreements.definition(mapping).local.remove(id, { tx, did: this.#agreements.did })
  }

  #told(digest: string): Partial<AgreedRow> {
    return { localDigest: digest, localAt: this.#agreements.clock.now(), deleted: undefined, deletedAt: undefined }
  }

  /** The time of an item that comes from the repository: its own, or that of its record. */
  #createdAt({ mapping }: AnyTwoWayMapping, remote: IncomingItem | undefined, given: DataValue | undefined): number {
    const own = remote === undefined ? undefined : mapping.createdAt?.(remote.item).getTime()
    const time = own ?? Date.parse(typeof given === 'string' ? given : '')
    return Number.isFinite(time) ? time : this.#agreements.clock.now()
  }
}

const withoutBase = {
  baseCid: undefined,
  baseRecord: undefined,
  baseDigest: undefined,
  conflict: undefined,
  conflictAt: undefined,
} as const
