import { detectSpans } from './detect-spans.ts'
import { toFacets, type Facet, type ToFacetsOptions } from './facet.ts'

/**
 * Finds mentions, links and tags in a plain text and gives them as facets: with offsets in bytes, sorted, and none over
 * another. Takes time that grows with the text alone, whatever is in it.
 *
 * @example
 * ```ts
 * import { detectFacets } from '@exprsn/atproto/richtext'
 *
 * const [link] = detectFacets('👋 see example.com')
 * console.log(link) // { index: { byteStart: 9, byteEnd: 20 }, features: [ { $type: '…#link', uri: 'https://example.com' } ] }
 * ```
 */
export function detectFacets(text: string, options: ToFacetsOptions = {}): Facet[] {
  return toFacets({ text, spans: detectSpans(text) }, options)
}
