import { htmlTokens } from '../../richtext/index.ts'

/** What stands in the head of a page. */
export interface PageHead {
  readonly title: string
  readonly description: string
  readonly image: string | undefined
}

const mostTitle = 300
const mostDescription = 1_000

/** Open Graph first, then what Twitter had, then plain HTML: https://ogp.me/ */
export function readHead(html: string, base: string): PageHead {
  const meta = new Map<string, string>()
  let title = ''
  let isTitle = false
  for (const token of htmlTokens(html)) {
    if (token.kind === 'open' && token.name === 'body') break
    if (token.kind === 'text') {
      if (isTitle && title === '') title = token.text
      continue
    }
    isTitle = token.kind === 'open' && token.name === 'title'
    if (token.kind !== 'open' || token.name !== 'meta') continue
    const { attributes } = token
    const name = (attributes.get('property') ?? attributes.get('name') ?? '').trim().toLowerCase()
    const content = attributes.get('content') ?? ''
    if (name !== '' && content.trim() !== '' && !meta.has(name)) meta.set(name, content)
  }
  const first = (...names: string[]): string | undefined => names.map((name) => meta.get(name)).find(Boolean)
  return {
    title: cut(first('og:title', 'twitter:title') ?? title, mostTitle),
    description: cut(first('og:description', 'twitter:description', 'description') ?? '', mostDescription),
    image: addressOf(first('og:image:secure_url', 'og:image', 'og:image:url', 'twitter:image'), base),
  }
}

function cut(text: string, most: number): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length <= most
    ? line
    : `${line
        .slice(0, most - 1)
        .replace(/[\ud800-\udbff]$/, '')
        .trimEnd()}…`
}

function addressOf(written: string | undefined, base: string): string | undefined {
  if (written === undefined || !URL.canParse(written.trim(), base)) return undefined
  const { protocol, href } = new URL(written.trim(), base)
  return protocol === 'https:' || protocol === 'http:' ? href : undefined
}
