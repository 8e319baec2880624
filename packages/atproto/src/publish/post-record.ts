import type { DataObject } from '../codec/index.ts'
import { toFacets } from '../richtext/index.ts'
import type { StrongRef } from './post-draft.ts'
import { recordOf, type WantedPart } from './wanted.ts'

/** What a record depends on beside what is wanted. */
export interface RecordContext {
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly dids: ReadonlyMap<string, string>
  /** The thread before it. */
  readonly reply: { readonly root: StrongRef; readonly parent: StrongRef } | undefined
}

/** The record of a part. The same input gives the same bytes: that is what makes writing it twice harmless. */
export function buildRecord(part: WantedPart, { createdAt, dids, reply }: RecordContext): DataObject {
  if (part.kind === 'record') return recordOf(part)
  const { content, settings } = part
  const { langs, labels, tags } = settings
  const facets = toFacets(content, { dids })
  const embed = embedOf(settings)
  const replied = reply ?? settings.reply
  return {
    $type: 'app.bsky.feed.post',
    text: content.text,
    createdAt: new Date(createdAt).toISOString(),
    ...(facets.length === 0 ? {} : { facets: facets as unknown as DataObject[] }),
    ...(embed === undefined ? {} : { embed }),
    ...(langs === undefined ? {} : { langs: [...langs] }),
    ...(tags === undefined ? {} : { tags: [...tags] }),
    ...(labels === undefined
      ? {}
      : { labels: { $type: 'com.atproto.label.defs#selfLabels', values: labels.map((val) => ({ val })) } }),
    ...(replied === undefined ? {} : { reply: { root: { ...replied.root }, parent: { ...replied.parent } } }),
  }
}

function embedOf({ card, quote }: (WantedPart & { readonly kind: 'post' })['settings']): DataObject | undefined {
  const external = card === undefined ? undefined : { $type: 'app.bsky.embed.external', external: { ...card } }
  const record = quote === undefined ? undefined : { $type: 'app.bsky.embed.record', record: { ...quote } }
  if (external === undefined || record === undefined) return external ?? record
  return { $type: 'app.bsky.embed.recordWithMedia', record, media: external }
}
