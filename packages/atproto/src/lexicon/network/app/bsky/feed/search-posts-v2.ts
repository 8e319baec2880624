// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.feed.searchPostsV2`. */
export interface AppBskyFeedSearchPostsV2Types {
  readonly 'app.bsky.feed.searchPostsV2': {
    readonly parameters: {
      readonly cursor?: string | undefined
      readonly limit?: number | undefined
      readonly query?: string | undefined
      readonly sort?: 'recent' | 'top' | (string & {}) | undefined
      readonly authors?: readonly string[] | undefined
      readonly mentions?: readonly string[] | undefined
      readonly domains?: readonly string[] | undefined
      readonly urls?: readonly string[] | undefined
      readonly embeddedAtUris?: readonly string[] | undefined
      readonly hashtags?: readonly string[] | undefined
      readonly excludeAuthors?: readonly string[] | undefined
      readonly excludeMentions?: readonly string[] | undefined
      readonly excludeDomains?: readonly string[] | undefined
      readonly excludeUrls?: readonly string[] | undefined
      readonly excludeEmbeddedAtUris?: readonly string[] | undefined
      readonly excludeHashtags?: readonly string[] | undefined
      readonly since?: string | undefined
      readonly until?: string | undefined
      readonly allTime?: boolean | undefined
      readonly languages?: readonly string[] | undefined
      readonly excludeLanguages?: readonly string[] | undefined
      readonly hasMedia?: boolean | undefined
      readonly hasVideo?: boolean | undefined
      readonly replyParentUri?: string | undefined
      readonly threadRootUri?: string | undefined
      readonly excludeReplies?: boolean | undefined
      readonly repliesOnly?: boolean | undefined
      readonly following?: boolean | undefined
      readonly queryLanguage?: 'ja' | 'zh' | 'ko' | 'th' | 'ar' | (string & {}) | undefined
    }
    readonly output: {
      readonly cursor?: string | undefined
      readonly hitsTotal?: number | undefined
      readonly posts: readonly LexiconTypes['app.bsky.feed.defs#postView'][]
      readonly detectedQueryLanguages?: readonly ('ja' | 'zh' | 'ko' | 'th' | 'ar' | (string & {}))[] | undefined
    }
  }
}
