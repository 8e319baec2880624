import { RichText } from '@atproto/api'
import { detectFacets } from '@exprsn/atproto/richtext'
import { ours, type Benchmark } from '../../../scripts/bench/benchmark.ts'
import { npmPeer } from '../core/resilience/compare-calls.ts'
import { sampleHandles, samplePosts } from './posts/sample-posts.ts'
import { digestOf, timed } from './repositories/sample-archive.ts'

interface FoundFacet {
  readonly index: { readonly byteStart: number; readonly byteEnd: number }
  readonly features: readonly object[]
}

const subjects: Readonly<Record<string, (text: string) => readonly FoundFacet[]>> = {
  [ours]: (text) => detectFacets(text, { dids: sampleHandles }),
  '@atproto/api': (text) => {
    const rich = new RichText({ text })
    rich.detectFacetsWithoutResolution()
    return rich.facets ?? []
  },
}

/** Links, mentions and tags of posts, with their offsets in bytes. */
export const benchmark: Benchmark = {
  name: 'atproto/facets',
  unit: 'ms',
  measure: 'cpu',
  better: 'lower',
  target: 7,
  peers: [npmPeer('@atproto/api')],
  async prepare({ quick }) {
    const posts = samplePosts(quick ? 10_000 : 40_000)
    for (const detect of Object.values(subjects)) posts.slice(0, 2_000).forEach((post) => detect(post))
    return {
      async run(subject) {
        const detect = subjects[subject]!
        const { value, answer } = await timed(() => posts.map((post) => detect(post)))
        return { value, hash: digestOf(answer.map((facets) => facets.map(lineOf).toSorted(byText).join('|'))) }
      },
      async close() {},
    }
  },
}

/** Without the DID: the peer's has to be asked for, ours was given. */
function lineOf({ index, features }: FoundFacet): string {
  const [feature] = features as { readonly $type: string; readonly uri?: string; readonly tag?: string }[]
  return `${index.byteStart}-${index.byteEnd} ${feature!.$type} ${feature!.uri ?? feature!.tag ?? ''}`
}

function byText(one: string, other: string): number {
  return one < other ? -1 : 1
}
