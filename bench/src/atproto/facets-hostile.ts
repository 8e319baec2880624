import { detectFacets } from '@exprsn/atproto/richtext'
import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { digestOf, timed } from './repositories/sample-archive.ts'

const bytes = 32_768

/** Texts that are made to be read again and again, each of 32 kB. */
const texts = [
  filled('!', '#a', 'a'),
  filled('!', '#'),
  filled('a.'),
  filled('(a.'),
  filled('(@a_'),
  filled('-', '@'),
  filled('http://'),
  filled('#a\u200b'),
  filled(')', 'https://a'),
]

/** The facets of hostile texts: the longest that one of them takes. There is nothing to compare with. */
export const benchmark: Benchmark = {
  name: 'atproto/facets-hostile',
  unit: 'ms',
  measure: 'cpu',
  better: 'lower',
  target: 20,
  peers: [],
  async prepare() {
    for (const text of texts) detectFacets(text)
    return {
      async run() {
        let longest = 0
        const found = []
        for (const text of texts) {
          const { value, answer } = await timed(() => detectFacets(text))
          longest = Math.max(longest, value)
          found.push(JSON.stringify(answer))
        }
        return { value: longest, hash: digestOf(found) }
      },
      async close() {},
    }
  },
}

/** A text of 32 kB: something over and over, between a beginning and an end. */
function filled(piece: string, start = '', end = ''): string {
  const room = bytes - Buffer.byteLength(start + end)
  return start + piece.repeat(Math.floor(room / Buffer.byteLength(piece))) + end
}
