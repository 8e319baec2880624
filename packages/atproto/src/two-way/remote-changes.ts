import type { Transaction } from '@exprsn/core/database'
import { fromDataJson, isTid, parseTid, toDataJson, type DataObject } from '../codec/index.ts'
import type { RecordMap, RecordPlace, TwoWayPolicy } from '../publish/index.ts'
import type { RecordChange, RecordDeletion, SyncEvent } from '../sync/index.ts'
import type { Agreements, AnyTwoWayMapping } from './agreements.ts'
import type { AgreedRow, PendingConflict } from './item-row.ts'
import { judgeChange } from './judge-change.ts'
import { mergeFields } from './merge-fields.ts'
import { deletion, type SentEntry, type SentLog } from './sent-log.ts'
import type { ChangeSettler, IncomingItem } from './settle-change.ts'
import type { TwoWayStatements } from './statements.ts'

type Change = RecordChange | RecordDeletion

/** Applies what comes from the repository to the host's items. What was sent from here is recognised and left alone. */
export class RemoteChanges {
  readonly #agreements: Agreements
  readonly #settler: ChangeSettler
  readonly #records: RecordMap
  readonly #log: SentLog
  readonly #sql: TwoWayStatements
  readonly #names: readonly string[]

  constructor(options: {
    readonly agreements: Agreements
    readonly settler: ChangeSettler
    readonly records: RecordMap
    readonly log: SentLog
    readonly sql: TwoWayStatements
    /** Of the mappings. */
    readonly names: readonly string[]
  }) {
    this.#agreements = options.agreements
    this.#settler = options.settler
    this.#records = options.records
    this.#log = options.log
    this.#sql = options.sql
    this.#names = options.names
  }

  async apply(event: SyncEvent, tx: Transaction): Promise<void> {
    const { did } = this.#agreements
    if (event.did !== did || event.type === 'identity') return
    if (event.type === 'account') {
      await tx.query(this.#sql.saveAccount, [did, event.status])
      return
    }
    const place = await this.#records.find(tx, event.collection, event.rkey)
    if (place === undefined) return event.type === 'delete' ? undefined : this.#create(tx, event)
    // Records of earlier posts of an item that was posted anew, or of a mapping that is no longer there.
    if (!place.isCurrent || !this.#names.includes(place.mapping)) return
    const sent = await this.#log.read(tx, event.collection, event.rkey)
    // Every write from here was made upon what was known: what came before it was known, too.
    if (sent.some(({ rev }) => rev !== undefined && event.rev < rev)) return
    const own = ownEntry(sent, event)
    if (place.parts > 1 || place.part > 0) return this.#part(tx, event, place, own)
    return event.type === 'delete' ? this.#delete(tx, event, place, own) : this.#change(tx, event, place, { sent, own })
  }

  async #change(
    tx: Transaction,
    event: RecordChange,
    place: RecordPlace,
    { sent, own }: { readonly sent: readonly SentEntry[]; readonly own: SentEntry | undefined },
  ): Promise<void> {
    const { mapping, id } = place
    const definition = this.#agreements.definition(mapping)
    const local = await definition.local.read(id, { tx, did: event.did })
    const row = await this.#agreements.lock(tx, mapping, id)
    if (own !== undefined) return place.isRemoved ? undefined : this.#agree(tx, event, row, own)
    // What both sides agreed on, again; unless it was written over from here, and somebody has brought it back.
    if (event.cid === row.baseCid && !sent.some(({ rev }) => rev !== undefined && rev <= event.rev)) return
    await this.#forgetSent(tx, event)
    const localDigest = local === undefined ? undefined : this.#agreements.digest(definition, local)
    const isLocalChanged = local === undefined ? row.deleted !== 'remote' : localDigest !== row.baseDigest
    const remote = await this.#settler.incoming(definition, event, { current: local, id })
    const policy = policyOf(definition)
    const conflict = conflictOf(event)
    if (remote === undefined) {
      // The host's stays as it is.
      if (policy === 'manual') return this.#settler.hold(tx, row, conflict)
      if (policy === 'local-wins') return this.#settler.keepLocal(tx, event, row, { local, conflict })
      await this.#settler.adopt(tx, event, row, undefined)
      return
    }
    if (remote.digest === localDigest) {
      // Both sides have come to say the same.
      await this.#settler.adopt(tx, event, row, remote)
      return
    }
    const localAt = row.deletedAt ?? row.localAt
    const verdict = judgeChange({ policy, isLocalChanged, localAt, remoteAt: timeOf(event.rev) })
    if (verdict === 'remote') return this.#settler.take(tx, event, row, remote)
    if (verdict === 'local') return this.#settler.keepLocal(tx, event, row, { local, conflict })
    if (verdict === 'hold') return this.#settler.hold(tx, row, conflict)
    return this.#merge(tx, event, row, { local, remote })
  }

  /** What was sent from here has arrived. */
  async #agree(tx: Transaction, event: RecordChange, row: AgreedRow, own: SentEntry): Promise<void> {
    await this.#log.forgetBefore(tx, event.collection, event.rkey, own.number + 1)
    const { cid, value } = event
    const baseDigest = own.digest ?? row.baseDigest
    await this.#agreements.save(tx, { ...row, baseCid: cid, baseRecord: toDataJson(value), baseDigest })
  }

