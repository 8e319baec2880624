import { splitPost } from '@exprsn/atproto/richtext'
import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { samplePosts } from './posts/sample-posts.ts'
import { digestOf, timed } from './repositories/sample-archive.ts'

/** Articles of about 2,000 characters made into threads, with numbers: how many a second. There is nothing to compare with. */
export const benchmark: Benchmark = {
  name: 'atproto/split',
  unit: 'posts/s',
  measure: 'cpu',
  better: 'higher',
  target: 2_000,
  peers: [],
  async prepare({ quick }) {
    const articles = samplePosts(quick ? 2_000 : 8_000, 700)
    const numbering = (part: number, parts: number): string => ` (${part}/${parts})`
    const split = (article: string) => splitPost(article, { numbering })
    articles.slice(0, 300).forEach(split)
    return {
      async run() {
        const { value, answer } = await timed(() => articles.map(split))
        return {
          value: articles.length / (value / 1_000),
          hash: digestOf(answer.map((parts) => JSON.stringify(parts))),
        }
      },
      async close() {},
    }
  },
}
