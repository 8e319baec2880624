import { decodeEntities } from '../html/decode-entities.ts'
import type { TextBuilder } from '../text-builder.ts'
import { inlineTokens, type InlineToken } from './inline-tokens.ts'
import type { References } from './references.ts'

/** Writes the text of a paragraph: marks of emphasis are left out, links become spans, code stays as it is. */
export function writeInline(text: string, builder: TextBuilder, references: References): void {
  const tokens = inlineTokens(text, references)
  const ends: (() => void)[] = []
  let link = 0
  let image: { alt: string; readonly source: string } | undefined
  for (const token of tokens) {
    if (image !== undefined && token.kind !== 'image-end') {
      image.alt += altOf(token)
      continue
    }
    switch (token.kind) {
      case 'text':
        builder.write(decodeEntities(token.text))
        break
      case 'literal':
        builder.write(token.text)
        break
      case 'code':
        builder.code(token.text)
        break
      case 'line':
        builder.line()
        break
      case 'link':
        // A link within a link is its text.
        ends.push(link++ === 0 ? builder.openLink(decodeEntities(token.target)) : () => {})
        break
      case 'link-end':
        link--
        ends.pop()?.()
        break
      case 'image':
        image = { alt: '', source: decodeEntities(token.target) }
        break
      case 'image-end':
        if (image !== undefined) builder.images.push(image)
        image = undefined
        break
      case 'address':
        builder.link(token.target, () => builder.write(token.target))
        break
    }
  }
}

function altOf(token: InlineToken): string {
  return token.kind === 'text' ? decodeEntities(token.text) : 'text' in token ? token.text : ''
}
