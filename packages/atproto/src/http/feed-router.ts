import { silentLogger, type Clock, type Logger } from '@exprsn/core'
import { createRouter, type FetchHandler, type Router } from '@exprsn/core/http'
import type { FeedGenerator, ServiceAuth } from '../federation/index.ts'
import { servingErrors } from './errors.ts'
import { xrpc } from './xrpc.ts'

const skeletonMethod = 'app.bsky.feed.getFeedSkeleton'

/** Options of {@link feedRouter} and {@link createFeedHandler}. */
export interface FeedRouterOptions {
  /** Answers for the feeds. */
  readonly generator: FeedGenerator
  /** Checks who asks: requests with a wrong token are refused, those without one have no viewer. @default nobody is asked */
  readonly auth?: ServiceAuth | undefined
  /** Told about what goes wrong on our side. @default silentLogger */
  readonly logger?: Logger | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/**
 * Serves feeds to AppViews: `describeFeedGenerator` and `getFeedSkeleton`.
 *
 * @example
 * ```ts
 * import { createFeedGenerator } from '@exprsn/atproto/federation'
 * import { createFeedHandler } from '@exprsn/atproto/http'
 *
 * const generator = createFeedGenerator({
 *   did: 'did:web:feeds.example',
 *   publisher: 'did:plc:ewvi7nxzyoun6zhxrhs64oiz',
 *   feeds: { news: () => ({ feed: [] }) },
 * })
 * const handler = createFeedHandler({ generator })
 * const response = await handler(new Request('https://feeds.example/xrpc/app.bsky.feed.describeFeedGenerator'))
 * console.log(response.status) // 200
 * ```
 */
export function createFeedHandler(options: FeedRouterOptions): FetchHandler {
  return feedRouter(options).fetch
}

/**
 * The same as a router, to be mounted into the host's own.
 *
 * @example
 * ```ts
 * import { createFeedGenerator } from '@exprsn/atproto/federation'
 * import { feedRouter } from '@exprsn/atproto/http'
 * import { createRouter } from '@exprsn/core/http'
 *
 * const did = 'did:web:feeds.example'
 * const generator = createFeedGenerator({ did, publisher: did, feeds: {} })
 * const router = createRouter().mount('', feedRouter({ generator }))
 * console.log(router.routes.length) // 2
 * ```
 */
export function feedRouter({ generator, auth, logger = silentLogger, clock }: FeedRouterOptions): Router {
  const tags = ['feeds']
  return createRouter({ logger, clock, cors: { origins: '*' } })
    .route({
      method: 'GET',
      path: '/xrpc/app.bsky.feed.describeFeedGenerator',
      summary: 'The feeds of this service',
      tags,
      responses: { 200: 'The DID of the service and the URIs of its feeds.' },
      handler: xrpc(logger, () => generator.describe()),
    })
    .route({
      method: 'GET',
      path: `/xrpc/${skeletonMethod}`,
      summary: 'A page of a feed',
      description: 'Query: `feed`, the URI of its record, `limit`, 1 to 100, and `cursor`.',
      tags,
      responses: { 200: 'The posts, and where the next page begins.', 400: 'No such feed.', 401: 'A wrong token.' },
      handler: xrpc(logger, async (query, { request, signal }) => {
        const caller = await auth?.authenticate(request, skeletonMethod)
        const limit = Number(query.get('limit') ?? 50)
        if (!(Number.isInteger(limit) && limit >= 1 && limit <= 100))
          throw servingErrors.ATPROTO_QUERY_INVALID({ name: 'limit', reason: 'it is a number from 1 to 100' })
        const cursor = query.get('cursor') ?? undefined
        return generator.skeleton(query.get('feed') ?? '', { cursor, limit, viewer: caller?.did, signal })
      }),
    })
}