  async #merge(
    tx: Transaction,
    event: RecordChange,
    row: AgreedRow,
    { local, remote }: { readonly local: unknown; readonly remote: IncomingItem },
  ): Promise<void> {
    const definition = this.#agreements.definition(row.mapping)
    const base = await this.#baseItem(definition, event, row, local)
    const merged = mergeOf(definition)({ base, local, remote: remote.item })
    if (merged === undefined) return this.#settler.removeBoth(tx, event, row, local)
    if (this.#agreements.digest(definition, merged) === remote.digest) return this.#settler.take(tx, event, row, remote)
    const adopted = await this.#settler.adopt(tx, event, row, remote)
    return this.#settler.saveAndPublish(tx, adopted, merged, conflictOf(event))
  }

  async #baseItem(definition: AnyTwoWayMapping, event: Change, row: AgreedRow, local: unknown): Promise<unknown> {
    if (row.baseRecord === undefined) return undefined
    const { uri, rkey } = event
    const value = fromDataJson(row.baseRecord) as DataObject
    return (await this.#settler.incoming(definition, { uri, rkey, value }, { current: local, id: row.id }))?.item
  }

  /** A record that no item has. */
  async #create(tx: Transaction, event: RecordChange): Promise<void> {
    for (const name of this.#names) {
      const definition = this.#agreements.definition(name)
      const { collection = 'app.bsky.feed.post', identity } = definition.mapping
      if (collection !== event.collection) continue
      const remote = await this.#settler.incoming(definition, event, { current: undefined, id: undefined })
      if (remote === undefined) continue
      const id = identity(remote.item)
      const local = await definition.local.read(id, { tx, did: event.did })
      const row = await this.#agreements.lock(tx, name, id)
      // The item has a record of its own, or waits for one: a second is not its.
      if (row.origin !== 'new' && row.deleted === undefined) return
      const fresh = { ...row, origin: 'remote', deleted: undefined, deletedAt: undefined } as const
      return local === undefined
        ? this.#settler.take(tx, event, fresh, remote)
        : this.#link(tx, event, fresh, { local, remote })
    }
  }

  /** Host and repository had it before they knew of each other. Of which is newer nothing is known. */
  async #link(
    tx: Transaction,
    event: RecordChange,
    row: AgreedRow,
    versions: { readonly local: unknown; readonly remote: IncomingItem },
  ): Promise<void> {
    const { local, remote } = versions
    const definition = this.#agreements.definition(row.mapping)
    const digest = this.#agreements.digest(definition, local)
    if (digest === remote.digest) {
      await this.#settler.adopt(tx, event, { ...row, localDigest: digest }, remote)
      return
    }
    const policy = policyOf(definition)
    const conflict = conflictOf(event)
    if (policy === 'remote-wins') return this.#settler.take(tx, event, row, remote)
    if (policy === 'merge') return this.#merge(tx, event, row, versions)
    if (policy === 'manual') return this.#settler.hold(tx, row, conflict)
    return this.#settler.keepLocal(tx, event, row, { local, conflict })
  }

  async #delete(
    tx: Transaction,
    event: RecordDeletion,
    { mapping, id, isRemoved }: RecordPlace,
    own: SentEntry | undefined,
  ): Promise<void> {
    // What was sent before stays known: it may arrive even now, and is deleted a second time by the publisher.
    if (own !== undefined || isRemoved || (await this.#isAccountDeleted(tx))) return
    const definition = this.#agreements.definition(mapping)
    const local = await definition.local.read(id, { tx, did: event.did })
    const row = await this.#agreements.lock(tx, mapping, id)
    await this.#forgetSent(tx, event)
    // Both sides have deleted it.
    if (local === undefined) return this.#settler.takeRemoval(tx, row, local)
    const isLocalChanged = this.#agreements.digest(definition, local) !== row.baseDigest
    const policy = policyOf(definition)
    const { localAt } = row
    const verdict = judgeChange({ policy, isLocalChanged, localAt, remoteAt: timeOf(event.rev) })
    if (verdict === 'remote') return this.#settler.takeRemoval(tx, row, local)
    if (verdict === 'hold') return this.#settler.hold(tx, row, conflictOf(event))
    if (verdict === 'local') return this.#settler.publish(tx, await this.#settler.startAnew(tx, row), local)
    const base = await this.#baseItem(definition, event, row, local)
    const merged = mergeOf(definition)({ base, local, remote: undefined })
    if (merged === undefined) return this.#settler.takeRemoval(tx, row, local)
    return this.#settler.saveAndPublish(tx, await this.#settler.startAnew(tx, row), merged)
  }

  /** A record of a thread: its text is a part of the item's, which it cannot be taken back into. */
  async #part(tx: Transaction, event: Change, place: RecordPlace, own: SentEntry | undefined): Promise<void> {
    const { collection, rkey } = event
    const { mapping, id, part, isRemoved } = place
    const definition = this.#agreements.definition(mapping)
    const local = await definition.local.read(id, { tx, did: event.did })
    const row = await this.#agreements.lock(tx, mapping, id)
    if (own !== undefined) {
      if (event.type !== 'delete' && part === 0) return this.#agree(tx, event, row, own)
      return this.#log.forgetBefore(tx, collection, rkey, own.number + 1)
    }
    if (isRemoved || (event.type === 'delete' && (await this.#isAccountDeleted(tx)))) return
    await this.#forgetSent(tx, event)
    const policy = policyOf(definition)
    const cid = event.type === 'delete' ? undefined : event.cid
    if (policy === 'remote-wins') return this.#settler.settlePart(tx, row, { collection, rkey, cid }, undefined)
    if (policy === 'local-wins') return this.#settler.settlePart(tx, row, { collection, rkey, cid }, local)
    return this.#settler.hold(tx, row, { ...conflictOf(event), isPart: true })
  }

  #forgetSent(tx: Transaction, { collection, rkey }: Change): Promise<void> {
    return this.#log.forgetBefore(tx, collection, rkey, Number.MAX_SAFE_INTEGER)
  }

  /** That an account is gone says nothing about the host's items. */
  async #isAccountDeleted(tx: Transaction): Promise<boolean> {
    const { rows } = await tx.query<{ status: string }>(this.#sql.readAccount, [this.#agreements.did])
    return rows[0]?.status === 'deleted'
  }
}

/**
 * What was sent and is now there: the oldest, as everything comes in the order in which it was written. When something that was
 * sent later is known to have been there before, somebody has brought the older back.
 */
function ownEntry(sent: readonly SentEntry[], event: Change): SentEntry | undefined {
  const cid = event.type === 'delete' ? deletion : event.cid
  const own = sent.find((entry) => entry.cid === cid)
  if (own === undefined) return undefined
  const isOlder = sent.some(
    (other) => other.number > own.number && other.cid !== cid && other.rev !== undefined && other.rev <= event.rev,
  )
  return isOlder ? undefined : own
}

function conflictOf(event: Change): PendingConflict {
  const { uri } = event
  return event.type === 'delete'
    ? { kind: 'delete', uri, cid: undefined, record: undefined, isPart: false }
    : { kind: 'edit', uri, cid: event.cid, record: toDataJson(event.value), isPart: false }
}

function policyOf({ mapping }: AnyTwoWayMapping): TwoWayPolicy {
  return mapping.policies?.twoWay ?? 'local-wins'
}

function mergeOf({ mapping }: AnyTwoWayMapping): typeof mergeFields<unknown> {
  return mapping.policies?.merge ?? mergeFields
}

/** When a commit was made, by the clock of the account's host. */
function timeOf(rev: string): number {
  return isTid(rev) ? parseTid(rev).microseconds / 1000 : 0
}
