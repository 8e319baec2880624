import { isAtUri, isDid } from '../syntax/index.ts'
import { federationErrors } from './errors.ts'

const feedCollection = 'app.bsky.feed.generator'

/** One entry of a feed. */
export interface FeedEntry {
  /** `at://` URI of the post. */
  readonly post: string
  /** Why it is shown: a repost, by the URI of its record, or that it is pinned. @default none */
  readonly reason?: { readonly repost: string } | 'pin' | undefined
  /** Comes back with interactions: at most 2,000 characters. @default none */
  readonly feedContext?: string | undefined
}

/** What a feed is asked for. */
export interface FeedRequest {
  /** Where the last page ended; undefined for the first. */
  readonly cursor: string | undefined
  /** Most entries: 1 to 100. */
  readonly limit: number
  /** Who asks, where that was checked. */
  readonly viewer: string | undefined
  /** Aborts when the caller is gone. */
  readonly signal: AbortSignal
}

/** A page of a feed. */
export interface FeedPage {
  readonly feed: readonly FeedEntry[]
  /** Where the next page begins. @default there is none */
  readonly cursor?: string | undefined
}

/** A feed: gives posts, the newest first. */
export type Feed = (request: FeedRequest) => FeedPage | Promise<FeedPage>

/** Options of {@link createFeedGenerator}. */
export interface FeedGeneratorOptions {
  /** Who the service is: `did:web:<host>`. */
  readonly did: string
  /** The account with the records of the feeds. */
  readonly publisher: string
  /** Feeds by the key of their records. */
  readonly feeds: Readonly<Record<string, Feed>>
  /** @default none */
  readonly links?:
    | { readonly privacyPolicy?: string | undefined; readonly termsOfService?: string | undefined }
    | undefined
}

/** Answers for feeds. Made by {@link createFeedGenerator}. */
export interface FeedGenerator {
  /** The answer of `app.bsky.feed.describeFeedGenerator`. */
  describe(): Readonly<Record<string, unknown>>
  /**
   * The answer of `app.bsky.feed.getFeedSkeleton`.
   *
   * @throws `ATPROTO_FEED_UNKNOWN`, `ATPROTO_FEED_SKELETON_INVALID`
   */
  skeleton(feed: string, request: FeedRequest): Promise<Readonly<Record<string, unknown>>>
}

/**
 * A feed generator: it gives the posts of feeds, and the AppView makes of them what its users see. What a feed gives is checked
 * before it is sent.
 *
 * @throws `ATPROTO_FEED_SKELETON_INVALID` for a DID that is none
 * @example
 * ```ts
 * import { createFeedGenerator } from '@exprsn/atproto/federation'
 *
 * const generator = createFeedGenerator({
 *   did: 'did:web:feeds.example',
 *   publisher: 'did:plc:ewvi7nxzyoun6zhxrhs64oiz',
 *   feeds: { news: () => ({ feed: [{ post: 'at://did:plc:ewvi7nxzyoun6zhxrhs64oiz/app.bsky.feed.post/3k' }] }) },
 * })
 * const uri = 'at://did:plc:ewvi7nxzyoun6zhxrhs64oiz/app.bsky.feed.generator/news'
 * const request = { cursor: undefined, limit: 50, viewer: undefined, signal: new AbortController().signal }
 * console.log((await generator.skeleton(uri, request)).feed)
 * ```
 */
export function createFeedGenerator({ did, publisher, feeds, links }: FeedGeneratorOptions): FeedGenerator {
  for (const name of [did, publisher])
    if (!isDid(name)) throw federationErrors.ATPROTO_FEED_SKELETON_INVALID({ feed: name, reason: 'it is no DID' })
  const uriOf = (key: string): string => `at://${publisher}/${feedCollection}/${key}`
  return {
    describe: () => ({
      did,
      feeds: Object.keys(feeds).map((key) => ({ uri: uriOf(key) })),
      ...(links === undefined ? {} : { links }),
    }),
    async skeleton(uri, request) {
      const key = uri.split('/').at(-1) ?? ''
      if (!Object.hasOwn(feeds, key) || uri !== uriOf(key)) throw federationErrors.ATPROTO_FEED_UNKNOWN({ feed: uri })
      const { feed, cursor } = await feeds[key]!(request)
      if (feed.length > request.limit)
        throw federationErrors.ATPROTO_FEED_SKELETON_INVALID({
          feed: uri,
          reason: `${feed.length} entries are too many`,
        })
      return {
        feed: feed.map((entry) => shown(uri, entry)),
        // A page without entries is the last, whatever the feed says: others would go on for ever.
        ...(cursor === undefined || feed.length === 0 ? {} : { cursor }),
      }
    },
  }
}

function shown(feed: string, { post, reason, feedContext }: FeedEntry): Readonly<Record<string, unknown>> {
  const repost = typeof reason === 'object' ? reason.repost : undefined
  for (const uri of [post, ...(repost === undefined ? [] : [repost])])
    if (!isAtUri(uri)) throw federationErrors.ATPROTO_FEED_SKELETON_INVALID({ feed, reason: `${uri} is no at:// URI` })
  return {
    post,
    ...(repost === undefined ? {} : { reason: { $type: 'app.bsky.feed.defs#skeletonReasonRepost', repost } }),
    ...(reason === 'pin' ? { reason: { $type: 'app.bsky.feed.defs#skeletonReasonPin' } } : {}),
    ...(feedContext === undefined ? {} : { feedContext }),
  }
}

/** Where a page of a feed that is sorted by time ends: a time, and the post that had it. */
export interface FeedPosition {
  readonly time: Date
  /** Tells posts of the same time apart: a CID, or the key of a row. */
  readonly id: string
}

/**
 * Writes a cursor.
 *
 * @example
 * ```ts
 * import { formatFeedCursor, parseFeedCursor } from '@exprsn/atproto/federation'
 *
 * const cursor = formatFeedCursor({ time: new Date(1_700_000_000_000), id: 'p7' })
 * console.log(cursor, parseFeedCursor(cursor)?.id) // 1700000000000::p7 p7
 * ```
 */
export function formatFeedCursor({ time, id }: FeedPosition): string {
  return `${time.getTime()}::${id}`
}

/** Reads a cursor; undefined when it is none: the feed then begins anew. */
export function parseFeedCursor(cursor: string | undefined): FeedPosition | undefined {
  const [, time, id] = /^(\d{1,15})::(.+)$/.exec(cursor ?? '') ?? []
  return time === undefined || id === undefined ? undefined : { time: new Date(Number(time)), id }
}
