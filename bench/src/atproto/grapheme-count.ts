import { countGraphemes } from '@exprsn/atproto/richtext'
import { ours, type Benchmark } from '../../../scripts/bench/benchmark.ts'
import { samplePosts } from './posts/sample-posts.ts'
import { digestOf, timed } from './repositories/sample-archive.ts'

const segmenter = new Intl.Segmenter()

const subjects: Readonly<Record<string, (text: string) => number>> = {
  [ours]: countGraphemes,
  'Intl.Segmenter': (text) => {
    let count = 0
    // oxlint-disable-next-line no-unused-vars -- they are counted
    for (const segment of segmenter.segment(text)) count++
    return count
  },
}

/** How long posts are, in what people take for characters. */
export const benchmark: Benchmark = {
  name: 'atproto/grapheme-count',
  unit: 'ms',
  measure: 'cpu',
  better: 'lower',
  target: 20,
  peers: [
    { name: 'Intl.Segmenter', available: async () => undefined, version: async () => process.versions.icu ?? '' },
  ],
  async prepare({ quick }) {
    const posts = samplePosts(quick ? 4_000 : 20_000)
    for (const count of Object.values(subjects)) posts.slice(0, 1_000).forEach((post) => count(post))
    return {
      async run(subject) {
        const { value, answer } = await timed(() => posts.map(subjects[subject]!))
        return { value, hash: digestOf(answer.map(String)) }
      },
      async close() {},
    }
  },
}
