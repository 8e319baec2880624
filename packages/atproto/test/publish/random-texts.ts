import { randomBelow } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'

const pieces = [
  'word',
  'a',
  '.',
  '…',
  ' ',
  ' ',
  ' ',
  '\n',
  '\n\n',
  '\t',
  '\u00a0',
  '\u200b',
  '\u200d',
  '\u202e',
  '#',
  '#tag',
  '#日本語',
  '@alice.test',
  '@nobody.example',
  'https://example.com/a?b=c#d',
  'example.com',
  'http://',
  'https://例え.jp/ä',
  '(',
  ')',
  '👋',
  '👨‍👩‍👧‍👦',
  '🏳️‍🌈',
  '🇩🇪',
  'é',
  'e\u0301',
  'नमस्ते',
  '한글',
  '\u0301\u0302\u0303',
  '$ABC',
  '<b>',
  '&amp;',
  '"',
  '\\',
  '\u0000',
  '\ufeff',
  '\ufffd',
  'x'.repeat(40),
  'Z̸̢̧̛͓͈̞̪̃̎͛͘',
]

/** Texts of everything that is hard to count, to cut and to point into; every tenth is long. */
export function randomTexts(count: number, seed = 1): string[] {
  const random = new SeededRandom(seed)
  return Array.from({ length: count }, (_, index) => {
    const length = 1 + randomBelow(random, index % 10 === 0 ? 400 : 40)
    const text = Array.from({ length }, () => pieces[randomBelow(random, pieces.length)]).join('')
    return text.trim() === '' ? 'x' : text
  })
}
