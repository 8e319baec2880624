import { systemClock, type Clock } from '@exprsn/core'
import { defineMapping, type Mapping } from '../mapping.ts'
import type { PublishedItem, Publisher } from '../publisher.ts'
import type { CrossPost, PublishTarget, TargetOutcome } from './publish-target.ts'

/** What the publisher of an {@link atprotoTarget} publishes. */
export interface CrossPosts {
  readonly posts: CrossPost
}

/**
 * How cross-posts become records: the mapping for the publisher of an {@link atprotoTarget}. Posts with images need its `media`.
 *
 * @example
 * ```ts
 * import { crossPostMapping } from '@exprsn/atproto/publish'
 *
 * const mapping = crossPostMapping()
 * console.log(mapping.identity({ id: 'a1', content: { text: 'hello', spans: [] }, createdAt: new Date() })) // a1
 * ```
 */
export function crossPostMapping(changes: Partial<Mapping<CrossPost>> = {}): Mapping<CrossPost> {
  return defineMapping<CrossPost>({
    identity: ({ id }) => id,
    createdAt: ({ createdAt }) => createdAt,
    toRecord({ content, language, warning, images = [] }, { text }) {
      const draft = language === undefined ? text.rich(content) : text.rich(content).langs(language)
      const illustrated = images.reduce((before, { ref, alt }) => before.image(ref, { alt }), draft)
      return warning === undefined ? illustrated : illustrated.labels('!warn')
    },
    ...changes,
  })
}

/**
 * An account of the AT Protocol as a target among others. Its publisher has an outbox of its own: it is `done` when the records
 * stand in the repository, and `waiting` until then.
 *
 * @example
 * ```ts
 * import { sqliteDatabase } from '@exprsn/core/database'
 * import { atprotoTarget, createPublisher, crossPostMapping, fetchAccount, type CrossPosts } from '@exprsn/atproto/publish'
 *
 * await using database = sqliteDatabase({ path: ':memory:' })
 * const account = fetchAccount({ did: 'did:plc:example', fetch: async () => Response.json({}) })
 * const publisher = createPublisher<CrossPosts>({ database, account, mappings: { posts: crossPostMapping() } })
 * console.log(atprotoTarget({ publisher }).capabilities.characters) // 300
 * ```
 */
export function atprotoTarget(options: {
  /** With the mapping `posts`; it is neither started nor closed. */
  readonly publisher: Publisher<CrossPosts>
  /** @default 'atproto' */
  readonly name?: string | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}): PublishTarget {
  const { publisher, name = 'atproto', clock = systemClock } = options
  const mapping = 'posts'
  const settle = async (id: string): Promise<TargetOutcome> => {
    let item = await publisher.get(mapping, id)
    if (item?.state === 'pending') {
      await publisher.drain({ deadline: '20s' })
      item = await publisher.get(mapping, id)
    }
    return outcomeOf(item, clock)
  }
  return {
    name,
    capabilities: {
      edits: true,
      deletes: true,
      threads: true,
      linkTexts: true,
      characters: 300,
      images: 4,
      repeatable: Infinity,
    },
    migrations: publisher.migrations,
    async put(post) {
      await publisher.put(mapping, post)
      return settle(post.id)
    },
    async remove(id) {
      await publisher.remove(mapping, id)
      return settle(id)
    },
    async records(id) {
      const item = await publisher.get(mapping, id)
      return item?.state === 'deleted' ? [] : (item?.records ?? []).map(({ uri }) => ({ id: uri }))
    },
  }
}

const pause = 30_000

function outcomeOf(item: PublishedItem | undefined, clock: Clock): TargetOutcome {
  if (item === undefined || item.state === 'published' || item.state === 'deleted') return { status: 'done' }
  const reason = item.reason ?? 'it is on its way'
  if (item.state === 'parked') return { status: 'refused', reason }
  return { status: 'waiting', until: new Date(clock.now() + pause), reason }
}
