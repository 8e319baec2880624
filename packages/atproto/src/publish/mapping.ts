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

/** How items of the host become records. */
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
  /** Put behind each part of a thread. @default none */
  readonly numbering?: ((part: number, parts: number) => string) | undefined
  readonly policies?:
    | {
        /** @default 'replace' */
        readonly edit?: EditPolicy | undefined
        /** @default 'local-wins' */
        readonly conflict?: ConflictPolicy | undefined
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
