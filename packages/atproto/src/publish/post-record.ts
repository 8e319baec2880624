import { fromDataJson, type DataObject } from '../codec/index.ts'
import { toFacets } from '../richtext/index.ts'
import { mediaName } from './media-names.ts'
import type { PostSettings, StrongRef } from './post-draft.ts'
import type { ReadyMedia } from './publish-media.ts'
import { recordOf, type WantedPart } from './wanted.ts'

/** What a record depends on beside what is wanted. */
export interface RecordContext {
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly dids: ReadonlyMap<string, string>
  /** The files of a name. */
  readonly media: (name: string) => ReadyMedia | undefined
  /** The thread before it. */
  readonly reply: { readonly root: StrongRef; readonly parent: StrongRef } | undefined
}

/** The record of a part. The same input gives the same bytes: that is what makes writing it twice harmless. */
export function buildRecord(part: WantedPart, { createdAt, dids, reply, media }: RecordContext): DataObject {
  if (part.kind === 'record') return recordOf(part)
  const { content, settings } = part
  const { langs, labels, tags, keep } = settings
  const facets = toFacets(content, { dids })
  const embed = embedOf(settings, media)
  const replied = reply ?? settings.reply
  return {
    ...(keep === undefined ? {} : (fromDataJson(keep) as DataObject)),
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

function embedOf(settings: PostSettings, media: RecordContext['media']): DataObject | undefined {
  const { quote } = settings
  const shown = imagesOf(settings, media) ?? videoOf(settings, media) ?? externalOf(settings, media)
  const record = quote === undefined ? undefined : { $type: 'app.bsky.embed.record', record: { ...quote } }
  if (shown === undefined || record === undefined) return shown ?? record
  return { $type: 'app.bsky.embed.recordWithMedia', record, media: shown }
}

function imagesOf({ images = [] }: PostSettings, media: RecordContext['media']): DataObject | undefined {
  const list = images.flatMap(({ ref, alt }) => {
    const ready = media(mediaName({ kind: 'image', ref }))
    if (ready?.blob === undefined) return []
    const { blob, width, height } = ready
    return [{ image: { ...blob }, alt, aspectRatio: { width, height } }]
  })
  return list.length === 0 ? undefined : { $type: 'app.bsky.embed.images', images: list }
}

function videoOf({ video }: PostSettings, media: RecordContext['media']): DataObject | undefined {
  const blob = video === undefined ? undefined : media(mediaName({ kind: 'video', ref: video.ref }))?.blob
  return blob === undefined ? undefined : { $type: 'app.bsky.embed.video', video: { ...blob }, alt: video!.alt }
}

function externalOf({ card }: PostSettings, media: RecordContext['media']): DataObject | undefined {
  if (card === undefined) return undefined
  const read = media(mediaName({ kind: 'card', ref: card.uri }))
  const thumb = read?.blob === undefined ? {} : { thumb: { ...read.blob } }
  const title = card.title === '' ? (read?.title ?? '') : card.title
  const description = card.description === '' ? (read?.description ?? '') : card.description
  return { $type: 'app.bsky.embed.external', external: { uri: card.uri, title, description, ...thumb } }
}
