// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.unspecced.defs`. */
export interface AppBskyUnspeccedDefsTypes {
  readonly 'app.bsky.unspecced.defs#skeletonSearchPost': {
    readonly $type?: 'app.bsky.unspecced.defs#skeletonSearchPost' | undefined
    readonly uri: string
  }
  readonly 'app.bsky.unspecced.defs#skeletonSearchActor': {
    readonly $type?: 'app.bsky.unspecced.defs#skeletonSearchActor' | undefined
    readonly did: string
  }
  readonly 'app.bsky.unspecced.defs#skeletonSearchStarterPack': {
    readonly $type?: 'app.bsky.unspecced.defs#skeletonSearchStarterPack' | undefined
    readonly uri: string
  }
  readonly 'app.bsky.unspecced.defs#trendingTopic': {
    readonly $type?: 'app.bsky.unspecced.defs#trendingTopic' | undefined
    readonly topic: string
    readonly displayName?: string | undefined
    readonly description?: string | undefined
    readonly link: string
  }
  readonly 'app.bsky.unspecced.defs#skeletonTrend': {
    readonly $type?: 'app.bsky.unspecced.defs#skeletonTrend' | undefined
    readonly topic: string
    readonly displayName: string
    readonly description?: string | undefined
    readonly link: string
    readonly startedAt: string
    readonly postCount: number
    readonly status?: 'hot' | (string & {}) | undefined
    readonly category?: string | undefined
    readonly dids: readonly string[]
  }
  readonly 'app.bsky.unspecced.defs#trendView': {
    readonly $type?: 'app.bsky.unspecced.defs#trendView' | undefined
    readonly topic: string
    readonly displayName: string
    readonly description?: string | undefined
    readonly link: string
    readonly startedAt: string
    readonly postCount: number
    readonly status?: 'hot' | (string & {}) | undefined
    readonly category?: string | undefined
    readonly actors: readonly LexiconTypes['app.bsky.actor.defs#profileViewBasic'][]
  }
  readonly 'app.bsky.unspecced.defs#threadItemPost': {
    readonly $type?: 'app.bsky.unspecced.defs#threadItemPost' | undefined
    readonly post: LexiconTypes['app.bsky.feed.defs#postView']
    readonly moreParents: boolean
    readonly moreReplies: number
    readonly opThread: boolean
    readonly opThreadPostIndex?: number | undefined
    readonly opThreadPostCount?: number | undefined
    readonly hiddenByThreadgate: boolean
    readonly mutedByViewer: boolean
  }
  readonly 'app.bsky.unspecced.defs#threadItemNoUnauthenticated': {
    readonly $type?: 'app.bsky.unspecced.defs#threadItemNoUnauthenticated' | undefined
  }
  readonly 'app.bsky.unspecced.defs#threadItemNotFound': {
    readonly $type?: 'app.bsky.unspecced.defs#threadItemNotFound' | undefined
  }
  readonly 'app.bsky.unspecced.defs#threadItemBlocked': {
    readonly $type?: 'app.bsky.unspecced.defs#threadItemBlocked' | undefined
    readonly author: LexiconTypes['app.bsky.feed.defs#blockedAuthor']
  }
  readonly 'app.bsky.unspecced.defs#ageAssuranceState': {
    readonly $type?: 'app.bsky.unspecced.defs#ageAssuranceState' | undefined
    readonly lastInitiatedAt?: string | undefined
    readonly status: 'unknown' | 'pending' | 'assured' | 'blocked' | (string & {})
  }
  readonly 'app.bsky.unspecced.defs#ageAssuranceEvent': {
    readonly $type?: 'app.bsky.unspecced.defs#ageAssuranceEvent' | undefined
    readonly createdAt: string
    readonly status: 'unknown' | 'pending' | 'assured' | (string & {})
    readonly attemptId: string
    readonly email?: string | undefined
    readonly initIp?: string | undefined
    readonly initUa?: string | undefined
    readonly completeIp?: string | undefined
    readonly completeUa?: string | undefined
  }
}
