import { createHash } from 'node:crypto'
import { fromDataJson, toDataJson, type DataObject, type DataValue } from '../codec/index.ts'
import { splitPost, type RichText } from '../richtext/index.ts'
import type { ConflictPolicy, Mapping } from './mapping.ts'
import { draftText, PostDraft, type PostSettings } from './post-draft.ts'

/** What is to stand in the repository for an item, as the outbox keeps it. */
export interface Wanted {
  readonly collection: string
  readonly conflict: ConflictPolicy
  /** One record each; the posts of a thread in order. */
  readonly parts: readonly WantedPart[]
}

/** One record of an item. */
export type WantedPart =
  | { readonly kind: 'post'; readonly content: RichText; readonly settings: PostSettings }
  | { readonly kind: 'record'; readonly record: unknown }

/** What the mapping makes of an item. Pure: no call, no clock. */
export function wantedOf<Item>(mapping: Mapping<Item>, item: Item): Wanted {
  const { collection = 'app.bsky.feed.post', numbering, policies = {} } = mapping
  const made = mapping.toRecord(item, { text: draftText })
  const { conflict = 'local-wins' } = policies
  if (!(made instanceof PostDraft))
    return { collection, conflict, parts: [{ kind: 'record', record: toDataJson({ ...made, $type: collection }) }] }
  const { content, settings } = made
  const posts = splitPost(content, { numbering })
  // What is shown below a post is enough; a text there need not be.
  if (posts.length === 0) posts.push({ text: '', spans: [] })
  const { langs, labels } = settings
  return {
    collection,
    conflict,
    parts: posts.map((post, index) => ({
      kind: 'post',
      content: post,
      settings: index === 0 ? settings : { langs, labels },
    })),
  }
}

/** The record of a part that is no post. */
export function recordOf(part: WantedPart & { readonly kind: 'record' }): DataObject {
  return fromDataJson(part.record as DataValue) as DataObject
}

/** Text that changes when what is wanted does. */
export function digestOf(wanted: string): string {
  return createHash('sha256').update(wanted).digest('base64url')
}
