import { createHash } from 'node:crypto'
import { fromDataJson, toDataJson, type DataObject, type DataValue } from '../codec/index.ts'
import { mediaLimits } from '../media/index.ts'
import { splitPost, type RichText } from '../richtext/index.ts'
import type { ConflictPolicy, Mapping, ThreadPolicy } from './mapping.ts'
import { draftText, PostDraft, type PostSettings, type WhoMayReply } from './post-draft.ts'

/** What is to stand in the repository for an item, as the outbox keeps it. */
export interface Wanted {
  readonly collection: string
  readonly conflict: ConflictPolicy
  /** One record each; the posts of a thread in order. */
  readonly parts: readonly WantedPart[]
  /** @default 'sequential' */
  readonly thread?: ThreadPolicy | undefined
  /** Who may answer the thread. @default everybody */
  readonly replies?: WhoMayReply | undefined
  /** Whether the posts may be quoted. @default they may */
  readonly quotes?: boolean | undefined
}

/** One record of an item. */
export type WantedPart =
  | { readonly kind: 'post'; readonly content: RichText; readonly settings: PostSettings }
  | { readonly kind: 'record'; readonly record: unknown }

/** What the mapping makes of an item. Pure: no call, no clock. */
export function wantedOf<Item>(mapping: Mapping<Item>, item: Item): Wanted {
  const { collection = 'app.bsky.feed.post', numbering, policies = {} } = mapping
  const made = mapping.toRecord(item, { text: draftText })
  const { conflict = 'local-wins', thread } = policies
  if (!(made instanceof PostDraft))
    return { collection, conflict, parts: [{ kind: 'record', record: toDataJson({ ...made, $type: collection }) }] }
  const { content, settings } = made
  const posts = splitPost(content, { numbering })
  // What is shown below a post is enough; a text there need not be.
  if (posts.length === 0) posts.push({ text: '', spans: [] })
  const { langs, labels, images = [], video, replies, quotes } = settings
  // A post bears a video, or up to four images.
  const bearers: PostSettings[] = video === undefined ? [] : [{ video }]
  const most = images.length === 0 ? 1 : mediaLimits().images
  for (let start = 0; start < images.length; start += most) bearers.push({ images: images.slice(start, start + most) })
  while (posts.length < bearers.length) posts.push({ text: '', spans: [] })
  const first: PostSettings = {
    ...settings,
    images: undefined,
    video: undefined,
    replies: undefined,
    quotes: undefined,
  }
  return {
    collection,
    conflict,
    parts: posts.map((post, index) => ({
      kind: 'post',
      content: post,
      settings: { ...(index === 0 ? first : { langs, labels }), ...bearers[index] },
    })),
    thread,
    replies,
    quotes,
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
