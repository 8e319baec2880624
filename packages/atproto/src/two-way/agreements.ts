import type { Clock } from '@exprsn/core'
import type { Queryable } from '@exprsn/core/database'
import type { DataObject } from '../codec/index.ts'
import {
  draftText,
  publishErrors,
  type Mapping,
  type PostDraft,
  type Publisher,
  type PutResult,
} from '../publish/index.ts'
import { agreedRow, agreedValues, type AgreedRow } from './item-row.ts'
import { digestOfMade, ownedPaths, withForeignFields } from './own-fields.ts'
import { versionText } from './sent-log.ts'
import type { TwoWayStatements } from './statements.ts'
import type { TwoWayMapping } from './two-way-options.ts'

/** An item of the host as it goes through the publisher. */
export interface Envelope {
  readonly id: string
  readonly item: unknown
  readonly made: PostDraft | DataObject
  readonly version: string
}

/** A mapping without its type of items. */
export type AnyTwoWayMapping = TwoWayMapping<unknown>

/** What both directions work with: the rows of agreements, and the way to the publisher. */
export class Agreements {
  readonly did: string
  readonly clock: Clock
  readonly #mappings: Readonly<Record<string, AnyTwoWayMapping>>
  readonly #sql: TwoWayStatements
  readonly #publisher: Publisher<Record<string, Envelope>>

  constructor(options: {
    readonly did: string
    readonly clock: Clock
    readonly mappings: Readonly<Record<string, AnyTwoWayMapping>>
    readonly sql: TwoWayStatements
    readonly publisher: Publisher<Record<string, Envelope>>
  }) {
    this.did = options.did
    this.clock = options.clock
    this.#mappings = options.mappings
    this.#sql = options.sql
    this.#publisher = options.publisher
  }

  /** @throws `ATPROTO_PUBLISH_MAPPING_UNKNOWN` */
  definition(mapping: string): AnyTwoWayMapping {
    if (!Object.hasOwn(this.#mappings, mapping)) throw publishErrors.ATPROTO_PUBLISH_MAPPING_UNKNOWN({ mapping })
    return this.#mappings[mapping]!
  }

  made({ mapping }: AnyTwoWayMapping, item: unknown): PostDraft | DataObject {
    return mapping.toRecord(item, { text: draftText })
  }

  digest(definition: AnyTwoWayMapping, item: unknown): string {
    return digestOfMade(this.made(definition, item))
  }

  /** The row under its lock; a new one when there was none. */
  async lock(tx: Queryable, mapping: string, id: string): Promise<AgreedRow> {
    const { rows } = await tx.query(this.#sql.lockItem, [this.did, mapping, id, this.clock.now()])
    return agreedRow(rows[0]!)
  }

  async read(tx: Queryable, mapping: string, id: string): Promise<AgreedRow | undefined> {
    const { rows } = await tx.query(this.#sql.readItem, [this.did, mapping, id])
    return rows[0] === undefined ? undefined : agreedRow(rows[0])
  }

  async save(tx: Queryable, row: AgreedRow): Promise<AgreedRow> {
    await tx.query(this.#sql.saveItem, agreedValues(this.did, row))
    return row
  }

  /** Takes back a row that `lock` has made. */
  async forget(tx: Queryable, { mapping, id }: AgreedRow): Promise<void> {
    await tx.query(this.#sql.forgetItem, [this.did, mapping, id])
  }

  /** Has the item written: every time as another version, with the fields that others have put into its record. */
  async publish(
    tx: Queryable,
    row: AgreedRow,
    item: unknown,
    publishAt?: Date,
  ): Promise<{ readonly result: PutResult; readonly row: AgreedRow }> {
    const definition = this.definition(row.mapping)
    const made = this.made(definition, item)
    const digest = digestOfMade(made)
    const owned = [...new Set([...row.owned, ...ownedPaths(made)])]
    const next = await this.save(tx, { ...row, counter: row.counter + 1, owned, localDigest: digest })
    const envelope: Envelope = {
      id: row.id,
      item,
      made: withForeignFields(made, row.baseRecord, row.owned),
      version: versionText(next.counter, digest),
    }
    return { result: await this.#publisher.put(row.mapping, envelope, { tx, publishAt }), row: next }
  }

  /** Has the records of an item deleted. */
  unpublish(tx: Queryable, { mapping, id }: AgreedRow): Promise<'queued' | 'unchanged'> {
    return this.#publisher.remove(mapping, id, { tx })
  }
}

/** The mapping of envelopes for the publisher. What others have written is never overwritten unseen. */
export function envelopeMapping({ mapping }: AnyTwoWayMapping): Mapping<Envelope> {
  const { source, createdAt } = mapping
  return {
    collection: mapping.collection,
    numbering: mapping.numbering,
    media: mapping.media,
    identity: ({ id }) => id,
    version: ({ version }) => version,
    toRecord: ({ made }) => made,
    policies: { ...mapping.policies, merge: undefined, conflict: 'manual' },
    ...(createdAt === undefined ? {} : { createdAt: ({ item }) => createdAt(item) }),
    ...(source === undefined
      ? {}
      : {
          source: {
            '~standard': {
              version: 1,
              vendor: source['~standard'].vendor,
              validate: async (envelope) => {
                const checked = await source['~standard'].validate((envelope as Envelope).item)
                return checked.issues === undefined ? { value: envelope as Envelope } : checked
              },
            },
          },
        }),
  }
}
