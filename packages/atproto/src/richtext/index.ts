/**
 * The text of posts: facets with their offsets in bytes, graphemes counted, and long texts split into threads.
 *
 * @packageDocumentation
 */
export { countGraphemes } from './count-graphemes.ts'
export { detectFacets } from './detect-facets.ts'
export { detectSpans } from './detect-spans.ts'
export { richtextErrors } from './errors.ts'
export { toFacets, type Facet, type FacetFeature, type ToFacetsOptions } from './facet.ts'
export { fromHtml, type DocumentOptions } from './from-html.ts'
export { fromMarkdown } from './from-markdown.ts'
export { htmlTokens, type HtmlToken } from './html/html-tokens.ts'
export { misleadingLinks } from './misleading-links.ts'
export { resolveMentions, type ResolveMention } from './resolve-mentions.ts'
export type { LinkSpan, MentionSpan, RichText, TagSpan, TextSpan } from './rich-text.ts'
export { splitPost, type SplitPostOptions } from './split-post.ts'
export type { DocumentImage, DocumentText } from './text-builder.ts'
export { utf8Length } from './utf8-length.ts'
