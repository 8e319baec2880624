import type { StandardSchema } from '@exprsn/core/config'
import type { DataObject } from '../codec/index.ts'
import type { DraftText, PostDraft } from './post-draft.ts'

/**
 * What an edit of an item does that is published: `replace` changes the records in place, `repost` deletes them and posts
 * anew, `ignore` leaves what is there.
 */
export type EditPolicy = 'replace' | 'repost' | 'ignore'

/**
 * What happens when a record was changed or deleted by another than the publisher: `local-wins` writes the item's own again,
 * `remote-wins` leaves what is there, `manual` parks the item.
 */
export type ConflictPolicy = 'local-wins' | 'remote-wins' | 'manual'

/**
 * What happens in a two-way sync when an item and its record have both changed since they last agreed: `local-wins`,
 * `remote-wins`, `newest` by the time of the change, `merge`, or `manual`, which leaves both as they are until somebody decides.
 */
export type TwoWayPolicy = 'local-wins' | 'remote-wins' | 'newest' | 'merge' | 'manual'

/**
 * How a thread is written: `sequential` part by part, which costs two points each; `atomic` all at once, so that nobody sees a
 * part of it, which costs three. Edits are always part by part.
 */
export type ThreadPolicy = 'sequential' | 'atomic'

/** The three versions of an item that are merged. */
export interface MergeVersions<Item> {
  /** On which both sides last agreed; undefined when they never did. */
  readonly base: Item | undefined
  /** undefined when it was deleted in the host. */
  readonly local: Item | undefined
  /** undefined when it was deleted in the repository. */
  readonly remote: Item | undefined
}

/** Of a record that comes in, beside its value. */
export interface IncomingRecord<Item> {
  /** `at://<did>/<collection>/<rkey>` */
  readonly uri: string
  readonly rkey: string
  /** The item as the host has it, whose fields that are not in the record stay; undefined when the record is new. */
  readonly current: Item | undefined
}

/** How items of the host become records, and, in a two-way sync, records become items. */
export interface Mapping<Item = unknown> {
  /** Checks items. @default not checked */
  readonly source?: StandardSchema<Item> | undefined
  /** The records' collection: an NSID. @default 'app.bsky.feed.post' */
  readonly collection?: string | undefined
  /** The item's own id, which never changes: at most 200 characters. */
  readonly identity: (item: Item) => string
  /** Changes with the item; an item of a version that is known is left alone. @default a hash of what toRecord gives */
  readonly version?: ((item: Item) => string | number | Date) | undefined
  /** When the item was made: the time of its records. @default when it was first put */
  readonly createdAt?: ((item: Item) => Date) | undefined
  /** Whether an item is to be published. One that was and is no longer is taken back. @default every one */
  readonly visibility?: ((item: Item) => boolean) | undefined
  /** A draft of a post, or a record as it is. It must not depend on anything but the item. */
  readonly toRecord: (item: Item, tools: { readonly text: DraftText }) => PostDraft | DataObject
  /**
   * The item of a record: for a two-way sync. It gives undefined for records that are none of the host's. What it makes of a
   * record, `toRecord` must make that record of again, as far as the fields of the mapping go.
   */
  readonly fromRecord?: ((record: DataObject, incoming: IncomingRecord<Item>) => Item | undefined) | undefined
  /**
   * Reads a file that a draft names. It is called when the item is sent, and again after a fault.
   *
   * @default none: drafts name no files
   */
  readonly media?: ((ref: string, options: { readonly signal: AbortSignal }) => Promise<Uint8Array>) | undefined
  /** Put behind each part of a thread. @default none */
  readonly numbering?: ((part: number, parts: number) => string) | undefined
  readonly policies?:
    | {
        /** @default 'replace' */
        readonly edit?: EditPolicy | undefined
        /** @default 'local-wins' */
        readonly conflict?: ConflictPolicy | undefined
        /** @default 'sequential' */
        readonly thread?: ThreadPolicy | undefined
        /** Whether images and videos need a text for those who do not see them. @default 'required' */
        readonly alt?: 'required' | 'optional' | undefined
        /** For a two-way sync. @default 'local-wins' */
        readonly twoWay?: TwoWayPolicy | undefined
        /**
         * Gives the item that both sides are to have; undefined deletes it.
         *
         * @default field by field: what one side alone has changed is taken, of what both have the local value; an edit is
         * stronger than a deletion
         */
        readonly merge?: ((versions: MergeVersions<Item>) => Item | undefined) | undefined
      }
    | undefined
}

/**
 * Says how items of the host become records; a plain object, checked by the compiler.
 *
 * @example
 * ```ts
 * import { defineMapping } from '@exprsn/atproto/publish'
 *
 * interface Article { readonly id: string; readonly body: string; readonly url: string; readonly updatedAt: Date }
 * const articles = defineMapping<Article>({
 *   identity: (article) => article.id,
 *   version: (article) => article.updatedAt,
 *   toRecord: (article, { text }) => text.plain(article.body).card(article.url, { title: 'Read on' }),
 * })
 * console.log(articles.identity({ id: 'a1', body: '', url: '', updatedAt: new Date() })) // a1
 * ```
 */
export function defineMapping<Item>(mapping: Mapping<Item>): Mapping<Item> {
  return mapping
}
