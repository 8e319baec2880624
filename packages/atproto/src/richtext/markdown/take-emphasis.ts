import type { InlineToken } from './inline-tokens.ts'

interface Opener {
  readonly token: number
  left: number
}

const longestStrike = 2

/** Takes out the marks of emphasis and of struck text that are in pairs: `*`, `_` and `~~`. Each is looked at once. */
export function takeEmphasis(tokens: InlineToken[]): InlineToken[] {
  const openers: Readonly<Record<string, Opener[]>> = { '*': [], _: [], '~': [] }
  const left = new Map<number, number>()
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'text' || !/^[*_~]+$/.test(token.text)) continue
    const mark = token.text[0]!
    if (mark === '~' && token.text.length > longestStrike) continue
    const [before, behind] = [characterBefore(tokens, index), characterBehind(tokens, index)]
    const canOpen = !isSpace(behind) && (!isPunctuation(behind) || isSpace(before) || isPunctuation(before))
    const canClose = !isSpace(before) && (!isPunctuation(before) || isSpace(behind) || isPunctuation(behind))
    const isInner = mark === '_' && canOpen && canClose
    let count = token.text.length
    if (canClose && (!isInner || isPunctuation(behind))) {
      for (const known = openers[mark]!; count > 0 && known.length > 0;) {
        const opener = known.at(-1)!
        const pair = Math.min(count, opener.left)
        count -= pair
        opener.left -= pair
        left.set(opener.token, opener.left)
        if (opener.left === 0) known.pop()
      }
      left.set(index, count)
    }
    if (count > 0 && canOpen && (!isInner || isPunctuation(before))) openers[mark]!.push({ token: index, left: count })
  }
  return tokens.map((token, index) => {
    const count = left.get(index)
    return count === undefined || token.kind !== 'text' ? token : { kind: 'text', text: token.text.slice(0, count) }
  })
}

function characterBefore(tokens: readonly InlineToken[], index: number): string {
  const token = tokens[index - 1]
  return token === undefined || token.kind === 'line' ? ' ' : 'text' in token ? (token.text.at(-1) ?? ' ') : '.'
}

function characterBehind(tokens: readonly InlineToken[], index: number): string {
  const token = tokens[index + 1]
  return token === undefined || token.kind === 'line' ? ' ' : 'text' in token ? (token.text[0] ?? ' ') : '.'
}

function isSpace(character: string): boolean {
  return /\s/.test(character)
}

function isPunctuation(character: string): boolean {
  return /[\p{P}\p{S}]/u.test(character)
}
