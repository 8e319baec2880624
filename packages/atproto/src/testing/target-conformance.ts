import { deepStrictEqual, ok, strictEqual } from 'node:assert'
import type { ConformanceCase } from '@exprsn/core/testing'
import { detectSpans } from '../richtext/index.ts'
import type { CrossPost, PublishTarget } from '../publish/index.ts'

/** A target that is tried, and the network behind it. */
export interface TargetSubject {
  readonly target: PublishTarget
  /** The texts that readers see, in the order of their thread. */
  texts(): Promise<readonly string[]>
  /** Makes the network lose its next answer after it has done what was asked; undefined where nothing can be lost. */
  readonly loseAnswer?: (() => void) | undefined
}

const createdAt = new Date('2026-01-02T03:04:05.000Z')

function post(id: string, text: string): CrossPost {
  return { id, content: { text, spans: detectSpans(text) }, createdAt }
}

/** Asks until it is done: what is lost is asked for again, as the outbox does. */
async function done(work: () => ReturnType<PublishTarget['put']>): Promise<void> {
  for (let turn = 0; turn < 8; turn++) {
    const outcome = await work().catch(() => undefined)
    if (outcome?.status === 'done') return
    if (outcome?.status === 'refused') throw new TypeError(outcome.reason)
  }
  throw new TypeError('It was never done.')
}

/**
 * What every target does. A host that writes one of its own runs these, each with a new target.
 *
 * @example
 * ```ts
 * import { migrate, sqliteDatabase } from '@exprsn/core/database'
 * import { feedTarget, readFeed } from '@exprsn/atproto/publish'
 * import { publishTargetConformance } from '@exprsn/atproto/testing'
 *
 * for (const { name, run } of publishTargetConformance) {
 *   await using database = sqliteDatabase({ path: ':memory:' })
 *   const target = feedTarget({ database, title: 'News', home: 'https://example.com/' })
 *   await migrate(database, target.migrations)
 *   const texts = async () => readFeed(await target.render('json')).entries.map(({ html }) => html.replaceAll(/<[^>]+>/g, ''))
 *   await run({ target, texts })
 *   console.log('ok:', name)
 * }
 * ```
 */
export const publishTargetConformance: readonly ConformanceCase<TargetSubject>[] = [
  {
    name: 'posts an item, and knows what stands there',
    async run({ target, texts }) {
      await done(() => target.put(post('a', 'hello')))
      deepStrictEqual(await texts(), ['hello'])
      strictEqual((await target.records('a')).length, 1)
      deepStrictEqual(await target.records('b'), [])
    },
  },
  {
    name: 'posts an item once, however often it is asked to',
    async run({ target, texts }) {
      for (let turn = 0; turn < 3; turn++) await done(() => target.put(post('a', 'hello')))
      deepStrictEqual(await texts(), ['hello'])
    },
  },
  {
    name: 'posts an item once although answers get lost',
    async run({ target, texts, loseAnswer }) {
      loseAnswer?.()
      await done(() => target.put(post('a', 'hello')))
      deepStrictEqual(await texts(), ['hello'])
      strictEqual((await target.records('a')).length, 1)
    },
  },
  {
    name: 'changes what was posted, in place',
    async run({ target, texts }) {
      await done(() => target.put(post('a', 'one')))
      const before = await target.records('a')
      await done(() => target.put(post('a', 'two')))
      deepStrictEqual(await texts(), ['two'])
      if (target.capabilities.edits) deepStrictEqual(await target.records('a'), before)
    },
  },
  {
    name: 'an edit whose first version got lost on its way back is one post',
    async run({ target, texts, loseAnswer }) {
      loseAnswer?.()
      await target.put(post('a', 'one')).catch(() => undefined)
      await done(() => target.put(post('a', 'two')))
      deepStrictEqual(await texts(), ['two'])
    },
  },
  {
    name: 'a long text keeps every word, in order, and within the limit',
    async run({ target, texts }) {
      const long = Array.from({ length: 300 }, (_, index) => `word${index}`).join(' ')
      await done(() => target.put(post('a', long)))
      const parts = await texts()
      strictEqual(parts.join(' '), long)
      ok(parts.every((part) => part.length <= target.capabilities.characters))
      strictEqual(parts.length > 1, target.capabilities.threads)
      await done(() => target.put(post('a', 'short')))
      deepStrictEqual(await texts(), ['short'])
    },
  },
  {
    name: 'takes an item back, and again, and what was never there',
    async run({ target, texts }) {
      await done(() => target.put(post('a', 'one')))
      for (let turn = 0; turn < 2; turn++) await done(() => target.remove('a'))
      await done(() => target.remove('b'))
      deepStrictEqual(await texts(), [])
      deepStrictEqual(await target.records('a'), [])
      await done(() => target.put(post('a', 'again')))
      deepStrictEqual(await texts(), ['again'])
    },
  },
]
