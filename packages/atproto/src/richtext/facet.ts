import { isDid } from '../syntax/index.ts'
import { richtextErrors } from './errors.ts'
import type { RichText, TextSpan } from './rich-text.ts'
import { Utf8Offsets } from './utf8-offsets.ts'

/** What a facet says of its part of the text. */
export type FacetFeature =
  | { readonly $type: 'app.bsky.richtext.facet#link'; readonly uri: string }
  | { readonly $type: 'app.bsky.richtext.facet#mention'; readonly did: string }
  | { readonly $type: 'app.bsky.richtext.facet#tag'; readonly tag: string }

/** `app.bsky.richtext.facet` as it stands in a post: offsets are bytes of the text in UTF-8. */
export interface Facet {
  readonly index: { readonly byteStart: number; readonly byteEnd: number }
  readonly features: readonly FacetFeature[]
}

/** Options of {@link toFacets}. */
export interface ToFacetsOptions {
  /** The DIDs of the handles that were resolved. A mention without one stays plain text. @default none */
  readonly dids?: ReadonlyMap<string, string> | undefined
}

/**
 * The facets of a text, as they stand in a record.
 *
 * @throws `ATPROTO_RICHTEXT_SPAN_INVALID` for spans that are out of bounds or order, or cut a character: servers take any
 * @example
 * ```ts
 * import { detectSpans, toFacets } from '@exprsn/atproto/richtext'
 *
 * const text = 'naïve, says @alice.example'
 * const dids = new Map([['alice.example', 'did:plc:example']])
 * const [mention] = toFacets({ text, spans: detectSpans(text) }, { dids })
 * console.log(mention?.index) // { byteStart: 13, byteEnd: 27 }
 * ```
 */
export function toFacets({ text, spans }: RichText, { dids }: ToFacetsOptions = {}): Facet[] {
  const facets: Facet[] = []
  const offsets = new Utf8Offsets(text)
  let after = 0
  for (let index = 0; index < spans.length; index++) {
    const span = spans[index]!
    const reason = problemOf(text, span, after)
    if (reason !== undefined) throw richtextErrors.ATPROTO_RICHTEXT_SPAN_INVALID({ index, reason })
    after = span.end
    const feature = featureOf(span, dids)
    if (feature === undefined) continue
    const byteStart = offsets.at(span.start)
    facets.push({ index: { byteStart, byteEnd: offsets.at(span.end) }, features: [feature] })
  }
  return facets
}

function featureOf(span: TextSpan, dids: ReadonlyMap<string, string> | undefined): FacetFeature | undefined {
  if (span.kind === 'link') return { $type: 'app.bsky.richtext.facet#link', uri: span.uri }
  if (span.kind === 'tag') return { $type: 'app.bsky.richtext.facet#tag', tag: span.tag }
  const did = span.handle.startsWith('did:') && isDid(span.handle) ? span.handle : dids?.get(span.handle.toLowerCase())
  return did === undefined ? undefined : { $type: 'app.bsky.richtext.facet#mention', did }
}

function problemOf(text: string, { start, end }: TextSpan, after: number): string | undefined {
  if (!(Number.isInteger(start) && Number.isInteger(end) && start >= 0 && end <= text.length))
    return 'it is out of bounds'
  if (start >= end) return 'it is empty'
  if (start < after) return 'it begins before the end of the one before'
  return cutsPair(text, start) || cutsPair(text, end) ? 'it cuts a character in two' : undefined
}

function cutsPair(text: string, index: number): boolean {
  if (index === 0 || index === text.length || (text.charCodeAt(index) & 0xfc00) !== 0xdc00) return false
  return (text.charCodeAt(index - 1) & 0xfc00) === 0xd800
}
