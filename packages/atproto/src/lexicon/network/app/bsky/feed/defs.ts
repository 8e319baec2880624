// Written by scripts/generate-network.ts.
import type { DataObject } from '../../../../../codec/index.ts'
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.feed.defs`. */
export interface AppBskyFeedDefsTypes {
  readonly 'app.bsky.feed.defs#postView': {
    readonly $type?: 'app.bsky.feed.defs#postView' | undefined
    readonly uri: string
    readonly cid: string
    readonly author: LexiconTypes['app.bsky.actor.defs#profileViewBasic']
    readonly record: DataObject
    readonly embed?:
      | (LexiconTypes['app.bsky.embed.images#view'] & { readonly $type: 'app.bsky.embed.images#view' })
      | (LexiconTypes['app.bsky.embed.video#view'] & { readonly $type: 'app.bsky.embed.video#view' })
      | (LexiconTypes['app.bsky.embed.gallery#view'] & { readonly $type: 'app.bsky.embed.gallery#view' })
      | (LexiconTypes['app.bsky.embed.external#view'] & { readonly $type: 'app.bsky.embed.external#view' })
      | (LexiconTypes['app.bsky.embed.record#view'] & { readonly $type: 'app.bsky.embed.record#view' })
      | (LexiconTypes['app.bsky.embed.recordWithMedia#view'] & {
          readonly $type: 'app.bsky.embed.recordWithMedia#view'
        })
      | undefined
    readonly bookmarkCount?: number | undefined
    readonly replyCount?: number | undefined
    readonly repostCount?: number | undefined
    readonly likeCount?: number | undefined
    readonly quoteCount?: number | undefined
    readonly indexedAt: string
    readonly viewer?: LexiconTypes['app.bsky.feed.defs#viewerState'] | undefined
    readonly labels?: readonly LexiconTypes['com.atproto.label.defs#label'][] | undefined
    readonly threadgate?: LexiconTypes['app.bsky.feed.defs#threadgateView'] | undefined
    readonly debug?: DataObject | undefined
  }
  readonly 'app.bsky.feed.defs#viewerState': {
    readonly $type?: 'app.bsky.feed.defs#viewerState' | undefined
    readonly repost?: string | undefined
    readonly like?: string | undefined
    readonly bookmarked?: boolean | undefined
    readonly threadMuted?: boolean | undefined
    readonly replyDisabled?: boolean | undefined
    readonly embeddingDisabled?: boolean | undefined
    readonly pinned?: boolean | undefined
    readonly knownLikers?: LexiconTypes['app.bsky.feed.defs#knownLikers'] | undefined
  }
  readonly 'app.bsky.feed.defs#knownLikers': {
    readonly $type?: 'app.bsky.feed.defs#knownLikers' | undefined
    readonly count: number
    readonly actors: readonly LexiconTypes['app.bsky.actor.defs#profileViewBasic'][]
  }
  readonly 'app.bsky.feed.defs#threadContext': {
    readonly $type?: 'app.bsky.feed.defs#threadContext' | undefined
    readonly rootAuthorLike?: string | undefined
  }
  readonly 'app.bsky.feed.defs#feedViewPost': {
    readonly $type?: 'app.bsky.feed.defs#feedViewPost' | undefined
    readonly post: LexiconTypes['app.bsky.feed.defs#postView']
    readonly reply?: LexiconTypes['app.bsky.feed.defs#replyRef'] | undefined
    readonly reason?:
      | (LexiconTypes['app.bsky.feed.defs#reasonRepost'] & { readonly $type: 'app.bsky.feed.defs#reasonRepost' })
      | (LexiconTypes['app.bsky.feed.defs#reasonPin'] & { readonly $type: 'app.bsky.feed.defs#reasonPin' })
      | undefined
    readonly feedContext?: string | undefined
    readonly reqId?: string | undefined
  }
  readonly 'app.bsky.feed.defs#replyRef': {
    readonly $type?: 'app.bsky.feed.defs#replyRef' | undefined
    readonly root:
      | (LexiconTypes['app.bsky.feed.defs#postView'] & { readonly $type: 'app.bsky.feed.defs#postView' })
      | (LexiconTypes['app.bsky.feed.defs#notFoundPost'] & { readonly $type: 'app.bsky.feed.defs#notFoundPost' })
      | (LexiconTypes['app.bsky.feed.defs#blockedPost'] & { readonly $type: 'app.bsky.feed.defs#blockedPost' })
    readonly parent:
      | (LexiconTypes['app.bsky.feed.defs#postView'] & { readonly $type: 'app.bsky.feed.defs#postView' })
      | (LexiconTypes['app.bsky.feed.defs#notFoundPost'] & { readonly $type: 'app.bsky.feed.defs#notFoundPost' })
      | (LexiconTypes['app.bsky.feed.defs#blockedPost'] & { readonly $type: 'app.bsky.feed.defs#blockedPost' })
    readonly grandparentAuthor?: LexiconTypes['app.bsky.actor.defs#profileViewBasic'] | undefined
  }
  readonly 'app.bsky.feed.defs#reasonRepost': {
    readonly $type?: 'app.bsky.feed.defs#reasonRepost' | undefined
    readonly by: LexiconTypes['app.bsky.actor.defs#profileViewBasic']
    readonly uri?: string | undefined
    readonly cid?: string | undefined
    readonly indexedAt: string
  }
  readonly 'app.bsky.feed.defs#reasonPin': {
    readonly $type?: 'app.bsky.feed.defs#reasonPin' | undefined
  }
  readonly 'app.bsky.feed.defs#threadViewPost': {
    readonly $type?: 'app.bsky.feed.defs#threadViewPost' | undefined
    readonly post: LexiconTypes['app.bsky.feed.defs#postView']
    readonly parent?:
      | (LexiconTypes['app.bsky.feed.defs#threadViewPost'] & { readonly $type: 'app.bsky.feed.defs#threadViewPost' })
      | (LexiconTypes['app.bsky.feed.defs#notFoundPost'] & { readonly $type: 'app.bsky.feed.defs#notFoundPost' })
      | (LexiconTypes['app.bsky.feed.defs#blockedPost'] & { readonly $type: 'app.bsky.feed.defs#blockedPost' })
      | undefined
    readonly replies?:
      | readonly (
          | (LexiconTypes['app.bsky.feed.defs#threadViewPost'] & {
              readonly $type: 'app.bsky.feed.defs#threadViewPost'
            })
          | (LexiconTypes['app.bsky.feed.defs#notFoundPost'] & { readonly $type: 'app.bsky.feed.defs#notFoundPost' })
          | (LexiconTypes['app.bsky.feed.defs#blockedPost'] & { readonly $type: 'app.bsky.feed.defs#blockedPost' })
        )[]
      | undefined
    readonly threadContext?: LexiconTypes['app.bsky.feed.defs#threadContext'] | undefined
  }
  readonly 'app.bsky.feed.defs#notFoundPost': {
    readonly $type?: 'app.bsky.feed.defs#notFoundPost' | undefined
    readonly uri: string
    readonly notFound: true
  }
  readonly 'app.bsky.feed.defs#blockedPost': {
    readonly $type?: 'app.bsky.feed.defs#blockedPost' | undefined
    readonly uri: string
    readonly blocked: true
    readonly author: LexiconTypes['app.bsky.feed.defs#blockedAuthor']
  }
  readonly 'app.bsky.feed.defs#blockedAuthor': {
    readonly $type?: 'app.bsky.feed.defs#blockedAuthor' | undefined
    readonly did: string
    readonly viewer?: LexiconTypes['app.bsky.actor.defs#viewerState'] | undefined
  }
  readonly 'app.bsky.feed.defs#generatorView': {
    readonly $type?: 'app.bsky.feed.defs#generatorView' | undefined
    readonly uri: string
    readonly cid: string
    readonly did: string
    readonly creator: LexiconTypes['app.bsky.actor.defs#profileView']
    readonly displayName: string
    readonly description?: string | undefined
    readonly descriptionFacets?: readonly LexiconTypes['app.bsky.richtext.facet'][] | undefined
    readonly avatar?: string | undefined
    readonly likeCount?: number | undefined
    readonly acceptsInteractions?: boolean | undefined
    readonly labels?: readonly LexiconTypes['com.atproto.label.defs#label'][] | undefined
    readonly viewer?: LexiconTypes['app.bsky.feed.defs#generatorViewerState'] | undefined
    readonly contentMode?:
      | 'app.bsky.feed.defs#contentModeUnspecified'
      | 'app.bsky.feed.defs#contentModeVideo'
      | (string & {})
      | undefined
    readonly indexedAt: string
  }
  readonly 'app.bsky.feed.defs#generatorViewerState': {
    readonly $type?: 'app.bsky.feed.defs#generatorViewerState' | undefined
    readonly like?: string | undefined
  }
  readonly 'app.bsky.feed.defs#skeletonFeedPost': {
    readonly $type?: 'app.bsky.feed.defs#skeletonFeedPost' | undefined
    readonly post: string
    readonly reason?:
      | (LexiconTypes['app.bsky.feed.defs#skeletonReasonRepost'] & {
          readonly $type: 'app.bsky.feed.defs#skeletonReasonRepost'
        })
      | (LexiconTypes['app.bsky.feed.defs#skeletonReasonPin'] & {
          readonly $type: 'app.bsky.feed.defs#skeletonReasonPin'
        })
      | undefined
    readonly feedContext?: string | undefined
  }
  readonly 'app.bsky.feed.defs#skeletonReasonRepost': {
    readonly $type?: 'app.bsky.feed.defs#skeletonReasonRepost' | undefined
    readonly repost: string
  }
  readonly 'app.bsky.feed.defs#skeletonReasonPin': {
    readonly $type?: 'app.bsky.feed.defs#skeletonReasonPin' | undefined
  }
  readonly 'app.bsky.feed.defs#threadgateView': {
    readonly $type?: 'app.bsky.feed.defs#threadgateView' | undefined
    readonly uri?: string | undefined
    readonly cid?: string | undefined
    readonly record?: DataObject | undefined
    readonly lists?: readonly LexiconTypes['app.bsky.graph.defs#listViewBasic'][] | undefined
  }
  readonly 'app.bsky.feed.defs#interaction': {
    readonly $type?: 'app.bsky.feed.defs#interaction' | undefined
    readonly item?: string | undefined
    readonly event?:
      | 'app.bsky.feed.defs#requestLess'
      | 'app.bsky.feed.defs#requestMore'
      | 'app.bsky.feed.defs#clickthroughItem'
      | 'app.bsky.feed.defs#clickthroughAuthor'
      | 'app.bsky.feed.defs#clickthroughReposter'
      | 'app.bsky.feed.defs#clickthroughEmbed'
      | 'app.bsky.feed.defs#interactionSeen'
      | 'app.bsky.feed.defs#interactionLike'
      | 'app.bsky.feed.defs#interactionRepost'
      | 'app.bsky.feed.defs#interactionReply'
      | 'app.bsky.feed.defs#interactionQuote'
      | 'app.bsky.feed.defs#interactionShare'
      | (string & {})
      | undefined
    readonly feedContext?: string | undefined
    readonly reqId?: string | undefined
  }
}
